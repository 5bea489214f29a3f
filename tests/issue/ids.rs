//! Ids come from people and from the network; what is none never becomes a name.

use crate::support::{platform::workplace, terminal::certreq};

#[test]
fn ids_that_are_none_are_named_and_nothing_happens() {
    let home = workplace();
    let long = "a".repeat(300);
    for (ids, reason) in [
        ("../x", r#"the device id "../x" has the character '/'"#),
        ("a/b", r#"the device id "a/b" has the character '/'"#),
        ("*", r#"the device id "*" has the character '*'"#),
        ("", "a device id is empty"),
        ("a1998e,,b2c3d4", "a device id is empty"),
        (long.as_str(), "has 300 characters; 64 is the most"),
        ("a\u{1b}[2Jb", r"\u{1b}"),
    ] {
        certreq(home.path())
            .args(["issue", "--local", "-i", ids])
            .run()
            .exits(2)
            .stdout_is("")
            .stderr_has(reason);
    }
    assert!(std::fs::read_dir(home.path()).unwrap().next().is_none(), "nothing was written");
}

#[test]
fn a_device_named_twice_is_issued_once() {
    let home = workplace();
    certreq(home.path())
        .args(["issue", "--local", "-i", "a1998e,b2c3d4", "-i", "a1998e"])
        .run()
        .exits(0)
        .stderr_has("2 devices in ");
}

#[test]
fn ids_from_a_csv_column() {
    let home = workplace();
    std::fs::write(home.path().join("ids.csv"), "label,device id\nleft,a1998e\nright,b2c3d4\n").unwrap();
    let issue = |column: &str| {
        certreq(home.path())
            .args(["issue", "--local", "--ids-from", "ids.csv", "--id-column", column, "--dry-run"])
            .run()
    };
    issue("device id").exits(0).stdout_has("a1998e  would issue").stdout_has("b2c3d4  would issue");
    issue("id")
        .exits(2)
        .stderr_is("error: the ids of ids.csv: there is no column \"id\"; the header names label, device id\n");
}

#[test]
fn a_list_with_a_bad_line_or_no_line_is_refused_with_its_place() {
    let home = workplace();
    let issue =
        |list: &str| certreq(home.path()).args(["issue", "--local", "--ids-from", "-"]).stdin(list).run();
    issue("a1998e\n../../etc\n").exits(2).stderr_has("the ids of -: line 2: the device id \"../../etc\"");
    issue("# none\n").exits(2).stderr_has("there is no device id in it");
}

#[test]
fn a_table_is_never_taken_for_a_list_and_is_read_as_spreadsheets_write_it() {
    let home = workplace();
    let issue = |bytes: &[u8], column: &[&str]| {
        std::fs::write(home.path().join("ids"), bytes).unwrap();
        let list = ["issue", "--local", "--dry-run", "--ids-from", "ids"];
        certreq(home.path()).args(list).args(column).run()
    };
    for table in ["a1998e,Sensor\nb2c3d4,Pump\n", "id;name\na1998e;Sensor\n", "a1998e\tSensor\n"] {
        issue(table.as_bytes(), &[]).exits(2).stderr_has("--id-column").stderr_has("line 1 has the columns");
    }
    let utf16 = |text: &str| -> Vec<u8> {
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
    };
    let column = ["--id-column", "id"];
    for table in [
        "no;id\r\n1;a1998e\r\n",
        "no\tid\n1\ta1998e\n",
        "sep=;\r\nno;id\r\n1;a1998e\r\n",
        "\u{feff}no,id\n1,a1998e\n",
    ] {
        issue(table.as_bytes(), &column).exits(0).stdout_has("a1998e  would issue");
        issue(&utf16(table.trim_start_matches('\u{feff}')), &column).exits(0).stdout_has("a1998e  would issue");
    }
    issue(&utf16("a1998e\r\n"), &[]).exits(0).stdout_has("a1998e  would issue");
    issue(b"no;id\n1;a1998e\n2;\n", &column).exits(2).stderr_has("line 3: a device id is empty");
    let endless = ["issue", "--local", "--dry-run", "--ids-from", "/dev/zero"];
    certreq(home.path()).args(endless).run().exits(2).stderr_has("MiB; no list of ids is");
}

//! `--html`: one page, read and used in a real browser.

use std::fs;

use serde_json::{Value, json};

use super::park::{Park, Wish, of_every_kind};
use crate::support::browser::{Browser, Screen};

const DESKTOP: Screen = Screen { width: 1280, height: 900, dark: false };
const PHONE: Screen = Screen { width: 360, height: 740, dark: true };

/// A subject that would run, fetch, and draw over the page, if the page let it.
const HOSTILE: &str =
    "</script><script>document.title='run'</script><img src=http://127.0.0.1:9/x onerror=alert(1)>\u{202e}";

fn page(park: &Park) -> std::path::PathBuf {
    park.status(&["--html", "fleet.html"]).run().exits(0).stderr_has("the page is in fleet.html");
    park.path("fleet.html")
}

fn many() -> Park {
    let mut park = of_every_kind();
    park.device("evil", Wish { subject: Some(HOSTILE), ..Wish::default() });
    for number in 0..60 {
        park.device(&format!("n{number:02}"), Wish { days: -1..(300 + number), ..Wish::default() });
    }
    park
}

#[test]
fn somebody_at_a_desk_sorts_searches_and_turns_pages() {
    let park = many();
    let Some(browser) = Browser::start(DESKTOP) else { return };
    browser.open(&page(&park));
    browser.picture("desktop-light.png");
    assert_eq!(
        browser.reads("h1"),
        format!("{}: 75 devices", park.home.path().canonicalize().unwrap().display())
    );
    assert!(browser.reads("#states .expired").contains("expired"));
    assert_eq!(browser.reads("#place"), "1 to 50 of 75");
    // The worst comes first, until something else is asked for.
    let first = || browser.reads("#rows tr:first-child th");
    assert_eq!(first(), "gone");
    browser.click("#head th:nth-child(3) button");
    assert_eq!(first(), "over");
    assert_eq!(browser.ask("return document.querySelector('#head th:nth-child(3)').ariaSort"), "ascending");
    browser.click("#head th:nth-child(3) button");
    assert_eq!(browser.ask("return document.querySelector('#head th:nth-child(3)').ariaSort"), "descending");
    browser.click("#head th:nth-child(1) button");
    assert_eq!(first(), "a1");
    browser.click("#head th:nth-child(1) button");
    assert_eq!(first(), "twin2");
    browser.click("#after");
    assert_eq!(browser.reads("#place"), "51 to 75 of 75");
    browser.types("#search", "mode 0644");
    browser.until("return document.getElementById('place').textContent === '1 to 1 of 1'");
    assert_eq!(first(), "open");
    browser
        .ask("const s = document.getElementById('search'); s.value = ''; s.dispatchEvent(new Event('input'))");
    browser.until("return document.getElementById('place').textContent.endsWith('of 75')");
    // A state, and a week: each narrows, and can be taken back.
    browser.click("#states .mismatched");
    assert_eq!(browser.reads("#place"), "1 to 3 of 3");
    assert_eq!(browser.ask("return document.querySelector('#states .mismatched').ariaPressed"), "true");
    browser.click("#filters button");
    browser.click("#weeks button:first-of-type");
    assert_eq!(first(), "soon");
    assert_eq!(browser.reads("#place"), "1 to 1 of 1");
    assert_eq!(browser.reads("#filters button"), "Week of 2026-11-30  ×".replace("  ", " "));
    assert!(browser.reads("#weeks-text").contains("more than a tenth of the fleet expires"));
    browser.click("#filters button");
    browser.click("#days button:first-of-type");
    assert_eq!(browser.reads("#filters button"), "2026-12-05 ×");
    let (requests, console) = browser.log();
    let strangers: Vec<&String> =
        requests.iter().filter(|url| !url.ends_with("/fleet.html") && *url != "data:,").collect();
    assert!(strangers.is_empty() && !requests.is_empty(), "{strangers:?}");
    assert!(console.is_empty(), "{console:?}");
}

#[test]
fn a_hostile_name_is_shown_and_does_nothing() {
    let park = many();
    let path = page(&park);
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text.matches("</script>").count(), 2);
    let Some(browser) = Browser::start(DESKTOP) else { return };
    browser.open(&path);
    browser.types("#search", "onerror");
    browser.until("return document.getElementById('place').textContent === '1 to 1 of 1'");
    let row = browser.reads("#rows tr");
    assert!(
        row.contains(r"</script><script>document.title='run'</script><img") && row.contains(r"\u{202e}"),
        "{row}"
    );
    assert_eq!(browser.ask("return document.title"), "Fleet status: 75 devices");
    assert_eq!(browser.ask("return document.images.length"), 0);
    // And had it become markup, the policy would still stand before it.
    browser.ask(
        "const s = document.createElement('script'); s.textContent = 'document.title = \"run\"'; document.body.append(s);
         const i = document.createElement('img'); i.src = 'http://127.0.0.1:9/x'; document.body.append(i);",
    );
    assert_eq!(browser.ask("return document.title"), "Fleet status: 75 devices");
    let (_, console) = browser.log();
    assert!(console.iter().any(|line| line.contains("Content Security Policy")), "{console:?}");
}

#[test]
fn somebody_with_a_phone_in_the_dark_and_somebody_with_a_keyboard_get_along() {
    let park = many();
    let Some(browser) = Browser::start(PHONE) else { return };
    browser.open(&page(&park));
    browser.picture("phone-dark.png");
    let fits = browser.ask("return document.documentElement.scrollWidth <= window.innerWidth");
    assert_eq!(fits, json!(true), "nothing is wider than the phone");
    let ground = browser.ask("return getComputedStyle(document.body).backgroundColor");
    assert_eq!(ground, "rgb(16, 20, 28)", "it is dark");
    browser.click("#states .revoked");
    assert_eq!(browser.reads("#rows tr:first-child th"), "gone");
    assert_eq!(browser.reads("#rows tr:first-child .state"), "revoked", "a word, not a colour");
    // Everything that can be clicked can be reached and pressed with the keyboard, and has a name.
    let nameless = browser.ask(
        "return [...document.querySelectorAll('button')].filter(b => !(b.getAttribute('aria-label') || b.textContent).trim()).length",
    );
    assert_eq!(nameless, json!(0));
    let mouse_only = browser.ask(
        "return [...document.querySelectorAll('[data-state],[data-from],#head th > *')].filter(e => e.tagName !== 'BUTTON').length",
    );
    assert_eq!(mouse_only, json!(0));
    browser.types("#head th:nth-child(1) button", "\u{e007}");
    assert_eq!(browser.ask("return document.querySelector('#head th').ariaSort"), "ascending");
    let small = browser.ask(
        "return [...document.querySelectorAll('.tile, .pages button, #search')].filter(e => e.getBoundingClientRect().height < 40).length",
    );
    assert_eq!(small, json!(0), "fingers need room");
    let (requests, console) = browser.log();
    assert!(requests.iter().all(|url| url.ends_with("/fleet.html") || url == "data:,"), "{requests:?}");
    assert!(console.is_empty(), "{console:?}");
}

#[test]
fn a_hundred_thousand_rows_do_not_freeze_it() {
    let park = many();
    let path = page(&park);
    // The page of a fleet of that size, without making a hundred thousand directories for it.
    let text = fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(r#"id="data">"#).unwrap();
    let (data, after) = rest.split_once("</script>").unwrap();
    let mut data: Value = serde_json::from_str(data).unwrap();
    let rows: Vec<Value> = (0..100_000)
        .map(|number| {
            let end = 1_800_000_000 + i64::from(number) * 317;
            let subject = format!("CN=dev{number:06}, O=dojot IoT Platform");
            json!([
                format!("dev{number:06}"),
                0,
                1_795_000_000,
                end,
                "10:00:00:01",
                subject,
                "CN=Park Root",
                ""
            ])
        })
        .collect();
    data["devices"] = json!(rows);
    let large = park.path("large.html");
    fs::write(&large, format!(r#"{before}id="data">{data}</script>{after}"#)).unwrap();
    let Some(browser) = Browser::start(Screen { dark: true, ..DESKTOP }) else { return };
    browser.open(&large);
    browser.picture("large-dark.png");
    assert_eq!(browser.reads("#place"), "1 to 50 of 100,000");
    browser.click("#head th:nth-child(1) button");
    browser.click("#head th:nth-child(1) button");
    assert_eq!(browser.reads("#rows tr:first-child th"), "dev099999");
    browser.click("#last");
    assert_eq!(browser.reads("#place"), "99,951 to 100,000 of 100,000");
    browser.types("#search", "dev04242");
    browser.until("return document.getElementById('place').textContent === '1 to 10 of 10'");
    let elements = browser.ask("return document.getElementsByTagName('*').length");
    assert!(elements.as_u64().unwrap() < 5_000, "the page shows a page of them: {elements}");
}

/// A fleet of so many devices, with one of every kind of trouble from 25 on.
fn fleet(devices: usize) -> Park {
    if devices == 1 {
        let mut park = Park::new();
        park.device("b0a4d1", Wish { mode: 0o644, days: -370..-5, ..Wish::default() });
        return park;
    }
    let mut park = of_every_kind();
    for number in 14..devices {
        let end = 20 + i64::try_from(number * number % 340).unwrap();
        park.device(&format!("d{number:04}"), Wish { days: -9..end, ..Wish::default() });
    }
    park
}

/// Elements that lie over each other or beyond the window, by their text; and letters that are cut.
const WRONG: &str = r#"
    const wrong = [];
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth > width) wrong.push("the page is wider than the window");
    const seen = [...document.querySelectorAll("h1, h2, h3, .tile, .notes li, .week, .month-card, .search, .pages button, footer p, #when, #weeks-text, #days-text, .tile b, .tile span, .tile small, .month-card h3 > *")]
        .filter((e) => e.getClientRects().length && !e.closest(".hidden") && !e.closest(".skip"));
    const name = (e) => e.tagName + "." + e.className + " " + e.textContent.slice(0, 40);
    for (const e of seen) {
        const r = e.getBoundingClientRect();
        const scrolls = e.closest(".scroll");
        if (!scrolls && (r.left < -0.5 || r.right > width + 0.5)) wrong.push("beyond the window: " + name(e));
        if (!scrolls && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0) wrong.push("cut: " + name(e));
    }
    for (let i = 0; i < seen.length; i++) for (let j = i + 1; j < seen.length; j++) {
        const [a, b] = [seen[i], seen[j]];
        if (a.contains(b) || b.contains(a)) continue;
        const [p, q] = [a.getBoundingClientRect(), b.getBoundingClientRect()];
        const x = Math.min(p.right, q.right) - Math.max(p.left, q.left);
        const y = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
        if (x > 1 && y > 1) wrong.push("overlap: " + name(a) + " and " + name(b));
    }
    return wrong;
"#;

/// The lines of the text report that fail: what is wrong, and a device of each.
fn failures(park: &Park) -> Vec<String> {
    let text = park.status(&[]).env("COLUMNS", "400").run().exits(0).stdout;
    let failed = text.lines().filter_map(|line| line.trim_start().strip_prefix("FAIL"));
    failed.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn every_width_and_every_size_of_fleet_reads_well() {
    for devices in [1, 25, 300] {
        let park = fleet(devices);
        let path = page(&park);
        let failures = failures(&park);
        assert!(!failures.is_empty(), "the fleet has something wrong");
        for width in [390, 768, 1440] {
            for dark in [false, true] {
                let height = if width == 390 { 844 } else { 900 };
                let Some(browser) = Browser::start(Screen { width, height, dark }) else { return };
                browser.open(&path);
                let shade = if dark { "dark" } else { "light" };
                let about = format!("{devices} devices, {width} px, {shade}");
                browser.picture(&format!("fleet-{devices}-{width}-{shade}.png"));
                assert_eq!(browser.ask(WRONG), json!([]), "{about}");
                // The note of each problem ends within two screens.
                let notes = browser.ask(
                    "return [...document.querySelectorAll('.notes li')].map(e => [e.textContent, e.getBoundingClientRect().bottom])",
                );
                let notes: Vec<(String, f64)> = serde_json::from_value(notes).unwrap();
                for failure in &failures {
                    let device = failure.split(": ").next().unwrap();
                    let id = device.split(' ').next_back().unwrap();
                    let note = notes.iter().find(|(text, _)| {
                        text.split([' ', ',', ':']).any(|word| word == id) || failure.contains("shared key")
                    });
                    let (_, bottom) = note.unwrap_or_else(|| panic!("{about}: {failure}: {notes:?}"));
                    assert!(*bottom <= 2.0 * f64::from(height), "{about}: {failure} is at {bottom} px");
                }
            }
        }
    }
}

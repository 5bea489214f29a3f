//! The string properties of the platform's request bodies: their bounds and patterns.

/// Characters of the longest PEM text.
const LONGEST_PEM: usize = 65_536;

/// A string property: its bounds, its pattern as the platform prints it, and the same pattern as code.
#[derive(Clone, Copy)]
pub(super) struct Text {
    pub at: &'static str,
    pub nullable: bool,
    pub shortest: usize,
    pub longest: usize,
    pub pattern: &'static str,
    pub matches: fn(&str) -> bool,
}

pub(super) const FINGERPRINT: Text = Text {
    at: "defs.json#/definitions/fingerprint",
    nullable: false,
    shortest: 64,
    longest: 95,
    pattern: "^([A-Fa-f0-9]{2}:?){32}$",
    matches: is_fingerprint,
};

pub(super) const CERTIFICATES: Text = Text {
    at: "defs.json#/definitions/cert-pem",
    nullable: false,
    shortest: 0,
    longest: LONGEST_PEM,
    pattern: r"^(-{5}BEGIN CERTIFICATE-{5}(\r\n|\r|\n)([-A-Za-z0-9+/=]{1,64}(\r\n|\r|\n))+-{5}END CERTIFICATE-{5}(\r\n|\r|\n)?)+$",
    matches: |text| is_pem(text, "CERTIFICATE", true),
};

pub(super) const REQUEST: Text = Text {
    at: "defs.json#/definitions/csr",
    nullable: false,
    shortest: 0,
    longest: LONGEST_PEM,
    pattern: r"^-{5}BEGIN CERTIFICATE REQUEST-{5}(\r\n|\r|\n)([-A-Za-z0-9+/=]{1,64}(\r\n|\r|\n))+-{5}END CERTIFICATE REQUEST-{5}(\r\n|\r|\n)?$",
    matches: |text| is_pem(text, "CERTIFICATE REQUEST", false),
};

pub(super) const DEVICE: Text = Text {
    at: "defs.json#/definitions/belongsTo/properties/device",
    nullable: true,
    shortest: 0,
    longest: 36,
    pattern: "^[0-9a-fA-F-]{5,36}$",
    matches: |text| {
        (5..=36).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
    },
};

pub(super) const APPLICATION: Text = Text {
    at: "defs.json#/definitions/belongsTo/properties/application",
    nullable: true,
    shortest: 0,
    longest: 64,
    pattern: "^[0-9a-zA-Z-]{1,64}$",
    matches: |text| {
        (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    },
};

fn is_fingerprint(text: &str) -> bool {
    let mut rest = text.as_bytes();
    for _ in 0..32 {
        let [first, second, after @ ..] = rest else { return false };
        if !(first.is_ascii_hexdigit() && second.is_ascii_hexdigit()) {
            return false;
        }
        rest = after.strip_prefix(b":").unwrap_or(after);
    }
    rest.is_empty()
}

/// One PEM block, or `many`, without anything before, between or after; lines of at most 64 characters.
fn is_pem(text: &str, label: &str, many: bool) -> bool {
    let mut rest = text;
    loop {
        let Some(after) = pem_block(rest, label) else { return false };
        if after.is_empty() {
            return true;
        }
        if !many {
            return false;
        }
        rest = after;
    }
}

/// The text after a PEM block and its optional line end; `None` when it does not begin with such a block.
fn pem_block<'a>(text: &'a str, label: &str) -> Option<&'a str> {
    let end = format!("-----END {label}-----");
    let mut rest = line_end(text.strip_prefix(&format!("-----BEGIN {label}-----"))?)?;
    let mut lines = 0;
    loop {
        if let Some(after) = rest.strip_prefix(&end) {
            return (lines > 0).then(|| line_end(after).unwrap_or(after));
        }
        let length =
            rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b"-+/=".contains(byte)).count();
        if !(1..=64).contains(&length) {
            return None;
        }
        rest = line_end(&rest[length..])?;
        lines += 1;
    }
}

fn line_end(text: &str) -> Option<&str> {
    ["\r\n", "\r", "\n"].iter().find_map(|end| text.strip_prefix(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pem_is_taken_exactly_as_the_platform_takes_it() {
        let csr = |body: &str, after: &str| {
            format!("-----BEGIN CERTIFICATE REQUEST-----\n{body}\n-----END CERTIFICATE REQUEST-----{after}")
        };
        let takes = |text: &str| is_pem(text, "CERTIFICATE REQUEST", false);
        assert!(takes(&csr("AAAA", "")) && takes(&csr("AAAA", "\n")) && takes(&csr("AA\r\nAA", "\r\n")));
        assert!(takes(&csr(&"A".repeat(64), "")));
        assert!(!takes(&csr(&"A".repeat(65), "")), "lines are short");
        assert!(!takes(&csr("AAAA", "\n\n")), "one newline at the end, no more");
        assert!(!takes(&csr("", "")) && !takes(&format!("x{}", csr("AAAA", ""))) && !takes(""));
        assert!(!takes(&csr("AAAA", "").replace("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST")));
        let certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        assert!(is_pem(&certificate.repeat(3), "CERTIFICATE", true));
        assert!(is_pem(&certificate.trim_end().repeat(2), "CERTIFICATE", true));
    }
}

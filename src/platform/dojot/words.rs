//! Small phrases for messages: lengths of time, text cut to size, the title of a web page.

use std::time::Duration;

/// A length of time in words: `1.5 s`, `37 s`, `2 min 5 s`, `1 h 2 min`.
pub(in crate::platform) fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 10 && time.subsec_millis() > 0 {
        return format!("{} s", time.as_secs_f64().max(0.001));
    }
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, s) => format!("{s} s"),
        (0, m, 0) => format!("{m} min"),
        (0, m, s) => format!("{m} min {s} s"),
        (h, 0, _) => format!("{h} h"),
        (h, m, _) => format!("{h} h {m} min"),
    }
}

/// At most `most` characters; `...` shows that something was cut.
pub(in crate::platform) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

/// True when the first bytes look like HTML.
pub(in crate::platform) fn is_web_page(body: &[u8]) -> bool {
    let start = body.trim_ascii_start();
    let starts = |tag: &[u8]| start.len() >= tag.len() && start[..tag.len()].eq_ignore_ascii_case(tag);
    starts(b"<!doctype html") || starts(b"<html") || starts(b"<head") || starts(b"<!--") || starts(b"<?xml")
}

/// The text of the first `<title>`, at most 80 characters, on one line.
pub(in crate::platform) fn title(page: &[u8]) -> Option<String> {
    let page = String::from_utf8_lossy(page);
    let lower = page.to_ascii_lowercase();
    let open = lower.find("<title")?;
    let start = open + lower[open..].find('>')? + 1;
    let end = start + lower[start..].find("</title")?;
    let text = page[start..end].split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then(|| cut(&text, 80))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_said_the_way_people_do() {
        let said = |seconds| duration(Duration::from_secs(seconds));
        assert_eq!(said(37), "37 s");
        assert_eq!(said(120), "2 min");
        assert_eq!(said(125), "2 min 5 s");
        assert_eq!(said(3600), "1 h");
        assert_eq!(said(3720), "1 h 2 min");
        assert_eq!(duration(Duration::from_millis(1500)), "1.5 s");
    }

    #[test]
    fn finds_the_title_of_a_page_and_keeps_it_short() {
        assert_eq!(title(b"<html><TITLE lang=x>\n 502  Bad\nGateway </TITLE>").unwrap(), "502 Bad Gateway");
        assert_eq!(title(b"<html><title></title>"), None);
        assert_eq!(title(b"<title>never closed"), None);
        let long = format!("<title>{}</title>", "\u{e9}".repeat(500));
        assert_eq!(title(long.as_bytes()).unwrap().chars().count(), 83);
    }
}

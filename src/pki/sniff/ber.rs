//! BER (X.690 §8) turned into DER: indefinite lengths and strings in pieces, as older Java, NSS and Apple write them.

/// Limit of nesting, deeper than any certificate or bundle.
const DEPTH: usize = 32;

/// Limit in octets, because the conversion needs memory for a second copy.
const LIMIT: usize = 8 << 20;

const OBJECT_IDENTIFIER: u8 = 0x06;
const OCTET_STRING: u8 = 0x04;
const OCTET_STRING_IN_PIECES: u8 = 0x24;
const SEQUENCE: u8 = 0x30;
/// [0], constructed: a wrapping, or a string in pieces.
const CONTEXT_0: u8 = 0xa0;
const CONTEXT_0_PRIMITIVE: u8 = 0x80;

/// The outermost length is left open, as no DER has it.
pub(super) fn is_indefinite(bytes: &[u8]) -> bool {
    matches!(bytes, [SEQUENCE, 0x80, ..])
}

/// The first element of `bytes` as DER, and how many octets it took; `None` when it is no BER, or too large or deep.
pub(super) fn to_der(bytes: &[u8]) -> Option<(Vec<u8>, usize)> {
    if bytes.len() > LIMIT {
        return None;
    }
    let mut rest = bytes;
    let der = element(&mut rest, DEPTH)?;
    Some((der, bytes.len() - rest.len()))
}

/// Takes one element off the front.
fn element(rest: &mut &[u8], depth: usize) -> Option<Vec<u8>> {
    let (&tag, after) = rest.split_first()?;
    // No structure that is read here has tags of several octets.
    if depth == 0 || tag & 0x1f == 0x1f {
        return None;
    }
    let (length, mut body) = length(after)?;
    let is_constructed = tag & 0x20 != 0;
    let children = match length {
        None if !is_constructed => return None,
        None => {
            let mut children = Vec::new();
            while !body.starts_with(&[0, 0]) {
                children.push(element(&mut body, depth - 1)?);
            }
            *rest = &body[2..];
            children
        }
        Some(length) => {
            let (mut inner, after) = body.split_at_checked(length)?;
            *rest = after;
            if !is_constructed {
                return Some(framed(tag, inner));
            }
            let mut children = Vec::new();
            while !inner.is_empty() {
                children.push(element(&mut inner, depth - 1)?);
            }
            children
        }
    };
    Some(assembled(tag, children))
}

fn assembled(tag: u8, mut children: Vec<Vec<u8>>) -> Vec<u8> {
    if tag == OCTET_STRING_IN_PIECES && children.iter().all(|child| child.first() == Some(&OCTET_STRING)) {
        return framed(
            OCTET_STRING,
            &children.iter().flat_map(|child| content(child)).copied().collect::<Vec<_>>(),
        );
    }
    // EncryptedContentInfo (RFC 5652 §6.1): its third part is an implicit string, and may be in pieces, too.
    let firsts: Vec<u8> = children.iter().filter_map(|child| child.first().copied()).collect();
    if tag == SEQUENCE
        && firsts.starts_with(&[OBJECT_IDENTIFIER, SEQUENCE, CONTEXT_0])
        && let Some(whole) = joined(content(&children[2]))
    {
        children[2] = framed(CONTEXT_0_PRIMITIVE, &whole);
    }
    framed(tag, &children.concat())
}

/// The content of OCTET STRINGs one after the other; `None` when something else is among them.
fn joined(mut pieces: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::with_capacity(pieces.len());
    while let Some((&tag, after)) = pieces.split_first() {
        let (part, rest) = length(after).and_then(|(length, body)| body.split_at_checked(length?))?;
        if tag != OCTET_STRING {
            return None;
        }
        whole.extend_from_slice(part);
        pieces = rest;
    }
    Some(whole)
}

/// The content of an element of DER.
fn content(der: &[u8]) -> &[u8] {
    der.get(1..).and_then(length).map_or(&[], |(_, body)| body)
}

/// A length, `None` for an open one, and what follows it.
fn length(bytes: &[u8]) -> Option<(Option<usize>, &[u8])> {
    match bytes.split_first()? {
        (0x80, rest) => Some((None, rest)),
        (&short, rest) if short < 0x80 => Some((Some(usize::from(short)), rest)),
        (&long, rest) => {
            let (octets, rest) = rest.split_at_checked(usize::from(long & 0x7f))?;
            let significant = octets.iter().position(|octet| *octet != 0).map_or(&[][..], |at| &octets[at..]);
            if significant.len() > 4 {
                return None;
            }
            Some((Some(significant.iter().fold(0, |sum, octet| sum << 8 | usize::from(*octet))), rest))
        }
    }
}

/// An element of DER.
pub(super) fn framed(tag: u8, body: &[u8]) -> Vec<u8> {
    let mut der = Vec::with_capacity(body.len() + 6);
    der.push(tag);
    let octets = body.len().to_be_bytes();
    let significant = octets.iter().position(|octet| *octet != 0).map_or(&[][..], |at| &octets[at..]);
    match significant {
        [] => der.push(0),
        [short] if *short < 0x80 => der.push(*short),
        long => {
            der.push(0x80 | u8::try_from(long.len()).unwrap_or(8));
            der.extend_from_slice(long);
        }
    }
    der.extend_from_slice(body);
    der
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_lengths_are_closed_and_strings_joined() {
        let ber = [0x30, 0x80, 0x24, 0x80, 0x04, 1, 7, 0x04, 1, 8, 0, 0, 0x02, 0x81, 1, 5, 0, 0, 9];
        assert_eq!(to_der(&ber), Some((vec![0x30, 7, 0x04, 2, 7, 8, 0x02, 1, 5], 18)));
        let sealed = [0x30, 0x80, 6, 1, 1, 0x30, 0, 0xa0, 0x80, 4, 1, 7, 4, 1, 8, 0, 0, 0, 0];
        assert_eq!(to_der(&sealed), Some((vec![0x30, 9, 6, 1, 1, 0x30, 0, 0x80, 2, 7, 8], 19)));
    }

    #[test]
    fn what_is_deep_or_cut_short_is_refused() {
        assert_eq!(to_der(&[0x30, 0x80].repeat(40)), None);
        let ber = [0x30, 0x80, 0x24, 0x80, 0x04, 1, 7, 0, 0, 0, 0];
        for length in 0..ber.len() {
            assert_eq!(to_der(&ber[..length]), None, "{length}");
        }
    }
}

//! BER (X.690 §8) into DER, as far as bundles need it: indefinite lengths, strings in pieces, lengths in long form.
//!
//! Java, Apple and NSS write PKCS#7 and PKCS#12 so. What is bounded: the depth, and each octet is looked at once a
//! level; what comes out is never longer than what went in.

use zeroize::Zeroizing;

const DEEPEST: usize = 32;
const SEQUENCE: u8 = 0x30;
const OCTET_STRING: u8 = 0x04;
const CONSTRUCTED: u8 = 0x20;
/// `[0]`, constructed.
const ZERO: u8 = 0xa0;

/// The first element as DER; `None` when it is no BER.
pub(super) fn to_der(bytes: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (element, _) = element(bytes, None, 0)?;
    Some(element)
}

type Element<'a> = (Zeroizing<Vec<u8>>, &'a [u8]);

/// One element and what follows it. `before` is the tag of the element before it in the same structure.
fn element(bytes: &[u8], before: Option<u8>, depth: usize) -> Option<Element<'_>> {
    let (&tag, rest) = bytes.split_first()?;
    // Tags of several octets are in none of these files.
    if depth > DEEPEST || tag & 0x1f == 0x1f || tag == 0 {
        return None;
    }
    let (length, rest) = length(rest)?;
    let is_constructed = tag & CONSTRUCTED != 0;
    let Some(length) = length else {
        return is_constructed.then(|| indefinite(tag, rest, before, depth))?;
    };
    let (content, after) = (rest.get(..length)?, rest.get(length..)?);
    if !is_constructed {
        return Some((encoded(tag, content), after));
    }
    let (members, left) = members(content, depth, false)?;
    left.is_empty().then(|| (joined(tag, &members, before), after))
}

fn indefinite(tag: u8, rest: &[u8], before: Option<u8>, depth: usize) -> Option<Element<'_>> {
    let (members, after) = members(rest, depth, true)?;
    Some((joined(tag, &members, before), after))
}

type Members = Vec<Zeroizing<Vec<u8>>>;

/// What a structure holds, up to its end or its end-of-contents octets.
fn members(mut rest: &[u8], depth: usize, is_open: bool) -> Option<(Members, &[u8])> {
    let (mut members, mut before) = (Members::new(), None);
    loop {
        match rest {
            [] => return (!is_open).then_some((members, rest)),
            [0, 0, after @ ..] if is_open => return Some((members, after)),
            _ => {}
        }
        let (member, after) = element(rest, before, depth + 1)?;
        before = member.first().copied();
        members.push(member);
        rest = after;
    }
}

/// A structure of its members. Octet strings in pieces become one: `[0]` after a SEQUENCE is one, too
/// (encryptedContent, RFC 5652 §6.1).
fn joined(tag: u8, members: &Members, before: Option<u8>) -> Zeroizing<Vec<u8>> {
    let are_pieces = members.iter().all(|member| member.first() == Some(&OCTET_STRING));
    let is_implicit = tag == ZERO && before == Some(SEQUENCE) && !members.is_empty();
    let mut content = Zeroizing::new(Vec::new());
    if are_pieces && (tag == OCTET_STRING | CONSTRUCTED || is_implicit) {
        for piece in members {
            content.extend_from_slice(value(piece));
        }
        return encoded(tag & !CONSTRUCTED, &content);
    }
    for member in members {
        content.extend_from_slice(member);
    }
    encoded(tag, &content)
}

/// The content of an element made here.
fn value(element: &[u8]) -> &[u8] {
    let header = match element.get(1) {
        Some(length) if length & 0x80 != 0 => 2 + usize::from(length & 0x7f),
        _ => 2,
    };
    element.get(header..).unwrap_or_default()
}

/// A length; the inner `None` is the indefinite form.
fn length(bytes: &[u8]) -> Option<(Option<usize>, &[u8])> {
    let (&first, rest) = bytes.split_first()?;
    match first {
        0x80 => Some((None, rest)),
        0..0x80 => Some((Some(usize::from(first)), rest)),
        _ => {
            let (octets, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            let octets = octets.iter().skip_while(|octet| **octet == 0);
            let value = octets.take(9).try_fold(0_u64, |value, octet| {
                value.checked_mul(256).map(|value| value | u64::from(*octet))
            })?;
            Some((Some(usize::try_from(value).ok()?), rest))
        }
    }
}

pub(super) fn encoded(tag: u8, content: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut element = Zeroizing::new(Vec::with_capacity(content.len() + 10));
    element.push(tag);
    match u8::try_from(content.len()) {
        Ok(short) if short < 0x80 => element.push(short),
        _ => {
            let octets = content.len().to_be_bytes();
            let start = octets.iter().position(|octet| *octet != 0).unwrap_or(octets.len() - 1);
            let octets = &octets[start..];
            element.push(0x80 | u8::try_from(octets.len()).unwrap_or_default());
            element.extend_from_slice(octets);
        }
    }
    element.extend_from_slice(content);
    element
}

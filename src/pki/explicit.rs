//! Elliptic curves that are not named but written out (SEC 1 C.2), which RFC 5480 §2.1.1 forbids: which ones they are.

use der::{AnyRef, Decode, SliceReader, asn1::UintRef};

use super::hex;

/// The orders of the curves' base points, in hex, with the names and sizes of the curves.
const ORDERS: [(&str, &str, usize); 8] = [
    ("ffffffffffffffffffffffff99def836146bc9b1b4d22831", "P-192", 192),
    ("ffffffffffffffffffffffffffff16a2e0b8f03e13dd29455c5c2a3d", "P-224", 224),
    ("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", "P-256", 256),
    (
        "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
        "P-384",
        384,
    ),
    (
        "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
        "P-521",
        521,
    ),
    ("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", "secp256k1", 256),
    ("a9fb57dba1eea9bc3e660a909d838d718c397aa3b561a6f7901e0e82974856a7", "brainpoolP256r1", 256),
    (
        "8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b31f166e6cac0425a7cf3ab6af6b7fc3103b883202e9046565",
        "brainpoolP384r1",
        384,
    ),
];

/// Name and size of the curve that the content of a SpecifiedECDomain describes.
pub(super) fn curve(content: &[u8]) -> Option<(&'static str, usize)> {
    let order = order(content).ok()?;
    let order = hex::pairs(order.as_bytes()).replace(':', "").to_lowercase();
    ORDERS.iter().find(|(known, ..)| *known == order).map(|(_, name, bits)| (*name, *bits))
}

/// It stands after the version, the field, the curve and the base point.
fn order(content: &[u8]) -> der::Result<UintRef<'_>> {
    let mut reader = SliceReader::new(content)?;
    for _ in 0..4 {
        AnyRef::decode(&mut reader)?;
    }
    UintRef::decode(&mut reader)
}

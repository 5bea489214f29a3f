//! Files of other programs that hold keys or certificates and are not read here: what they are, and what converts them.

use super::SniffError;

/// A kind of file: how it begins, what it is, and what to do with it.
struct Kind {
    begins: &'static [u8],
    what: &'static str,
    advice: &'static str,
}

const KEYTOOL: &str =
    "convert it: keytool -importkeystore -srckeystore FILE -destkeystore FILE.p12 -deststoretype PKCS12";
const TO_PKCS8: &str = "convert it: ssh-keygen -p -m PKCS8 -f FILE";
const PUTTY: &str =
    "convert it: puttygen FILE -O private-openssh -o FILE.key, then ssh-keygen -p -m PKCS8 -f FILE.key";

const KINDS: &[Kind] = &[
    Kind { begins: &[0xfe, 0xed, 0xfe, 0xed], what: "a Java keystore (JKS)", advice: KEYTOOL },
    Kind { begins: &[0xce, 0xce, 0xce, 0xce], what: "a Java keystore (JCEKS)", advice: KEYTOOL },
    Kind {
        begins: &[0, 0, 0, 2, 0, 0, 0, 20],
        what: "a BouncyCastle keystore (BKS)",
        advice: "convert it with keytool and the provider of BouncyCastle, to -deststoretype PKCS12",
    },
    Kind {
        begins: &[0, 0, 0, 1, 0, 0, 0, 20],
        what: "a BouncyCastle keystore (BKS)",
        advice: "convert it with keytool and the provider of BouncyCastle, to -deststoretype PKCS12",
    },
    Kind {
        begins: &[0, 0, 0, 0, b'C', b'E', b'R', b'T'],
        what: "a certificate store of Windows (SST)",
        advice: "export the certificates from it one by one, or as .p7b",
    },
    Kind {
        begins: &[0x1e, 0xf1, 0xb5, 0xb0],
        what: "a private key of Windows (PVK)",
        advice: "convert it: openssl rsa -inform PVK -in FILE -out FILE.pem",
    },
    Kind { begins: b"PuTTY-User-Key-File", what: "a key of PuTTY", advice: PUTTY },
    Kind {
        begins: b"---- BEGIN SSH2 PUBLIC KEY",
        what: "a public key of SSH",
        advice: "it is for SSH only; name the certificate instead",
    },
    Kind {
        begins: b"ssh-",
        what: "a public key of SSH",
        advice: "it is for SSH only; name the certificate instead",
    },
    Kind {
        begins: b"ecdsa-sha2-",
        what: "a public key of SSH",
        advice: "it is for SSH only; name the certificate instead",
    },
    Kind { begins: b"PK\x03\x04", what: "a ZIP archive", advice: "unpack it: unzip FILE" },
    Kind { begins: &[0x1f, 0x8b, 8], what: "compressed (gzip)", advice: "unpack it: gunzip FILE" },
];

/// The kind of a foreign file, if the bytes begin as one of [`KINDS`].
pub(super) fn named(bytes: &[u8]) -> Option<SniffError> {
    let kind = KINDS.iter().find(|kind| bytes.starts_with(kind.begins))?;
    Some(SniffError::Foreign { what: kind.what, advice: kind.advice })
}

/// The same for PEM blocks that only other programs read.
pub(super) fn labelled(label: &str) -> Option<SniffError> {
    let (what, advice) = match label {
        "OPENSSH PRIVATE KEY" => ("a private key of OpenSSH", TO_PKCS8),
        "SSH2 ENCRYPTED PRIVATE KEY" => ("a private key of SSH2", TO_PKCS8),
        "TSS2 PRIVATE KEY" => {
            ("a key that only its TPM can use", "name the certificate instead, or use a key in a file")
        }
        "PGP PUBLIC KEY BLOCK" | "PGP PRIVATE KEY BLOCK" | "PGP MESSAGE" => {
            ("of PGP", "it is not an X.509 certificate; give the file with the certificate")
        }
        _ => return None,
    };
    Some(SniffError::Foreign { what, advice })
}

/// Text that is a key in another notation.
pub(super) fn written(text: &str) -> Option<SniffError> {
    let (what, advice) = if text.contains("\"kty\"") {
        ("a key as JSON (JWK)", "convert it to PEM first; certreq reads PEM, DER and PKCS#12")
    } else if text.contains("<RSAKeyValue>") {
        ("a key as XML (.NET)", "convert it to PEM first; certreq reads PEM, DER and PKCS#12")
    } else {
        return None;
    };
    Some(SniffError::Foreign { what, advice })
}

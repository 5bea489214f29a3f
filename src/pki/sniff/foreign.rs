//! Files that people have and that are not read: told by how they begin, with the command that converts them.

/// What the file is, and what to do with it; `None` for everything that is looked at further.
pub(super) fn name(bytes: &[u8]) -> Option<&'static str> {
    KNOWN.iter().find(|(start, _)| bytes.starts_with(start)).map(|(_, words)| *words)
}

const KNOWN: &[(&[u8], &str)] = &[
    (
        &[0xfe, 0xed, 0xfe, 0xed],
        "it is a Java keystore (JKS); convert it: \
         keytool -importkeystore -srckeystore FILE -destkeystore FILE.p12 -deststoretype PKCS12",
    ),
    (
        &[0xce, 0xce, 0xce, 0xce],
        "it is a Java keystore (JCEKS); convert it: \
         keytool -importkeystore -srckeystore FILE -srcstoretype JCEKS -destkeystore FILE.p12 -deststoretype PKCS12",
    ),
    (
        b"-----BEGIN OPENSSH PRIVATE KEY-----",
        "it is a key in the format of OpenSSH; convert a copy of it: ssh-keygen -p -m PKCS8 -f COPY",
    ),
    (
        b"PuTTY-User-Key-File-",
        "it is a key in the format of PuTTY; convert it: puttygen FILE -O private-openssh-new -o COPY, \
         then ssh-keygen -p -m PKCS8 -f COPY",
    ),
    (
        &[0x1e, 0xf1, 0xb5, 0xb0],
        "it is a key in the format of Windows (PVK); convert it: openssl rsa -inform PVK -in FILE -out FILE.pem",
    ),
    (b"PK\x03\x04", "it is a ZIP archive; unpack it first: unzip FILE"),
    (&[0x1f, 0x8b, 0x08], "it is compressed with gzip; unpack it first: gunzip FILE"),
];

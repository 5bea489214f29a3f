//! Settings of other software for a key that stays in its token: each names the key in its own form.

use crate::{
    device_id::DeviceId,
    pki::{
        token_key::TokenKey,
        token_uri::{TokenUri, hexadecimal},
    },
};

/// The program of these settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Software {
    Mosquitto,
    Nginx,
    Curl,
    StrongSwan,
}

/// A file of settings, with a word on what it needs. The PIN is not in it, only the file that holds it, when the URI
/// names one.
pub(super) fn settings(software: Software, id: &DeviceId, key: &TokenKey) -> String {
    let module = key.uri.module_path.as_deref().unwrap_or("/usr/lib/.../module.so");
    let uri = TokenUri { module_path: None, pin_value: None, ..key.uri.clone() };
    let head = format!("# The key of {id} stays in its token; this names it.\n");
    let engine = format!("{head}# OpenSSL's engine pkcs11 loads PKCS11_MODULE_PATH={module}\n");
    match software {
        Software::Mosquitto => {
            format!("{engine}tls_engine pkcs11\ntls_keyform engine\nkeyfile {uri}\n")
        }
        Software::Nginx => format!(
            "{engine}# At the top of nginx.conf: env PKCS11_MODULE_PATH; and openssl.cnf starts the engine: init = 1\nssl_certificate_key \"engine:pkcs11:{uri}\";\n"
        ),
        Software::Curl => format!("{engine}engine = \"pkcs11\"\nkey-type = \"ENG\"\nkey = \"{uri}\"\n"),
        Software::StrongSwan => {
            let handle = hexadecimal(key.uri.id.as_deref().unwrap_or_default());
            format!(
                "{head}# In strongswan.conf: charon.plugins.pkcs11.modules.certreq.path = {module}\n\
                 secrets {{\n  token-{id} {{\n    handle = {handle}\n    module = certreq\n  }}\n}}\n"
            )
        }
    }
}

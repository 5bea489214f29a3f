//! Settings of `certreq serve`.

use super::{connect, database, default_authority, duration, est, idprov, issue, key_store, place, secret};
use crate::{
    authority::{CaKey, CertificateProfile, Partitions},
    cli::serve::{CaKind, LoginKind, ProfileKind, ServeArgs},
    commands::serve::{self, Plan},
    failure::Failure,
    fleet::id_list,
    keys::{KeyStore, TokenStore},
    output::Ui,
};

fn partitions(count: u16) -> Result<Partitions, Failure> {
    let known = Partitions::new(count);
    known.ok_or_else(|| {
        Failure::usage(format!("--crl-partitions is a power of two from 1 to 256, and {count} is none"))
    })
}

/// Resolves the arguments into the plan that runs.
///
/// # Errors
/// Usage failures, and files that cannot be read.
pub fn resolve(args: &ServeArgs, ui: &Ui) -> Result<Plan, Failure> {
    let mut register = Vec::new();
    for list in &args.register {
        register.extend(id_list::from_commas(list).map_err(|error| Failure::usage(error.to_string()))?);
    }
    if let Some(path) = &args.register_from {
        register.extend(issue::ids_of_file(path, None)?);
    }
    id_list::all_plain(&register).map_err(|error| Failure::usage(error.to_string()))?;
    if args.public_url.as_deref().is_some_and(connect::has_credentials) {
        return Err(Failure::usage(
            "--public-url holds a user name or a password, which every certificate would contain",
        )
        .hint("remove the part before the @"));
    }
    Ok(Plan {
        listen: args.listen,
        dir: args.authority.clone().map_or_else(default_authority, Ok)?,
        database: database::resolve(args.database.as_deref(), args.database_password_file.as_deref(), ui)?,
        drain: match &args.drain {
            Some(text) => duration::parse("--drain", text)?,
            None => std::time::Duration::ZERO,
        },
        tls: args.tls_cert.clone().zip(args.tls_key.clone()),
        lifetime: duration::parse("--lifetime", &args.lifetime)?,
        crl_lifetime: duration::parse("--crl-lifetime", &args.crl_lifetime)?,
        openid: args.auth == LoginKind::Oidc,
        token_lifetime: match (&args.token_lifetime, args.auth) {
            (Some(text), _) => duration::parse("--token-lifetime", text)?,
            (None, LoginKind::Dojot) => serve::DOJOT_TOKEN,
            (None, LoginKind::Oidc) => serve::OPENID_TOKEN,
        },
        key: match args.ca_key {
            CaKind::P256 => CaKey::P256,
            CaKind::Rsa4096 => CaKey::Rsa4096,
        },
        store: match &args.ca_store.ca_key_store {
            Some(text) => KeyStore::Token(TokenStore::new(key_store::token("--ca-key-store", text, ui)?)),
            None => KeyStore::File,
        },
        passphrase: place::passphrase(args.ca_passphrase_file.as_deref(), ui)?,
        admin_secret: args
            .admin_secret_file
            .as_deref()
            .map(|path| {
                secret::warn_of_others(path, ui);
                secret::read(path)
            })
            .transpose()?,
        register: id_list::without_duplicates(register),
        public_url: args.public_url.clone(),
        login_limit: match (args.login_limit, args.no_login_limit) {
            (true, _) => Some(true),
            (false, true) => Some(false),
            (false, false) => None,
        },
        reset_admin_secret: args.reset_admin_secret,
        crl_publish_every: args
            .crl_publish_every
            .as_deref()
            .map(|text| duration::parse("--crl-publish-every", text))
            .transpose()?,
        crl_partitions: args.crl_partitions.map(partitions).transpose()?,
        est: est::serve(&args.est, ui)?,
        idprov: idprov::serve(&args.idprov)?,
        profile: match args.certificate_profile {
            ProfileKind::Certreq => CertificateProfile::Certreq,
            ProfileKind::Dojot => CertificateProfile::Dojot,
        },
    })
}

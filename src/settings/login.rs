//! How to log in, or with which token not to.

use url::Url;

use super::secret;
use crate::{
    cli::platform::{AuthKind, PlatformArgs},
    failure::Failure,
    output::Ui,
    platform::dojot::{self, Auth, Token},
};

/// The kind of login, and the settings of an OpenID login.
pub(super) fn method(options: &mut dojot::Options, args: &PlatformArgs) -> Result<(), Failure> {
    options.realm = args.realm.parse().map_err(|error| Failure::usage(format!("--realm: {error}")))?;
    options.client_id.clone_from(&args.client_id);
    options.token_url = args.token_url.as_deref().map(|url| token_url(options, url)).transpose()?;
    options.auth = match args.auth {
        AuthKind::Dojot => Auth::Dojot,
        // A given token endpoint settles the kind of login: it is OpenID Connect.
        AuthKind::Auto if options.token_url.is_none() => Auth::Auto,
        AuthKind::Auto | AuthKind::Oidc => Auth::OpenId,
    };
    Ok(())
}

/// A password travels there: only encrypted, unless it stays on this machine or goes where everything goes unencrypted.
fn token_url(options: &dojot::Options, text: &str) -> Result<Url, Failure> {
    let bad = |why: &str| Failure::usage(format!("--token-url: {why}"));
    // Not repeated in the messages: it may hold a password.
    let url = Url::parse(text).map_err(|error| bad(&error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(bad("it is not an https:// URL"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(bad("it must not have a user or a password in it; use -u and a secret"));
    }
    if url.fragment().is_some() {
        return Err(bad("it must not have a fragment (#)"));
    }
    if url.scheme() == "http" && !options.base.is_trusted_in_plain(&url) {
        return Err(bad("the password would travel unencrypted; write https://"));
    }
    Ok(url)
}

/// The access token that was given; a typed flag goes before the environment.
pub(super) fn access_token(args: &PlatformArgs, ui: &Ui) -> Result<Option<Token>, Failure> {
    let typed = args.secret.is_some() || args.secret_file.is_some() || args.secret_command.is_some();
    if args.access_token_file.is_none() && typed {
        return Ok(None);
    }
    let sources = secret::Sources {
        file: args.access_token_file.as_deref(),
        variable: "CERTREQ_ACCESS_TOKEN",
        credential: "certreq.access-token",
        ..secret::Sources::default()
    };
    let Some(text) = secret::find(&sources, ui)? else { return Ok(None) };
    let token = Token::new(&text).ok_or_else(|| {
        Failure::usage("the access token is not usable: a token is one word of printable characters")
    })?;
    Ok(Some(token))
}

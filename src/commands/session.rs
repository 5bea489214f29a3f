//! `certreq login` and `certreq logout`: fetch a token, forget it.

use crate::{
    failure::{Exit, Failure},
    output::Ui,
    platform::dojot::{Dojot, TokenFile},
};

/// Logs in and keeps the token in `file`.
///
/// # Errors
/// When the platform refuses or cannot be reached, or the token cannot be kept: no file was changed then.
pub async fn login(platform: Dojot, user: &str, file: &TokenFile, ui: &Ui) -> Result<Exit, Failure> {
    let token = platform.login().await?;
    let kept = file.path().display();
    file.write(&token)
        .map_err(|error| Failure::failed(format!("the token was not kept in {kept}: {error}")))?;
    let until = token
        .claims()
        .and_then(|claims| claims.expires)
        .map(|expires| format!(", valid until {}", expires.moment()))
        .unwrap_or_default();
    ui.note(&format!("logged in as {user}{until}; the token is in {kept}"));
    Ok(Exit::Done)
}

/// Forgets the token in `file`; a missing token is no failure.
///
/// # Errors
/// When it cannot be removed.
pub fn logout(user: &str, file: &TokenFile, ui: &Ui) -> Result<Exit, Failure> {
    let kept = file.path().display();
    let was_there =
        file.remove().map_err(|error| Failure::failed(format!("{kept} cannot be removed: {error}")))?;
    if was_there {
        ui.note(&format!("logged out {user}: the token was removed from {kept}"));
    } else {
        ui.note(&format!("there was no token of {user} in {kept}"));
    }
    Ok(Exit::Done)
}

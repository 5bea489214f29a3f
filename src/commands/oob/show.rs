//! A secret on the screen, for the person who carries it to the device.

use qrcode::{QrCode, render::unicode};

use super::Show;
use crate::{commands::stdout::written, failure::Failure, output::Ui, pki::idprov::OobSecret};

/// Prints one secret.
pub(super) fn secret(how: Show, secret: &OobSecret, ui: &Ui) -> Result<(), Failure> {
    let text = secret.secret.as_str();
    match how {
        Show::Text => written(ui.data(&format!("{},{text}", secret.device_id))),
        Show::Qr => {
            let code = QrCode::new(text.as_bytes())
                .map_err(|error| Failure::failed(format!("the secret does not fit into a QR code: {error}")))?;
            let drawn = code.render::<unicode::Dense1x2>().quiet_zone(true).build();
            written(ui.data(&format!("{}\n{drawn}", secret.device_id)))
        }
    }
}

//! Which files an export makes: by a layout's name, or as a template says.

use serde::Deserialize;

use super::{Content, Name, NameError};

/// The files of one device.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// The mode of the directories that are made; 0755, less the umask, when the template gives none.
    pub directory_mode: Option<u32>,
    pub files: Vec<File>,
}

/// One file of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    pub name: Name,
    pub content: Content,
    pub mode: u32,
}

/// Why a text is no usable template.
#[derive(Debug, thiserror::Error)]
pub enum FormError {
    #[error("{}", words(.0))]
    Syntax(#[from] toml::de::Error),
    #[error(transparent)]
    Name(#[from] NameError),
    #[error("{0:?} is not a mode; write it as in \"0644\"")]
    Mode(String),
    #[error("{name} holds a private key: its mode {mode:04o} would let others read it; 0600 is the widest")]
    Exposed { name: Name, mode: u32 },
    #[error("two files have the name {0}")]
    Twice(Name),
    #[error("it names no file")]
    Empty,
}

/// The error of the parser, in words for the author of the template.
fn words(error: &toml::de::Error) -> String {
    let message = error.message();
    let quoted = message.split('`').nth(1).unwrap_or_default();
    match message.split('`').next().unwrap_or_default() {
        "unknown field " => format!(
            "the key {quoted} is not known; a layout has directory_mode and [[file]], each with name, content and mode"
        ),
        "missing field " => format!("a [[file]] lacks the key {quoted}"),
        "unknown variant " => format!("the content {quoted} is not known; {}", known(message)),
        _ => "it is not TOML, or a value has the wrong type; write texts in quotes".to_owned(),
    }
}

/// `it is one of leaf, chain`, from the names that the parser lists.
fn known(message: &str) -> String {
    let names: Vec<&str> = message.split('`').skip(3).step_by(2).collect();
    format!("it is one of {}", names.join(", "))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Template {
    directory_mode: Option<String>,
    #[serde(default)]
    file: Vec<TemplateFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TemplateFile {
    name: String,
    content: Content,
    mode: Option<String>,
}

/// Layouts with a name; the files say where their names come from.
const LAYOUTS: [(&str, &str); 11] = [
    ("aws-iot", include_str!("layouts/aws-iot.toml")),
    ("curl-token", include_str!("layouts/curl-token.toml")),
    ("dojot", include_str!("layouts/dojot.toml")),
    ("esp-idf", include_str!("layouts/esp-idf.toml")),
    ("idprov", include_str!("layouts/idprov.toml")),
    ("mosquitto", include_str!("layouts/mosquitto.toml")),
    ("mosquitto-token", include_str!("layouts/mosquitto-token.toml")),
    ("nginx", include_str!("layouts/nginx.toml")),
    ("nginx-token", include_str!("layouts/nginx-token.toml")),
    ("strongswan-token", include_str!("layouts/strongswan-token.toml")),
    ("wott", include_str!("layouts/wott.toml")),
];

impl Form {
    /// Names of the built-in layouts, sorted.
    pub fn names() -> impl Iterator<Item = &'static str> {
        LAYOUTS.iter().map(|(name, _)| *name)
    }

    /// A built-in layout.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let (_, text) = LAYOUTS.iter().find(|(known, _)| *known == name)?;
        Self::from_template(text).ok()
    }

    /// Reads a template (TOML): `directory_mode`, and for each `[[file]]` a `name`, a `content` and a `mode`.
    ///
    /// # Errors
    /// The fault of the template: for example a name that leads elsewhere, or a mode that would show a key.
    pub fn from_template(text: &str) -> Result<Self, FormError> {
        let template: Template = toml::from_str(text)?;
        let mut form = Self {
            directory_mode: template.directory_mode.as_deref().map(mode).transpose()?,
            files: Vec::new(),
        };
        for file in template.file {
            let given = file.mode.as_deref().map(mode).transpose()?;
            form.add(File::new(Name::parse(&file.name)?, file.content, given))?;
        }
        if form.files.is_empty() { Err(FormError::Empty) } else { Ok(form) }
    }

    /// One file more.
    ///
    /// # Errors
    /// When its name is taken, or its mode would show a key.
    pub fn add(&mut self, file: File) -> Result<(), FormError> {
        if file.content.is_secret() && file.mode & 0o077 != 0 {
            return Err(FormError::Exposed { name: file.name, mode: file.mode });
        }
        if self.files.iter().any(|other| other.name == file.name) {
            return Err(FormError::Twice(file.name));
        }
        self.files.push(file);
        Ok(())
    }

    /// A file with the password beside every PKCS#12 file.
    ///
    /// # Errors
    /// When its name is taken.
    pub fn add_passwords(&mut self) -> Result<(), FormError> {
        let beside: Vec<Name> = self
            .files
            .iter()
            .filter(|file| file.content == Content::P12)
            .map(|file| file.name.with_suffix(".password"))
            .collect();
        beside.into_iter().try_for_each(|name| self.add(File::new(name, Content::Password, None)))
    }

    #[must_use]
    pub fn has(&self, content: Content) -> bool {
        self.files.iter().any(|file| file.content == content)
    }

    /// True when one of the files cannot be made without the root.
    #[must_use]
    pub fn needs_root(&self) -> bool {
        self.files.iter().any(|file| file.content.needs_root())
    }

    /// True when the files of two devices never have the same name, unless they have the same bytes.
    pub(super) fn is_apart(&self) -> bool {
        self.files.iter().all(|file| file.content.is_shared() || file.name.has_id())
    }
}

impl File {
    /// A file with the usual mode unless another is given: 0600 for secret content, else 0644.
    #[must_use]
    pub fn new(name: Name, content: Content, mode: Option<u32>) -> Self {
        Self { name, content, mode: mode.unwrap_or(if content.is_secret() { 0o600 } else { 0o644 }) }
    }
}

fn mode(text: &str) -> Result<u32, FormError> {
    match u32::from_str_radix(text, 8) {
        Ok(mode) if mode <= 0o777 && text.bytes().all(|byte| byte.is_ascii_digit()) => Ok(mode),
        _ => Err(FormError::Mode(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layout_reads_and_hides_its_keys() {
        for name in Form::names() {
            let form = Form::named(name).unwrap_or_else(|| panic!("{name}"));
            let has_key = form.files.iter().any(|file| file.content == Content::Key && file.mode == 0o600);
            // A layout for a key in a token has no key file.
            assert_eq!(has_key, !name.ends_with("-token"), "{name}");
        }
    }

    #[test]
    fn a_template_that_would_do_harm_is_refused() {
        let error = |text: &str| Form::from_template(text).unwrap_err().to_string();
        assert!(error("").contains("names no file"));
        assert!(error("[[file]]\nname = '../x'\ncontent = 'key'\n").contains("leads out of the directory"));
        assert!(error("[[file]]\nname = 'x'\ncontent = 'key'\nmode = '0640'\n").contains("let others read"));
        assert!(error("[[file]]\nname = 'x'\ncontent = 'leaf'\nmode = '+644'\n").contains("is not a mode"));
        assert!(error("[[file]]\nname = 'x'\ncontent = 'keys'\n").contains("the content keys is not known"));
        assert!(
            error("[[file]]\nname = 'x'\ncontent = 'leaf'\nowner = 'root'\n")
                .contains("the key owner is not known")
        );
        let twice = "[[file]]\nname = 'x'\ncontent = 'leaf'\n".repeat(2);
        assert!(error(&twice).contains("two files"));
    }
}

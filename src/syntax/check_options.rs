//! The options of `# check=…`, as BuildKit reads them.

use super::message::code;

/// What a `check` directive or comment says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckOptions {
    /// The checks that are not to be reported; `all` is all of them but experimental ones.
    pub skip: Vec<String>,
    /// The experimental checks that are to be reported too; `all` is all of them.
    pub experimental: Vec<String>,
    /// Whether a finding fails the build.
    pub error: bool,
}

impl CheckOptions {
    /// Reads `skip=A,B;experimental=C;error=true`; the options end at the first blank. The error says what is wrong, and
    /// what was expected.
    pub fn parse(text: &str) -> Result<Self, (String, String)> {
        let expected =
            || "options are `skip=`, `experimental=` and `error=`, joined by `;`".to_owned();
        let mut options = Self::default();
        let text = text.split_whitespace().next().unwrap_or_default();
        let list = |names: &str| names.split(',').map(|it| it.trim().to_owned()).collect();
        for option in text.split(';') {
            let Some((key, value)) = option.split_once('=') else {
                return Err((format!("{} is not an option of `check`", code(option)), expected()));
            };
            match key {
                "skip" => options.skip = list(value),
                "experimental" => options.experimental = list(value),
                "error" => {
                    options.error = boolean(value).ok_or_else(|| {
                        let what = format!("{} is neither true nor false", code(value));
                        (what, "write `error=true` or `error=false`".to_owned())
                    })?;
                }
                _ => {
                    return Err((format!("{} is not an option of `check`", code(key)), expected()));
                }
            }
        }
        Ok(options)
    }
}

/// What Go's `strconv.ParseBool` accepts.
fn boolean(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Some(true),
        "0" | "f" | "F" | "FALSE" | "false" | "False" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::CheckOptions;

    #[test]
    fn options_are_read_in_any_order() {
        let options =
            CheckOptions::parse("error=true;skip=A,B;experimental=all // why").unwrap_or_default();
        assert_eq!((options.skip.len(), options.experimental.len(), options.error), (2, 1, true));
        let error = |text: &str| CheckOptions::parse(text).unwrap_or_default().error;
        for text in ["1", "t", "T", "true", "True", "TRUE"] {
            assert!(error(&format!("error={text}")), "{text}");
        }
        for text in ["0", "f", "F", "false", "False", "FALSE"] {
            assert!(!error(&format!("error=true;error={text}")), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        let options = "options are `skip=`, `experimental=` and `error=`, joined by `;`";
        let error = "write `error=true` or `error=false`";
        for (text, message, help) in [
            ("", "`` is not an option of `check`", options),
            ("skip", "`skip` is not an option of `check`", options),
            ("skp=A", "`skp` is not an option of `check`", options),
            ("error=yes", "`yes` is neither true nor false", error),
            ("skip=A;x", "`x` is not an option of `check`", options),
        ] {
            let found = CheckOptions::parse(text);
            assert_eq!(found, Err((message.to_owned(), help.to_owned())), "{text}");
        }
    }
}

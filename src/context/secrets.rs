//! Files of a build context that hold secrets.

use crate::secrets::{is_secret, names_secret};

/// What kind of secret a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretKind {
    /// A private key.
    PrivateKey,
    /// A store of keys, which may be protected by a password.
    KeyStore,
    /// Passwords or tokens in variables.
    Environment,
    /// The credentials of a tool.
    Credentials,
}

impl SecretKind {
    /// Its name in a sentence.
    pub fn name(self) -> &'static str {
        match self {
            Self::PrivateKey => "a private key",
            Self::KeyStore => "a key store",
            Self::Environment => "passwords or tokens",
            Self::Credentials => "credentials",
        }
    }
}

/// Words of paths whose secrets are none: examples, and what tests use.
const EXAMPLES: &[&str] = &[
    "demo",
    "development",
    "dist",
    "dummy",
    "e2e",
    "example",
    "examples",
    "fake",
    "fixture",
    "fixtures",
    "mock",
    "mocks",
    "sample",
    "samples",
    "snakeoil",
    "spec",
    "stub",
    "stubs",
    "template",
    "templates",
    "test",
    "testdata",
    "testing",
    "tests",
];

/// Whether a file of that name may hold a secret.
pub(super) fn may_be_secret(name: &str) -> bool {
    by_name(name).is_some()
}

/// The kind of secret that a file may hold by its name. Only stores of keys are recognized by the name alone.
pub fn secret_by_name(path: &str) -> Option<SecretKind> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let (kind, folder) = by_name(name)?;
    let is_there = |folder: &str| {
        path == format!("{folder}/{name}") || path.ends_with(&format!("/{folder}/{name}"))
    };
    if !folder.is_none_or(is_there) {
        return None;
    }
    let mut words = path.split(|it: char| !it.is_ascii_alphanumeric());
    let is_example =
        words.any(|it| EXAMPLES.binary_search(&it.to_ascii_lowercase().as_str()).is_ok());
    (!is_example).then_some(kind)
}

/// The kind, and the folder that it has to be in.
fn by_name(name: &str) -> Option<(SecretKind, Option<&'static str>)> {
    let kind = match name {
        "id_rsa" | "id_dsa" | "id_ecdsa" | "id_ed25519" => SecretKind::PrivateKey,
        ".npmrc" | ".pypirc" | ".netrc" | "_netrc" | ".git-credentials" | ".yarnrc.yml" => {
            SecretKind::Credentials
        }
        "credentials" => return Some((SecretKind::Credentials, Some(".aws"))),
        "config.json" => return Some((SecretKind::Credentials, Some(".docker"))),
        "credentials.json" | "service-account.json" | "kubeconfig" => SecretKind::Credentials,
        _ if name == ".env" || name.starts_with(".env.") => SecretKind::Environment,
        // A store of what to trust is public, and so is the key that Android's tools sign trials with.
        "debug.keystore" => return None,
        _ if name.to_ascii_lowercase().contains("trust") => return None,
        _ => match name.rsplit_once('.')?.1 {
            "pem" | "key" => SecretKind::PrivateKey,
            "p12" | "pfx" | "jks" | "keystore" => SecretKind::KeyStore,
            _ => return None,
        },
    };
    Some((kind, None))
}

/// Whether the text of such a file holds a secret.
pub fn secret_in(kind: SecretKind, text: &str) -> bool {
    match kind {
        SecretKind::KeyStore => true,
        SecretKind::PrivateKey => text.contains("PRIVATE KEY-----"),
        SecretKind::Environment => text.lines().any(is_secret_assignment),
        SecretKind::Credentials => text.lines().any(|line| {
            let lower = line.to_ascii_lowercase();
            let told = [
                "_authtoken",
                "_auth",
                "_password",
                "password",
                "npmauthtoken",
                "aws_secret_access_key",
                "\"auth\"",
                "private_key",
                "client-key-data",
                "token:",
            ];
            let url = lower.contains("://")
                && lower.split("://").nth(1).is_some_and(|it| {
                    it.split('/').next().is_some_and(|it| it.contains(':') && it.contains('@'))
                });
            // A variable is filled in later.
            !lower.contains("${")
                && !lower.trim_start().starts_with(['#', ';'])
                && (url || told.iter().any(|it| lower.contains(it)))
        }),
    }
}

/// Whether a line gives a value to a variable that holds a secret.
fn is_secret_assignment(line: &str) -> bool {
    let line = line.trim().trim_start_matches("export ");
    let Some((name, value)) = line.split_once('=').filter(|_| !line.starts_with('#')) else {
        return false;
    };
    let (name, value) = (name.trim(), value.trim().trim_matches(['"', '\'']));
    // `PASSWORD=password` is an example.
    value.len() >= 6 && is_secret(name, Some(value)) && !names_secret(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_values_are_secrets() {
        for line in ["API_KEY=abcdef123", "export DB_PASSWORD=\"hunter22\""] {
            assert!(secret_in(SecretKind::Environment, line), "{line}");
        }
        for line in [
            "API_KEY=",
            "# API_KEY=abcdef123",
            "PORT=8080123",
            "API_KEY=<your key>",
            "TOKEN=$TOKEN",
            "SECRET_FILE=/run/x",
            "RESET_PASSWORD={{ .ResetPassword }}",
        ] {
            assert!(!secret_in(SecretKind::Environment, line), "{line}");
        }
        assert!(secret_in(SecretKind::Credentials, "//registry.npmjs.org/:_authToken=npm_abc"));
        assert!(!secret_in(
            SecretKind::Credentials,
            "//registry.npmjs.org/:_authToken=${NPM_TOKEN}"
        ));
        for (line, is_secret) in [
            ("https://me:pass@example.com/a", true),
            ("registry=https://me:pass@example.com", true),
            ("https://example.com:8080/a@b:c", false),
            ("https://me@example.com/a:b", false),
            ("https://example.com:8080", false),
            ("me:pass@example.com", false),
            ("https://me:${PASS}@example.com", false),
            ("machine example.com login me password abc", true),
            ("# password abc", false),
            ("; password abc", false),
            ("_auth = abc", true),
            ("npmAuthToken: abc", true),
            ("aws_secret_access_key = abc", true),
            ("{\"auth\": \"abc\"}", true),
            ("\"private_key\": \"abc\"", true),
            ("client-key-data: abc", true),
            ("    token: abc", true),
            ("registry=https://example.com", false),
        ] {
            assert_eq!(secret_in(SecretKind::Credentials, line), is_secret, "{line}");
        }
        assert!(!secret_in(SecretKind::PrivateKey, "-----BEGIN CERTIFICATE-----"));
    }

    #[test]
    fn names_tell_what_to_look_at() {
        assert_eq!(secret_by_name("a/.env.local"), Some(SecretKind::Environment));
        assert_eq!(secret_by_name(".env.example"), None);
        assert_eq!(secret_by_name("certs/server.key"), Some(SecretKind::PrivateKey));
        assert_eq!(secret_by_name("src/key.rs"), None);
        assert_eq!(secret_by_name("home/.aws/credentials"), Some(SecretKind::Credentials));
        for path in ["home/credentials", "conf/truststore.jks", "app/debug.keystore"] {
            assert_eq!(secret_by_name(path), None, "{path}");
        }
        // A word decides, not a part of one.
        assert_eq!(secret_by_name("attestation/signing.key"), Some(SecretKind::PrivateKey));
        for path in
            ["pkg/testdata/ca.key", "tests/server.pem", "lib/__fixtures__/a.key", "server-test.key"]
        {
            assert_eq!(secret_by_name(path), None, "{path}");
        }
        assert!(EXAMPLES.is_sorted());
    }
}

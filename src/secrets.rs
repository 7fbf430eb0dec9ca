//! Which variables hold secrets, by the words of their names and by their values: the one table for the file, the build
//! context and an image's history.
//!
//! The last word of a name says what the value is (`KEY_NAME` is a name, `MFA_REQUIRED` a switch), and a value can show
//! that it is none (a path, a switch, a reference). What stays open is taken for no secret.

/// Last words that say a secret, whatever is before them.
const SECRET: &[&str] = &[
    "apikey",
    "authtoken",
    "credential",
    "credentials",
    "passphrase",
    "passwd",
    "password",
    "passwords",
    "privatekey",
    "pword",
    "secret",
    "secretkey",
    "secrets",
    "token",
];

/// Last words that say a secret only after certain others, with those.
const AFTER: &[(&str, &[&str])] = &[
    (
        "auth",
        &["basic", "composer", "docker", "git", "github", "gitlab", "npm", "proxy", "registry"],
    ),
    (
        "key",
        &[
            "access",
            "account",
            "admin",
            "aes",
            "api",
            "app",
            "application",
            "auth",
            "client",
            "cookie",
            "deploy",
            "encryption",
            "hmac",
            "jwt",
            "license",
            "master",
            "private",
            "rsa",
            "secret",
            "session",
            "ssh",
            "storage",
        ],
    ),
    (
        "pass",
        &[
            "admin", "database", "db", "email", "ftp", "git", "mail", "mariadb", "mongo", "mysql",
            "pg", "postgres", "rabbitmq", "redis", "registry", "root", "smtp", "user",
        ],
    ),
    (
        "pwd",
        &[
            "admin", "database", "db", "mail", "mongo", "mysql", "postgres", "redis", "root",
            "smtp", "user",
        ],
    ),
];

/// Ends of names that say a secret although their last word does not.
const ENDS: &[&[&str]] = &[&["access", "key", "id"], &["secret", "key", "base"]];

/// Words behind the one that counts: for which environment, or how it is written.
const TRAILING: &[&str] = &["b64", "base64", "prod", "production", "staging"];

/// Words anywhere in a name that say the value is public, or a choice about secrets and none itself.
const HARMLESS: &[&str] = &[
    "allow",
    "check",
    "disable",
    "disabled",
    "dummy",
    "empty",
    "enable",
    "enabled",
    "example",
    "fake",
    "has",
    "hide",
    "is",
    "no",
    "public",
    "publishable",
    "random",
    "require",
    "required",
    "show",
    "skip",
    "use",
    "validate",
    "verify",
    "without",
];

/// How names start whose values are built into what every visitor's browser gets, by the documentation of Vite, Create
/// React App, Vue CLI and Gatsby.
const IN_BROWSERS: &[&str] = &["gatsby_", "react_app_", "vite_", "vue_app_"];

/// Names of settings that only sound like secrets: module paths that Go fetches without a proxy, the path of a file for
/// Google's libraries.
const SETTINGS: &[&str] = &["goprivate", "google_application_credentials"];

/// Values that are switches, or none.
const SWITCHES: &[&str] = &[
    "",
    "0",
    "1",
    "disabled",
    "enabled",
    "false",
    "nil",
    "no",
    "none",
    "null",
    "off",
    "on",
    "optional",
    "required",
    "true",
    "undefined",
    "yes",
];

/// What is where a secret is still to come, or where a build only needs some value.
const PLACEHOLDERS: &[&str] = &[
    "change-me",
    "change_me",
    "changeit",
    "changeme",
    "changethis",
    "dummy",
    "example",
    "fake",
    "insecure",
    "n/a",
    "not-used",
    "notused",
    "placeholder",
    "replace-me",
    "replaceme",
    "test",
    "todo",
    "unset",
    "unused",
];

/// Endings of files' names, which are in variables that give a script the file to read. Sorted.
const FILES: &[&str] = &[
    "bash",
    "cer",
    "cfg",
    "conf",
    "crt",
    "csv",
    "env",
    "exp",
    "expect",
    "ini",
    "jks",
    "js",
    "json",
    "jwk",
    "key",
    "p12",
    "pem",
    "pfx",
    "php",
    "pl",
    "properties",
    "ps1",
    "pub",
    "py",
    "rb",
    "rsp",
    "sh",
    "sql",
    "toml",
    "txt",
    "xml",
    "yaml",
    "yml",
];

/// How names end in a history or a log behind which nobody should read the value: words that are not names of variables.
const IN_TEXT: &[&str] = &["accesskey", "authorization", "bearer"];

/// Whether a variable holds a secret: by its name, and where a value is given, by that.
pub fn is_secret(name: &str, value: Option<&str>) -> bool {
    names_secret(name) && value.is_none_or(may_be_secret)
}

/// Whether the name alone says a secret.
pub fn names_secret(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    if SETTINGS.contains(&lower.as_str()) || IN_BROWSERS.iter().any(|it| lower.starts_with(it)) {
        return false;
    }
    let words = words(name);
    let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
    if words.iter().any(|it| HARMLESS.contains(it)) {
        return false;
    }
    // `TOKEN_2`, `PASSWORD_PROD`.
    while let Some(last) = words.last()
        && words.len() > 1
        && (TRAILING.contains(last) || last.bytes().all(|it| it.is_ascii_digit()))
    {
        words.pop();
    }
    if ENDS.iter().any(|it| words.ends_with(it)) {
        return true;
    }
    let Some((last, before)) = words.split_last() else { return false };
    let last = last.trim_end_matches(|it: char| it.is_ascii_digit());
    // Without a separator: `MYSQLPASSWORD`, `clientsecret`.
    let says = SECRET.iter().any(|it| last.ends_with(it));
    let says_after = |(word, others): &(&str, &[&str])| {
        last == *word && before.last().is_some_and(|it| others.contains(it))
    };
    says || AFTER.iter().any(says_after)
}

/// Whether a value can be a secret: no switch, no path or address, nothing public, nothing that is still to be filled in.
pub fn may_be_secret(value: &str) -> bool {
    let value = value.trim().trim_matches(['"', '\'']);
    let lower = value.to_ascii_lowercase();
    let is_path = value.starts_with(['/', '~'])
        || ["./", "../", "file:", "c:\\"].iter().any(|it| lower.starts_with(it));
    let is_public = [
        "ssh-rsa ",
        "ssh-ed25519 ",
        "ecdsa-sha2-",
        "-----begin public key",
        "-----begin certificate",
    ]
    .iter()
    .any(|it| lower.starts_with(it));
    !(SWITCHES.contains(&lower.as_str())
        || is_file_name(&lower)
        || is_placeholder(&lower)
        || is_path
        || is_public
        || is_plain_address(value)
        || is_fingerprint(value)
        || value.starts_with(['$', '%'])
        || value.starts_with("{{"))
}

/// Whether the text before a value in a history, a log or a command line says that the value is secret: `--db-password`,
/// `x-api-key`, `Bearer`. Here a word too many is hidden rather than one too few.
pub fn announces_secret(name: &str) -> bool {
    let joined: String = words(name).concat();
    names_secret(name) || SECRET.iter().chain(IN_TEXT).any(|it| joined.ends_with(it))
}

/// Whether a value is there only until somebody fills in the real one.
fn is_placeholder(lower: &str) -> bool {
    PLACEHOLDERS.contains(&lower)
        || lower.starts_with(['<', '['])
        || lower.starts_with("your")
        || ["placeholder", "changeme", "change_me", "change-me"].iter().any(|it| lower.contains(it))
        || ["dummy-", "dummy_", "fake-", "fake_", "not-a-", "not_a_"]
            .iter()
            .any(|it| lower.starts_with(it))
        || (lower.len() > 2 && lower.bytes().all(|it| matches!(it, b'x' | b'*' | b'.')))
}

/// Whether a value is the name of a file by its ending, or its path.
fn is_file_name(lower: &str) -> bool {
    let plain = |it: char| it.is_ascii_alphanumeric() || "-_./".contains(it);
    lower.rsplit_once('.').is_some_and(|(stem, ending)| {
        FILES.contains(&ending) && stem.ends_with(|it: char| it.is_ascii_alphanumeric())
    }) && lower.chars().all(plain)
}

/// Whether a value is the address of something, without credentials in it.
fn is_plain_address(value: &str) -> bool {
    let Some((scheme, rest)) = value.split_once("://") else { return false };
    let host = rest.split(['/', '?']).next().unwrap_or(rest);
    scheme.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'+') && !host.contains('@')
}

/// Whether a value is an OpenPGP key's fingerprint or its end, as `gpg` prints it.
fn is_fingerprint(value: &str) -> bool {
    let digits: Vec<u8> = value.trim_start_matches("0x").bytes().filter(|it| *it != b' ').collect();
    matches!(digits.len(), 8 | 16 | 40)
        && digits.iter().all(|it| it.is_ascii_digit() || (b'A'..=b'F').contains(it))
}

/// The words of a name, in lower case: `DB_PASSWORD`, `db-password` and `dbPassword` have the same.
fn words(name: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut before_lower = false;
    for letter in name.chars() {
        let starts = !letter.is_alphanumeric() || (before_lower && letter.is_uppercase());
        if starts && found.last().is_some_and(|it| !it.is_empty()) {
            found.push(String::new());
        }
        if letter.is_alphanumeric()
            && let Some(last) = found.last_mut()
        {
            last.extend(letter.to_lowercase());
        }
        before_lower = letter.is_lowercase();
    }
    found.retain(|it| !it.is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A variable as written in a file: `NAME` or `NAME=value`.
    fn verdict(text: &str) -> bool {
        match text.split_once('=') {
            Some((name, value)) => is_secret(name, Some(value)),
            None => is_secret(text, None),
        }
    }

    #[test]
    fn secrets_are_known_by_their_last_word() {
        for text in [
            "PASSWORD",
            "DB_PASSWORD=hunter2",
            "MYSQL_ROOT_PASSWORD=root",
            "MYSQLPASSWORD=a",
            "DB_PASS=a",
            "REDIS_PASS",
            "SMTP_PWD=a",
            "GITHUB_TOKEN",
            "NPM_TOKEN",
            "npmAuthToken=abc",
            "GH_TOKEN_2",
            "TOKEN_PROD=abcdef",
            "API_KEY",
            "apikey=x",
            "STRIPE_SECRET_KEY=sk_live_1",
            "OPENAI_API_KEY=sk-1",
            "JWT_SECRET=s3cr3t",
            "clientSecret=x",
            "CLIENTSECRETS=x",
            "SECRET_KEY_BASE=0123abcd",
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI",
            "SSH_PRIVATE_KEY",
            "SSH_KEY",
            "GPG_PASSPHRASE",
            "APP_KEY=base64:abc",
            "DJANGO_SECRET_KEY=a$b",
            "STORAGE_ACCOUNT_KEY",
            "COMPOSER_AUTH",
            "NPM_AUTH=dXNlcjpwYXNz",
            "REGISTRY_CREDENTIALS",
            "DB_PASSWORD=https://user:pass@example.com",
            "DB_PASSWORD=1234",
            "DB_PASSWORD=a.b",
            "DB_PASSWORD=p@ss.sh",
            "API_TOKEN=abc/def+x.sh",
            "DB_PASSWORD=.sh",
        ] {
            assert!(verdict(text), "{text}");
        }
    }

    #[test]
    fn the_endings_are_sorted() {
        assert!(FILES.is_sorted());
    }

    #[test]
    fn what_only_sounds_like_a_secret_is_none() {
        for text in [
            // A later word says what it is.
            "KMS_KEY_ALIAS=alias/app",
            "KEY_NAME",
            "KEY_ID=7",
            "CREDENTIAL_MANAGER=x",
            "PASSWORD_PROMPT_STRING=Login",
            "PASSWORD_MIN_LENGTH=12",
            "PASSWORD_FILE=x",
            "DB_PASSWORD_FILE=/run/secrets/db",
            "TOKEN_URL",
            "TOKEN_EXPIRY=3600",
            "TOKENIZER=x",
            "TOKENIZERS_PARALLELISM=false",
            "MAX_TOKENS=4096",
            "SECRET_NAME=app",
            "SECRETS_DIR=/run/secrets",
            "AUTH_TYPE=oidc",
            "AUTH_URL=https://login.example.com",
            "APP_AUTH_MODE=none",
            "SSH_AUTH_SOCK=/run/agent",
            "API_KEY_HEADER=X-Api-Key",
            "CREDENTIALS_PATH",
            "JWT_SECRET_ALGORITHM=HS256",
            // A word says that it is a choice, or public.
            "MYSQL_ALLOW_EMPTY_PASSWORD=yes",
            "MARIADB_RANDOM_ROOT_PASSWORD=1",
            "REQUIRE_MFA_AUTH=1",
            "USE_AUTH=x",
            "SECRET_KEY_BASE_DUMMY=1",
            "PUBLIC_KEY=abc",
            "NEXT_PUBLIC_API_KEY=abc",
            "STRIPE_PUBLISHABLE_KEY=pk_live",
            "VITE_MAPS_API_KEY=abc",
            "REACT_APP_API_KEY=abc",
            "SKIP_TOKEN=x",
            // The word before does not make it a secret.
            "GPG_KEY=A035C8C19219BA821ECEA86B64E628F8D684696D",
            "GPG_KEY",
            "NGINX_GPGKEY_PATH=/x",
            "SIGNING_KEY=573BFD6B3D8FBC641079A6ABABF5BD827BD9BF62",
            "CACHE_KEY",
            "SORT_KEY",
            "SITE_KEY",
            "KEY",
            "AUTH",
            "PWD=/app",
            "MONKEY=x",
            "KEYBOARD=us",
            "GOPRIVATE=example.com",
            "GOOGLE_APPLICATION_CREDENTIALS=key.json",
            "TOKEN_VERSION",
            // The value is none.
            "DB_PASSWORD=",
            "DB_PASSWORD=\"\"",
            "DB_PASSWORD=$DB_PASSWORD",
            "API_TOKEN=${TOKEN:-}",
            "API_TOKEN=false",
            "API_KEY=none",
            "JWT_SECRET=/etc/jwt/secret",
            "JWT_SECRET=./keys/jwt",
            "SECRET_KEY=changeme",
            "SECRET_KEY=<secret>",
            "API_KEY=your-api-key",
            "API_KEY=xxxxxxxx",
            "SECRET_KEY=dummy-for-collectstatic",
            "DEPLOY_KEY=ssh-ed25519 AAAA",
            "ACCESS_TOKEN=https://example.com/token",
            "PACKAGE_SIGNING_SECRET=0xABF5BD827BD9BF62",
            "RESET_OS_PASSWORD=resetOSPassword.sh",
            "SETUP_PASSWORD=\"set-password.py\"",
            "DB_PASSWORD=scripts/passwd.expect",
            "GRID_PASSWORD=grid_setup_12201.rsp",
            "CLIENT_SECRET=client_secret.json",
        ] {
            assert!(!verdict(text), "{text}");
        }
    }

    #[test]
    fn options_and_headers_announce_secrets() {
        for name in
            ["--db-password", "X-Api-Key", "Authorization", "bearer", "PRIVATE_KEY", "--access-key"]
        {
            assert!(announces_secret(name), "{name}");
        }
        for name in ["--user", "PORT", "key", "tokens"] {
            assert!(!announces_secret(name), "{name}");
        }
    }
}

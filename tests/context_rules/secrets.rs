//! Secrets that are copied.

use super::*;

#[test]
fn secrets_are_told_by_what_is_in_them() {
    let it = folder(&[
        ("Dockerfile", "FROM a AS b\nCOPY . /x/\nFROM a\nCOPY conf/ /y/\n"),
        (".env", "TOKEN=abcdef123456\n"),
        (".env.example", "TOKEN=abcdef123456\n"),
        ("conf/server.pem", "-----BEGIN CERTIFICATE-----\n"),
        ("conf/server.key", "-----BEGIN PRIVATE KEY-----\n"),
    ]);
    // What is not shipped is only in the cache of the builder; a file that two sources copy is reported for the first.
    assert_eq!(found(it.path(), &["Dockerfile"]).0, "");
    let (codes, out) = found(it.path(), &["--profile", "strict", "Dockerfile"]);
    assert_eq!(codes, "2:LW405", "{out}");
    let message = "this adds `.env` and another file with secrets";
    assert!(out.contains(message) && !out.contains("server.pem"), "{out}");
    std::fs::write(it.path().join("Dockerfile"), "FROM a\nCOPY conf/ /y/\nCOPY .env* /z/\n")
        .unwrap();
    let (codes, out) = found(it.path(), &["Dockerfile"]);
    assert_eq!(codes, "2:LW405 3:LW405", "{out}");
    assert!(out.contains("this adds `conf/server.key`, which contains a private key"), "{out}");
    assert!(out.contains("this adds `.env`, which contains passwords or tokens"), "{out}");
    compare("secrets_are_told_by_what_is_in_them");
}

#[test]
fn secrets_of_tests_and_public_stores_are_none() {
    let key = "-----BEGIN PRIVATE KEY-----\n";
    let it = folder(&[
        ("Dockerfile", "FROM a\nCOPY . /x/\n"),
        ("pkg/testdata/ca.key", key),
        ("tests/tls/server.pem", key),
        ("conf/truststore.jks", "x"),
        ("node_modules/x/test.key", key),
        ("examples/.env", "TOKEN=abcdef123456\n"),
        ("certs/public.pem", "-----BEGIN CERTIFICATE-----\n"),
        ("attestation/signing.key", key),
    ]);
    let (codes, out) = found(it.path(), &["Dockerfile"]);
    assert_eq!(codes, "2:LW405", "{out}");
    assert!(out.contains("attestation/signing.key"), "{out}");
    compare("secrets_of_tests_and_public_stores_are_none");
}

#[test]
fn a_secret_that_is_copied_by_its_name_is_to_be_mounted() {
    let it = folder(&[
        ("Dockerfile", "FROM a\nCOPY conf/server.key /etc/\n"),
        ("conf/server.key", "-----BEGIN PRIVATE KEY-----\n"),
    ]);
    let help = |copy: &str| {
        std::fs::write(it.path().join("Dockerfile"), format!("FROM a\n{copy}\n")).unwrap();
        let base = ["check", "--no-config", "--select", "LW405", "--format", "json", "--exit-zero"];
        let (_, out, _) = run(layerwise(it.path()).args(base).arg("Dockerfile"));
        let report: serde_json::Value = serde_json::from_str(&out).unwrap();
        report["files"][0]["findings"][0]["help"].as_str().unwrap().to_owned()
    };
    let by_name = "pass `conf/server.key` to a `RUN` with a secret mount; if the program reads it, mount it when the \
                   container starts";
    let by_pattern = "exclude `conf/server.key` with .dockerignore; pass secrets to a `RUN` with a secret mount, and to \
                      the program when its container starts";
    for copy in
        ["COPY conf/server.key /etc/", "ADD ./conf/server.key /x", "COPY a conf/server.key /y/"]
    {
        assert_eq!(help(copy), by_name, "{copy}");
    }
    for copy in ["COPY conf /etc/", "COPY conf/*.key /etc/", "COPY . /x", "COPY conf/server.ke? /y"]
    {
        assert_eq!(help(copy), by_pattern, "{copy}");
    }
}

#[test]
fn long_names_of_secrets_are_shortened() {
    for length in [26, 27, 28, 60] {
        let name = format!("conf/{}.key", "k".repeat(length));
        let it = folder(&[
            ("Dockerfile", "FROM a\nCOPY conf/ /etc/\n"),
            (name.as_str(), "-----BEGIN PRIVATE KEY-----\n"),
        ]);
        assert_eq!(found(it.path(), &["Dockerfile"]).0, "2:LW405");
    }
    compare("long_names_of_secrets_are_shortened");
}

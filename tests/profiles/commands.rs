//! Commands, shells and variables.

use super::*;

#[test]
fn health_checks_may_use_the_shell() {
    assert_only_strict("DL3025", "FROM debian:12\nHEALTHCHECK CMD curl localhost || exit 1\n");
    let codes = codes(Profile::Default, "FROM debian:12\nCMD serve\n");
    assert_eq!(codes, ["DL3025"]);
}

#[test]
fn what_posix_lacks_counts_where_the_shell_lacks_it() {
    assert_only_strict("SC3037", "FROM alpine:3.20\nRUN echo -e 'a\\nb'\n");
    assert_only_strict("SC3046", "FROM centos:7\nRUN source /etc/profile\n");
    assert_eq!(
        codes(Profile::Default, "FROM debian:12\nRUN source /etc/profile && make\n"),
        ["SC3046"]
    );
}

#[test]
fn spelling_is_left_to_strict() {
    assert_only_strict("LegacyKeyValueFormat", "FROM debian:12\nENV a b\n");
    assert_only_strict("FromAsCasing", "FROM debian:12 as build\n");
    assert_only_strict("ConsistentInstructionCasing", "FROM debian:12\nuser nobody\nUSER a\n");
}

#[test]
fn what_only_sounds_like_a_secret_is_left_to_strict() {
    for line in [
        "ENV APP_AUTH_MODE=none",
        "ARG KMS_KEY_ALIAS",
        "ARG KEY_NAME",
        "ENV CREDENTIAL_MANAGER=x",
        "ENV REQUIRE_MFA_AUTH=1",
        "ENV PASSWORD_PROMPT_STRING=Login",
        "ENV GPG_KEY=A035C8C19219BA821ECEA86B64E628F8D684696D",
        "ENV PASSWORD_MIN_LENGTH=12",
        "ENV MYSQL_ALLOW_EMPTY_PASSWORD=yes",
        "ENV SECRET_KEY_BASE_DUMMY=1",
        "ENV AUTH_URL=https://login.example.com",
        "ENV ACCESS_TOKEN=$TOKEN_OF_THE_BUILD",
        "ENV API_KEY=",
    ] {
        let text = format!("FROM debian:12\n{line}\n");
        let says = |profile| {
            codes(profile, &text).iter().any(|it| matches!(*it, "DL3064" | "SecretsUsedInArgOrEnv"))
        };
        assert!(says(Profile::Strict) && !says(Profile::Default), "{line}");
    }
    let text = "FROM debian:12\nARG NPM_TOKEN\nENV PASSWD=hunter2\n";
    assert_eq!(codes(Profile::Default, text), ["DL3064", "SecretsUsedInArgOrEnv"]);
}

#[test]
fn pipes_count_where_their_end_takes_anything() {
    for end in ["tar xz", "gzip -d > /a", "(cd /a && tar -xJ)", "unzip -", "xz -d > /a", "grep a"] {
        assert_only_strict("DL4006", &format!("FROM debian:12\nRUN curl https://a.io/x | {end}\n"));
    }
    for end in ["sh", "bash -s -- -y", "python3 -", "gpg --dearmor | tee /k", "jq .a > /a"] {
        assert_in_default("DL4006", &format!("FROM debian:12\nRUN curl https://a.io/x | {end}\n"));
    }
    assert_only_strict("DL4006", "FROM debian:12\nRUN V=$(curl https://a.io | jq .v); get $V\n");
    assert_in_default("DL4006", "FROM debian:12\nRUN V=$(curl https://a.io | jq .v) && get $V\n");
}

#[test]
fn a_link_counts_where_it_replaces_a_shell() {
    let code = "DL4005";
    assert_only_strict(code, "FROM debian:12\nRUN ln -s /bin/bash /bin/sh\n");
    assert_only_strict(code, "FROM gcr.io/distroless/base:debug\nRUN ln -sf /a/sh /bin/sh\n");
    assert_only_strict(code, "FROM scratch\nRUN ln -sf /a/sh /bin/sh\n");
    assert_only_strict(code, "FROM debian:12\nRUN ln -sf /bin/busybox /bin/sh\n");
    // Programs that the container runs may want it.
    assert_only_strict(code, "FROM debian:12\nRUN ln -sf /bin/bash /bin/sh\nRUN make && ./x\n");
    assert_only_strict(code, "FROM debian:12\nRUN [[ -e a ]]\nRUN ln -sf /bin/bash /bin/sh\n");
    for needs in ["source /a && make", "[[ -e /a ]] || make", "cp a{b,c} /d", "pushd a && make"] {
        let link = format!("FROM debian:12\nRUN ln -sf /bin/bash /bin/sh\nRUN {needs}\n");
        assert_in_default(code, &link);
        let moved = format!("FROM debian:12\nRUN rm /bin/sh\nRUN ln -s bash /bin/sh && {needs}\n");
        assert_in_default(code, &moved);
    }
}

#[test]
fn what_no_array_can_say_is_left_to_strict() {
    for command in
        ["bash", "exec serve", "a; b", "a && b", "a | b", "serve $PORT", "$HOME/a", "A=b c"]
    {
        assert_only_strict("DL3025", &format!("FROM debian:12\nCMD {command}\n"));
    }
    assert_only_strict("DL3025", "FROM debian:12\nCMD exec sh -c \"a; b\"\n");
    for command in ["java -jar /app.jar", "./main", "bash run.sh"] {
        assert_in_default("DL3025", &format!("FROM debian:12\nCMD {command}\n"));
    }
}

#[test]
fn what_shows_by_itself_is_left_to_strict() {
    assert_only_strict("LW716", "FROM debian:12\nRUN <<E\nuseradd a\nusermod -aG b a\nE\n");
    assert_in_default("LW716", "FROM debian:12\nRUN npm ci; mkdir /data\n");
    assert_only_strict("LW108", "FROM alpine:3.20\nRUN echo hello\n");
    assert_only_strict("LW108", "FROM alpine:3.20\nRUN echo hello\nRUN make\n");
    assert_in_default("LW108", "FROM alpine:3.20\nRUN cd /app\n");
}

#[test]
fn help_names_what_is_to_go() {
    let list = |value: &str| format!("FROM debian:12\nENV LIBRARY_PATH={value}\n");
    let drop = |text: &str| [format!("remove `{text}`: it adds an empty entry")];
    assert_eq!(helps("UndefinedVar", &list("/a:${LIBRARY_PATH}")), drop(":${LIBRARY_PATH}"));
    assert_eq!(helps("UndefinedVar", &list("$LIBRARY_PATH:/a")), drop("$LIBRARY_PATH:"));
    let set = ["set it with ARG or ENV before it is used"];
    assert_eq!(helps("UndefinedVar", &list("/a:$OTHER_PATH")), set);
    let braces = |run: &str| helps("SC3009", &format!("FROM debian:12\nRUN {run}\n"));
    assert_eq!(
        braces("rm -rf /var/lib/{apt,dpkg,cache,log}/"),
        [
            "list the folders explicitly, as in `/var/lib/apt/lists/*`: the braces include the package database"
        ]
    );
    assert_eq!(
        braces("rm -rf /var/lib/{apt,cache}/"),
        ["use Bash with `SHELL`, if the image has it, or write POSIX shell code"]
    );
}

#[test]
fn the_shell_of_dl4006_is_one_that_the_image_has() {
    let help =
        |image: &str| helps("DL4006", &format!("FROM {image}\nRUN curl https://a.org | sh\n"));
    let put = |shell: &str, rest: &str| {
        [format!("put `SHELL [\"{shell}\", \"-o\", \"pipefail\", \"-c\"]` before it{rest}")]
    };
    for image in ["alpine:3.20", "busybox:1.36", "acme/x:1-alpine", "node:22-alpine"] {
        assert_eq!(help(image), put("/bin/ash", ""), "{image}");
    }
    assert_eq!(help("debian:12"), put("/bin/bash", ""));
    assert_eq!(help("acme/x:1"), put("/bin/bash", ", if the image has Bash"));
}

#[test]
fn arguments_with_secrets_count_in_images_for_tests_too() {
    let code = "DL3064";
    for file in ["FROM node:22 AS test\n", "FROM node:22 AS dev\nRUN npm i\n"] {
        // A test's own password is not a secret; what a caller passes may be one.
        assert_only_strict(code, &format!("{file}ENV DB_PASSWORD=postgres\nCMD npm test\n"));
        assert_only_strict(code, &format!("{file}ARG DB_PASSWORD=postgres\nCMD npm test\n"));
        assert_in_default(code, &format!("{file}ARG NPM_TOKEN\nCMD npm test\n"));
        assert_in_default(code, &format!("{file}ARG NPM_TOKEN=\"\"\nCMD npm test\n"));
    }
    assert_in_default("SecretsUsedInArgOrEnv", "FROM node:22 AS test\nARG GIT_AUTH\n");
}

#[test]
fn variables_that_the_same_instruction_sets_are_left_to_another_rule() {
    for text in [
        "FROM debian:12\nENV DOMAIN_NAME=a DOMAIN_HOME=/d \\\n PATH=$PATH:$DOMAIN_HOME/bin\n",
        "FROM team/base:1\nARG DOMAIN_NAME\nENV DOMAIN_HOME=/d PATH=$PATH:$DOMAIN_HOME/bin\n",
        "FROM debian:12\nENV PATH=$HOME_DIR/bin:$PATH HOME_DIR=/a\n",
    ] {
        assert_only_strict("UndefinedVar", text);
        assert_in_default("DL3044", text);
    }
    assert_in_default("UndefinedVar", "FROM debian:12\nENV A=/a:$A B=c\n");
    assert_in_default("UndefinedVar", "FROM debian:12\nENV A=/a B=$C\n");
}

#[test]
fn scripts_of_windows_need_their_shell() {
    for base in [
        "FROM mcr.microsoft.com/windows/servercore:ltsc2022\n",
        "FROM a:1\nSHELL [\"pwsh\", \"-Command\"]\n",
    ] {
        assert_only_strict("DL3025", &format!("{base}CMD run.ps1\n"));
    }
    assert_in_default("DL3025", "FROM debian:12\nCMD run.sh\n");
    assert_only_strict("DL3025", "FROM debian:12\nCMD sh -c \"serve | tee /log\"\n");
}

//! `cache`: other orders of the steps, of which no rule has a fix.

#![cfg(feature = "cache")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use common::git::{commit, repository};
use common::{layerwise, run};
use tempfile::TempDir;

/// A repository in which one file changes every day.
fn project(dockerfile: &str, changing: &str, others: &[(&str, &str)]) -> Option<TempDir> {
    let it = repository()?;
    let more = [("Dockerfile", dockerfile), (".dockerignore", ".git\nDockerfile\n")];
    commit(&it, 1, &[others, &more].concat());
    for day in 2..=5 {
        commit(&it, day, &[(changing, &day.to_string())]);
    }
    Some(it)
}

/// The sentences of the advice, and the Dockerfile with the best of them.
fn best(
    dockerfile: &str,
    changing: &str,
    others: &[(&str, &str)],
) -> Option<(Vec<String>, String)> {
    let it = project(dockerfile, changing, others)?;
    let (code, out, err) = run(layerwise(it.path()).args(["cache", "--format", "markdown"]));
    assert_eq!((code, err.as_str()), (0, ""));
    let advice = out.lines().filter_map(|it| it.strip_prefix("- ")).map(str::to_owned).collect();
    let (code, _, err) = run(layerwise(it.path()).args(["cache", "--fix", "--unsafe-fixes"]));
    assert_eq!(code, 0, "{err}");
    Some((advice, std::fs::read_to_string(it.path().join("Dockerfile")).unwrap()))
}

fn is(dockerfile: &str, changing: &str, others: &[(&str, &str)], advice: &[&str], after: &str) {
    let Some(found) = best(dockerfile, changing, others) else { return };
    let advice: Vec<String> = advice.iter().map(|&it| it.to_owned()).collect();
    assert_eq!(found, (advice, after.to_owned()));
}

#[test]
fn a_tool_goes_above_the_sources_that_it_does_not_need() {
    is(
        "\
FROM rust:1.80
WORKDIR /app
COPY crates crates
COPY Cargo.toml ./

# Checks what is built.
RUN cargo install --locked cargo-auditable

RUN cargo auditable build --release
",
        "crates/a.rs",
        &[("crates/a.rs", ""), ("Cargo.toml", "")],
        &[
            "move line 7 above line 3: saves 4 of 5 reruns of line 7, about 6 min in all (estimated)",
        ],
        "\
FROM rust:1.80
WORKDIR /app
# Checks what is built.
RUN cargo install --locked cargo-auditable
COPY crates crates
COPY Cargo.toml ./

RUN cargo auditable build --release
",
    );
}

#[test]
fn what_the_step_needs_comes_along() {
    is(
        "\
FROM debian:12
COPY src /srv/src
ENV DEBIAN_FRONTEND=noninteractive
LABEL a=b
RUN apt-get update && apt-get install -y curl
RUN curl -fsSL https://a.b/c.sh | sh
CMD [\"a\"]
",
        "src/a",
        &[("src/a", "")],
        &[
            "move lines 2 and 4 below line 6: saves 4 of 5 reruns of line 5, about 88 s in all (estimated)",
        ],
        "\
FROM debian:12
ENV DEBIAN_FRONTEND=noninteractive
RUN apt-get update && apt-get install -y curl
RUN curl -fsSL https://a.b/c.sh | sh
COPY src /srv/src
LABEL a=b
CMD [\"a\"]
",
    );
}

#[test]
fn a_build_in_between_stays_with_its_sources() {
    is(
        "\
FROM node:22
WORKDIR /srv/app
COPY package.json ./
RUN npm install
COPY . .
RUN npm run build
RUN apt-get update && apt-get install -y nginx
",
        "a.js",
        &[("package.json", "{}"), ("a.js", "")],
        &["move line 7 above line 5: saves 4 of 5 reruns of line 7, about 80 s in all (estimated)"],
        "\
FROM node:22
WORKDIR /srv/app
COPY package.json ./
RUN npm install
RUN apt-get update && apt-get install -y nginx
COPY . .
RUN npm run build
",
    );
}

#[test]
fn an_install_goes_above_a_part_of_the_sources_and_a_download_stays() {
    is(
        "\
FROM node:22
WORKDIR /srv/app
COPY package.json package-lock.json ./
COPY server ./server
RUN curl -fsSLo /tmp/a.zip https://a.b/a.zip && unzip /tmp/a.zip -d /opt/a && rm /tmp/a.zip
RUN npm ci
CMD [\"node\", \"server\"]
",
        "server/a.js",
        &[("package.json", "{}"), ("package-lock.json", "{}"), ("server/a.js", "")],
        &[
            "move line 4 below line 6: saves 4 of 5 reruns of line 6, about 2 min in all (estimated)",
        ],
        "\
FROM node:22
WORKDIR /srv/app
COPY package.json package-lock.json ./
RUN curl -fsSLo /tmp/a.zip https://a.b/a.zip && unzip /tmp/a.zip -d /opt/a && rm /tmp/a.zip
RUN npm ci
COPY server ./server
CMD [\"node\", \"server\"]
",
    );
}

/// Nothing is advised.
fn is_silent(dockerfile: &str, changing: &str, others: &[(&str, &str)]) {
    is(dockerfile, changing, others, &[], dockerfile);
}

#[test]
fn what_is_needed_is_not_left_behind() {
    let node = |copy: &str, run: &str| format!("FROM node:22\nWORKDIR /app\n{copy}\nRUN {run}\n");
    let manifests = [("package.json", "{}"), ("package-lock.json", "{}")];
    for copy in
        ["COPY ./package.json /app", "COPY package*.json ./", "COPY --chown=1 package.json ."]
    {
        is_silent(&node(copy, "npm install"), "package.json", &manifests);
    }
    // Settings of the tool, a script, what the tool itself comes with, and an account.
    let sources = [("src/a", ""), ("rust-toolchain.toml", "")];
    is_silent(
        &node("COPY rust-toolchain.toml .", "cargo install ripgrep"),
        "rust-toolchain.toml",
        &sources,
    );
    is_silent(
        &node("COPY src src", "./src/setup.sh && apt-get install -y curl"),
        "src/a",
        &sources,
    );
    is_silent(&node("COPY src /usr/local/bin/", "pip install flask"), "src/a", &sources);
    is_silent(&node("COPY src/a /usr/local/bin/pip", "pip install flask"), "src/a", &sources);
    is_silent(
        &node("COPY src /etc/apt/sources.list.d", "apt-get install -y curl"),
        "src/a",
        &sources,
    );
    is_silent(&node("COPY src src\nUSER app", "./src/a | pip install flask"), "src/a", &sources);
}

#[test]
fn an_install_whose_scripts_need_the_sources_stays_below_them() {
    let dockerfile = "FROM node:22\nWORKDIR /srv/app\nCOPY package.json ./\nCOPY prisma ./prisma\nRUN npm install\n";
    let scripts = "{\"scripts\": {\"postinstall\": \"prisma generate\"}}";
    is_silent(dockerfile, "prisma/a", &[("package.json", scripts), ("prisma/a", "")]);
    let dockerfile = "FROM python:3.12\nWORKDIR /srv/app\nCOPY requirements.txt ./\nCOPY lib ./lib\nRUN pip install -r requirements.txt\n";
    is_silent(dockerfile, "lib/a.py", &[("requirements.txt", "./lib\n"), ("lib/a.py", "")]);
}

#[test]
fn what_does_not_change_is_not_moved() {
    let dockerfile = "FROM debian:12\nCOPY a /srv/a\nRUN apt-get update && apt-get install -y curl\nCOPY b /srv/b\n";
    is_silent(dockerfile, "b", &[("a", ""), ("b", "")]);
}

#[test]
fn a_better_order_is_said_once() {
    // Each of the installs could be moved alone too.
    is(
        "FROM debian:12\nCOPY src /srv/src\nRUN apt-get install -y curl\nRUN pip install flask\n",
        "src/a",
        &[("src/a", "")],
        &[
            "move line 2 below line 4: saves 4 of 5 reruns of line 4, about 3 min in all (estimated)",
        ],
        "FROM debian:12\nRUN apt-get install -y curl\nRUN pip install flask\nCOPY src /srv/src\n",
    );
}

#[test]
fn a_step_is_not_there_before_the_first_commit_that_could_be_built() {
    // The manifest came later; what moves above it could have been built without, but no image could.
    let text = "FROM node:22\nWORKDIR /app\nCOPY package.json ./\nRUN apk add --no-cache git\n";
    let Some(it) = project(text, "a", &[]) else { return };
    for day in 6..=8 {
        commit(&it, day, &[("package.json", &format!("{{\"v\": {day}}}"))]);
    }
    let (_, out, _) = run(layerwise(it.path()).args(["cache", "--format", "json"]));
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    let saves = &report["orders"][0]["saves"];
    assert_eq!((&saves["rebuilds"], &saves["of"]), (&2.into(), &3.into()));
}

#[test]
fn an_install_that_is_joined_to_a_build_gets_a_run_of_its_own() {
    is(
        "\
FROM node:22
WORKDIR /srv/app
COPY . .
RUN npm ci \\
 && npm run build
CMD [\"node\", \"a.js\"]
",
        "a.js",
        &[("package.json", "{}"), ("package-lock.json", "{}"), ("a.js", "")],
        &[
            "copy the manifests first, and install in a `RUN` of its own: saves 4 of 5 reruns of the install in line 4, about 2 min in all (estimated)",
        ],
        "\
FROM node:22
WORKDIR /srv/app
COPY package*.json ./
RUN npm ci
COPY . .
RUN npm run build
CMD [\"node\", \"a.js\"]
",
    );
}

#[test]
fn what_takes_no_time_is_left_where_it_is() {
    for step in ["a2enmod rewrite", "pip install --upgrade pip", "useradd web"] {
        let text = format!("FROM debian:12\nCOPY src /srv/src\nRUN {step}\n");
        is(&text, "src/a", &[("src/a", "")], &[], &text);
    }
    let text = "FROM php:8\nCOPY src /srv/src\nRUN docker-php-ext-install gd\n";
    let Some((advice, _)) = best(text, "src/a", &[("src/a", "")]) else { return };
    assert_eq!(
        advice,
        ["move line 3 above line 2: saves 4 of 5 reruns of line 3, about 8.0 s in all (estimated)"]
    );
}

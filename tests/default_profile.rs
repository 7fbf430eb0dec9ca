//! What the default profile says of stages, layers and base images, and what it leaves to the strict one.

#[path = "common/profiles.rs"]
mod common;

use common::{assert_in_default, assert_only_strict, codes, helps};
use layerwise::config::Settings;
use layerwise::lint::{Options, Profile, Severity};
use layerwise::session;
use layerwise::source::Source;

#[test]
fn untagged_images_count_where_their_version_reaches_the_image() {
    let ship = "FROM debian:12\nCOPY --from=one /x /x\n";
    for lends in [
        "FROM alpine/git AS one\nRUN git clone https://example.com/x /x\n",
        "FROM team/tools AS one\n",
        "FROM golang AS one\nRUN curl -fsSLo /x https://example.com/x\n",
    ] {
        assert_only_strict("DL3006", &format!("{lends}{ship}"));
    }
    for matters in [
        "FROM golang AS one\nRUN go build -o /x .\n",
        "FROM golang AS base\nFROM base AS one\nRUN go build -o /x .\n",
    ] {
        assert_in_default("DL3006", &format!("{matters}{ship}"));
    }
    assert_in_default("DL3006", &format!("{ship}FROM team/app\nCMD [\"x\"]\n"));
}

#[test]
fn tags_that_nobody_can_choose_are_left_to_strict() {
    assert_only_strict("DL3007", "FROM cgr.dev/chainguard/wolfi-base:latest\n");
    assert_in_default("DL3007", "FROM debian:latest\n");
    assert_in_default("DL3007", "FROM chainguard/wolfi-base:latest\n");
}

#[test]
fn defaults_that_ask_for_a_value_are_left_to_strict() {
    for default in ["@sha256:pass-a-valid-digest", ":MUST BE SET", ":-required-", ":<override me>"]
    {
        let text = format!("ARG V=\"{default}\"\nFROM debian${{V}}\n");
        assert_only_strict("InvalidDefaultArgInFrom", &text);
    }
    for default in ["@sha256:abc", ":-bookworm-"] {
        let text = format!("ARG V={default}\nFROM debian${{V}}\n");
        assert_in_default("InvalidDefaultArgInFrom", &text);
    }
}

#[test]
fn compilers_count_where_a_server_runs() {
    let go = "FROM golang:1.23\nCOPY tool /tool\n";
    assert_only_strict("LW302", &format!("{go}ENTRYPOINT [\"/tool\"]\n"));
    assert_in_default("LW302", &format!("{go}EXPOSE 8080\nENTRYPOINT [\"/tool\"]\n"));
    let java = "FROM openjdk:21-jdk\nCOPY a.jar /a.jar\nCMD [\"java\", \"-jar\", \"/a.jar\"]\n";
    assert_in_default("LW302", java);
}

#[test]
fn help_names_what_makes_a_late_clean_up_needless() {
    let stages = "FROM debian:12 AS one\nFROM python:3.12\n";
    let help = |text: &str| helps("LW102", &format!("{stages}{text}"));
    assert_eq!(
        help("RUN pip install flask\nRUN make\nRUN rm -rf /root/.cache\n"),
        ["add `--no-cache-dir` to the command that fills it, and remove this clean-up"]
    );
    assert_eq!(
        help("COPY --from=one /w /w\nRUN pip install /w/*.whl\nRUN rm -rf /w\n"),
        [
            "remove the `COPY` and this deletion, and use the files from `RUN --mount=type=bind,from=one,…`"
        ]
    );
    assert_eq!(
        help("COPY --from=one /w /usr/src/w\nRUN make -C /usr/src/w && rm -rf /usr/src/*\n"),
        [
            "remove the `COPY`, and mount the files outside `/usr/src` with `RUN --mount=type=bind,from=one,…`"
        ]
    );
}

#[test]
fn help_knows_modes_in_letters() {
    let stages = "FROM debian:12 AS one\nFROM debian:12\n";
    let help = |text: &str| helps("LW103", &format!("{stages}{text}"));
    assert_eq!(
        help("COPY --from=one /a /app/\nRUN chmod -R go+r /app\n"),
        ["run `chmod` where the files are created, and remove it here"]
    );
    assert_eq!(
        help("COPY src/ /app/\nRUN chmod -R go+w /app\n"),
        [
            "add `--chmod=go+w` to the instruction that copies them; letters need `# syntax=docker/dockerfile:1.14`"
        ]
    );
    assert_eq!(
        help("COPY src/ /app/\nRUN chmod -R 755 /app\n"),
        ["add `--chmod=` to the instruction that copies them, and remove the `chmod`"]
    );
}

#[test]
fn repositories_are_no_archives_and_packages_no_pipes() {
    let help = |name: &str| {
        helps(
            "LW105",
            &format!("FROM debian:12\nRUN wget https://example.com/{name} && dpkg -i {name}\n"),
        )
    };
    for name in [
        "packages-microsoft-prod.deb",
        "debian-archive-keyring_1_all.deb",
        "zabbix-release_7.0.deb",
        "mysql-apt-config_0.8_all.deb",
    ] {
        assert_eq!(help(name), [""; 0], "{name}");
    }
    for name in ["chrome.deb", "product.deb"] {
        assert_eq!(help(name), ["remove it at the end of this `RUN`"], "{name}");
    }
}

#[test]
fn caches_that_nobody_misses_are_left_to_strict() {
    let apt = "RUN apt-get update && apt-get install -y curl\n";
    assert_in_default("LW104", &format!("FROM debian:12\n{apt}RUN mkdir /a\n"));
    // What nobody can look into may install from the lists.
    for script in ["./install.sh", "sh /tmp/setup", "bash -e install-brotli.sh", "$TOOL x"] {
        assert_only_strict("LW104", &format!("FROM debian:12\n{apt}RUN {script}\n"));
    }
    assert_in_default("LW104", &format!("FROM debian:12\n{apt}RUN apt-get update && ./x.sh\n"));
    let python = |run: &str| format!("FROM python:3.12\nRUN {run}\n");
    for run in [
        "pip install --upgrade pip",
        "python -m pip install -U pip setuptools wheel",
        "pip3 install pip==24.0",
        "if [ -n \"$DEBUG\" ]; then pip install flask; fi",
        "test -z \"$X\" || pip install flask",
    ] {
        assert_only_strict("LW104", &python(run));
    }
    assert_in_default("LW104", &python("pip install --upgrade pip && pip install flask"));
}

#[test]
fn downloads_into_a_mount_may_be_repeated() {
    let file = |run: &str| {
        format!(
            "FROM golang:1.23\nARG GIT_COMMIT\nCOPY go.mod go.sum ./\nRUN {run}\nCOPY . .\nRUN go build\n"
        )
    };
    let code = "LW202";
    let mount = "--mount=type=cache,target=/go/pkg/mod";
    assert!(codes(Profile::Strict, &file("go mod download")).contains(&code));
    assert!(
        codes(Profile::Strict, &file(&format!("{mount} apt-get install -y a"))).contains(&code)
    );
    for run in ["go mod download", "go mod download -x", "go mod download && go mod verify"] {
        let text = file(&format!("{mount} {run}"));
        assert!(!codes(Profile::Strict, &text).contains(&code), "{run}");
    }
}

#[test]
fn values_that_a_build_may_ask_for_stay_above_it() {
    let rest = "COPY go.mod .\nRUN go build\nRUN useradd app\n";
    let text = format!(
        "FROM golang:1.23\nARG GIT_COMMIT\nRUN apt-get install -y --no-install-recommends a\n{rest}"
    );
    assert_eq!(helps("LW202", &text), ["declare it just before the build"]);
    let text = text.replace("go build", "mkdir /x");
    assert_eq!(helps("LW202", &text), ["declare it at the end of the stage"]);
}

#[test]
fn stages_that_a_build_argument_may_choose_are_used() {
    let file = |from: &str| {
        format!("ARG BASE=debian:12\nFROM debian:12 AS slim\nRUN make\nFROM {from}\nRUN make\n")
    };
    assert!(codes(Profile::Strict, &file("debian:12")).contains(&"LW303"));
    assert!(codes(Profile::Strict, &file("team/$BASE")).contains(&"LW303"));
    for from in ["$BASE", "${BASE}", "${BASE:-slim}"] {
        assert!(!codes(Profile::Strict, &file(from)).contains(&"LW303"), "{from}");
    }
}

#[test]
fn failures_that_what_follows_notices_are_left_to_strict() {
    let code = "LW716";
    let run = |lines: &str| format!("FROM debian:12\nRUN {lines}\n");
    assert_in_default(code, &run("apt-get install -y gpg; mkdir /a"));
    for lines in [
        "apt-get install -y gpg; test -x /usr/bin/gpg || exit 1; mkdir /a",
        "curl -fO https://e.org/a; if [ ! -s a ]; then exit 3; fi; mkdir /a",
        "npm ci; if [ -d web ]; then npm run build; fi",
    ] {
        assert_only_strict(code, &run(lines));
    }
    assert_in_default(code, &run("apt-get install -y gpg; mkdir /a; exit 0"));
}

#[test]
fn programs_that_are_run_by_another_are_looked_into() {
    let file = |run: &str| {
        format!(
            "FROM debian:12\nRUN curl -Lo /plugins/docker-buildx https://e.org/buildx && chmod +x /plugins/docker-buildx && {run}\n"
        )
    };
    assert_in_default("LW213", &file("docker pull a"));
    assert!(!codes(Profile::Strict, &file("docker buildx version")).contains(&"LW213"));
}

#[test]
fn hard_links_to_a_cache_take_no_space() {
    let code = "LW104";
    let file = |head: &str, run: &str| format!("FROM python:3.12\n{head}RUN {run}\n");
    for run in ["uv sync --locked", "uv pip install --system flask", "uv tool install ruff"] {
        assert!(!codes(Profile::Strict, &file("", run)).contains(&code), "{run}");
        assert_in_default(code, &file("ENV UV_LINK_MODE=copy\n", run));
    }
    assert_in_default(code, &file("", "uv sync --locked --link-mode=copy"));
    assert_in_default(code, &file("", "UV_LINK_MODE=copy uv sync --locked"));
    assert_in_default(code, &file("", "uv sync --link-mode copy"));
    for (head, run) in [
        ("ENV UV_LINK_MODE=hardlink\n", "uv sync"),
        ("", "uv sync --link-mode=symlink copy-it"),
        ("", "UV_LINK_MODE=clone uv sync"),
    ] {
        assert!(!codes(Profile::Strict, &file(head, run)).contains(&code), "{head}{run}");
    }
}

#[test]
fn pipes_whose_failure_the_chain_notices_are_left_to_strict() {
    let code = "DL4006";
    let run = |run: &str| format!("FROM debian:12\nRUN {run}\nCMD [\"a\"]\n");
    assert_in_default(code, &run("curl -fsSL https://example.com/x | sh && mkdir /a"));
    // That the same program downloads again says nothing.
    assert_in_default(
        code,
        &run("curl -fsSL https://example.com/x | sh && curl -fsSLO https://example.org/y"),
    );
    for line in [
        "wget -O - https://sh.rustup.rs | sh -s -- -y && rustup show || rustup toolchain install",
        "curl -fsSL https://install.python-poetry.org | python3 - && poetry install",
        "curl -fsSL https://deb.nodesource.com/setup_20.x | bash - && apt-get install -y nodejs=20.1.0-1nodesource1",
        "apt-get -s upgrade | grep '^Inst' | cut -d ' ' -f 2 | tee /list",
    ] {
        assert_only_strict(code, &run(line));
    }
}

#[test]
fn values_that_stand_where_they_do_on_purpose_are_left_alone() {
    let code = "LW202";
    let file = |head: &str| {
        format!("FROM debian:12\n{head}RUN apt-get update && apt-get install -y a\nRUN mkdir /a\n")
    };
    assert!(codes(Profile::Strict, &file("ARG GIT_SHA\n")).contains(&code));
    for head in [
        "ARG CACHEBUST=1\n",
        "ARG CACHE_DATE\n",
        "ARG SOURCE_DATE_EPOCH\n",
        // The step uses another one, so that it is repeated all the same.
        "ARG GIT_SHA\nARG BUILD_DATE\nRUN apt-get install -y b && echo $BUILD_DATE > /d\n",
    ] {
        assert!(!codes(Profile::Strict, &file(head)).contains(&code), "{head}");
    }
    let optional = "FROM debian:12\nARG GIT_SHA\nRUN if [ -n \"$DEBUG\" ]; then apt-get install -y gdb; fi\nCOPY . .\n";
    assert!(!codes(Profile::Strict, optional).contains(&code));
}

#[test]
fn values_that_scripts_of_the_project_may_read_stay_above_them() {
    let file = |run: &str| {
        format!(
            "FROM node:22\nARG GIT_SHA\nENV GIT_SHA=$GIT_SHA\nCOPY package.json package-lock.json ./\nRUN npm ci\nRUN {run}\nRUN mkdir /a\n"
        )
    };
    for run in ["npm run package", "yarn build", "npx next build", "node scripts/build.js"] {
        let help = ["declare it further down, next to the `LABEL` or `ENV` that uses it"];
        assert_eq!(helps("LW202", &file(run)), help, "{run}");
    }
}

#[test]
fn systems_that_only_hold_a_program_need_no_tag() {
    let file = |rest: &str| {
        format!("FROM golang:1.23 AS build\nRUN go build -o /a\nFROM alpine\n{rest}CMD [\"/a\"]\n")
    };
    assert_in_default("DL3006", &file("RUN apk add --no-cache curl\nCOPY --from=build /a /a\n"));
    assert_only_strict("DL3006", &file("COPY --from=build /a /a\n"));
}

#[test]
fn modes_that_files_have_already_store_nothing() {
    let code = "LW103";
    let file = |mode: &str| format!("FROM debian:12\nCOPY app/ /app/\nRUN chmod -R {mode} /app\n");
    for mode in ["a+r", "+r", "go+rX", "a+rX,u+w", "u+rwX,go+rX"] {
        assert!(!codes(Profile::Strict, &file(mode)).contains(&code), "{mode}");
    }
    for mode in ["g+w", "a+rwX", "755", "a+rx", "o-r", "u=rwX,go=rX"] {
        assert_in_default(code, &file(mode));
    }
}

#[test]
fn a_comment_may_say_why_the_shell_runs_it() {
    let code = "DL3025";
    let file = |comment: &str| format!("FROM debian:12\n{comment}ENTRYPOINT serve --port 80\n");
    assert_in_default(code, &file("# the server\n"));
    for comment in ["# Using shell form instead of exec\n", "# exec form breaks signals\n# here\n"]
    {
        assert_only_strict(code, &file(comment));
    }
}

/// The first layer beyond the limit, by line and severity, in a file with that many layers.
fn over(layers: usize, max_layers: Option<u32>) -> Option<(u32, Severity, String)> {
    let mut lint = Options::default();
    lint.rules.max_layers = max_layers;
    let settings = Settings { lint, ..Settings::default() };
    let runs: String = (0..layers).map(|it| format!("COPY {it} /{it}/\n")).collect();
    let source = Source::new("Dockerfile", format!("FROM debian:12\n{runs}"));
    let checked = session::check(source, &settings);
    let found = checked.findings.iter().find(|it| it.meta.code == "LW111")?;
    Some((checked.source.line(found.span.start), found.severity, found.message.to_string()))
}

#[test]
fn a_number_of_layers_that_was_chosen_counts() {
    let message = |has, most| format!("this file adds {has} layers to the image, more than {most}");
    assert_eq!(over(3, Some(2)), Some((4, Severity::Warning, message(3, 2))));
    assert_eq!(over(2, Some(2)), None);
    assert_eq!(over(41, None), None);
    assert_eq!(over(126, None), Some((42, Severity::Error, message(126, 40))));
}

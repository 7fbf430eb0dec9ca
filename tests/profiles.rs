//! What the default profile leaves to the strict one.

use layerwise::lint::Profile;

#[path = "common/profiles.rs"]
mod common;

use common::{assert_in_default, assert_only_strict, codes, helps};

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
fn versions_that_mirrors_drop_are_left_to_strict() {
    let text = "FROM debian:12\nRUN apt-get update && apt-get install -y curl\n";
    assert_only_strict("DL3008", text);
}

#[test]
fn a_base_that_a_variable_chooses_is_left_to_strict() {
    let stages = "FROM a:1 AS build-amd64\nFROM a:1 AS build-arm64\n";
    assert_only_strict("DL3006", &format!("{stages}FROM build-${{TARGETARCH}}\n"));
    assert_only_strict("DL3006", &format!("ARG OS\n{stages}FROM build-$OS\n"));
    assert_only_strict("DL3006", "ARG NAME\nFROM team/$NAME\n");
    assert_in_default("DL3006", "ARG NAME=app\nFROM team/$NAME\n");
    assert_only_strict("DL3006", "FROM app-base\n");
    assert_in_default("DL3006", "FROM debian\nRUN make\n");
    assert_in_default("DL3006", "FROM team/app-base\n");
}

#[test]
fn required_arguments_are_left_to_strict() {
    let code = "InvalidDefaultArgInFrom";
    assert_only_strict(code, "ARG IMAGE\nFROM $IMAGE\n");
    assert_only_strict(code, "ARG TAG\nFROM debian:$TAG\n");
    assert_only_strict(code, "ARG TAG\nARG IMAGE=debian:$TAG\nFROM $IMAGE\n");
    assert_only_strict(code, "ARG OS=\nFROM a:1 AS b-linux\nFROM b-$OS\n");
    assert_in_default(code, "ARG IMAGE=Debian\nFROM $IMAGE\n");
    assert_only_strict(code, "ARG TAG=\nFROM debian:$TAG\n");
    assert_in_default(code, "ARG SUFFIX=box:\nFROM busy${SUFFIX}\n");
}

#[test]
fn platforms_that_are_meant_are_left_to_strict() {
    assert_only_strict("DL3065", "FROM --platform=$TARGETPLATFORM debian:12\n");
    let code = "FromPlatformFlagConstDisallowed";
    let lint = |profile, text| {
        let codes = codes(profile, text);
        codes.into_iter().any(|it| it == code || it == "DL3029")
    };
    let one = "FROM --platform=linux/amd64 debian:12\n";
    assert!(lint(Profile::Strict, one) && !lint(Profile::Default, one));
    let several = "FROM --platform=linux/amd64 debian:12\nARG TARGETARCH\nRUN make $TARGETARCH\n";
    assert!(lint(Profile::Default, several));
    let taken =
        "FROM --platform=linux/arm64 a:1 AS b\nFROM c:1\nARG TARGETARCH\nCOPY --from=b /x /x\n";
    assert!(lint(Profile::Strict, taken) && !lint(Profile::Default, taken));
}

#[test]
fn folders_that_are_plain_are_left_to_strict() {
    assert_only_strict("DL3021", "FROM debian:12\nWORKDIR /app\nCOPY a b .\n");
    assert_only_strict("DL3021", "FROM debian:12\nENV D=/x/\nCOPY a b $D\n");
    assert_only_strict("DL3021", "FROM debian:12\nARG D=/x\nCOPY a b $D\n");
    assert_in_default("DL3021", "FROM debian:12\nCOPY a b /etc/app\n");
    assert_in_default("DL3021", "FROM debian:12\nENV D=/x\nCOPY a b $D\n");
    assert_only_strict("DL3000", "FROM debian:12\nWORKDIR /srv\nWORKDIR app\n");
    assert_only_strict("DL3000", "FROM scratch\nWORKDIR app\n");
    assert_in_default("DL3000", "FROM debian:12\nWORKDIR app\n");
    assert_in_default("DL3000", "FROM debian:12\nWORKDIR /srv\nWORKDIR ~/app\n");
    assert_only_strict("DL3045", "FROM scratch\nCOPY app app\n");
    assert_only_strict("DL3045", "FROM debian:12\nCOPY . .\n");
}

#[test]
fn add_is_told_where_copy_can_stand_for_it() {
    assert_only_strict("DL3020", "FROM debian:12\nADD app.conf /etc/\n");
    assert_only_strict("DL3020", "FROM debian:12\nADD rootfs.tar.xz extra.txt /\n");
    assert_only_strict("DL3020", "FROM debian:12\nARG FILE\nADD $FILE /opt/\n");
    assert_only_strict("DL3020", "FROM debian:12\nADD app.conf https://x.io/y /etc/\n");
}

#[test]
fn root_is_told_where_the_way_back_is_forgotten() {
    let forgotten = "FROM debian:12\nUSER app\nUSER root\nRUN make\nCMD [\"serve\"]\n";
    assert_in_default("DL3002", forgotten);
    assert_only_strict("DL3002", "FROM debian:12\nUSER root\nCMD [\"serve\"]\n");
    let script = "FROM debian:12\nUSER app\nUSER root\nENTRYPOINT [\"/entrypoint.sh\"]\n";
    assert_only_strict("DL3002", script);
    let gosu = "FROM debian:12\nUSER app\nUSER root\nCMD [\"gosu\", \"app\", \"serve\"]\n";
    assert_only_strict("DL3002", gosu);
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
fn linked_copies_are_left_to_audit() {
    let text = "FROM golang:1.23 AS build\nFROM debian:12\nCOPY --link a.conf /etc/\nCOPY --from=build /a /usr/bin/a\n";
    assert!(!codes(Profile::Default, text).contains(&"LW207"));
    assert!(codes(Profile::Audit, text).contains(&"LW207"));
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
fn names_of_images_are_left_to_strict() {
    let copy = |from: &str| format!("FROM a:1 AS build\nFROM b:1\nCOPY --from={from} /a /a\n");
    for from in ["team/tools", "composer", "a.io/x/y", "rootfs", "other"] {
        assert_only_strict("DL3022", &copy(from));
    }
    for from in ["biuld", "buil"] {
        assert_in_default("DL3022", &copy(from));
    }
    assert_only_strict("DL3006", "FROM gcr.io/distroless/base-debian12\n");
    assert_only_strict("DL3006", "FROM gcr.io/distroless/static\n");
    assert_only_strict("DL3006", "FROM team/nginx-124\n");
    assert_only_strict("DL3006", "FROM team/php8\n");
    assert_in_default("DL3006", "FROM team/v8\n");
    assert_only_strict("DL3007", "FROM team/ubuntu2404:latest\n");
    assert_in_default("DL3007", "FROM team/ubuntu:latest\n");
    assert_only_strict(
        "DL3007",
        "FROM team/go:latest AS build\nRUN go build\nFROM a:1\nCOPY --from=build /a /a\n",
    );
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
fn settings_of_apt_may_answer() {
    let update = "RUN apt-get update && apt-get install curl\n";
    assert_in_default("DL3014", &format!("FROM debian:12\n{update}"));
    for before in [
        "RUN echo 'APT::Get::Assume-Yes \"true\";' > /etc/apt/apt.conf.d/90yes\n",
        "RUN <<EOF\ncat > /etc/apt/apt.conf.d/x <<X\nAPT { Get { Assume-Yes \"1\"; }; };\nX\nEOF\n",
        "COPY apt.conf /etc/apt/apt.conf.d/\n",
    ] {
        assert_only_strict("DL3014", &format!("FROM debian:12\n{before}{update}"));
    }
    assert_in_default("DL3014", &format!("FROM debian:12\n{update}COPY a /etc/apt/apt.conf.d/\n"));
}

#[test]
fn images_of_developers_and_tests_are_left_alone() {
    let left = "RUN apt-get update && apt-get install -y --no-install-recommends gcc make\n";
    assert_only_strict("LW104", &format!("FROM debian:12\n{left}"));
    assert_in_default("LW104", &format!("FROM debian:12\n{left}CMD [\"make\"]\n"));
    assert_in_default("LW104", &format!("FROM python:3.13\n{left}"));
    assert_only_strict(
        "LW104",
        &format!("FROM quay.io/pypa/manylinux_2_28_x86_64\n{left}CMD [\"a\"]\n"),
    );
}

#[test]
fn an_installer_shows_by_what_it_leaves_out() {
    let pipe = "RUN curl -fsSL https://example.com/install.sh | sh\n";
    let later = "RUN tool build\nFROM debian:12\nCOPY --from=0 /a /a\n";
    assert_in_default("DL4006", &format!("FROM debian:12\n{pipe}"));
    assert_only_strict("DL4006", &format!("FROM debian:12\n{pipe}{later}"));
    let version = "RUN curl -fsSL https://example.com/v | jq -r .tag > /v\n";
    assert_in_default("DL4006", &format!("FROM debian:12\n{version}{later}"));
}

#[test]
fn wheels_that_are_there_leave_nothing_behind() {
    let run = |words: &str| format!("FROM python:3.13\nRUN {words}\n");
    for words in [
        "pip install --no-deps /wheels/*.whl",
        "--mount=type=bind,from=wheels,source=/w,target=/wheels pip install /wheels/a.whl /wheels/b.whl",
    ] {
        assert_only_strict("DL3042", &run(words));
    }
    for words in ["pip install /wheels/*.whl", "pip install --no-deps flask"] {
        assert_in_default("LW104", &run(words));
    }
}

#[test]
fn recommended_packages_count_where_they_are_many() {
    let install = |image: &str, words: &str| {
        format!("FROM {image}\nRUN apt-get update && apt-get install -y {words}\nCMD [\"x\"]\n")
    };
    for (image, words) in [
        ("debian:12", "curl ffmpeg"),
        ("company/base", "openjdk-17-jdk"),
        ("node:24", "r-base=4.2.2"),
    ] {
        assert_in_default("DL3015", &install(image, words));
    }
    for (image, words) in [
        ("debian:12", "curl ca-certificates"),
        ("python:3.13-slim", "build-essential"),
        ("debian:12", "python3-pip"),
        ("debian:12", "gcc"),
        ("debian:12", "./tool.deb"),
        ("debian:12", "udev"),
        ("ubuntu:24.04", "libvulkan1"),
    ] {
        assert_only_strict("DL3015", &install(image, words));
    }
    let text = "FROM debian:12\nRUN apt-get update && apt-get install -y ffmpeg\n";
    assert_only_strict("DL3015", text);
    assert_only_strict("DL3015", &format!("{text}CMD [\"bash\"]\n"));
    let there =
        "FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends ffmpeg\n";
    let again = "RUN apt-get update && apt-get install -y ffmpeg\nCMD [\"x\"]\n";
    assert_only_strict("DL3015", &format!("{there}{again}"));
    let branch = "FROM debian:12\nRUN if true; then apt-get install -y ffmpeg; fi\nCMD [\"x\"]\n";
    assert_only_strict("DL3015", branch);
}

#[test]
fn stages_that_do_not_ship_may_add_and_make_folders() {
    let ship = "FROM debian:12\nCOPY --from=build /x /x\n";
    assert_only_strict("DL3020", &format!("FROM debian:12 AS build\nADD . /src/\n{ship}"));
    assert_only_strict("DL3020", "FROM debian:12\nADD src /src/\n");
    assert_only_strict("LW107", "FROM debian:12\nRUN mkdir -p /src\nWORKDIR /src\n");
}

#[test]
fn cache_mounts_are_advised_in_strict() {
    let mount =
        "FROM node:22\nCOPY package.json .\nRUN --mount=type=cache,target=/root/.npm npm ci\n";
    let text = format!(
        "FROM node:22 AS build\nCOPY package.json .\nRUN npm ci\nRUN make\n{mount}\
         COPY --from=build /x /x\n"
    );
    assert_only_strict("LW204", &text);
}

#[test]
fn single_packages_of_node_are_seldom_large() {
    let text = |path: &str| {
        format!(
            "FROM node:22\nCOPY --from=build /app/{path} /app/{path}\nRUN chmod -R 755 /app/{path}\n"
        )
    };
    assert_only_strict("LW103", &text("node_modules/uuid"));
    assert_only_strict("LW103", &text("node_modules/@scope/uuid"));
    assert_in_default("LW103", &text("node_modules"));
}

#[test]
fn packages_whose_version_is_decided_elsewhere_are_left_to_strict() {
    let pip = |lines: &str| format!("FROM python:3.12\n{lines}\n");
    for lines in [
        "ENV APP=/srv/app\nCOPY . /srv/app\nRUN pip install $APP",
        "ENV APP=./app\nRUN pip install --no-deps \"$APP\"",
        "ARG SRC=/src\nRUN pip install ${SRC}",
        "ENV ROOT=/opt\nENV APP=$ROOT/app\nRUN pip install $APP",
    ] {
        assert_only_strict("DL3013", &pip(lines));
    }
    for lines in ["ARG NAME=flask\nRUN pip install $NAME", "RUN pip install flask"] {
        let both = [Profile::Strict, Profile::Default].map(|it| codes(it, &pip(lines)));
        assert!(both[0].contains(&"DL3013"), "{lines}");
        assert!(!both[1].contains(&"DL3013"), "{lines}");
    }
    let go = |lines: &str| format!("FROM golang:1.23\nWORKDIR /src\n{lines}\n");
    for lines in [
        "COPY go.mod go.sum ./\nRUN go install github.com/a/b",
        "COPY . .\nRUN go install example.com/c/cmd/d",
        "COPY go.* ./\nRUN go mod download && go install google.golang.org/protobuf/cmd/protoc-gen-go",
    ] {
        assert_only_strict("DL3062", &go(lines));
    }
}

#[test]
fn recommended_packages_may_be_switched_off_above() {
    let file = |lines: &str| {
        let install = "apt-get update && apt-get install -y ffmpeg && rm -rf /var/lib/apt/lists/*";
        format!("FROM debian:12\n{}\nCMD [\"x\"]\n", lines.replace("INSTALL", install))
    };
    let off = "/etc/apt/apt.conf.d/00off";
    for lines in [
        format!("RUN echo 'APT::Install-Recommends \"false\";' > {off} && INSTALL"),
        format!("RUN echo 'APT::Install-Recommends 0;' > {off}\nRUN INSTALL"),
        format!("RUN printf 'APT::Install-Recommends \"0\";' >> {off}\nUSER root\nRUN INSTALL"),
        format!("COPY <<EOF {off}\nAPT::Install-Recommends \"false\";\nEOF\nRUN INSTALL"),
    ] {
        assert_only_strict("DL3015", &file(&lines));
    }
    for lines in [
        format!("RUN INSTALL\nRUN echo 'APT::Install-Recommends \"false\";' > {off}"),
        "RUN INSTALL".to_owned(),
    ] {
        assert_in_default("DL3015", &file(&lines));
    }
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
fn microdnf_asks_nothing() {
    let on = |image: &str, run: &str| format!("FROM {image}\nRUN {run}\n");
    for image in ["registry.access.redhat.com/ubi9/ubi-minimal:9.4", "fedora:41", "acme/x:1"] {
        for verb in ["install curl", "update", "reinstall curl"] {
            let text = on(image, &format!("microdnf {verb}"));
            assert!(!codes(Profile::Default, &text).contains(&"DL3038"), "{text}");
        }
        assert_only_strict("DL3038", &on(image, "microdnf install curl"));
    }
    assert_in_default("DL3038", &on("fedora:41", "dnf install curl"));
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
fn relative_folders_of_other_stages_are_left_to_strict() {
    let code = "DL3000";
    let built = "FROM team/go:1 AS build\nRUN git clone https://example.com/a\nWORKDIR a\n";
    assert_only_strict(code, &format!("{built}FROM debian:12\nCOPY --from=build /go/a /a\n"));
    assert_in_default(code, &format!("{built}CMD [\"/a\"]\n"));
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
fn platform_arguments_count_where_something_names_them() {
    let code = "LW311";
    let head = "FROM debian:12\nARG TARGETARCH=amd64\n";
    assert_only_strict(code, &format!("{head}RUN apt-get update\nCMD [\"a\"]\n"));
    assert_only_strict(code, &format!("{head}FROM a:1\nRUN make $TARGETARCH\n"));
    assert_in_default(code, &format!("{head}RUN make $TARGETARCH\n"));
    assert_in_default(code, &format!("{head}COPY bin/${{TARGETARCH}}/a /a\n"));
    assert_in_default(code, &format!("{head}RUN make\nENV ARCH=$TARGETARCH\n"));
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

#[test]
fn a_second_copy_is_no_loss_where_the_run_makes_one_anyway() {
    let run = |words: &str| {
        format!("FROM debian:12\nCOPY --from=a /opt/app /opt/app\nRUN {words}\nCMD [\"x\"]\n")
    };
    assert_in_default("LW103", &run("chown -R app /opt/app"));
    assert_in_default("LW103", &run("chown -R app /opt/app && chmod 755 /opt/app/run"));
    assert!(
        !codes(Profile::Default, &run("chown -R app /opt/app && chmod -R g=u /opt"))
            .contains(&"LW103")
    );
}

#[test]
fn a_group_of_apk_may_be_used_again() {
    let step = "RUN apk add --no-cache -t deps gcc && make && apk del deps\n";
    let text = format!("FROM alpine:3.20\n{step}{step}CMD [\"x\"]\n");
    assert!(!codes(Profile::Strict, &text).contains(&"LW102"));
    let text = "FROM alpine:3.20\nRUN apk add --no-cache -t deps gcc\nRUN make && apk del deps\n";
    assert!(codes(Profile::Strict, text).contains(&"LW102"));
}

#[test]
fn a_placeholder_for_the_base_is_no_fault_and_hides_none() {
    let text = "FROM REPLACE_BASE_CENTOS\nRUN yum install -y httpd\nCMD [\"httpd\"]\n";
    assert_eq!(codes(Profile::Default, text), ["LW104"]);
    assert_only_strict("DL3006", text);
    assert_only_strict("InvalidDefaultArgInFrom", text);
}

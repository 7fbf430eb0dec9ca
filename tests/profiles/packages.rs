//! Packages and their managers.

use super::*;

#[test]
fn versions_that_mirrors_drop_are_left_to_strict() {
    let text = "FROM debian:12\nRUN apt-get update && apt-get install -y curl\n";
    assert_only_strict("DL3008", text);
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
fn a_group_of_apk_may_be_used_again() {
    let step = "RUN apk add --no-cache -t deps gcc && make && apk del deps\n";
    let text = format!("FROM alpine:3.20\n{step}{step}CMD [\"x\"]\n");
    assert!(!codes(Profile::Strict, &text).contains(&"LW102"));
    let text = "FROM alpine:3.20\nRUN apk add --no-cache -t deps gcc\nRUN make && apk del deps\n";
    assert!(codes(Profile::Strict, text).contains(&"LW102"));
}

//! Base images, stages and platforms.

use super::*;

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
fn linked_copies_are_left_to_audit() {
    let text = "FROM golang:1.23 AS build\nFROM debian:12\nCOPY --link a.conf /etc/\nCOPY --from=build /a /usr/bin/a\n";
    assert!(!codes(Profile::Default, text).contains(&"LW207"));
    assert!(codes(Profile::Audit, text).contains(&"LW207"));
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
fn stages_that_do_not_ship_may_add_and_make_folders() {
    let ship = "FROM debian:12\nCOPY --from=build /x /x\n";
    assert_only_strict("DL3020", &format!("FROM debian:12 AS build\nADD . /src/\n{ship}"));
    assert_only_strict("DL3020", "FROM debian:12\nADD src /src/\n");
    assert_only_strict("LW107", "FROM debian:12\nRUN mkdir -p /src\nWORKDIR /src\n");
}

#[test]
fn relative_folders_of_other_stages_are_left_to_strict() {
    let code = "DL3000";
    let built = "FROM team/go:1 AS build\nRUN git clone https://example.com/a\nWORKDIR a\n";
    assert_only_strict(code, &format!("{built}FROM debian:12\nCOPY --from=build /go/a /a\n"));
    assert_in_default(code, &format!("{built}CMD [\"/a\"]\n"));
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
fn a_placeholder_for_the_base_is_no_fault_and_hides_none() {
    let text = "FROM REPLACE_BASE_CENTOS\nRUN yum install -y httpd\nCMD [\"httpd\"]\n";
    assert_eq!(codes(Profile::Default, text), ["LW104"]);
    assert_only_strict("DL3006", text);
    assert_only_strict("InvalidDefaultArgInFrom", text);
}

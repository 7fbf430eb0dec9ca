//! What the default profile says of shell text, which depends on the image and on the other RUNs.

use layerwise::lint::{Finding, Options};
use layerwise::model::{BuildOptions, Model};
use layerwise::rules;
use layerwise::source::Source;
use layerwise::syntax;

/// The findings of the rules about shells.
fn lint(source: &Source) -> Vec<Finding> {
    let doc = syntax::parse(source);
    let model = Model::build(&doc, &BuildOptions::default());
    let findings = layerwise::lint::lint(&model, rules::all(), &Options::default());
    let of_shells = |it: &Finding| {
        let code = it.meta.code;
        code.starts_with("SC") || code.starts_with("LW71") || code == "DL4006"
    };
    findings.into_iter().filter(of_shells).collect()
}

/// The codes that are found in one RUN on an image.
fn codes(image: &str, run: &str) -> Vec<&'static str> {
    let source = Source::new("Dockerfile", format!("FROM {image}\n{run}\n"));
    lint(&source).iter().map(|it| it.meta.code).collect()
}

/// What only the shell of the image lacks is reported.
#[test]
fn the_image_chooses_the_shell() {
    for (run, code, lacking) in [
        ("RUN mkdir -p /app/{logs,data}", "SC3009", &["debian:12", "alpine"][..]),
        ("RUN a &> /log", "SC3020", &["debian:12"]),
        ("RUN for ((i=0;i<3;i++)); do a; done", "SC3005", &["debian:12", "alpine"]),
        ("RUN A=b && c ${A^^}", "SC3059", &["debian:12", "alpine"]),
        ("RUN A=b && c ${!A}", "SC3053", &["debian:12", "alpine"]),
        ("RUN pushd /a", "SC3044", &["debian:12", "alpine"]),
        ("RUN shopt -s nullglob", "SC3044", &["debian:12", "alpine"]),
        ("RUN A=b && c ${A/x/y}", "SC3060", &["debian:12"]),
        ("RUN A=b && c ${A:0:2}", "SC3057", &["debian:12"]),
        ("RUN [[ -e /a ]] && b", "SC3010", &["debian:12"]),
        ("RUN source /a", "SC3046", &["debian:12"]),
        ("RUN echo -e 'a\\tb' > /c", "SC3037", &["debian:12"]),
        ("RUN set -o pipefail && a", "SC3040", &["debian:12"]),
        ("RUN diff <(a) <(b)", "SC3001", &["debian:12"]),
        ("RUN function f { a; }; f", "SC2113", &["debian:12"]),
        ("RUN let a=1", "SC3042", &["debian:12"]),
        ("RUN cat <<< a", "SC3011", &["debian:12", "alpine"]),
        ("RUN a=(b c) && d \"${a[0]}\"", "SC3030", &["debian:12", "alpine"]),
        ("RUN [ a == \"$PATH\" ]", "SC3014", &["debian:12"]),
        ("RUN make &>> /log", "SC3020", &["debian:12", "alpine"]),
        ("RUN declare A=b", "SC3044", &["debian:12", "alpine"]),
        ("RUN mapfile a < /b", "SC3044", &["debian:12", "alpine"]),
        ("RUN read -a a < /b", "SC3045", &["debian:12", "alpine"]),
        ("RUN coproc make", "SC3032", &["debian:12", "alpine"]),
    ] {
        for image in ["debian:12", "alpine", "fedora:40", "acme/x"] {
            let is_found = codes(image, run).contains(&code);
            assert_eq!(is_found, lacking.contains(&image), "{image}: {run}");
        }
        let bash = codes("debian:12\nSHELL [\"/bin/bash\", \"-c\"]", run);
        assert!(bash.is_empty(), "{run}: {bash:?}");
    }
}

#[test]
fn extended_globs_are_read_by_no_sh() {
    for run in ["rm !(a)", "ls /b/+(c|d)", "cp ?(e) *(f) /g", "ls @(h|i)"] {
        for image in ["debian:12", "alpine", "fedora:40", "acme/x"] {
            assert_eq!(codes(image, &format!("RUN {run}")), ["SC3002"], "{image}: {run}");
        }
    }
    for run in ["echo \"a!(b)\" > /c", "grep -E '?(d)' /e", "find / \\( -name f \\)", "echo $(g)"] {
        let codes = codes("debian:12", &format!("RUN {run}"));
        assert!(!codes.contains(&"SC3002"), "{run}");
    }
}

#[test]
fn what_every_shell_has_is_no_fault() {
    for run in ["RUN echo -n a > /b", "RUN f() { local a=1; }; f", "RUN /bin/echo -e 'a\\tb' > /c"]
    {
        for image in ["debian:12", "alpine", "fedora:40", "acme/x"] {
            assert!(codes(image, run).is_empty(), "{image}: {run}");
        }
    }
}

#[test]
fn the_message_names_the_shell() {
    let source = Source::new("Dockerfile", "FROM debian:12\nRUN a {b,c}\n");
    let found = lint(&source);
    let message = "dash, the shell of this RUN, does not support brace expansion";
    assert_eq!(found[0].message, message);
    assert_eq!(source.slice(found[0].span), "{b,c}");
}

#[test]
fn dash_refuses_pipefail_so_that_it_is_not_on() {
    let shell = "SHELL [\"/bin/sh\", \"-o\", \"pipefail\", \"-c\"]";
    let run = format!("{shell}\nRUN curl -f https://a.io/x | sh");
    assert_eq!(codes("debian:12.5", &run), ["LW713", "DL4006"]);
    for image in ["alpine", "fedora:40", "acme/x", "debian:12.5\nRUN ln -sf bash /bin/sh"] {
        assert!(codes(image, &run).is_empty(), "{image}");
    }
}

#[test]
fn windows_has_no_bourne_shell() {
    let run = "RUN setx a %b% && dir C:\\{a,b} | find $x && curl a | tar x";
    for image in [
        "mcr.microsoft.com/windows/servercore:ltsc2022",
        "mcr.microsoft.com/dotnet/framework/sdk:4.8",
        "python:3.12-windowsservercore-ltsc2022",
        "$REPO:8.0-nanoserver-1809",
        "--platform=windows/amd64 acme/x",
    ] {
        assert!(codes(image, run).is_empty(), "{image}");
    }
    for command in ["powershell -Command", "pwsh -c", "powershell.exe"] {
        let run = format!("RUN {command} \"$x = Get-Item a | b; [[ $x == 'y' ]]\"");
        assert!(codes("debian:12", &run).is_empty(), "{command}");
    }
}

#[test]
fn a_variable_of_another_run_is_reported_with_its_place() {
    let text = "FROM debian:12\nRUN deps='gcc make' && apt-get install -y $deps\n\
                RUN apt-get purge -y $deps $BASE_IMAGE_HAS_IT\n";
    let source = Source::new("Dockerfile", text);
    let found = lint(&source);
    let shown: Vec<_> = found.iter().map(|it| (it.meta.code, source.slice(it.span))).collect();
    assert_eq!(shown, [("SC2154", "$deps")]);
    assert_eq!(source.slice(found[0].labels[0].span), "deps='gcc make'");
}

#[test]
fn a_variable_for_programs_must_be_exported() {
    assert_eq!(codes("debian:12", "RUN DEBIAN_FRONTEND=noninteractive && a"), ["SC2034"]);
    assert!(codes("debian:12", "RUN ARCH=x && a").is_empty());
}

#[test]
fn lists_and_style_are_for_the_strict_profile() {
    for run in [
        "RUN P='a b' && apt-get install -y $P",
        "RUN make -j$(nproc)",
        "RUN export A=\"$(b)\"",
        "RUN cd /a; b",
        "RUN rm -rf \"$A\"/*",
        "RUN yes | cp a b",
        "RUN find . -name *.a",
    ] {
        assert!(codes("debian:12", run).is_empty(), "{run}");
    }
}

#[test]
fn comments_of_shellcheck_hold_in_heredocs() {
    let run = "RUN <<E\nset -e\n# shellcheck disable=SC3009\na {b,c}\nd {e,f}\nE";
    let source = Source::new("Dockerfile", format!("FROM debian:12\n{run}\n"));
    let lines: Vec<_> = lint(&source).iter().map(|it| source.line(it.span.start)).collect();
    assert_eq!(lines, [6]);
}

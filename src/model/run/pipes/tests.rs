//! Which pipes hide a failure, program by program.

use crate::model::tests::of;

/// The command whose failure gets lost.
fn hidden(run: &str) -> Option<String> {
    of(&format!("FROM debian:12\nRUN {run}\n"), |model| {
        let found = model.hidden_failure(0, &model.runs[0])?;
        Some(found.command.name.clone())
    })
}

#[test]
fn downloads_installs_and_builds_count() {
    for (run, name) in [
        ("curl -fsSL https://a.io/x.tgz | cat > x.tgz", "curl"),
        ("wget -qO- https://a.io/x.sh | sh", "wget"),
        ("V=$(curl -s https://a.io/latest | jq -r .tag) && echo $V", "curl"),
        ("make -j4 2>&1 | tee log", "make"),
        ("npm ci | tail -5", "npm"),
        ("echo a | cat && (cd x; curl https://a.io/x | sh)", "curl"),
        ("for a in x y; do curl https://a.io/$a | sh; done", "curl"),
        ("set -e; curl https://a.io/x | sh; ls", "curl"),
        ("test a && exit 0; curl https://a.io/x | sh", "curl"),
        ("if a; then V=$(curl https://a.io/x | jq .v); fi && get $V", "curl"),
        ("curl https://a.io/k | gpg --dearmor | tee /k > /dev/null", "curl"),
        ("curl https://a.io/x | tar cz > x", "curl"),
        ("curl https://a.io/x | jq -e .a > x", "curl"),
        ("curl https://a.io/x | base64 -d > /x && echo 1 /y | sha256sum -c", "curl"),
    ] {
        assert_eq!(hidden(run).as_deref(), Some(name), "{run}");
    }
}

#[test]
fn a_download_needs_what_was_asked_before() {
    for (run, is_hidden) in [
        ("V=$(curl -s https://a.io/v | jq -r .tag) && wget https://a.io/$V.tgz", false),
        (
            "V=$(curl -s https://a.io/v | jq -r .tag) && curl -fsSLO https://a.io/${V}.tgz && b",
            false,
        ),
        ("V=$(curl -s https://a.io/v | jq -r .tag) && curl -sSLO https://a.io/${V}.tgz", true),
        ("V=$(curl -s https://a.io/v | jq -r .tag) && wget https://a.io/x.tgz", true),
        ("V=$(curl -s https://a.io/v | jq -r .tag) && echo $V > /v", true),
        ("curl https://a.io/k | (cat > /k || echo none)", false),
    ] {
        assert_eq!(hidden(run).is_some(), is_hidden, "{run}");
    }
}

#[test]
fn what_an_installer_makes_may_be_needed_at_once() {
    for (run, is_hidden) in [
        ("curl https://a.io/x | bash && . /root/.nvm/nvm.sh && nvm install 22", false),
        ("curl https://a.io/x | sh && rm -rf /tmp/x && ./clickhouse install", false),
        ("set -e; curl https://a.io/x | bash; echo done", true),
        ("curl https://a.io/x | php && mv x.phar /usr/bin/x", false),
        ("curl https://a.io/x | sh && ln -s /opt/x /usr/bin/x", true),
        ("curl https://a.io/x | bash - && apt-get install -y nodejs", true),
        ("set -e; curl https://a.io/x | bash; . /root/.nvm/nvm.sh", false),
        ("curl https://a.io/x | jq .a > b && ./configure", true),
    ] {
        assert_eq!(hidden(run).is_some(), is_hidden, "{run}");
    }
}

#[test]
fn busybox_takes_nothing_for_an_archive() {
    let hides = |base: &str, run: &str| {
        let text = format!("FROM {base}\nRUN curl https://a.io/x | {run}\n");
        of(&text, |model| model.hidden_failure(0, &model.runs[0]).is_some())
    };
    for run in ["xz -d > x", "unxz > x", "cpio -i", "zcat > x"] {
        assert!(hides("alpine:3.20", run) && !hides("debian:12", run), "{run}");
    }
    for run in ["tar xz", "gunzip > x", "bunzip2 > x", "sha256sum -c"] {
        assert!(!hides("alpine:3.20", run), "{run}");
    }
}

/// The end of a pipe: what fails by itself where its input is missing, and what does not.
#[test]
fn each_program_at_the_end_of_a_pipe_is_known() {
    let fails = "tar x|tar t|tar -t|tar --get|tar --list|bsdtar -x|gzip -d|pigz --decompress|bzip2 -d|pbzip2 -d|\
                 zstd --uncompress|gunzip|unpigz|bunzip2|bzcat|unzstd|zstdcat|unzip -|gpg --import|gpg2 x|gpgv x|\
                 apt-key add -|cosign x|minisign x|xz -d|lzma -d|unxz|xzcat|unlzma|zcat|gzcat|cpio -i|cpio --extract|\
                 dpkg -i|dpkg --install|grep x|egrep x|fgrep x|sha1sum -c|sha224sum -c|sha256sum --check|\
                 sha384sum -c|sha512sum --status|md5sum -c|shasum -c|b2sum -c|cksum -c";
    for end in fails.split('|') {
        assert_eq!(hidden(&format!("curl https://a.io/x | {end} > /x")), None, "{end}");
    }
    let swallows = "tar c|gzip|pigz|bzip2|zstd|xz|lzma|cpio -o|dpkg -l|grep -v x|grep -c x|sha256sum|md5sum|cat|\
                    xargs gunzip|jq .a|base64 -d|tee /x|sort";
    for end in swallows.split('|') {
        let found = hidden(&format!("curl https://a.io/x | {end} > /x"));
        assert_eq!(found.as_deref(), Some("curl"), "{end}");
    }
}

/// The start of a pipe: downloads, installs and builds, but no questions.
#[test]
fn each_program_at_the_start_of_a_pipe_is_known() {
    let counts = "curl x|wget x|aria2c x|git clone x|git archive x|git fetch|git pull|git checkout x|make|ninja|\
                  apt-get install x|apk add x|apt-get update|apt-get upgrade|apt-get dist-upgrade|\
                  apt full-upgrade|dnf makecache|zypper refresh|zypper in x|pip install x|go build";
    for start in counts.split('|') {
        assert!(hidden(&format!("{start} | cat > /x")).is_some(), "{start}");
    }
    let does_not = "curl --version|wget -V|aria2c --help|git log|git status|make --version|apt-get --version|\
                    apt-cache search x|apk info|pip --version|pip list|echo x|go version";
    for start in does_not.split('|') {
        assert_eq!(hidden(&format!("{start} | cat > /x")), None, "{start}");
    }
}

#[test]
fn scripts_are_run_by_interpreters() {
    let installs = |end: &str| {
        of(&format!("FROM debian:12\nRUN curl https://a.io/x | {end}\n"), |model| {
            model.hidden_failure(0, &model.runs[0]).map(|it| it.installs)
        })
    };
    let names = "sh bash ash dash zsh node perl php python python3 ruby";
    for name in names.split(' ') {
        assert_eq!(installs(name), Some(true), "{name}");
    }
    assert_eq!(installs("cat > x"), Some(false));
}

/// What is downloaded is compared with its checksum or signature in the same chain.
#[test]
fn what_is_written_may_be_verified() {
    let get = "curl https://a.io/x | base64 -d";
    for (run, is_hidden) in [
        (format!("{get} > /a/x && gpg --verify x.asc /a/x"), false),
        (format!("{get} > /a/x && gpg2 --verify x.asc /a/x"), false),
        (format!("{get} > /a/x && gpgv x.asc /a/x"), false),
        (format!("{get} > /a/x && gpg --import /a/x"), true),
        (format!("{get} > /a/x && cd /a && echo 1 x | sha256sum -c"), false),
        (format!("{get} > /a/x && echo 1 y | sha256sum -c"), true),
        (format!("{get} > /a/x && sha256sum x"), true),
        (format!("{get} > /dev/null && echo null | sha256sum -c"), true),
        (format!("{get} | tee x && sha256sum -c x.sum"), false),
        (format!("{get} | dd of=/a/x && sha256sum -c x.sum"), false),
        (format!("{get} | dd if=/a/x && sha256sum -c x.sum"), true),
    ] {
        assert_eq!(hidden(&run).is_some(), is_hidden, "{run}");
    }
}

#[test]
fn pipefail_changes_nothing_where_all_is_read() {
    let survives = |run: &str| {
        of(&format!("FROM debian:12\nRUN {run}\n"), |model| {
            let script = &model.runs[0].script;
            super::survives_pipefail(&script.commands, &script.pipes[0])
        })
    };
    let stops = "head -1|read a|true|less|more|:|grep -q x|grep --quiet x|egrep --silent x|fgrep -m 1 x|\
                 zgrep --max-count 1 x|rg -l x|sed 1q|awk '{exit}'|gawk '{exit}'|mawk '{exit}'";
    for end in stops.split('|') {
        assert!(!survives(&format!("a | {end}")), "{end}");
        for start in ["echo", "printf", "cat"] {
            assert!(survives(&format!("{start} x | {end}")), "{start} {end}");
        }
    }
    for end in ["tail -1", "grep x", "sed s/a/b/", "awk '{print}'", "sort", "tee x"] {
        assert!(survives(&format!("a | {end}")), "{end}");
    }
    let answers = "[ a|cmp a b|command -v a|diff a b|dpkg -s a|dpkg-query a|du a|egrep a|expr a|false|fgrep a|\
                   find a|grep a|kill 1|ldd a|ls|pgrep a|pidof a|ps|rg a|rpm -q a|test a|type a|which a|\
                   yes|zgrep a";
    for start in answers.split('|') {
        assert!(!survives(&format!("{start} | cat")), "{start}");
    }
}

#[test]
fn queries_conditions_and_checks_do_not() {
    for run in [
        "echo y | apt-get install a",
        "yes | sdkmanager --licenses",
        "dpkg -l | awk '{print $2}' | sort > /list",
        "if curl -s https://a.io | grep -q x | cat; then b; fi",
        "while ! curl -s https://a.io | jq .x; do sleep 1; done",
        "curl -fsSL https://a.io/SUMS | sha256sum -c -",
        "curl -fsSL https://a.io/SUMS | grep x.tgz | sha256sum --check",
        "curl -fsSL https://a.io/key | gpg --dearmor -o /k",
        "curl https://a.io/x | sh || exit 1",
        "wget --version | sed 1d",
        "set -o pipefail; curl https://a.io/x | sh",
        "cat list | xargs apt-get install -y",
        // Programs that fail by themselves on an empty or truncated input.
        "curl https://a.io/x | tar xz -C /a",
        "curl https://a.io/x | tar --extract --gzip",
        "curl https://a.io/x | (cd /a && tar -xJ)",
        "curl https://a.io/x | gzip -d > /a && b",
        "curl https://a.io/x | zcat > /a",
        "curl https://a.io/x | xz -dc > /a",
        "curl https://a.io/x | unzip -",
        "curl https://a.io/x | cpio -id",
        // Where `pipefail` would change nothing.
        "V=$(curl https://a.io/x | jq .v); get $V",
        "export V=$(curl https://a.io/x | jq .v) && get $V",
        "get $(curl https://a.io/x | jq .v)",
        "curl https://a.io/x | sh; ls",
        "curl https://a.io/x | sh; for a in b; do c; done",
        // What is checked later.
        "curl https://a.io/x | base64 -d > /bin/x && echo \"1 /bin/x\" | sha256sum -c",
        "curl https://a.io/x | tee x && gpg --verify x.asc x",
    ] {
        assert_eq!(hidden(run), None, "{run}");
    }
}

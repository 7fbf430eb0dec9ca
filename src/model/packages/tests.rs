use super::*;
use crate::model::{BuildOptions, Model};
use crate::source::Source;

/// Asks the model of a stage with these lines.
fn with<T>(lines: &str, ask: impl Fn(&Model<'_>) -> T) -> T {
    let source = Source::new("Dockerfile", format!("FROM debian:12\n{lines}\n"));
    let doc = crate::syntax::parse(&source);
    ask(&Model::build(&doc, &BuildOptions::default()))
}

/// Each install as `verb: package package`, with `!` before one without a version.
fn installs(command: &str) -> Vec<String> {
    with(&format!("RUN {command}"), |model| {
        let show = |it: &Package| format!(" {}{}", if it.pinned { "" } else { "!" }, it.text);
        let shown = model.installs.iter().map(|it| {
            let packages: String = it.packages.iter().map(show).collect();
            format!("{}:{packages}", it.verb_name)
        });
        shown.collect()
    })
}

#[test]
fn options_before_the_verb_may_be_variables() {
    assert_eq!(installs("apt-get $OPTIONS -q install a=1 $B"), ["install: a=1 !$B"]);
    assert_eq!(installs("$TOOL install a"), Vec::<String>::new());
}

#[test]
fn values_of_options_are_no_packages() {
    assert_eq!(installs("apt-get install -t stable -o A=b a"), ["install: !a"]);
    assert_eq!(installs("apk add -t .d --repository r -X s a~1"), ["add: a~1"]);
    let line = "pip install --timeout 100 --index-url i --root-user-action ignore --cert c a==1";
    assert_eq!(installs(line), ["install: a==1"]);
}

#[test]
fn pip_has_many_names() {
    for name in ["pip", "pip3", "pip3.11", "pip-3.6", "python3 -m pip", "/venv/bin/pip"] {
        assert_eq!(installs(&format!("{name} install a")), ["install: !a"], "{name}");
    }
    assert!(installs("pipdeptree install a").is_empty());
}

#[test]
fn apt_options_have_many_spellings() {
    let facts = |options: &str| {
        with(&format!("RUN apt-get install {options} a"), |model| {
            let install = &model.installs[0];
            (model.answers_yes(install), model.takes_recommended(install))
        })
    };
    for options in ["-y", "-qq", "-q -q", "-q=2", "--yes", "-o APT::Get::Assume-Yes=1"] {
        assert_eq!(facts(options), (true, true), "{options}");
    }
    for options in ["-q", "--quiet", "-o APT::Get::Assume-Yes=no", "-t y"] {
        assert_eq!(facts(options), (false, true), "{options}");
    }
    let spellings = ["--no-install-recommends", "-oAPT::Install-Recommends=0"];
    for options in spellings {
        assert_eq!(facts(options), (false, false), "{options}");
    }
}

#[test]
fn apt_lists_stay_unless_they_go_later_in_the_run() {
    let left = |lines: &str| with(lines, |model| model.apt_lists_left(&model.runs[0]).is_some());
    for lines in [
        "RUN apt-get update",
        "RUN rm -rf /var/lib/apt/lists/* && apt-get update",
        "RUN apt-get update && rm -rf /tmp/*",
        "RUN apt-get update\nRUN rm -rf /var/lib/apt/lists",
    ] {
        assert!(left(lines), "{lines}");
    }
    for lines in [
        "RUN apt-get update && rm -rf /var/lib/apt/lists/*",
        "RUN apt-get update && rm -rf /var/lib/{apt,dpkg}",
        "RUN apt-get update && apt-get distclean",
        "RUN --mount=type=cache,target=/var/lib/apt apt-get update",
        "RUN apt-get install a",
    ] {
        assert!(!left(lines), "{lines}");
    }
}

#[test]
fn the_pip_cache_is_left_unless_something_says_no() {
    let leaves = |lines: &str| {
        with(lines, |model| model.installs.iter().any(|it| model.leaves_pip_cache(it)))
    };
    for lines in [
        "RUN pip install a",
        "RUN PIP_NO_CACHE_DIR=1 make && pip install a",
        "ENV PIP_NO_CACHE_DIR=1\nFROM debian:12\nRUN pip install a",
    ] {
        assert!(leaves(lines), "{lines}");
    }
    for lines in [
        "RUN pip install --no-cache-dir a",
        "RUN PIP_NO_CACHE_DIR=1 pip install a",
        "RUN PIP_NO_CACHE_DIR=1; pip install a",
        "RUN export PIP_NO_CACHE_DIR=1 && pip install a",
        "ENV PIP_NO_CACHE_DIR=off\nRUN pip install a",
        "RUN --mount=type=cache,target=/root/.cache pip install a",
    ] {
        assert!(!leaves(lines), "{lines}");
    }
}

#[test]
fn files_can_decide_versions() {
    let bound = |line: &str| {
        with(&format!("RUN pip install {line}"), |model| {
            model.is_bound_by_files(&model.installs[0])
        })
    };
    assert!(["-r a", "-ra", "-c a b", "--constraint=a b", "."].into_iter().all(bound));
    assert!(!bound("-e a b") && !bound(".[dev]"));
}

#[test]
fn apt_takes_versions_releases_and_files() {
    for word in ["curl=7.88*", "curl/bookworm", "./a.deb", "*.deb", "$A=$B"] {
        assert!((Manager::APT.pins)(word, None), "{word}");
    }
    for word in ["curl", "$PACKAGES", "$(cat list)", "curl+"] {
        assert!(!(Manager::APT.pins)(word, None), "{word}");
    }
}

#[test]
fn dnf_takes_versions_files_and_groups() {
    let pinned =
        ["a-1.2", "a-b-1.2-3.el8.x86_64", "a-1.2*", "a.rpm", "https://x/y", "@core", "nodejs:20"];
    for word in pinned {
        assert!((Manager::DNF.pins)(word, None), "{word}");
    }
    for word in ["a", "a-b", "python3-devel", "a-$V", "$A", "java-latest-openjdk", "a-1.2-$V"] {
        assert!(!(Manager::DNF.pins)(word, None), "{word}");
    }
}

#[test]
fn npm_and_go_take_versions_paths_and_revisions() {
    let npm = |word: &str| (Manager::NPM.pins)(word, word[1..].split_once('@').map(|it| it.1));
    for word in ["a@1", "@s/a@1", "a@latest", ".", "./a", "../a", "a.tgz", "git://x/y#v1", "u/r#v1"]
    {
        assert!(npm(word), "{word}");
    }
    for word in ["a", "@s/a", "git+ssh://git@x/y", "u/r", "$A", "https://x/y"] {
        assert!(!npm(word), "{word}");
    }
    let go = |word: &str| (Manager::GO.pins)(word, word.split_once('@').map(|it| it.1));
    for word in ["x.y/a@v1", "./...", "/a", "app", "std", "x.y/a@$V"] {
        assert!(go(word), "{word}");
    }
    for word in ["x.y/a", "x.y/a@latest", "x.y/a/...", "$A"] {
        assert!(!go(word), "{word}");
    }
}

#[test]
fn pip_takes_specifiers_revisions_and_files() {
    let pinned = [
        "a==1",
        "a>=1,<2",
        "a~=1.0",
        "a===1",
        "a!=1",
        "a<2",
        "git+https://x/y@v1",
        "git+ssh://git@x/y",
        "https://x/a.zip",
        "./a",
        "a.whl",
        "a.tar.gz",
        "a @ https://x/a.whl",
    ];
    for word in pinned {
        assert!((Manager::PIP.pins)(word, None), "{word}");
    }
    for word in ["a", "a=1", "a[b]", ".[dev]", "git+https://x/y", "svn+file:///x", "a.zip"] {
        assert!(!(Manager::PIP.pins)(word, None), "{word}");
    }
}

#[test]
fn names_and_programs_belong_to_one_manager() {
    let mut names: Vec<&str> = Manager::ALL.iter().map(|it| it.name).collect();
    let mut programs: Vec<&str> = Manager::ALL.iter().flat_map(|it| it.programs).copied().collect();
    for list in [&mut names, &mut programs] {
        list.sort_unstable();
        let twice: Vec<_> = list.windows(2).filter(|it| it[0] == it[1]).collect();
        assert_eq!(twice, Vec::<&[&str]>::new());
    }
    for manager in Manager::ALL {
        assert!(!manager.name.is_empty() && !manager.programs.is_empty(), "{manager:?}");
        for program in manager.programs {
            assert_eq!(Manager::of_program(program), Some(*manager), "{program}");
        }
        let grammars = manager.installs.iter().flat_map(|it| it.names);
        let strangers: Vec<_> = grammars.filter(|it| !manager.programs.contains(it)).collect();
        assert_eq!(strangers, Vec::<&&str>::new(), "{manager:?}");
        let measured = manager.cache.measured.iter();
        let wrong: Vec<_> =
            measured.filter(|it| it.starts_with('/') || !it.ends_with('/')).collect();
        assert_eq!(wrong, Vec::<&&str>::new(), "{manager:?}");
    }
    assert_eq!(Manager::of_program("made-up"), None);
}

#[test]
fn a_file_is_all_that_a_manager_needs() {
    assert_eq!(installs("mup get --from x a@1 b"), ["get: a@1 !b"]);
    assert_eq!(installs("mup get"), ["get:"]);
    assert_eq!(installs("mup wipe a"), Vec::<String>::new());
}

#[test]
fn opam_takes_versions_after_a_dot() {
    let line = "opam install -y --jobs 4 dune.3.17.2 lwt=5.7.0 ocamlfind ./local";
    assert_eq!(installs(line), ["install: dune.3.17.2 lwt=5.7.0 !ocamlfind ./local"]);
}

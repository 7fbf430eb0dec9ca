//! What contexts tell, and how much they do for it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::Path;

use tempfile::TempDir;

use super::notes::Notes;
use super::tree::Limits;
use super::*;

pub(super) fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    folder
}

pub(super) fn tree(folder: &Path, patterns: &str) -> Tree {
    Tree::read(folder, Some(&IgnoreFile::parse(patterns).unwrap()))
}

/// The paths that a source names, those that are left out in brackets; and what is missing.
fn matching(tree: &Tree, source: &str, parents: bool) -> String {
    let matches = tree.matching(source, parents);
    let paths = matches.entries.iter();
    let paths = paths.map(|it| if it.ignored { format!("({})", it.path) } else { it.path.clone() });
    let missing = matches.missing.iter().map(|it| format!("no {it}"));
    let unsure = (!matches.is_certain).then(|| "unsure".to_owned());
    paths.chain(missing).chain(unsure).collect::<Vec<_>>().join(" ")
}

#[test]
fn sources_name_what_builders_take() {
    let it = folder(&[
        ("src/a/b/c.txt", "1"),
        ("src/c.txt", "1"),
        ("src/a.log", "1"),
        ("one.md", "1"),
        ("two.md", "1"),
    ]);
    let tree = tree(it.path(), "two.md\n");
    for (source, parents, expected) in [
        ("src/c.txt", false, "src/c.txt"),
        ("*.md", false, "one.md (two.md)"),
        ("*.nope", false, ""),
        ("[o-t]*.md", false, "one.md (two.md)"),
        ("src/*", false, "src/a src/a.log src/c.txt"),
        ("src/*/*", false, "src/a/b"),
        // Without `--parents`, two stars are one.
        ("src/**/c.txt", false, ""),
        ("src/**/c.txt", true, "src/c.txt src/a/b/c.txt"),
        ("src/a/**/c.txt", true, "src/a/b/c.txt"),
        ("**/b", true, "src/a/b"),
        ("src/**", true, "src/a src/a.log src/c.txt"),
        ("nope/*.x", false, "no nope"),
        ("src/nope/*.x", false, "no src/nope"),
        ("src/*/nope/*.x", false, ""),
        ("src/d.txt", false, "no src/d.txt"),
        ("src/c.txt/d", false, "no src/c.txt/d"),
        ("one.md/*", false, ""),
    ] {
        assert_eq!(matching(&tree, source, parents), expected, "{source} {parents}");
    }
}

#[test]
fn sums_are_those_of_what_gets_through() {
    let it = folder(&[
        ("app/a", "12345"),
        ("app/b/c", "123"),
        ("app/b/d.log", "1234567"),
        ("app/keep/e", "1"),
        ("app/keep/f", "1"),
    ]);
    let sum = |patterns: &str, path: &str| {
        let sum = tree(it.path(), patterns).sum(path);
        sum.map(|it| (it.bytes, it.files))
    };
    assert_eq!(sum("", ""), Some((17, 5)));
    assert_eq!(sum("**/*.log", "app"), Some((10, 4)));
    assert_eq!(sum("app\n!app/keep/e", "app"), Some((1, 1)));
    assert_eq!(sum("app", "app"), Some((0, 0)));
    assert_eq!(sum("", "app/b/c"), Some((3, 1)));
    assert_eq!(sum("", "app/x"), None);
    assert_eq!(sum("", "../app"), None);
}

#[test]
fn a_folder_is_gone_only_with_all_in_it() {
    let it = folder(&[("a/b/c", ""), ("a/d", ""), ("e/f", "")]);
    let gone = |patterns: &str, path: &str| {
        let tree = tree(it.path(), patterns);
        match tree.find(path) {
            Found::Entry(entry) => tree.is_gone(&entry),
            other => panic!("{path}: {other:?}"),
        }
    };
    assert!(gone("a", "a") && gone("a", "a/b") && gone("a/*", "a/b"));
    assert!(!gone("a\n!a/b/c", "a") && !gone("a\n!a/b", "a/b/c") && gone("a\n!a/b/c", "a/d"));
    // A folder that is there without what was in it is copied.
    assert!(!gone("a/*", "a") && !gone("a/**", "a"));
}

#[test]
fn heaps_are_found_and_decisions_respected() {
    let it = folder(&[
        (".git/objects/1", "12345"),
        ("web/node_modules/x/.env", "TOKEN=abcdef123456"),
        ("web/node_modules/x/y.js", "123"),
        ("node_modules/z.js", "1"),
        ("target/out", "12"),
        ("rust/target/out", "1234"),
        ("rust/Cargo.toml", ""),
        ("a.pyc", "1"),
        (".env", "TOKEN=abcdef123456"),
    ]);
    let piles = |patterns: &str, path: &str| {
        let haul = tree(it.path(), patterns).haul(path);
        let piles =
            haul.piles.iter().map(|it| format!("{} {} {}", it.kind.name, it.bytes, it.files));
        let secrets = haul.secrets.iter().map(|it| it.path.clone());
        piles.chain(secrets).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(piles("", ""), "node_modules 22 3, .git 5 1, target 4 1, *.pyc 1 1, .env");
    assert_eq!(piles("", "web"), "node_modules 21 2");
    // What is copied by its name is wanted.
    assert_eq!(piles("", "web/node_modules"), "");
    assert_eq!(piles("", "rust/target/out"), "");
    assert_eq!(piles("*\n!rust\n!.git", ""), "target 4 1");
    assert_eq!(piles("!.git\nnode_modules\n*.pyc\n.env", ""), "node_modules 21 2, target 4 1");
    assert_eq!(piles("", ".env"), ".env");
    let tree = tree(it.path(), "");
    assert!(
        tree.haul(".env").complete && tree.haul("a.pyc").complete && tree.haul("none").complete
    );
    assert_eq!(tree.haul("").piles[0].deeper.as_deref(), Some("web/node_modules"));
    let haul = tree.haul("web");
    assert_eq!(haul.heap_at("web/node_modules/x/y.js").unwrap().bytes, 21);
    assert_eq!(haul.heaps.iter().map(|it| &*it.path).collect::<Vec<_>>(), ["web/node_modules"]);
}

#[test]
fn odd_lines_are_told_for_sure_only() {
    let it = folder(&[
        ("web/node_modules/x", "1"),
        ("src/config/x", "1"),
        ("keep.txt", "1"),
        ("dir/keep.txt", "1"),
        ("a/x.pyc", "1"),
        ("rust/Cargo.toml", "1"),
        ("rust/target/x", "1"),
        ("web/coverage/x", "1"),
        ("web/.git/x", "1"),
    ]);
    let odd = |patterns: &str| {
        let tree = tree(it.path(), patterns);
        let found = tree.overridden_lines().into_iter().chain(tree.shallow_lines());
        let found = found.map(|it| match it.kind {
            OddKind::Overridden(by) => format!("{}:{} by {by}", it.line, it.pattern),
            OddKind::OnlyInRoot { deeper, .. } => {
                format!("{}:{} not {deeper}", it.line, it.pattern)
            }
        });
        found.collect::<Vec<_>>().join(", ")
    };
    assert_eq!(
        odd("node_modules\n*.pyc\n"),
        "1:node_modules not web/node_modules, 2:*.pyc not a/x.pyc"
    );
    assert_eq!(odd("node_modules/\n"), "1:node_modules not web/node_modules");
    // Sources, what is meant for the root, and what a person who knows both forms wrote.
    for patterns in [
        "config/",
        "/config",
        "config",
        "/node_modules",
        "./node_modules",
        "node_modules\n**/x",
        "target",
        "coverage",
        ".git",
    ] {
        assert_eq!(odd(patterns), "", "{patterns}");
    }
    std::fs::create_dir(it.path().join("node_modules")).unwrap();
    assert_eq!(odd("node_modules\n"), "1:node_modules not web/node_modules");
    assert_eq!(odd("!keep.txt\n*.txt\n"), "1:!keep.txt by 2");
    assert_eq!(odd("!dir/keep.txt\ndir\n"), "1:!dir/keep.txt by 2");
    assert_eq!(odd("!nowhere.txt\n*.txt\n!*.txt\n*\n"), "");
    assert_eq!(odd("*\n!keep.txt\n"), "");
    // What a later line brings back too is not left out, whatever comes in between.
    assert_eq!(odd("*.txt\n!keep.txt\n!*.txt\n"), "");
    assert_eq!(odd("!keep.txt\n*.txt\n!keep.txt\n"), "");
    assert_eq!(odd("*.txt\n!keep.txt\nkeep.*\n"), "2:!keep.txt by 3");
    assert_eq!(odd("!keep.t?t\n*.txt\n"), "");
}

/// A run over files and as many Dockerfiles that are built from the root, each with its own sources.
fn run(files: usize, dockerfiles: usize, ignore: &str) -> Work {
    let it = folder(&[(".dockerignore", ignore)]);
    for n in 0..files / 20 {
        let place = it.path().join(format!("pkg{n}/src"));
        std::fs::create_dir_all(&place).unwrap();
        (0..20).for_each(|n| std::fs::write(place.join(format!("f{n}.c")), "1").unwrap());
    }
    let contexts = Contexts::default();
    for n in 0..dockerfiles {
        let own = format!("pkg{}/src", n % (files / 20));
        let place = it.path().join(&own).join("Dockerfile");
        let sources = vec![format!("{own}/f1.c"), "pkg0".to_owned()];
        let context = contexts.find(&place, Some(it.path()), &sources).unwrap();
        assert_eq!(context.folder, it.path());
        let tree = &context.tree;
        tree.haul("");
        tree.haul(&own);
        tree.sum("");
        assert!(matches!(tree.find(&format!("{own}/f2.c")), Found::Entry(_)));
        assert_eq!(tree.matching(&format!("{own}/f1?.c"), false).entries.len(), 10);
        tree.shallow_lines();
    }
    contexts.work()
}

#[test]
fn work_grows_with_files_and_dockerfiles_and_not_with_their_product() {
    let small = run(400, 10, "**/*.log\nbuild\n");
    let more_dockerfiles = run(400, 40, "**/*.log\nbuild\n");
    let more_files = run(1600, 10, "**/*.log\nbuild\n");
    assert_eq!(small.folders, 41);
    assert_eq!(more_dockerfiles.folders, small.folders);
    assert_eq!(more_dockerfiles.entries, small.entries);
    // Each asks for something different.
    assert!(more_dockerfiles.steps - small.steps < 30 * 1000, "{small:?} {more_dockerfiles:?}");
    assert!(more_files.folders < 5 * small.folders && more_files.steps < 5 * small.steps);
}

#[test]
fn only_what_is_asked_for_is_listed() {
    let it = folder(&[("a/b/c.txt", "1"), ("a/d.txt", "1"), ("other/e", "1"), ("x.md", "1")]);
    let contexts = Contexts::default();
    let context = contexts.open(it.path().to_owned(), None).unwrap();
    context.tree.find("a/b/c.txt");
    context.tree.sum("a/d.txt");
    context.tree.matching("a/b/c.txt", false);
    assert_eq!(contexts.work().folders, 0);
    context.tree.matching("*.md", false);
    assert_eq!(contexts.work().folders, 1);
    context.tree.haul("a/b");
    assert_eq!(contexts.work().folders, 2);
    // Another context shares what was read.
    let below = contexts.open(it.path().join("a"), None).unwrap();
    below.tree.haul("b");
    assert_eq!(contexts.work().folders, 2);
    // What is left out is not even read.
    let context = context.with(".dockerignore".into(), IgnoreFile::parse("a\nother").unwrap());
    context.tree.sum("");
    assert_eq!(context.tree.work().0, 4);
}

#[test]
fn many_patterns_cost_little() {
    let steps = |count: usize| {
        let lines = (0..count).map(|n| format!("dir{n}/x\n**/*.e{n}\n!keep{n}\nname{n}*\n"));
        run(200, 1, &lines.collect::<String>()).steps
    };
    let (few, many) = (steps(250), steps(2500));
    assert!(many < 2 * few, "{few} {many}");
}

/// 10,000 lines over 10,000 files, of every kind that people write.
#[test]
fn work_grows_with_lines_and_files_and_not_with_their_product() {
    const MANY: usize = 10_000;
    let it = folder(&[]);
    for n in 0..MANY {
        if n < 100 {
            std::fs::create_dir(it.path().join(format!("d{n}"))).unwrap();
        }
        std::fs::write(it.path().join(format!("d{}/f{n}.e{}", n % 100, n % 10)), "x").unwrap();
    }
    // What a line says, and how many files are left.
    type Kind = (&'static str, fn(usize) -> String, usize);
    let kinds: [Kind; 12] = [
        ("files", |n| format!("d{}/f{n}.e{}", n % 100, n % 10), 0),
        ("folders", |n| format!("d{n}/"), 0),
        ("endings", |n| format!("**/*.e{n}"), 0),
        ("endings at the top", |n| format!("*.e{n}"), MANY),
        ("beginnings", |n| format!("**/f{n}*"), 0),
        ("names at any depth", |n| format!("**/f{n}.e1"), MANY - MANY / 10),
        ("all below", |n| format!("d{n}/**"), 0),
        ("stars for folders", |n| format!("*/f{n}.e2"), MANY - MANY / 10),
        ("exceptions", |n| format!("d{}\n!d{}/f{n}.e{}", n % 100, n % 100, n % 10), 100),
        ("exceptions at any depth", |n| format!("!**/f{n}.e3"), MANY),
        ("what is not there", |n| format!("x{n}/**/y{n}"), MANY),
        ("comments", |n| format!("# d{n}"), MANY),
    ];
    for (name, line, left) in kinds {
        let lines: String = (0..MANY).map(|n| line(n) + "\n").collect();
        let tree = tree(it.path(), &lines);
        let sum = tree.sum("").unwrap();
        assert!(sum.complete && tree.haul("").complete, "{name}");
        assert_eq!(sum.bytes, left as u64, "{name}");
        let (entries, work) = tree.work();
        assert!(entries <= 2 * (MANY + 100) && work < 40 * MANY as u64, "{name}: {entries} {work}");
    }
    // Those that are tried one by one are given up in time.
    for line in ["*f*{}*", "**/?{}[a-z]*x", "**f{}*e", "!*a*{}*b*", "d*d/**/f*{}"] {
        let lines: String = (0..MANY).map(|n| line.replace("{}", &n.to_string()) + "\n").collect();
        let limits = Limits { work: 500_000, ..Limits::DEFAULT };
        let tree = tree(it.path(), &lines).within(limits);
        let sum = tree.sum("").unwrap();
        let work = tree.work().1;
        assert!(work < 2_000_000 && (sum.complete || work >= 500_000), "{line}: {work}");
    }
}

#[test]
fn patterns_that_cost_much_are_given_up() {
    let patterns: String = (0..400).map(|n| format!("!f/*t{n}*\nf/file*{n}*\n")).collect();
    let it = folder(&[(".dockerignore", &patterns)]);
    std::fs::create_dir(it.path().join("f")).unwrap();
    for n in 0..300 {
        std::fs::write(it.path().join(format!("f/file{n}")), "").unwrap();
    }
    let contexts = Contexts::default();
    let context = contexts.open(it.path().to_owned(), None).unwrap();
    assert!(context.tree.haul("").complete);
    assert!(context.tree.sum("").unwrap().complete);
    assert!(contexts.work().steps < 50_000_000, "{:?}", contexts.work());
    assert_eq!(contexts.remarks(), Vec::<String>::new());
}

#[test]
fn what_is_too_large_stays_unknown() {
    let it = folder(&[]);
    for n in 0..50 {
        std::fs::create_dir_all(it.path().join(format!("dir{n}/inner"))).unwrap();
    }
    let patterns: String = (0..100).map(|n| format!("*i*{n}*x*y*\n")).collect();
    let sum = |limits: Limits| {
        let ignore = Some(Arc::new(IgnoreFile::parse(&patterns).unwrap()));
        let notes = Arc::<Notes>::default();
        let tree = Tree::new(it.path().to_owned(), ignore, Arc::default(), Arc::clone(&notes));
        let tree = tree.within(limits);
        (tree.sum("").unwrap().complete, tree.haul("").complete, notes.texts().len(), tree.work())
    };
    let (sum_done, haul_done, remarks, (entries, work)) =
        sum(Limits { entries: 1000, searched: 1000, work: 1 << 40 });
    assert!(sum_done && haul_done && remarks == 0);
    let (sum_done, haul_done, remarks, few) =
        sum(Limits { entries: 60, searched: 1000, work: 1 << 40 });
    assert!(!sum_done && !haul_done && remarks == 1 && few.0 <= 61 && few.0 < entries);
    let (sum_done, haul_done, remarks, little) =
        sum(Limits { entries: 1000, searched: 1000, work: work / 4 });
    assert!(!sum_done && !haul_done && remarks == 1 && little.1 < work);
}

#[test]
fn huge_folders_are_searched_level_by_level() {
    let it = folder(&[
        ("a/b/c/node_modules/x.js", "1"),
        ("a/b/.env", "API_TOKEN=ghp_0123456789abcdef0123456789abcdef0123\n"),
        ("z/node_modules/x.js", "22"),
    ]);
    let found = |searched: usize| {
        let limits = Limits { searched, ..Limits::DEFAULT };
        let haul = tree(it.path(), "").within(limits).haul("");
        let heaps = haul.heaps.iter().map(|it| it.path.clone());
        let found = heaps.chain(haul.secrets.iter().map(|it| it.path.clone()));
        (found.collect::<Vec<_>>().join(" "), haul.complete)
    };
    // The root and `a/b` take 7 steps each, the others 6.
    assert_eq!(found(7), (String::new(), false));
    assert_eq!(found(19), ("z/node_modules".to_owned(), false));
    assert_eq!(found(26), ("z/node_modules a/b/.env".to_owned(), false));
    assert_eq!(found(27), ("a/b/c/node_modules z/node_modules a/b/.env".to_owned(), true));
}

#[test]
fn sums_stop_where_enough_is_known() {
    let it = folder(&[("a/1", "1234"), ("b/1", "12"), ("b/2", "1"), ("c", "123456")]);
    let tree = tree(it.path(), "");
    let bytes = |path: &str, most: u64| tree.sum_up_to(path, most).unwrap().bytes;
    assert_eq!(bytes("", 4), 4);
    assert_eq!(tree.work().0, 6);
    assert_eq!(bytes("", 5), 6);
    assert_eq!(bytes("b", 2), 2);
    assert_eq!((bytes("b", 9), bytes("", 13), bytes("", 14)), (3, 13, 13));
    assert_eq!((tree.sum("").unwrap().bytes, tree.sum("b").unwrap().bytes), (13, 3));
}

#[test]
fn contexts_never_lie_above_their_bound() {
    let it = folder(&[("docker/app/Dockerfile", ""), ("bin/x", ""), ("proj/.git/HEAD", "")]);
    let find = |dockerfile: &str, searched: Option<&str>| {
        let searched = searched.map(|path| it.path().join(path));
        let sources = vec!["bin".to_owned()];
        let dockerfile = it.path().join(dockerfile);
        let contexts = Contexts::default();
        let context = contexts.find(&dockerfile, searched.as_deref(), &sources).unwrap();
        let below = context.folder.strip_prefix(it.path()).unwrap();
        below.display().to_string().replace('\\', "/")
    };
    let file = "docker/app/Dockerfile";
    assert_eq!(find(file, None), "docker/app");
    assert_eq!(find(file, Some("docker")), "docker/app");
    assert_eq!(find(file, Some("")), "");
    // A repository may be above the folder that is searched, and its root is the end.
    assert_eq!(find("proj/a/Dockerfile", Some("")), "proj/a");
    std::fs::create_dir(it.path().join("proj/bin")).unwrap();
    assert_eq!(find("proj/a/Dockerfile", Some("proj/a")), "proj");
    std::fs::write(it.path().join(".git"), "gitdir: elsewhere\n").unwrap();
    assert_eq!(find(file, None), "");
}

#[test]
fn what_one_dockerfile_asks_takes_nothing_from_another() {
    let it = folder(&[("a.txt", "1"), ("b/.env", "TOKEN=abcdef123456\n")]);
    std::fs::create_dir(it.path().join("f")).unwrap();
    for n in 0..200 {
        std::fs::write(it.path().join(format!("f/{}{n}", "a".repeat(100))), "").unwrap();
    }
    let notes = Arc::<Notes>::default();
    let limits = Limits { entries: 300, searched: 1000, work: 200_000 };
    let first = Tree::new(it.path().to_owned(), None, Arc::default(), Arc::clone(&notes));
    let first = first.within(limits);
    let second = first.for_another();
    for n in 0..100 {
        let source = format!("f/{}b{n}", "*a".repeat(20));
        first.matching(&source, false);
    }
    assert!(!first.matching("f/*", false).is_certain && first.find("a.txt") == Found::Unknown);
    assert_eq!(notes.texts().len(), 1);
    assert_eq!(matching(&second, "*.txt", false), "a.txt");
    assert_eq!(second.matching("f/*", false).entries.len(), 200);
    assert!(second.sum("").unwrap().complete);
    assert_eq!(second.haul("b").secrets.len(), 1);
    // All of them together do a bounded amount.
    for _ in 0..5 {
        let other = first.for_another();
        (0..100).for_each(|n| drop(other.matching(&format!("f/{}c{n}", "*a".repeat(20)), false)));
    }
    assert_eq!(first.for_another().find("a.txt"), Found::Unknown);
}

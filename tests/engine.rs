//! What fixes make of a Dockerfile builds the same image: buildah builds it before and after, and the file systems are
//! compared. Without buildah and a static busybox there is nothing to build with; CI installs both.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(clippy::print_stderr, reason = "a test that is skipped says so")]

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;

use common::{folder, layerwise, may_start, repeated, run};

/// Package managers that need no network: an install fails without the index that it needs, and leaves a file.
const MANAGERS: &[(&str, &str)] = &[
    (
        "apt-get",
        "#!/bin/sh\nset -e\nlists=/var/lib/apt/lists\nverb=\nfor word; do\n  case $word in\n    -*) ;;\n    \
         update) verb=update; mkdir -p $lists; echo index > $lists/index;;\n    \
         install) verb=install; test -e $lists/index;;\n    \
         *) test \"$verb\" = install && mkdir -p /packages && echo $word > /packages/$word;;\n  esac\ndone\n",
    ),
    (
        "apk",
        "#!/bin/sh\nset -e\ncache=/var/cache/apk\nverb=\nkeep=yes\nfor word; do\n  case $word in\n    \
         --no-cache) keep=;;\n    -*) ;;\n    update) mkdir -p $cache; echo index > $cache/index;;\n    \
         add) verb=add;;\n    *) mkdir -p /packages; echo $word > /packages/$word;;\n  esac\ndone\n\
         if test \"$verb$keep\" = addyes; then test -e $cache/index; fi\n",
    ),
    (
        "pip",
        "#!/bin/sh\nset -e\nmkdir -p /packages\nkeep=yes\nfor word; do\n  case $word in\n    \
         --no-cache-dir) keep=;;\n    -*|install) ;;\n    *) echo $word > /packages/$word;;\n  esac\ndone\n\
         if test $keep; then mkdir -p /root/.cache/pip; echo x > /root/.cache/pip/x; fi\n",
    ),
];

/// A builder with its own store.
struct Engine {
    store: tempfile::TempDir,
}

impl Engine {
    /// None where the machine lacks what it takes.
    fn new() -> Option<Self> {
        if !may_start("buildah") {
            return None;
        }
        let busybox = ["/bin/busybox", "/usr/bin/busybox"]
            .iter()
            .map(PathBuf::from)
            .find(|it| it.exists())?;
        Command::new("buildah").arg("--version").output().ok()?;
        let engine = Self { store: tempfile::tempdir().unwrap() };
        let base = tempfile::tempdir().unwrap();
        std::fs::create_dir(base.path().join("bin")).unwrap();
        std::fs::copy(busybox, base.path().join("bin/busybox")).unwrap();
        for (name, text) in MANAGERS {
            std::fs::write(base.path().join("bin").join(name), text).unwrap();
        }
        let text = "FROM scratch\nCOPY bin /bin\nRUN [\"/bin/busybox\", \"--install\", \"-s\", \"/bin\"]\n\
                    RUN chmod 755 /bin/apt-get /bin/apk /bin/pip\n\
                    RUN mkdir -p /etc /tmp /root /var && echo root:x:0:0:root:/root:/bin/sh > /etc/passwd && echo root:x:0: > /etc/group\n";
        std::fs::write(base.path().join("Dockerfile"), text).unwrap();
        // Some machines let nobody mount or change root.
        let built = engine.run(&[
            "bud",
            "--isolation",
            "chroot",
            "-t",
            "localhost/base:1",
            &base.path().to_string_lossy(),
        ]);
        if let Err(errors) = &built {
            eprintln!("buildah cannot build here: {errors}");
        }
        built.ok().map(|_| engine)
    }

    fn buildah(&self, arguments: &[&str]) -> String {
        self.run(arguments).unwrap()
    }

    /// What it prints, or what it complains about.
    fn run(&self, arguments: &[&str]) -> Result<String, String> {
        let path = |name: &str| self.store.path().join(name).to_string_lossy().into_owned();
        let (root, state) = (path("root"), path("run"));
        let store = ["--root", &root, "--runroot", &state, "--storage-driver", "vfs"];
        let run = || Command::new("buildah").args(store).args(arguments).output();
        let output = repeated(run).unwrap();
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        Ok(String::from_utf8(output.stdout).unwrap().trim().to_owned())
    }

    fn build(&self, tag: &str, context: &Path) {
        let context = context.to_string_lossy();
        self.buildah(&["bud", "--isolation", "chroot", "--pull=never", "-t", tag, &context]);
    }

    /// All paths of an image with type, mode, owner, size and content.
    fn tree(&self, tag: &str) -> String {
        let container = self.buildah(&["from", "--pull=never", tag]);
        let place = self.buildah(&["mount", &container]);
        let list = "rm -rf var/lib/apt var/cache root/.cache; find . -path ./proc -prune -o -printf '%p %y %m %U %G %l\\n' | sort; \
                    find . -type f -print0 | sort -z | xargs -0 sha256sum";
        let output = Command::new("sh").args(["-c", list]).current_dir(place).output().unwrap();
        self.buildah(&["rm", &container]);
        String::from_utf8(output.stdout).unwrap()
    }
}

/// Dockerfiles whose fixes must not change the image.
const FILES: &[&str] = &[
    "FROM localhost/base:1\nRUN mkdir /a\nRUN echo x > /a/x\nRUN chmod 700 /a\n",
    "FROM localhost/base:1\nENV NAME some value\nRUN echo $NAME > /name\nMAINTAINER me\n",
    "FROM localhost/base:1\nRUN mkdir -p /srv/www\nWORKDIR /srv/www\nADD data/ ./data/\nCOPY a.txt ./\nCOPY b.txt ./b.txt\nCOPY c.txt .\n",
    "FROM localhost/base:1\nCOPY data /tmp/data\nRUN chown -R 7:7 /tmp/data\nCMD cat a\nCMD cat b\n",
    "FROM localhost/base:1\nRUN cd /tmp\nRUN ls\nRUN echo a \\\n\n  b > /ab\n",
    // Package managers.
    "FROM localhost/base:1\nRUN apt-get update\nRUN apt-get install -y a\n# why b\nRUN apt-get install -y b\nRUN echo c > /c\n",
    "FROM localhost/base:1\nRUN apt-get update && apt-get install -y a\nCOPY a.txt /\nRUN apt-get install -y b\n",
    "FROM localhost/base:1 AS one\nRUN apt-get update && apt-get install -y a\nFROM one\nRUN apt-get install -y b\n",
    "FROM localhost/base:1\nRUN apt-get update; apt-get install -y a; cd /tmp; echo x > x\nMAINTAINER me\n",
    "FROM localhost/base:1\nRUN apk update\n# curl is for the check\nRUN apk add curl\nRUN apk add git\n",
    "FROM localhost/base:1\nRUN apk update && apk add a\nENV B=c\nRUN apk add $B && apk add d\n",
    "FROM localhost/base:1\nRUN apk update && apk add a && rm -rf /var/cache/apk/*\nRUN apk update && apk add b\n",
    "FROM localhost/base:1\nRUN pip install a\nCOPY a.txt /\nRUN pip install b && pip install c\nRUN rm -rf /root/.cache\n",
    "FROM localhost/base:1\nRUN apt-get update && \\\n# first\n    apt-get install -y b a && \\\n\n    pip install c\nADD b.txt /b\nCMD c\n",
    "FROM localhost/base:1\nRUN mkdir -p /w\nWORKDIR /w\nRUN apt-get update\nRUN apt-get install -y a && pip install b\nADD data data\nRUN chmod -R 700 data\n",
    "from localhost/base:1 as One\nrun apk update && apk add a\nfrom localhost/base:1\ncopy --from=One /packages/a /a\nrun apk update\nrun apk add b\n",
    "FROM localhost/base:1\nENV A b\nENV C d\nRUN echo $A$C > /ac; false || echo y >> /ac\nLABEL a=b\nLABEL c=d\n",
    "FROM localhost/base:1\nRUN apt-get update && apt-get install -y a || true\nRUN echo x > /x && apt-get update && apt-get install -y b\n",
    "FROM localhost/base:1\nRUN set -e; apt-get update && apt-get install -y a; echo z > /z\nRUN if true; then apt-get install -y b; fi\n",
    "FROM localhost/base:1\nARG GIT_COMMIT=1\nRUN wget -V; echo y > /y\nRUN echo $GIT_COMMIT > /commit\n",
];

#[test]
fn fixed_files_build_the_same_image() {
    let Some(engine) = Engine::new() else {
        eprintln!("skipped: no buildah, or no static busybox");
        return;
    };
    let mut changed = 0;
    for text in FILES {
        let it = folder(&[
            ("Dockerfile", *text),
            (".dockerignore", "Dockerfile\n"),
            ("a.txt", "a"),
            ("b.txt", "b"),
            ("c.txt", "c"),
            ("data/one", "1"),
            ("data/sub/two", "2"),
        ]);
        engine.build("localhost/before", it.path());
        let before = engine.tree("localhost/before");
        let fix = [
            "check",
            "--no-config",
            "--profile=strict",
            "--fix",
            "--unsafe-fixes",
            "--quiet",
            "Dockerfile",
        ];
        run(layerwise(it.path()).args(fix));
        let fixed = std::fs::read_to_string(it.path().join("Dockerfile")).unwrap();
        changed += usize::from(fixed != *text);
        engine.build("localhost/after", it.path());
        let after = engine.tree("localhost/after");
        let only = |these: &str, others: &str| -> Vec<String> {
            let missing = these.lines().filter(|line| !others.lines().any(|it| it == *line));
            missing.map(str::to_owned).collect()
        };
        let differ = (only(&before, &after), only(&after, &before));
        assert_eq!(differ, (Vec::new(), Vec::new()), "{text}\n{fixed}");
        assert!(before.lines().count() > 50);
    }
    assert_eq!(changed, FILES.len());
}

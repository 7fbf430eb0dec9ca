//! What fixes save, measured by building them.

use super::*;

/// A name and the class of the waste, a wasteful Dockerfile and ignore file, and what is left when they are fixed.
pub(super) type Fixed =
    (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

pub(super) const FIXED: &[Fixed] = &[
    (
        "a clean-up in the same RUN",
        "W1",
        "COPY tools /tools\nRUN mkdir -p /var/lib/apt/lists && cp /tools/a /var/lib/apt/lists/index\nRUN cp /tools/b /usr-b\nRUN rm -r /var/lib/apt/lists\n",
        "",
        "COPY tools /tools\nRUN mkdir -p /var/lib/apt/lists && cp /tools/a /var/lib/apt/lists/index && rm -r /var/lib/apt/lists\nRUN cp /tools/b /usr-b\n",
        "",
    ),
    (
        "COPY --chown",
        "W3",
        "COPY tools /srv\nRUN chmod -R go-w /srv && busybox chown -R 7:8 /srv\n",
        "",
        "COPY --chown=7:8 tools /srv\n",
        "",
    ),
    (
        "merged RUNs",
        "W2",
        "COPY tools/a /in\nRUN cat /in > /out && cat /in >> /out\nRUN echo more >> /out\n",
        "",
        "COPY tools/a /in\nRUN cat /in > /out && cat /in >> /out && echo more >> /out\n",
        "",
    ),
    (
        "an ignore rule",
        "W9",
        "COPY . /srv\n",
        "Dockerfile\n",
        "COPY . /srv\n",
        "Dockerfile\n.git\n",
    ),
    (
        "a cache that is removed",
        "W5",
        "COPY tools /tools\nRUN mkdir -p /var/cache/apk && cat /tools/a /tools/b > /var/cache/apk/x && cp /tools/a /c\n",
        "",
        "COPY tools /tools\nRUN mkdir -p /var/cache/apk && cp /tools/a /c\n",
        "",
    ),
    (
        "a copy to the right place",
        "W4",
        "COPY tools /tmp-tools\nRUN mv /tmp-tools /opt\n",
        "",
        "COPY tools /opt\n",
        "",
    ),
    (
        "a link for a second copy",
        "W8",
        "COPY tools/a /one\nCOPY tools/a /two\n",
        "",
        "COPY tools/a /one\nRUN busybox ln -s one /two\n",
        "",
    ),
];

pub(super) fn predictions_hold_when_the_image_is_rebuilt(engines: &Engines) {
    let names: Vec<&str> = engines.builders().iter().map(|it| it.0).collect();
    let Some(name) = ["docker", "buildah"].into_iter().find(|it| names.contains(it)) else {
        return;
    };
    let options = engines.builders().into_iter().find(|it| it.0 == name).unwrap().1;
    let build = |steps: &str, ignore: &str| {
        let context = folder(&[
            ("Dockerfile", format!("FROM localhost/base:1\nENV PATH=/bin\n{steps}").into_bytes()),
            (".dockerignore", format!("{ignore}.dockerignore\n").into_bytes()),
            ("tools/a", noise(1, 700_000)),
            ("tools/b", "some words that are said again and again\n".repeat(20_000).into_bytes()),
            (".git/pack", noise(2, 900_000)),
        ]);
        let report =
            engines.measure(context.path(), &[&["--engine", name, "--what-if"], options].concat());
        report["images"][0].clone()
    };
    for (case, class, steps, ignore, fixed, fixed_ignore) in FIXED {
        let (wasteful, lean) = (build(steps, ignore), build(fixed, fixed_ignore));
        let number = |it: &Value, key: &str| it[key].as_i64().unwrap();
        let items = wasteful["waste"]["items"].as_array().unwrap();
        let alone = wasteful["what_if"]["alone"].as_array().unwrap();
        let is_it = |it: &&Value| items[it["item"].as_u64().unwrap() as usize]["class"] == *class;
        let predicted = alone.iter().find(is_it).unwrap_or_else(|| panic!("{case}: {items:?}"));
        let rebuilt = &lean["what_if"]["now"];
        let (a, b) = (number(predicted, "compressed"), number(rebuilt, "compressed"));
        eprintln!("  {case}: predicted {a}, rebuilt {b}, by {}", predicted["codes"]);
        assert!((a - b).abs() * 100 <= b, "{case}: predicted {a}, rebuilt {b}");
        // A link counts the bytes of its target.
        let links = if case.contains("link") { 3 } else { 0 };
        assert_eq!(number(predicted, "files") + links, number(rebuilt, "files"), "{case}");
        assert!(number(&wasteful["what_if"]["now"], "compressed") > a, "{case}");
    }
}

pub(super) fn a_stage_of_its_own_leaves_no_less_than_the_program(engines: &Engines) {
    let names: Vec<&str> = engines.builders().iter().map(|it| it.0).collect();
    let Some(name) = ["docker", "buildah"].into_iter().find(|it| names.contains(it)) else {
        return;
    };
    let options = engines.builders().into_iter().find(|it| it.0 == name).unwrap().1;
    let build = |text: &str| {
        let files = [
            ("Dockerfile", text.as_bytes().to_vec()),
            ("src/a", noise(1, 400_000)),
            ("src/b", noise(2, 900_000)),
        ];
        let context = folder(&files);
        let report =
            engines.measure(context.path(), &[&["--engine", name, "--what-if"], options].concat());
        report["images"][0]["what_if"].clone()
    };
    let steps =
        "ENV PATH=/bin\nCOPY src /src\nRUN cat /src/a /src/a > /opt-app && cp /src/b /scratch\n";
    let one = build(&format!("FROM localhost/base:1\n{steps}CMD [\"/opt-app\", \"--serve\"]\n"));
    let two = build(&format!(
        "FROM localhost/base:1 AS build\n{steps}FROM localhost/base:1\nCOPY --from=build /opt-app /opt-app\nCMD [\"/opt-app\", \"--serve\"]\n"
    ));
    let number = |it: &Value, key: &str| it[key].as_i64().unwrap();
    let (predicted, rebuilt) = (&one["program_alone"], &two["now"]);
    assert_eq!(number(predicted, "files"), number(rebuilt, "files"));
    let (a, b) = (number(predicted, "compressed"), number(rebuilt, "compressed"));
    eprintln!("  a stage of its own: predicted {a}, rebuilt {b}");
    assert!((a - b).abs() * 100 <= b, "{a} {b}");
    assert!(number(&one["together"], "compressed") > a);
}

pub(super) fn changed_files_are_verified_by_building_them(engines: &Engines) {
    let names: Vec<&str> = engines.builders().iter().map(|it| it.0).collect();
    let Some(name) = ["docker", "buildah"].into_iter().find(|it| names.contains(it)) else {
        return;
    };
    let options = engines.builders().into_iter().find(|it| it.0 == name).unwrap().1;
    let head = "FROM localhost/base:1\nENV PATH=/bin\nCOPY tools /tools\n";
    let verify = |steps: &str, changed: Option<&str>| {
        let context = folder(&[
            ("Dockerfile", format!("{head}{steps}").into_bytes()),
            ("other", format!("{head}{}", changed.unwrap_or_default()).into_bytes()),
            ("layerwise.yaml", b"profile: strict\n".to_vec()),
            (".dockerignore", b"Dockerfile\nother\nlayerwise.yaml\n.dockerignore\n".to_vec()),
            ("tools/a", noise(1, 300_000)),
        ]);
        let mut arguments = vec!["measure", "--format", "json", "--engine", name];
        arguments.extend(options);
        arguments.push(if changed.is_some() { "--verify=other" } else { "--verify" });
        let (code, out, err) = engines.layerwise(context.path(), &arguments);
        let report: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{err}"));
        (code, report["verified"].clone())
    };
    let wasteful = "RUN cp /tools/a /b\nRUN mv /b /c\nRUN chmod 600 /c\n";
    // Fixed by hand, and right.
    let (code, found) = verify(wasteful, Some("RUN cp /tools/a /c && chmod 600 /c\n"));
    assert_eq!((code, &found["same"]), (0, &Value::from(true)), "{found}");
    // Wrong: the mode is lost, and a file stays that was moved away.
    let (code, found) = verify(wasteful, Some("RUN cp /tools/a /b && cp /b /c\n"));
    assert_eq!((code, &found["same"]), (1, &Value::from(false)), "{found}");
    let different: Vec<_> = found["different"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["path"].as_str().unwrap(), it["change"].as_str().unwrap()))
        .collect();
    assert_eq!(different, [("b", "added"), ("c", "metadata")]);
    // One that does not build is reported with the engine's words.
    let (code, found) = verify(wasteful, Some("RUN false\n"));
    assert_eq!(code, 1);
    assert!(
        found["error"].as_str().unwrap().contains("line 4: the build failed at RUN"),
        "{found}"
    );
    // The fixes of our own rules.
    let (code, found) =
        verify("RUN mkdir /x\nRUN mkdir /y\nRUN mkdir /z\nRUN chmod 700 /x\n", None);
    assert_eq!((code, &found["same"]), (0, &Value::from(true)), "{found}");
    assert!(!found["fixes"].as_array().unwrap().is_empty(), "{found}");
    let (before, after) =
        (found["predicted"]["files"].as_u64(), found["measured"]["files"].as_u64());
    assert!(before.is_none() || before == after, "{found}");
}

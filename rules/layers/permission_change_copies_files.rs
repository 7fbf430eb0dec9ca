//! LW103: changing owner or mode of files of an earlier layer stores them again.

use crate::lint::prelude::*;
use crate::model::{How, PermissionChange, Shape, Write, covers};

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW103",
        name: "permission-change-copies-files",
        category: Category::Layers,
        once: Some(Once::File),
        measured_by: &[(3, "")],
        severity: Severity::Warning,
        shipped_only: true,
        outweighs: &["LW101", "DL3059"],
        summary: "`chown` or `chmod` of files that an earlier layer holds",
        why: "Layers store whole files. Changing just the owner or the mode of a file from an earlier layer \
              stores all its bytes a second time. A recursive `chown` of the application doubles its size in \
              the image.",
        bad: &[
            "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN chown -R node:node /app\n",
            "FROM debian:12\nCOPY --from=build /out/server /usr/local/bin/server\nRUN chmod +x /usr/local/bin/server\n",
            "FROM debian:12\nADD https://example.com/tool.bin /usr/local/bin/\nRUN chmod 755 /usr/local/bin/tool.bin\n",
            "FROM debian:12\nADD https://example.com/v1/tool /usr/bin/tool\nRUN chmod +x /usr/bin/tool\n",
            "FROM node:22\nWORKDIR /app\nCOPY package.json .\nRUN npm ci\nRUN chown -R node .\n",
            "FROM debian:12\nRUN git clone https://example.com/a/tool.git /opt/tool\nRUN chmod -R g+w /opt/tool\n",
        ],
        good: &[
            "FROM node:22\nWORKDIR /app\nCOPY --chown=node:node . .\n",
            "FROM debian:12\nRUN mkdir -p /data && chown -R app:app /data\n",
            "FROM debian:12\nRUN git clone https://example.com/a/tool.git /opt/tool && chmod -R g+w /opt/tool\n",
            "FROM debian:12\nCOPY entrypoint.sh /\nRUN chmod +x /entrypoint.sh\n",
            "FROM debian:12\nADD https://example.com/setup.bin /tmp/\nRUN chmod +x /tmp/setup.bin && /tmp/setup.bin && rm /tmp/setup.bin\n",
            "FROM node:22\nWORKDIR /app\nCOPY --chown=node:node . .\nRUN chown node:node /app\n",
            "FROM php:8.3-apache\nCOPY . /var/www/html\nRUN chown -R www-data /var/www/html/storage\n",
        ],
        references: &["https://docs.docker.com/reference/dockerfile/#copy---chown---chmod"],
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let mut told = Vec::new();
    let changes = cx.model.permission_changes();
    for change in &changes {
        let run = &cx.model.runs[change.run];
        // A layer stores a file once, however often its RUN changes it.
        if told.last() == Some(&change.run) {
            continue;
        }
        let beneath = cx.model.beneath(run.id());
        let near = cx.model.writes_in(change.targets.iter().map(|it| it.0.as_str()));
        let made: Vec<(&Write, Span)> = near
            .filter(|write| {
                beneath.contains(write.instruction)
                    && !cx.model.is_deleted_before(write, change.run, change.command)
                    && !is_deleted_after(cx, write, change)
                    && !is_stored_again(cx, write, change)
            })
            .filter_map(|write| Some((write, target_of(change, write)?)))
            .filter(|(write, _)| !cx.model.is_small_copy(write) && !is_small_text(cx, write))
            .collect();
        let Some(&(write, target)) = made.first() else { continue };
        let copied = made.iter().all(|it| matches!(it.0.how, How::Copied { .. }));
        // Whose files they are is known only of those that COPY and ADD bring.
        if is_to_root(change) && !copied {
            continue;
        }
        told.push(change.run);
        let verb = &run.script.commands[change.command].name;
        let path = &write.path;
        let message = format!("`{verb}` stores the files of `{path}` a second time");
        let message = if message.chars().count() > 80 {
            format!("`{verb}` stores files of an earlier layer a second time")
        } else {
            message
        };
        let finding = findings.report(target, message);
        for (write, _) in made.iter().take(3) {
            finding.label(write.span, "stored here first");
        }
        let bytes = made.iter().map(|it| cx.model.copied_bytes(it.0)).sum::<Option<u64>>();
        if let Some(bytes) = bytes.filter(|it| *it > 0) {
            finding.impact(Impact { bytes: Some(bytes), ..Impact::default() });
        }
        if is_copied_anyway(&changes, change, write)
            || bytes.is_some_and(|it| it < SMALL)
            || made.iter().all(|it| is_one_package(&it.0.path))
        {
            finding.only_in(Profile::Strict);
        }
        finding.help(help(change, write, verb, copied));
        if let [(write, _)] = made.as_slice()
            && let Some(fix) = given_to_copy(cx, change, write)
        {
            finding.fix(fix);
        }
    }
}

/// Whether a change gives files to root.
fn is_to_root(change: &PermissionChange) -> bool {
    !change.mode && is_root(&change.value)
}

/// What to do about a change of files that were stored before.
fn help(change: &PermissionChange, write: &Write, verb: &str, copied: bool) -> String {
    let flag = if change.mode { "--chmod" } else { "--chown" };
    if is_to_root(change) {
        format!("remove the `{verb}`: files from `COPY` and `ADD` already belong to root")
    } else if copied && change.mode && !is_octal(&change.value) && change.recursive {
        // One number is not the mode of files and folders alike.
        match write.how {
            How::Copied { from: true, .. } => {
                format!("run `{verb}` where the files are created, and remove it here")
            }
            _ => format!(
                "add `--chmod={}` to the instruction that copies them; letters need `# \
                     syntax=docker/dockerfile:1.14`",
                shorten(&change.value, 20)
            ),
        }
    } else if copied && change.mode {
        format!("add `{flag}=` to the instruction that copies them, and remove the `{verb}`")
    } else if copied {
        format!("add `{flag}=` to the instruction that copies them, after the user is created")
    } else {
        format!("run `{verb}` in the `RUN` that creates the files, or create them as that user")
    }
}

/// Whether the same RUN deletes the files later: then its layer does not hold them.
fn is_deleted_after(cx: &Context<'_>, write: &Write, change: &PermissionChange) -> bool {
    let mut later =
        cx.model.deletions_of(change.run).iter().filter(|it| it.command > change.command);
    later.any(|it| covers(&it.path, &write.path))
}

/// Whether another command of the RUN changes the file itself, so that its layer holds it anyway.
fn is_stored_again(cx: &Context<'_>, write: &Write, change: &PermissionChange) -> bool {
    let run = &cx.model.runs[change.run];
    let folder = cx.model.states[run.id()].workdir.as_deref();
    run.script.commands.iter().any(|command| {
        let rewrites = command.is("setcap")
            || command.is("strip")
            || command.is("upx")
            || command.is("patchelf")
            || (command.is("sed") && command.args.iter().any(|it| it.text.starts_with("-i")));
        rewrites
            && command.args.iter().any(|word| {
                cx.model.shell_path(run.id(), folder, word).is_some_and(|it| it == write.path)
            })
    })
}

/// Below this many bytes a second copy is not worth a word.
const SMALL: u64 = 500_000;

/// Whether a path is one package in `node_modules`, which may be large and mostly is not.
fn is_one_package(path: &str) -> bool {
    let name = path.trim_end_matches('/').rsplit_once("node_modules/").map_or("", |it| it.1);
    let parts = name.split('/').count();
    !name.is_empty() && (parts == 1 || parts == 2 && name.starts_with('@'))
}

/// Whether an owner is root, as all that is copied without `--chown` has it.
fn is_root(owner: &str) -> bool {
    let mut parts = owner.split(':');
    parts.all(|it| matches!(it, "" | "0" | "root")) && !owner.is_empty()
}

/// Whether a mode makes a file executable for its owner: it is a program, and no folder as it seems.
fn makes_executable(mode: &str) -> bool {
    mode.ends_with('x') || mode.trim_start_matches('0').starts_with(['5', '7'])
}

/// The target through which the change reaches files worth a word that the write made.
fn target_of(change: &PermissionChange, write: &Write) -> Option<Span> {
    let settled = match write.how {
        How::Copied { chown, chmod, .. } => {
            if change.mode {
                chmod
            } else {
                chown
            }
        }
        How::Moved => true,
        _ => false,
    };
    if settled {
        return None;
    }
    let program = matches!(write.how, How::Copied { from: true, .. } | How::Fetched) && change.mode;
    let tree = match write.shape {
        Shape::Tree => true,
        Shape::Unsure => matches!(write.how, How::Copied { .. } | How::Fetched),
        Shape::BigFile | Shape::File => false,
    };
    if change.mode
        && is_there_already(&change.value)
        && matches!(write.how, How::Copied { from: false, .. })
    {
        return None;
    }
    // Scripts are made executable, and are small.
    let scripts = change.value.ends_with("+x")
        && write.shape != Shape::BigFile
        && matches!(write.how, How::Copied { from: false, .. });
    if scripts {
        return None;
    }
    let hit = change.targets.iter().find(|(target, _)| {
        if change.recursive {
            (tree || write.shape == Shape::BigFile) && covers(target, &write.path)
        } else {
            let big = write.shape == Shape::BigFile
                || (program && makes_executable(&change.value) && write.shape == Shape::Unsure);
            big && *target == write.path
        }
    });
    hit.map(|it| it.1)
}

/// Whether files as git and builders make them have all that a mode in letters adds: everyone may read them, and the owner
/// may write them. What stays as it is is not stored again.
fn is_there_already(mode: &str) -> bool {
    mode.split(',').all(|clause| {
        let Some((who, added)) = clause.split_once('+') else { return false };
        let allowed = if who == "u" { "rwX" } else { "rX" };
        !added.is_empty()
            && who.chars().all(|it| "ugoa".contains(it))
            && added.chars().all(|it| allowed.contains(it))
    })
}

/// Whether the same RUN changes the owner as well as the mode of all in the folder: one option of COPY does not save the second
/// copy then.
fn is_copied_anyway(
    changes: &[PermissionChange],
    change: &PermissionChange,
    write: &Write,
) -> bool {
    let first = changes.partition_point(|it| it.run < change.run);
    let mut others = changes[first..].iter().take_while(|it| it.run == change.run);
    others.any(|it| it.mode != change.mode && it.recursive && target_of(it, write).is_some())
}

/// Whether a mode is written as a number.
fn is_octal(mode: &str) -> bool {
    !mode.is_empty() && mode.bytes().all(|it| matches!(it, b'0'..=b'7'))
}

/// Whether a copied file is text by its ending, a few kilobytes, unless the build context shows that it is large.
fn is_small_text(cx: &Context<'_>, write: &Write) -> bool {
    const ENDINGS: &[&str] = &[
        "cfg",
        "cnf",
        "conf",
        "crt",
        "env",
        "ini",
        "json",
        "pem",
        "properties",
        "service",
        "sh",
        "sql",
        "toml",
        "txt",
        "xml",
        "yaml",
        "yml",
    ];
    // Known programs of some 50 kB.
    const PROGRAMS: &[&str] = &["dumb-init", "gosu", "su-exec", "tini"];
    let target = write.path.rsplit('/').next().unwrap_or("");
    if write.path.starts_with("/etc/") || PROGRAMS.iter().any(|it| target.starts_with(it)) {
        return true;
    }
    let source = cx.doc().source.slice(write.span).trim_matches(['"', '\'']);
    let name = source.split(['?', '#']).next().unwrap_or("").rsplit('/').next().unwrap_or("");
    let ending = name.rsplit_once('.').map_or("", |it| it.1).to_ascii_lowercase();
    matches!(write.how, How::Copied { .. })
        && ENDINGS.binary_search(&ending.as_str()).is_ok()
        && cx.model.copied_bytes(write).is_none_or(|it| it < SMALL)
}

/// The option on the COPY in place of a RUN that does nothing else. A person has to look: the user must be there when the
/// COPY runs, and a folder that was there before keeps its owner.
fn given_to_copy(cx: &Context<'_>, change: &PermissionChange, write: &Write) -> Option<Fix> {
    let run = &cx.model.runs[change.run];
    let [command] = run.script.commands.as_slice() else { return None };
    let copy = &cx.doc().instructions[write.instruction];
    let is_remote = match copy.kind {
        Kind::Copy(_) => false,
        // A local archive is unpacked, with the modes that it has.
        Kind::Add(_) if matches!(write.how, How::Copied { from: true, .. }) => true,
        _ => return None,
    };
    let option = if change.mode { "chmod" } else { "chown" };
    // A mode in letters is one of BuildKit's newest versions only; `chgrp` has no option.
    // What comes from a URL is readable by its owner alone; that a program has to be readable too, `+x` takes for granted.
    let makes_program = is_remote && matches!(change.value.as_str(), "+x" | "a+x" | "ugo+x");
    let value = if makes_program { "755" } else { change.value.as_str() };
    let literal = match (change.mode, command.name.as_str()) {
        (true, _) if makes_program => true,
        (true, _) => {
            change.value.chars().all(|it| it.is_digit(8)) && (3..=4).contains(&change.value.len())
        }
        (false, "chown") => {
            change.value.chars().all(|it| it.is_ascii_alphanumeric() || "_-.:".contains(it))
        }
        _ => false,
    };
    let (one, stage) = (change.targets.len() == 1, cx.model.stage_of(run.id())?);
    let target = &change.targets.first()?.0;
    // Something else is there too, or another step may use the files as they are.
    let alone = cx.model.writes_in([target.as_str()]).count() == 1;
    let between = cx.doc().instructions[copy.id + 1..run.id()].iter();
    let is_quiet = between.into_iter().all(|it| {
        matches!(
            it.kind,
            Kind::Env(_) | Kind::Arg(_) | Kind::Label(_) | Kind::Expose(_) | Kind::Copy(_)
        )
    });
    // The mode of a tree is that of files and folders alike, which one number seldom is.
    let fits = literal
        && one
        && alone
        && is_quiet
        && stage.instructions.contains(&copy.id)
        && command.wrappers.is_empty()
        && run.instruction.flags.is_empty()
        && copy.flag(option).is_none()
        && (!change.mode || write.shape != Shape::Tree)
        && covers(target, &write.path);
    fits.then(|| {
        let mut edits = vec![Edit::delete(cx.lines_of(run.instruction))];
        if !change.mode && is_root(value) {
            return Fix::unsafe_("remove the `chown`", edits).effect(Effect::Instructions);
        }
        edits.insert(0, Edit::insert_after(copy.keyword_span, format!(" --{option}={value}")));
        let verb = if is_remote { "ADD" } else { "COPY" };
        Fix::unsafe_(format!("add `--{option}` to the `{verb}`"), edits)
            .effect(Effect::Instructions)
    })
}

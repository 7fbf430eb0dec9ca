//! What the builder refuses although each line of it is well formed.

use crate::escape::short_code_span;
use crate::model::{Base, ImageRef, Model, Stage, join};
use crate::source::Span;
use crate::syntax::{
    DigestFault, Instruction, Kind, MountType, Word, digest_fault, is_placeholder,
};

/// Something that no build gets past.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The place.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl Model<'_> {
    /// What BuildKit refuses, in order: names that are not images, stages that are not there, mounts over the root.
    pub fn refused(&self) -> Vec<Refused> {
        let mut found = Vec::new();
        for stage in &self.stages {
            found.extend(self.refused_base(stage));
            for instruction in &self.doc.instructions[stage.instructions.clone()] {
                match &instruction.kind {
                    Kind::Add(_) => found.extend(refused_owner(instruction)),
                    Kind::Copy(_) => {
                        found.extend(refused_owner(instruction));
                        let from = instruction.flag("from").and_then(|it| it.value.as_ref());
                        found.extend(from.and_then(|it| self.refused_source(stage, it, true)));
                    }
                    Kind::Run(run) => {
                        for mount in &run.mounts {
                            let from = mount.option("from");
                            found.extend(from.and_then(|it| self.refused_source(stage, it, false)));
                        }
                        found.extend(self.refused_targets(instruction));
                    }
                    _ => {}
                }
            }
        }
        found
    }

    fn refused_base(&self, stage: &Stage<'_>) -> Option<Refused> {
        let image = &stage.from.image;
        let text = image.literal()?;
        if !matches!(stage.base, Base::Image(_)) || ImageRef::is_valid(&text) {
            return None;
        }
        let lower = text.to_lowercase();
        if self.is_stage_before(stage, &lower) {
            // The builder makes stage names lower case, but not the name that FROM asks for.
            let message = format!("{} is not a stage: stage names are lower case", code(&text));
            let help = format!("write `{lower}`");
            return Some(Refused { span: image.span, message, help });
        }
        // Another program writes the name; the `$` of an argument may have been forgotten.
        let is_argument =
            || self.scopes.global.iter().any(|it| it.name.eq_ignore_ascii_case(&text));
        if is_placeholder(&text) && !is_argument() {
            return None;
        }
        Some(no_image(image.span, &text))
    }

    /// What is wrong with the name of a stage or image to take files from. Only COPY takes the number of a stage.
    fn refused_source(
        &self,
        stage: &Stage<'_>,
        word: &Word<'_>,
        by_number: bool,
    ) -> Option<Refused> {
        // That variables are not expanded here is its own error.
        let text = word.literal().filter(|it| !it.is_empty() && !it.contains('$'))?;
        let refuse =
            |message: String, help: String| Some(Refused { span: word.span, message, help });
        let later = match text.parse::<usize>() {
            Ok(number) if by_number => {
                let Some(stage) = self.stages.get(number) else {
                    let last = self.stages.len().saturating_sub(1);
                    let message = format!("there is no stage {}", code(&text));
                    return refuse(message, format!("stages count from 0; the last one is {last}"));
                };
                Some(stage)
            }
            Ok(_) => return None,
            Err(_) => {
                let lower = text.to_lowercase();
                // Of several stages with one name the last one before this is meant.
                if stage.name.as_ref() == Some(&lower) || self.is_stage_before(stage, &lower) {
                    return None;
                }
                self.stage_after(stage, &lower)
            }
        };
        match later {
            Some(later) if later.id > stage.id => {
                let message = format!("the stage {} comes after this one", code(&text));
                refuse(message, "move it up: a stage can copy only from those above".to_owned())
            }
            None if !ImageRef::is_valid(&text) => Some(no_image(word.span, &text)),
            _ => None,
        }
    }

    /// The mounts that would be over the root of the file system.
    fn refused_targets(&self, instruction: &Instruction<'_>) -> Vec<Refused> {
        let Kind::Run(run) = &instruction.kind else { return Vec::new() };
        let workdir = self.states[instruction.id].workdir.as_deref();
        let over = |kind| matches!(kind, MountType::Bind | MountType::Cache | MountType::Tmpfs);
        let targets = run.mounts.iter().filter(|it| over(it.kind)).filter_map(|mount| {
            let target = mount.option("target")?;
            let path = target.literal().filter(|it| !it.is_empty())?;
            (join(workdir, &path)? == "/").then_some(target.span)
        });
        let refuse = |span| Refused {
            span,
            message: "a mount cannot cover `/`".to_owned(),
            help: "name the folder that the command uses".to_owned(),
        };
        targets.map(refuse).collect()
    }
}

/// An owner by name of a linked copy: the copy is made on the empty image, which has no users.
fn refused_owner(instruction: &Instruction<'_>) -> Option<Refused> {
    let link = instruction.flag("link")?.value.as_ref();
    let is_on = link.is_none_or(|it| it.text.eq_ignore_ascii_case("true"));
    // With a mode the builder does not link.
    let is_linked = is_on && instruction.flag("chmod").is_none();
    let owner = instruction.flag("chown").and_then(|it| it.value.as_ref()).filter(|_| is_linked)?;
    let text = owner.literal()?;
    let by_name =
        |it: &&str| !it.is_empty() && *it != "root" && !it.chars().all(|it| it.is_ascii_digit());
    let name = text.split(':').find(by_name)?;
    Some(Refused {
        span: owner.span,
        message: format!("`--link` cannot look up {}: its layer has no users", code(name)),
        help: "use the IDs of the user and group, such as `--chown=1000:1000`".to_owned(),
    })
}

/// What is wrong with a name that no registry takes.
fn no_image(span: Span, text: &str) -> Refused {
    let image = ImageRef::parse(text);
    let shown = code(text);
    let capital = image.repository.contains(char::is_uppercase);
    let fault = image.digest.as_deref().and_then(digest_fault);
    let (message, help) = if text.ends_with(':') {
        (format!("{shown} has no tag after its colon"), "write the tag".to_owned())
    } else if capital {
        let lower = image.repository.to_lowercase();
        let help = format!("write `{}`", text.replace(&image.repository, &lower));
        (format!("{shown} has capital letters, which image names cannot have"), help)
    } else if let Some(fault) = fault {
        let help = match fault {
            DigestFault::Length(length) => format!("copy all {length} digits of the digest"),
            _ => "write `@sha256:` and the 64 digits of the digest".to_owned(),
        };
        (format!("the digest of {shown} is not valid"), help)
    } else {
        let help = "image names are lower case, with single `.`, `_` or `-` inside".to_owned();
        (format!("{shown} is not a valid image name"), help)
    };
    Refused { span, message, help }
}

fn code(text: &str) -> String {
    short_code_span(text, 30)
}

#[cfg(test)]
mod tests {
    use crate::model::tests::of;

    /// Each refusal as the words it points at and its message.
    fn refused(text: &str) -> Vec<(String, String)> {
        of(text, |model| {
            let found = model.refused().into_iter();
            found.map(|it| (model.doc.source.slice(it.span).to_owned(), it.message)).collect()
        })
    }

    fn one(place: &str, message: &str) -> Vec<(String, String)> {
        vec![(place.to_owned(), message.to_owned())]
    }

    #[test]
    fn names_that_another_program_writes_are_no_faults() {
        for name in ["REPLACE-ME", "BASE_IMAGE", "__image__", "CHANGEME", "REPLACE_BASE_CENTOS"] {
            assert_eq!(refused(&format!("FROM {name} AS x\nRUN make\n")), [], "{name}");
        }
        let message = "`BASE_IMAGE` has capital letters, which image names cannot have";
        assert_eq!(refused("ARG BASE_IMAGE=a:1\nFROM BASE_IMAGE\n"), one("BASE_IMAGE", message));
    }

    #[test]
    fn names_that_no_registry_takes() {
        let tag = one("alpine:", "`alpine:` has no tag after its colon");
        assert_eq!(refused("FROM alpine:\n"), tag);
        assert_eq!(
            refused("FROM A\n"),
            one("A", "`A` has capital letters, which image names cannot have")
        );
        let team =
            one("x.io/Team/a", "`x.io/Team/a` has capital letters, which image names cannot have");
        assert_eq!(refused("FROM x.io/Team/a\n"), team);
        let other = one("a//b", "`a//b` is not a valid image name");
        assert_eq!(refused("FROM a//b\n"), other);
        let digest = one("a@sha256:12", "the digest of `a@sha256:12` is not valid");
        assert_eq!(refused("FROM a@sha256:12\n"), digest);
        let stage = one("Build", "`Build` is not a stage: stage names are lower case");
        assert_eq!(refused("FROM a AS Build\nFROM Build\n"), stage);
        let copied = one("A:1", "`A:1` has capital letters, which image names cannot have");
        assert_eq!(refused("FROM a\nCOPY --from=A:1 b c\n"), copied);
        assert_eq!(refused("FROM UPPER/case:3\nFROM scratch\nFROM $X\n"), []);
    }

    #[test]
    fn stages_that_are_not_there() {
        assert_eq!(refused("FROM a\nCOPY --from=1 b c\n"), one("1", "there is no stage `1`"));
        let later = one("1", "the stage `1` comes after this one");
        assert_eq!(refused("FROM a\nCOPY --from=1 b c\nFROM b\n"), later);
        let later = one("late", "the stage `late` comes after this one");
        assert_eq!(refused("FROM a\nCOPY --from=late b c\nFROM b AS late\n"), later);
        assert_eq!(refused("FROM a\nRUN --mount=from=late x\nFROM b AS late\n"), later);
        // An image may have the name of a number, and a name may be given twice.
        assert_eq!(refused("FROM a\nRUN --mount=from=7,target=/x x\n"), []);
        let twice = "FROM a AS b\nFROM c\nCOPY --from=B x y\nFROM d AS b\n";
        assert_eq!(refused(twice), []);
        assert_eq!(refused("FROM a\nFROM b\nCOPY --from=0 b c\n"), []);
    }

    #[test]
    fn owners_of_linked_copies_are_numbers() {
        let name = "`--link` cannot look up `app`: its layer has no users";
        let copy = |flags: &str| refused(&format!("FROM a\nCOPY {flags} b /c\n"));
        assert_eq!(copy("--link --chown=app:app"), one("app:app", name));
        assert_eq!(copy("--link=true --chown=1000:app"), one("1000:app", name));
        assert_eq!(refused("FROM a\nADD --chown=app --link b /c\n"), one("app", name));
        for good in [
            "--link --chown=1000:1000",
            "--chown=app",
            "--link=false --chown=app",
            "--link --chown=$OWNER",
            "--link --chown=app --chmod=755",
            "--link --chown=root:0",
        ] {
            assert_eq!(copy(good), [], "{good}");
        }
    }

    #[test]
    fn mounts_over_the_root() {
        let root = one("/", "a mount cannot cover `/`");
        assert_eq!(refused("FROM a\nRUN --mount=type=cache,target=/ x\n"), root);
        assert_eq!(refused("FROM a\nRUN --mount=type=tmpfs,dst=/ x\n"), root);
        let dots = one("..", "a mount cannot cover `/`");
        assert_eq!(refused("FROM a\nWORKDIR /x\nRUN --mount=target=.. x\n"), dots);
        assert_eq!(refused("FROM a\nRUN --mount=target=. x\n"), []);
        assert_eq!(refused("FROM a\nRUN --mount=type=secret,id=a,target=/ x\n"), []);
        assert_eq!(refused("FROM a\nWORKDIR /x\nRUN --mount=target=. x\n"), []);
    }
}

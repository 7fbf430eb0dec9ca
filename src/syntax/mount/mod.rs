//! `RUN --mount=…` and `RUN --device=…`: comma separated options.

mod fields;

use fields::{fields, is_bool, is_size};

use super::ast::{Mount, MountOption, MountType, Word};
use super::cx::Cx;
use super::flags::RawFlag;
use super::message::{code, did_you_mean};
use super::text::Mapped;
use crate::source::Span;

/// The keys of a mount with their canonical names.
const KEYS: [(&str, &str); 19] = [
    ("destination", "target"),
    ("dst", "target"),
    ("env", "env"),
    ("from", "from"),
    ("gid", "gid"),
    ("id", "id"),
    ("mode", "mode"),
    ("readonly", "readonly"),
    ("readwrite", "readwrite"),
    ("required", "required"),
    ("ro", "readonly"),
    ("rw", "readwrite"),
    ("sharing", "sharing"),
    ("size", "size"),
    ("source", "source"),
    ("src", "source"),
    ("target", "target"),
    ("type", "type"),
    ("uid", "uid"),
];

/// The kinds of mounts by name.
const TYPES: [(&str, MountType); 5] = [
    ("bind", MountType::Bind),
    ("cache", MountType::Cache),
    ("tmpfs", MountType::Tmpfs),
    ("secret", MountType::Secret),
    ("ssh", MountType::Ssh),
];

/// Reads the value of a `--mount`.
pub(super) fn parse<'s>(cx: &mut Cx, file: &'s str, flag: &RawFlag<'s>) -> Mount<'s> {
    let mut mount = Mount { kind: MountType::Bind, span: flag.span, options: Vec::new() };
    for field in fields(cx, file, flag) {
        let option = option(cx, &field);
        check(cx, &mut mount, &option, field.as_str());
        mount.options.push(option);
    }
    check_whole(cx, &mount);
    mount
}

/// Checks the value of a `--device`.
pub(super) fn device<'s>(cx: &mut Cx, file: &'s str, flag: &RawFlag<'s>) {
    let mut named = false;
    for field in fields(cx, file, flag) {
        let text = field.as_str();
        let span = field.span(field.range());
        let (key, value) = text.split_once('=').map_or((text, None), |(key, it)| (key, Some(it)));
        match (key.to_ascii_lowercase().as_str(), value) {
            ("required", None) => {}
            ("required", Some(value)) if is_bool(value) => {}
            ("required", Some(value)) => {
                let message = format!("`required` takes `true` or `false`, not {}", code(value));
                cx.refuse(span, message, "write `required` or `required=false`");
            }
            ("name", Some(_)) if named => {
                cx.refuse(span, "the device has two names", "keep one of the names");
            }
            ("name", Some(_)) => named = true,
            _ if !named => named = true,
            _ => {
                let help = "a device takes a name and `required`";
                cx.refuse(span, format!("unknown device option {}", code(key)), help);
            }
        }
    }
}

fn option<'s>(cx: &mut Cx, field: &Mapped<'s>) -> MountOption<'s> {
    let text = field.as_str();
    let equals = text.find('=');
    let lower = text[..equals.unwrap_or(text.len())].to_ascii_lowercase();
    let key = canonical(&lower).map_or(lower.into(), Into::into);
    let value = equals.map(|equals| cx.word(field, equals + 1..text.len()));
    MountOption { key, value, span: field.span(field.range()) }
}

fn canonical(key: &str) -> Option<&'static str> {
    KEYS.iter().find(|(name, _)| *name == key).map(|(_, canonical)| *canonical)
}

/// Checks one option against those before it.
fn check(cx: &mut Cx, mount: &mut Mount<'_>, option: &MountOption<'_>, field: &str) {
    let Some(value) = &option.value else { return check_bare(cx, mount, option, field) };
    let place = if value.span.is_empty() { option.span } else { value.span };
    if option.key == "from" {
        return check_from(cx, value);
    }
    let literal = value.literal();
    if option.key == "type" {
        return set_type(cx, mount, value, literal.as_deref());
    }
    if misplaced(mount.kind, &option.key) {
        return refuse_key(cx, mount, option);
    }
    let Some(text) = literal else { return };
    let valid = match &*option.key {
        "readonly" | "readwrite" | "required" => is_bool(&text),
        "size" => is_size(&text),
        "sharing" => ["shared", "private", "locked"].iter().any(|it| text.eq_ignore_ascii_case(it)),
        "mode" => u32::from_str_radix(&text, 8).is_ok() && !text.starts_with('+'),
        "uid" | "gid" => text.parse::<u32>().is_ok() && !text.starts_with('+'),
        "source" | "target" | "id" | "env" => true,
        _ => return unknown_key(cx, option),
    };
    if !valid {
        let help = match &*option.key {
            "size" => "write a number of bytes, or one with a unit, such as `64m`",
            "sharing" => "use `shared`, `private` or `locked`",
            "mode" => "write the mode in octal, such as `0755`",
            "uid" | "gid" => "write a number; names are not looked up",
            _ => "use `true` or `false`",
        };
        cx.refuse(place, format!("`{}` cannot be {}", option.key, code(&text)), help);
    }
}

fn check_bare(cx: &mut Cx, mount: &Mount<'_>, option: &MountOption<'_>, field: &str) {
    match &*option.key {
        "required" if misplaced(mount.kind, "required") => refuse_key(cx, mount, option),
        // `z`, `Z` and `U` are podman's and buildah's: a rule reports them.
        "readonly" | "readwrite" | "required" | "z" | "u" => {}
        "" => cx.refuse(option.span, "a mount option is empty", "remove the comma"),
        _ => {
            let message = format!("mount option {} lacks its value", code(field));
            cx.refuse(option.span, message, "write it as `key=value`");
        }
    }
}

fn check_from(cx: &mut Cx, value: &Word<'_>) {
    if value.text.find('$').is_some_and(|at| at + 1 != value.text.len()) {
        cx.refuse(
            value.span,
            "`from` of a mount does not expand variables",
            "add a stage for the image, `FROM $IMAGE AS name`, and mount from it",
        );
    }
}

fn set_type(cx: &mut Cx, mount: &mut Mount<'_>, value: &Word<'_>, literal: Option<&str>) {
    mount.kind = MountType::Unknown;
    let Some(text) = literal else { return };
    let known = TYPES.iter().find(|(name, _)| text.eq_ignore_ascii_case(name));
    if let Some((_, kind)) = known {
        mount.kind = *kind;
        return;
    }
    let otherwise = "use `bind`, `cache`, `tmpfs`, `secret` or `ssh`";
    let help = did_you_mean(text, TYPES.iter().map(|(name, _)| *name), "", otherwise);
    cx.refuse(value.span, format!("unknown mount type {}", code(text)), help);
}

/// Whether an option is refused for the type that was given before it.
fn misplaced(kind: MountType, key: &str) -> bool {
    match key {
        "required" => !matches!(kind, MountType::Secret | MountType::Ssh | MountType::Unknown),
        "size" => !matches!(kind, MountType::Tmpfs | MountType::Unknown),
        _ => false,
    }
}

fn refuse_key(cx: &mut Cx, mount: &Mount<'_>, option: &MountOption<'_>) {
    let message = format!("a `{}` mount does not support `{}`", name(mount.kind), option.key);
    let help = "remove it, or add the right `type=` before it";
    cx.refuse(option.span, message, help);
}

fn unknown_key(cx: &mut Cx, option: &MountOption<'_>) {
    let names = KEYS.iter().map(|(name, _)| *name);
    let help = did_you_mean(&option.key, names, "", "see the documentation of `RUN --mount`");
    cx.refuse(option.span, format!("unknown mount option {}", code(&option.key)), help);
}

fn name(kind: MountType) -> &'static str {
    TYPES.iter().find(|(_, it)| *it == kind).map_or("", |(name, _)| name)
}

/// Checks options against each other.
fn check_whole(cx: &mut Cx, mount: &Mount<'_>) {
    let place = |key: &str| {
        let option = mount.options.iter().rev().find(|option| option.key == key)?;
        option.value.as_ref().filter(|value| !value.text.is_empty()).map(|_| option.span)
    };
    let mut refuse = |span: Option<Span>, message: String| {
        if let Some(span) = span {
            cx.refuse(span, message, "remove the option");
        }
    };
    let kind = mount.kind;
    if matches!(kind, MountType::Bind | MountType::Tmpfs) {
        for key in ["mode", "uid", "gid"] {
            refuse(place(key), format!("a `{}` mount does not support `{key}`", name(kind)));
        }
    }
    if !matches!(kind, MountType::Cache | MountType::Unknown) {
        refuse(place("sharing"), format!("a `{}` mount does not support `sharing`", name(kind)));
    }
    if kind != MountType::Secret {
        return;
    }
    refuse(place("from"), "a `secret` mount does not support `from`".to_owned());
    if place("source").is_some() {
        refuse(place("id"), "a secret cannot have both `source` and `id`".to_owned());
    }
    if ["id", "source", "target"].iter().all(|key| place(key).is_none()) {
        let help = "add `id=` with the name that the build uses for the secret";
        cx.refuse(mount.span, "a `secret` mount needs `id`, `source` or `target`", help);
    }
}

#[cfg(test)]
mod tests {
    use crate::source::Source;
    use crate::syntax::{Kind, Mount, MountType, parse};

    fn read<T>(flags: &str, look: impl Fn(&Mount<'_>) -> T) -> (T, Vec<String>) {
        let source = Source::new("", format!("FROM x\nRUN {flags} a\n"));
        let doc = parse(&source);
        let Kind::Run(run) = &doc.instructions[1].kind else { panic!("no RUN") };
        let found = look(&run.mounts[0]);
        (found, doc.errors.into_iter().map(|error| error.message).collect())
    }

    fn messages(options: &str) -> Vec<String> {
        read(&format!("--mount={options}"), |_| ()).1
    }

    #[test]
    fn synonyms_are_one_key() {
        let ((kind, keys), errors) = read("--mount=TYPE=Cache,dst=/x,\\\nro,id=$a", |mount| {
            let keys: Vec<_> = mount.options.iter().map(|it| it.key.to_string()).collect();
            (mount.kind, keys)
        });
        assert_eq!((kind, errors.len()), (MountType::Cache, 0));
        assert_eq!(keys, ["type", "target", "readonly", "id"]);
    }

    #[test]
    fn the_last_value_of_an_option_counts() {
        let (id, errors) = read("--mount=type=cache,target=/x,id=a,id=b", |mount| {
            mount.option("id").map(|value| value.text.to_string())
        });
        assert_eq!((id.as_deref(), errors.len()), (Some("b"), 0));
    }

    #[test]
    fn fields_may_be_quoted() {
        let (source, errors) = read(r#"--mount=\"source=a,b\",target=/c"#, |mount| {
            mount.option("source").map(|value| value.text.to_string())
        });
        assert_eq!((source.as_deref(), errors.len()), (Some("a,b"), 0));
        assert_eq!(messages(r#"a=\"b\""#), ["a quote in the options is out of place"]);
    }

    #[test]
    fn options_fit_their_type() {
        for (options, message) in [
            ("type=foo", "unknown mount type `foo`"),
            ("foo=1", "unknown mount option `foo`"),
            ("target", "mount option `target` lacks its value"),
            ("target=/a,", "a mount option is empty"),
            ("target=/a,,rw", "a mount option is empty"),
            ("type=bind,required", "a `bind` mount does not support `required`"),
            ("size=1,type=tmpfs", "a `bind` mount does not support `size`"),
            ("type=tmpfs,size=1x", "`size` cannot be `1x`"),
            ("type=bind,uid=1", "a `bind` mount does not support `uid`"),
            ("type=ssh,sharing=locked", "a `ssh` mount does not support `sharing`"),
            ("type=cache,sharing=x", "`sharing` cannot be `x`"),
            ("type=cache,mode=888", "`mode` cannot be `888`"),
            ("type=secret,env=A", "a `secret` mount needs `id`, `source` or `target`"),
            ("type=secret,id=a,source=b", "a secret cannot have both `source` and `id`"),
            ("type=secret,id=a,from=b", "a `secret` mount does not support `from`"),
            ("from=$a", "`from` of a mount does not expand variables"),
            ("rw=x", "`readwrite` cannot be `x`"),
        ] {
            assert_eq!(messages(options), [message], "{options}");
        }
        for good in
            ["type=$t,size=1", "type=secret,id=a,required", "target=.", "type=tmpfs,size=1.5g"]
        {
            assert_eq!(messages(good), [""; 0], "{good}");
        }
    }
}

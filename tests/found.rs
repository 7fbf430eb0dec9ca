//! What fuzzing has found, each made as small as it goes; none of it may come back.

mod oracles;

#[test]
fn messages_that_were_too_long() {
    oracles::parser("# escape=123456789012345678901234567890\nFROM x\n".as_bytes());
    let long = "'".repeat(40);
    oracles::parser(format!("FROM x\nCOPY a<<b{long} /c\nb\n").as_bytes());
    // Fences around backticks count.
    for name in ["`".repeat(40), format!("{}é", "`".repeat(12)), format!("a{}", "`b``".repeat(9))]
    {
        for line in
            [format!("COPY --c{name} a b"), format!("{name} a"), format!("RUN --mount={name}=b c")]
        {
            oracles::parser(format!("FROM x\n{line}\n").as_bytes());
        }
    }
}

#[test]
fn values_of_flags_that_were_elsewhere() {
    for flag in ["--chmod\\=$I", "--chmod\\=755\"p\",I$I$Ix", "--from\"=\"${a}", "'--from\\='$a"] {
        oracles::parser(format!("FROM x\nADD {flag}").as_bytes());
        oracles::check(format!("FROM x\nCOPY {flag} a /b\n").as_bytes());
    }
}

#[test]
fn places_that_were_in_the_middle_of_a_character() {
    oracles::check("FROM x\nRUN a # b  \\\n  é=c && d \\\n  e\n".as_bytes());
    oracles::check("FROM x\nRUN a \"$(b #c)\"  \\\n \u{1d11e}d  \\\n\n".as_bytes());
}

#[test]
fn assignments_whose_places_were_guessed() {
    for text in ["dy[é]=", "a[b c]+=d e", "a+=é b", "[\u{fffd}]=a", "a[$(b)]=é c"] {
        oracles::shell(text.as_bytes());
        oracles::check(format!("FROM a\nRUN {text}\n").as_bytes());
    }
}

#[test]
fn comments_that_fixes_changed() {
    oracles::fix(
        "FROM debian:12\nEXPOS\\\n#c\nE 8080\nRUN a\nfro\\\n# c\nm debian:12 A\\\n# s\ns b\n"
            .as_bytes(),
    );
    oracles::fix("FROM debian:12 a\\\n# c\ns b\nEXPOSE 1\nRUN a\n".as_bytes());
    // A comment in an instruction that has no effect.
    oracles::fix("FROM a\nCMD [\"b\", \\\n# c\n\"d\"]\nCMD [\"e\"]\n".as_bytes());
    // A comment between an instruction's keyword in a RUN and what follows it.
    for text in ["RUN \\\n# b\nRUN \\\n# c\nd\n", "RUN a && RUN \\\n  # b\n  c\n"] {
        oracles::fix(format!("FROM a\n{text}").as_bytes());
    }
}

/// Nothing is announced that the proof undoes.
#[test]
fn fixes_that_were_undone() {
    for text in [
        // A group of patterns that is never closed takes in what is put behind it.
        "FROM node:22\nRUN yarn install && yarn cache c!(\n",
        "FROM rockylinux:9\nRUN dnf upgrade -y && dnf cl*(ean all\n",
        "FROM opensuse/leap:15.6\nRUN zypper install httpd=2!(.4.62 && zypper clean\n",
        "FROM debian:12\nRUN useradd -?(no-c |6 a\nRUN useradd a\n",
        "FROM debian:12\nRUN apt-get update && apt-get install -y curl > +(x y\n",
        "FROM debian:12\nRUN apt-get install -y curl && A=@(b c\nRUN d\n",
        "FROM opensuse/leap:15.6\nRUN zypper -n up && zypper -n i${x:-n dup-tools=1\n",
        "FROM debian:12\nRUN apt-get update && apt-get install -y curl \"${a:-${b}\n",
        "FROM a\nRUN b ${c\nRUN d\n",
        "FROM fedora:41\nRUN dnf install -y a-${b c $(d}\n",
        "FROM fedora:41\nRUN dnf install -y a-${b c `d}\n",
        // A RUN of which nothing is left without its comments.
        "FROM alpine:3.20\nRUN \\\n  # a\n  apk add --no-cache git=2\n\nRUN \\\n# an `apk add\n",
        "FROM a\nRUN b\nRUN # c\n",
        "FROM a\nRUN b\nRUN \n",
        "FROM a\nRUN b\nRUN \\\n\n",
        // A word that is broken reads on in what is put behind it.
        "FROM a\nCOPY b c /usr${d/e\u{b}",
        "FROM a\nCOPY b c d${e\n",
        "FROM a\nCOPY b c \"d${e\"\n",
        "FROM a\nCOPY b c d'e\n",
        "FROM a\nCOPY b c ${d#e\n",
        // A bracket where a word can have none.
        "FROM a\nRUN b\nRUN a -?-on(c |6 a\n",
        "FROM a\nRUN b *c(d\nRUN e\n",
        // A broken word hides a heredoc.
        "FROM a\nRUN N <<E ${\n",
        "FROM a\nRUN cat <<E $A ${b\n",
        "FROM a\nRUN echo $A <<'E' \"${b\n",
        // Messages that quote backticks.
        "FROM golang:1.23 AS bMMMMMMMMMMMMMMMMMMMMM`MMMMMMMMMMMMMMMFROM debian:12 AS x\n",
        "FROM a AS `B\n",
        "from a as B``\nFROM B`` AS C\n",
        "from a as b`\nrun --Mount`=X y\n",
    ] {
        oracles::fix(text.as_bytes());
    }
}

#[test]
fn settings_that_were_written_as_no_yaml() {
    let key = "a:".repeat(600);
    for file in ["label-schema:\n  ? \"{}\"\n  : text\n", "build-args:\n  ? \"{}\"\n  : b\n"] {
        oracles::configuration(file.replace("{}", &key).as_bytes());
    }
}

/// The shell parser fails on continued lines with backticks and characters of several bytes. That costs this text, which is
/// reported, and nothing else of the file.
#[test]
fn texts_that_the_shell_parser_fails_on() {
    for text in ["\"\\\n`és`\",", "\"\\\n`é`\",\n", "a \"b\\\n`ñ c`\" d\"\n"] {
        oracles::shell(text.as_bytes());
        oracles::check(format!("FROM a\nRUN <<'EOF'\n{text}\nEOF\nMAINTAINER b\n").as_bytes());
    }
}

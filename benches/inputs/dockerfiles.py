"""Dockerfiles: each instruction, each flag, each form of words, lines and comments repeated."""
from .common import FROM, as_bytes, dockerfile, lines, nested, repeat

# Each instruction: its line as it is repeated, its line with a number, and one line whose operands are repeated
# (start, operand, end).
INSTRUCTIONS = {
    "ADD": ("ADD a /b\n", "ADD a{i} /b{i}\n", ("ADD ", "a{i} ", "/b/\n")),
    "ADD of an address": ("ADD https://e.io/a.tgz /b\n", "ADD https://e.io/a{i}.tgz /b{i}\n",
                          ("ADD ", "https://e.io/a{i} ", "/b/\n")),
    "ARG": ("ARG A=b\n", "ARG A{i}=$A{i-1}\n", ("ARG ", "A{i}=b ", "\n")),
    "CMD": ("CMD a\n", "CMD [\"a{i}\"]\n", ("CMD [\"a\"", ", \"b{i}\"", "]\n")),
    "COPY": ("COPY a /b\n", "COPY a{i} /b{i}\n", ("COPY ", "a{i} ", "/b/\n")),
    "COPY of all": ("COPY . .\n", "COPY . /b{i}\n", ("COPY ", ". ", "/b/\n")),
    "COPY by pattern": ("COPY a* /b\n", "COPY a{i}* /b{i}\n", ("COPY ", "*/a{i}* ", "/b/\n")),
    "COPY in JSON": ("COPY [\"a\", \"/b\"]\n", "COPY [\"a{i}\", \"/b{i}\"]\n", ("COPY [", "\"a{i}\",", "\"/b/\"]\n")),
    "ENTRYPOINT": ("ENTRYPOINT a\n", "ENTRYPOINT [\"a{i}\"]\n", ("ENTRYPOINT [\"a\"", ",\"b{i}\"", "]\n")),
    "ENV": ("ENV A=b\n", "ENV A{i}=$A{i-1}b\n", ("ENV ", "A{i}=b ", "\n")),
    "ENV in the old form": ("ENV A b\n", "ENV A{i} b\n", ("ENV A ", "b{i} ", "\n")),
    "EXPOSE": ("EXPOSE 80\n", "EXPOSE {i}\n", ("EXPOSE ", "{i} ", "\n")),
    "EXPOSE of ranges": ("EXPOSE 1-65535\n", "EXPOSE {i}-65535/udp\n", ("EXPOSE ", "{i}-65535/x ", "\n")),
    "FROM": ("FROM a\n", "FROM a:{i} AS s{i}\n", ("FROM ", "a{i}/", "\n")),
    "HEALTHCHECK": ("HEALTHCHECK CMD a\n", "HEALTHCHECK CMD curl localhost:{i}\n", ("HEALTHCHECK CMD [\"a\"", ",\"b\"", "]\n")),
    "LABEL": ("LABEL a=b\n", "LABEL a{i}=b\n", ("LABEL ", "a{i}=b ", "\n")),
    "MAINTAINER": ("MAINTAINER a\n", "MAINTAINER a{i}\n", ("MAINTAINER ", "a{i} ", "\n")),
    "ONBUILD": ("ONBUILD RUN a\n", "ONBUILD COPY a{i} /b\n", ("ONBUILD ", "ONBUILD ", "RUN a\n")),
    "ONBUILD ENV": ("ONBUILD ENV A=b\n", "ONBUILD ENV A{i}=b\n", ("ONBUILD ENV ", "A{i}=b ", "\n")),
    "RUN": ("RUN a\n", "RUN a{i}\n", ("RUN ", "a{i} ", "\n")),
    "RUN in JSON": ("RUN [\"a\"]\n", "RUN [\"a\", \"{i}\"]\n", ("RUN [\"a\"", ",\"b{i}\"", "]\n")),
    "SHELL": ("SHELL [\"sh\", \"-c\"]\n", "SHELL [\"sh{i}\", \"-c\"]\nRUN a | b\n", ("SHELL [\"a\"", ",\"b{i}\"", "]\n")),
    "STOPSIGNAL": ("STOPSIGNAL 9\n", "STOPSIGNAL {i}\n", ("STOPSIGNAL ", "{i}", "\n")),
    "USER": ("USER a\n", "USER a{i}:b{i}\n", ("USER ", "a{i}:", "\n")),
    "VOLUME": ("VOLUME /a\n", "VOLUME /a{i}\n", ("VOLUME ", "/a{i} ", "\n")),
    "VOLUME in JSON": ("VOLUME [\"/a\"]\n", "VOLUME [\"/a{i}\"]\n", ("VOLUME [\"/a\"", ",\"/b{i}\"", "]\n")),
    "WORKDIR": ("WORKDIR a\n", "WORKDIR /a{i}\n", ("WORKDIR ", "a{i}/", "\n")),
    "unknown": ("foo bar\n", "foo{i} bar\n", ("foo ", "bar{i} ", "\n")),
    "lower case": ("run a\nCopy b c\n", "run a{i}\nCopy b{i} /c\n", ("copy ", "a{i} ", "/b/\n")),
    "instruction without operands": ("RUN\n", "COPY {i}\n", ("CMD", " ", "\n")),
}

# What stands before the flag, the flag, and what stands behind it.
FLAGS = [
    ("FROM ", "--platform=linux/amd64 ", "a\n"), ("FROM ", "--platform=$A{i} ", "a\n"),
    ("COPY ", "--from=a{i} ", "a /b\n"), ("COPY ", "--chown=a{i}:b ", "a /b\n"), ("COPY ", "--chmod=755 ", "a /b\n"),
    ("COPY ", "--link ", "a /b\n"), ("COPY ", "--parents ", "a /b\n"), ("COPY ", "--exclude=*{i}* ", "a /b\n"),
    ("ADD ", "--checksum=sha256:{i} ", "https://e.io/a /b\n"), ("ADD ", "--keep-git-dir=true ", "git@e.io:a /b\n"),
    ("ADD ", "--unpack=true ", "https://e.io/a /b\n"), ("RUN ", "--mount=type=bind,source=a{i},target=/b{i} ", "a\n"),
    ("RUN ", "--mount=type=cache,target=/b{i} ", "apt-get update\n"), ("RUN ", "--mount=type=tmpfs,target=/b{i} ", "a\n"),
    ("RUN ", "--mount=type=secret,id=a{i},env=A{i} ", "a\n"), ("RUN ", "--mount=type=ssh,id=a{i} ", "a\n"),
    ("RUN ", "--mount=type=bind,from=s{i},target=/b ", "a\n"), ("RUN --mount=type=cache", ",target=/a{i}", " a\n"),
    ("RUN --mount=", "a{i}=b,", " a\n"), ("RUN --mount=\"", "a,\"\"", "\" a\n"), ("RUN ", "--network=none ", "a\n"),
    ("RUN ", "--security=insecure ", "a\n"), ("RUN ", "--device=a{i} ", "a\n"), ("RUN ", "--unknown{i} ", "a\n"),
    ("HEALTHCHECK ", "--interval=1s ", "CMD a\n"), ("HEALTHCHECK --interval=", "1h", " CMD a\n"),
    ("HEALTHCHECK ", "--retries=3 ", "CMD a\n"), ("HEALTHCHECK ", "--start-period=1s ", "CMD a\n"),
]

# Where a word is expanded: what stands before it, and behind it.
WORDS = {"ENV": "ENV A=", "ARG": "ARG A=", "COPY": "COPY a /", "LABEL": "LABEL a=", "EXPOSE": "EXPOSE ", "USER": "USER ",
         "WORKDIR": "WORKDIR /", "VOLUME": "VOLUME /", "--mount": "RUN --mount=target=/"}

# A modifier or quote that nests: its name, what opens, what closes.
NESTING = [
    ("defaults", "${a:-", "}"), ("alternatives", "${a:+", "}"), ("errors", "${a:?", "}"), ("prefixes", "${a#", "}"),
    ("suffixes", "${a%%", "}"), ("replacements", "${a/b/", "}"), ("patterns", "${a//", "/b}"),
    ("open defaults", "${a:-", ""), ("open replacements", "${a/", ""), ("open patterns", "${a#", ""),
    ("quoted defaults", "\"${a:-", "}\""), ("open quoted defaults", "\"${a:-", ""), ("names", "${", "}"),
    ("quotes and dollars", "\"$", ""), ("unknown modifiers", "${a^", "}"), ("colons", "${a:", "}"),
]

# What a word may consist of, again and again.
PIECES = [
    ("dollar signs", "$"), ("variables", "$a"), ("numbered variables", "$a{i}"), ("braces", "${a}"), ("defaults", "${a:-b}"),
    ("replacements", "${a//b/c}"), ("backslashes", "\\"), ("escaped quotes", "\\\""), ("single quotes", "'"),
    ("double quotes", "\""), ("pairs of quotes", "''\"\""), ("quotes in quotes", "'\"'\"'\""), ("escaped dollars", "\\$a"),
    ("blanks in quotes", "'a b' "), ("equal signs", "a="), ("slashes", "/"), ("dots", "../"), ("bad patterns", "${a#\\b}"),
    ("wildcards", "*?["), ("letters", "a"), ("colons", ":"), ("at signs", "@"), ("commas", ","), ("command lines", "$(a)"),
]

BOMBS = [
    ("ENV", "ENV A=aaaaaaaaaa\n", "ENV A=$A$A\n"), ("ENV in braces", "ENV A=a\n", "ENV A=${A}${A}\n"),
    ("ENV with defaults", "ENV A=a\n", "ENV A=${B:-$A$A}\n"), ("ENV with replacements", "ENV A=a\n", "ENV A=${A//a/aa}\n"),
    ("ENV with alternatives", "ENV A=a\n", "ENV A=${A:+$A$A}\n"), ("ENV of many names", "ENV A0=aa\n", "ENV A{i+1}=$A{i}$A{i}\n"),
    ("ENV of one line", "ENV A=aa\n", "ENV A=$A$A B=$A$A\n"), ("ARG", "ARG A0=aa\n", "ARG A{i+1}=${A{i}}${A{i}}\n"),
    ("ARG and ENV", "ARG A=aa\n", "ENV B=$A$A\nARG A=$B$B\n"), ("WORKDIR", "ENV A=/a/b\n", "WORKDIR $A$A\nENV A=$A$A\n"),
    ("relative WORKDIR", "", "WORKDIR aaaaaaaaaa\n"), ("LABEL", "ENV A=aa\n", "ENV A=$A$A\nLABEL a=$A b=$A\n"),
    ("COPY", "ENV A=/a\n", "ENV A=$A$A\nCOPY $A $A$A\n"), ("shell", "", "RUN A=$A$A; B=$A$A; cd $B\n"),
    ("shell in one line", "RUN A=a", "; A=$A$A"), ("long values", f"ENV A={'a' * 4000}\n", "RUN rm -rf /$A/$A\n"),
    ("EXPOSE", "ENV A=1\n", "ENV A=$A$A\nEXPOSE $A\n"), ("USER", "ENV A=a\n", "ENV A=$A$A\nUSER $A\nRUN ~/a\n"),
    ("stages", "ENV A=a\n", "FROM a AS s{i}\nENV A=$A$A\n"), ("long values of packages", f"ENV A={'a' * 4000}\n", "RUN pip install a$A\n"),
    ("long names", f"ENV {'A' * 4000}=1\n", f"RUN echo ${'A' * 40}\n"), ("long users", f"USER {'a' * 200}\n", "RUN rm ~/a ~/b\n"),
]

# Lines of every form.
LINES = [
    ("continuations", "RUN a", " \\\n"), ("continuations with words", "RUN a", " \\\n b"), ("continuations with comments", "RUN a", " \\\n# b"),
    ("empty continuation lines", "RUN a \\\n", "\n"), ("comments", "", "# a\n"), ("long comment", "#", " a"),
    ("blank lines", "", "\n"), ("lines of blanks", "", "   \t \n"), ("carriage returns", "", "\r\n"), ("lone carriage returns", "RUN a", "\rRUN b"),
    ("lines that end in CRLF", "", "RUN a \\\r\n b\r\n"), ("NUL bytes", "RUN a", "\0"), ("NUL lines", "", "\0\n"),
    ("byte order marks", "", "\ufeff"), ("lines with byte order marks", "", "\ufeffRUN a\n"), ("turned text", "RUN a ", "\u202eb\u2066"),
    ("turned lines", "", "RUN \u202ea\u2069\n"), ("escape sequences", "", "RUN \x1b[31ma\x1b]0;b\x07\n"),
    ("unknown escape sequences", "", "\x1b[2J\x1b]52;c;YQ==\x07 a\n"), ("workflow commands", "", "::error::a\n"),
    ("log commands", "", "##vso[task.complete]a\n##[error]b\n"), ("markup", "", "[x](//e.io)<b>`a`|\n"),
    ("invisible characters", "RUN a", "\u200b\u00ad\ufeff"), ("combining characters", "RUN a", "\u0301\u0489"),
    ("wide characters", "RUN ", "漢字😀"), ("names of instructions in other letters", "", "ＲＵＮ a\nRUN\u00a0b\n"),
    ("line separators", "RUN a", "\u2028\u2029\u0085\x0b\x0c"), ("tabs", "RUN a", "\t"), ("one long word", "RUN ", "a"),
    ("trailing blanks behind backslashes", "", "RUN a \\  \n  b\n"), ("heredoc starts", "RUN ", "<<A{i} "), ("heredoc signs", "RUN ", "<"),
    ("heredocs of one name", "", "RUN <<E\na\nE\n"), ("heredocs with numbers", "", "RUN <<E{i}\na{i}\nE{i}\n"),
    ("heredocs that are open", "", "RUN <<E{i}\n"), ("heredocs of COPY", "", "COPY <<a <<b /c/\na\na\nb\nb\n"),
    ("heredocs in quotes", "", "RUN <<'E'\n$a\nE\n"), ("heredocs with tabs", "", "RUN <<-E\n\ta\n\tE\n"),
    ("lines of one heredoc", "RUN <<E\n", "a\n"), ("lines of variables in one heredoc", "COPY <<E /a\n", "${a:-$b}\n"),
    ("heredocs with a program", "", "RUN python3 <<E\nprint(1)\nE\n"), ("heredocs in the shell", "RUN ", "cat <<E && "),
    ("heredocs in quotes of JSON", "", "RUN [\"a\", \"<<E\"]\n"), ("false ends of heredocs", "RUN <<E\n", "E \n"),
    ("open lists in JSON", "CMD ", "["), ("open objects in JSON", "CMD ", "[{\"a\":"), ("open texts in JSON", "CMD [\"", "\\\""),
    ("escapes in JSON", "CMD [\"", "\\u0041"), ("half pairs in JSON", "CMD [\"", "\\ud800"), ("commas in JSON", "CMD [", ","),
    ("lists in single quotes", "", "CMD ['a', 'b']\n"), ("almost JSON", "", "CMD [\"a\", b]\n"), ("directives", "", "# escape=`\n"),
    ("unknown directives", "", "# a{i}=b\n"), ("digests", "", "FROM a@sha256:{i}\n"), ("names in capitals", "", "FROM A/B:C{i}\n"),
    ("templates", "", "{{ a }}\n"), ("templates behind FROM", "FROM ", "{{ a }}"), ("conflict marks", "", "<<<<<<< a\n=======\n>>>>>>> b\n"),
]

COMMENTS = [
    "# hadolint ignore=DL3008\nRUN apt-get install a{i}\n", "# hadolint global ignore=DL3008\n", "# hadolint shell=bash\n",
    "# layerwise ignore DL3008: a\nRUN apt-get install a{i}\n", "# layerwise file ignore=DL{i}\n", "# check=skip=all\n",
    "# check=skip=A{i};error=true\n", "# shellcheck disable=SC2086\nRUN echo $a\n", "# layerwise off\nRUN a\n# layerwise on\n",
    "RUN a \\\n # hadolint ignore=DL3008\n && apt-get install b{i}\n", "# syntax=a{i}\n", "# hadolint ignore=\n", "# layerwise ignore=bad{i}\nRUN sudo a\n",
]


def texts():
    """Texts that are not UTF-8, or not what they seem."""
    def invalid(size):
        return as_bytes(FROM) + b"RUN a \xff\xfe\xc0\x80\n" * (size // 11)

    yield "invalid UTF-8", invalid
    yield "all bytes", lambda size: as_bytes(FROM) + bytes(range(256)) * (size // 256)
    yield "UTF-16", lambda size: (FROM + repeat("RUN a\n", size // 2)).encode("utf-16")
    yield "cut characters", lambda size: as_bytes(FROM) + b"RUN \xe2\x82" * (size // 6)
    yield "zeros", lambda size: b"\0" * size
    yield "an escape directive", lambda size: "# escape=`\n" + FROM + repeat("RUN a `\n b\n", size)
    yield "no FROM", lambda size: repeat("RUN a\nCOPY b c\n", size)
    yield "no end of line", lambda size: FROM + "RUN a" + " " * size
    yield "long ignore list", lambda size: FROM + "# hadolint ignore=" + repeat("DL{i},", size) + "\nRUN sudo a\n"
    yield "long skip list", lambda size: "# check=skip=" + repeat("A{i},", size) + "\n" + FROM
    yield "long syntax", lambda size: "# syntax=" + "a" * size + "\n" + FROM


def families():
    for name, (line, numbered, (start, operand, end)) in INSTRUCTIONS.items():
        yield lines(f"{name}: repeated", line)
        yield lines(f"{name}: numbered", numbered)
        yield lines(f"{name}: many operands", operand, FROM + start, end)
    for start, flag, end in FLAGS:
        yield lines(f"flag: {start}{flag.strip()}", flag, FROM + start, end)
    for place, start in WORDS.items():
        yield nested(f"word in {place}: nested defaults", "${a:-", "b", "}", start)
        yield lines(f"word in {place}: quotes left open", "\"a'", FROM + start, "\n")
    for name, opening, closing in NESTING:
        yield nested(f"word: nested {name}", opening, "b", closing, "ENV A=")
    yield nested("word: nested defaults before FROM", "${a:-", "b", "}", "ARG A=", before="")
    yield nested("word: nested defaults of FROM", "${a:-", "b", "}", "FROM ", before="ARG a\n")
    yield nested("word: nested defaults in heredocs", "${a:-", "b", "}", "COPY <<E /a\n", "\nE\n")
    yield nested("word: nested defaults in RUN", "${a:-", "b", "}", "RUN echo ")
    yield lines("word: nested defaults in lines", "ENV A=" + "${a:-" * 70 + "\n")
    yield lines("word: words of nested defaults", " A{i}=" + "${a:-" * 60 + "}" * 60, FROM + "ENV")
    for name, piece in PIECES:
        yield lines(f"word: {name}", piece, FROM + "ENV A=", "\n")
    for name, start, line in BOMBS:
        yield lines(f"expansion: {name}", line, FROM + start)
    yield lines("expansion: names of images", "ARG A{i+1}=${A{i}}${A{i}}\n", "ARG A0=aa\n", "FROM $A30\n")
    for name, start, part in LINES:
        yield lines(f"lines: {name}", part, FROM + start, "\n")
    for line in COMMENTS:
        yield lines(f"comments: {line.splitlines()[0]}", line)
    for name, text in texts():
        yield dockerfile(f"text: {name}", text)

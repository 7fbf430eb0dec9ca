"""Folders: .dockerignore, configuration, ignore files, scripts, manifests and build files beside a Dockerfile."""
import json
import os

from .common import FROM, Family, repeat, write

COPY_ALL = FROM + "COPY . /app\nRUN a\nCMD [\"a\"]\n"

# Patterns of a .dockerignore, and the names of the files that they are held against.
IGNORES = [
    ("plain names", "a{i}\n", "d{k}/a{i}"), ("names below folders", "d{i}/a\n", "d{k}/a{i}"), ("endings", "*.e{i}\n", "d{k}/a.e{i}"),
    ("endings at any depth", "**/*.e{i}\n", "d{k}/a.e{i}"), ("starts", "a{i}*\n", "d{k}/a{i}"), ("starts at any depth", "**/a{i}*\n", "d{k}/e/a{i}"),
    ("stars inside", "f/file*{i}*x\n", "f/file{i}"), ("exceptions and stars", "!f/*t{i}\nf/file*\n", "f/file{i}t"),
    ("exceptions of all", "*\n!d{i}/**\n", "d{k}/a{i}"), ("exceptions at any depth", "**\n!**/a{i}\n", "d{k}/a{i}"), ("classes", "[a-z]{i}[^b]*\n", "a{i}xyz"),
    ("questions", "????{i}?\n", "abcd{i}e"), ("double stars without slashes", "**a{i}\n", "d{k}/xa{i}"), ("double stars inside", "d**a{i}\n", "d{k}/e/a{i}"),
    ("double stars in a row", "**/**/**/a{i}\n", "d{k}/e/f/a{i}"), ("many stars", "*a*a*a*a*a*a*a*a{i}b\n", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa{i}"),
    ("many stars at any depth", "**/*a*a*a*a*a*a*a{i}b\n", "d{k}/aaaaaaaaaaaaaaaaaaaaaaaaaaa{i}"), ("double stars and letters", "**a**a**a**a{i}b\n", "d{k}/aaaaaaaaaaaaaaaaaaaa{i}"),
    ("deep names", "a/b/c/d/e/f/g/h/i/j/k{i}\n", "a/b/c/d/e/f/g/h/i/j/k{i}"), ("deep stars", "*/*/*/*/*/*/a{i}\n", "a/b/c/d/e/f{k}/a{i}"), ("deep double stars", "**/a/**/b/**/c{i}\n", "a/b/a/b/a/b/a/b/c{i}"),
    ("comments", "# a{i}\n", "d{k}/a{i}"), ("blank lines", "  \n", "d{k}/a{i}"), ("the same", "*.log\n", "d{k}/a{i}.log"), ("exceptions of the same", "*.log\n!*.log\n", "d{k}/a{i}.log"),
    ("upward paths", "../a{i}/../b\n", "d{k}/a{i}"), ("escapes", "\\a\\{i}\n", "d{k}/a{i}"), ("carriage returns", "a{i}\r\n", "d{k}/a{i}"), ("control characters", "\x1b[31m{i}\u202e\n", "d{k}/a{i}"),
    ("folders only", "d{i}/\n", "d{i}/a"), ("one letter", "a*b*{i}\n", "a{i}"), ("malformed", "[a-{i}\n", "d{k}/a{i}"),
]


def files(folder, name, count, content="x"):
    """Writes files whose names count."""
    for i in range(count):
        write(folder, name.replace("{i}", str(i)).replace("{k}", str(i % 50)), content)


def ignore_family(name, pattern, file):
    def make(size, folder):
        write(folder, "Dockerfile", COPY_ALL)
        write(folder, ".dockerignore", repeat(pattern, min(size // 2, 900_000)))
        files(folder, file, size // 100)

    return Family(f".dockerignore: {name}", "tree", make)


def one_file(name, path, text, docker=COPY_ALL, most=1_000_000):
    """A family of a Dockerfile and one file beside it."""

    def make(size, folder):
        write(folder, "Dockerfile", docker)
        write(folder, path, text(min(size, most)))

    return Family(name, "tree", make)


def nest(opening, middle, closing):
    def text(size):
        depth = size // (len(opening) + len(closing))
        return opening * depth + middle + closing * depth

    return text


def rep(part, start="", end=""):
    return lambda size: start + repeat(part, size - len(start)) + end


CONFIGS = [
    ("flow mappings", nest("{a: ", "b", "}")), ("open flow mappings", nest("{a: ", "b", "")), ("flow lists", nest("[", "a", "]")), ("open flow lists", nest("[", "", "")),
    ("nested lists", lambda size: "ignore:\n  " + "- " * (size // 2) + "a\n"), ("nested mappings", lambda size: "".join(" " * i + "a:\n" for i in range(int((2 * size) ** 0.5)))),
    ("aliases that double", lambda size: "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [*a{i-1}, *a{i-1}]\n" for i in range(1, size // 30))), ("anchors", rep("a{i}: &a{i} b\n")),
    ("aliases", rep("- *a\n", "a: &a b\nignore:\n")), ("long scalar", rep("a", "profile: ")), ("quoted scalar", rep("\\x41", "profile: \"", "\"\n")), ("open quote", rep("a ", "profile: \"")),
    ("block scalar", rep("  a\n", "profile: |\n")), ("keys", rep("a{i}: b\n")), ("the same keys", rep("ignore: []\n")), ("codes", rep("- DL{i}\n", "ignore:\n")), ("known codes", rep("- DL3008\n", "ignore:\n")),
    ("excludes", rep("- d{i}/a\n", "exclude:\n")), ("excludes with stars", rep("- '*a*{i}*'\n", "exclude:\n")), ("excludes at any depth", rep("- '**/a{i}/**'\n", "exclude:\n")), ("long exclude", rep("a*", "exclude: ['", "']\n")),
    ("long exclude with braces", rep("{a,b}", "exclude: ['", "']\n")), ("long exclude with classes", rep("[a-z]", "exclude: ['", "']\n")), ("includes", rep("- 'd{i}*'\n", "include:\n")), ("per-path", rep("- path: d{i}/\n  ignore: [DL3008]\n", "per-path:\n")),
    ("patterns of per-path", rep("- 'd{i}*'\n  ", "per-path:\n- ignore: [DL3008]\n  path:\n  ")), ("registries", rep("- '*a{i}'\n", "trusted-registries:\n")), ("labels", rep("  a{i}: text\n", "label-schema:\n")),
    ("build arguments", rep("  A{i}: b\n", "build-args:\n")), ("long build argument", rep("a", "build-args:\n  A: ")), ("severities", rep("  DL3008: error\n", "severity:\n")), ("documents", rep("---\na: b\n")), ("tags", rep("- !!str a\n", "ignore:\n")),
    ("unknown tags", rep("!a ", "ignore: ", "a")), ("comments", rep("# a\n")), ("directives", rep("%YAML 1.2\n")), ("tabs", rep("\ta: b\n")), ("control characters", rep("\x01\x1b")), ("complex keys", rep("? ", "", "a")), ("merge keys", rep("<<: *a\n", "a: &a {b: c}\nd:\n")),
    ("NUL bytes", rep("\0")), ("colons", rep("a: ", "")), ("question marks", rep("? a\n: b\n")), ("ignored paths", rep("- /a{i}\n", "ignore-paths:\n")), ("targets", rep("a", "target: ")), ("large numbers", rep("9", "max-layers: ")),
]

GIT_IGNORES = [("plain names", "a{i}\n"), ("stars", "*a*{i}*b\n"), ("any depth", "**/a{i}/**\n"), ("exceptions", "*.x\n!a{i}.x\n"), ("classes", "[a-z]{i}\n"), ("braces", "{a,{b}}{i}\n"), ("long lines", "a*a*a*a*a*a*a*a*a*a*a*a*{i}\n")]

# Scripts that are copied and run: a construct again and again.
SCRIPTS = [("git", "git describe\n"), ("functions", "f{i}() { a; }\n"), ("open quotes", "\"'"), ("brackets", "$("), ("time", "time "), ("long line", "a "), ("variables", "export A{i}=$A{i}$A{i}\n"), ("heredocs", "cat <<E{i}\na\nE{i}\n"),
           ("exec", "exec \"$@\"\n"), ("NUL bytes", "\0"), ("carriage returns", "a\r\n")]

SCRIPT_USER = FROM + "COPY run.sh /run.sh\nRUN chmod +x /run.sh && /run.sh\nRUN sh run.sh\nENTRYPOINT [\"/run.sh\"]\n"
NODE = "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nCMD [\"node\", \"a\"]\n"
PYTHON = "FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nRUN poetry install\nCMD [\"python\"]\n"
STAGES = FROM.replace("\n", " AS a\n") + "RUN a\nFROM debian:12 AS test\nRUN b\nFROM debian:12\nCMD [\"a\"]\n"

MANIFESTS = [
    ("package.json", NODE, "depth", nest("{\"a\":", "1", "}")), ("package.json", NODE, "lists", nest("[", "", "]")), ("package.json", NODE, "dependencies", rep("\"a{i}\":\"1\",", "{\"devDependencies\":{", "\"b\":\"1\"}}")),
    ("package.json", NODE, "types", rep("\"@types/a{i}\":\"1\",", "{\"devDependencies\":{", "\"@types/b\":\"1\"}}")), ("package.json", NODE, "the same keys", rep("\"a\":1,", "{", "\"a\":1}")), ("package.json", NODE, "scripts", rep("\"a{i}\":\"docker build --target b{i} .\",\n", "{\"scripts\":{", "\"b\":\"1\"}}")),
    ("package.json", NODE, "long text", rep("a", "{\"a\":\"", "\"}")), ("package.json", NODE, "escapes", rep("\\u0041", "{\"a\":\"", "\"}")), ("package.json", NODE, "numbers", rep("9", "{\"a\":", "}")), ("package.json", NODE, "workspaces", rep("\"a{i}/*\",", "{\"workspaces\":[", "\"b\"]}")),
    ("composer.json", NODE.replace("npm ci && npm run build", "composer install"), "dependencies", rep("\"a{i}\":\"1\",", "{\"require-dev\":{", "\"b\":\"1\"}}")), ("Gemfile", NODE.replace("npm ci && npm run build", "bundle install"), "groups", rep("group :a{i} do\n")),
    ("pyproject.toml", PYTHON, "tables", rep("[tool.a{i}]\n")), ("pyproject.toml", PYTHON, "brackets", rep("[")), ("requirements.txt", PYTHON, "lines", rep("a{i}==1\n")), ("requirements.txt", PYTHON, "requirements of requirements", rep("-r requirements.txt\n")),
    ("go.mod", NODE.replace("npm ci && npm run build", "go mod download && go build"), "lines", rep("require a{i} v1\n")), ("Cargo.toml", NODE.replace("npm ci && npm run build", "cargo build"), "members", rep("\"a{i}\",", "[workspace]\nmembers = [", "]\n")),
    ("pom.xml", NODE.replace("npm ci && npm run build", "mvn package"), "modules", rep("<module>a{i}</module>\n")), ("pom.xml", NODE.replace("npm ci && npm run build", "mvn package"), "depth", rep("<a>")), ("a.csproj", NODE.replace("npm ci && npm run build", "dotnet restore"), "lines", rep("<PackageReference Include=\"a{i}\"/>\n")),
]

BUILD_FILES = [
    ("Makefile", "a{i}:\n\tdocker build --target=b{i} .\n"), ("Makefile", "IMAGES += a{i} $(target)\n"), ("compose.yaml", "  target: a{i}\n"), ("compose.yaml", "target: {a: "), ("docker-bake.hcl", "target \"a{i}\" { target = \"b\" }\n"), ("docker-bake.json", "{\"target\":"),
    (".github/workflows/a.yml", "        target: a{i}\n"), (".github/workflows/a.yml", "- target: ["), (".gitlab-ci.yml", "- docker build --target a{i} .\n"), ("build.sh", "docker build --target \"$a{i}\" .\n"), ("Jenkinsfile", "target ${a} b{i}\n"), ("Makefile", "target \\\n"),
]


def links(size, folder):
    write(folder, "Dockerfile", COPY_ALL)
    os.symlink(".", folder / "loop")
    for i in range(size // 200):
        os.symlink(f"l{i + 1}", folder / f"l{i}")


def odd_names(size, folder):
    for i in range(size // 400):
        name = f"Dockerfile.\x1b[31m{i}\n::error::\u202e`<b>|".encode() + b"\xff"
        with open(os.path.join(os.fsencode(folder), name), "wb") as file:
            file.write((FROM + "RUN sudo a\n").encode())


def deep(size, folder):
    write(folder, "Dockerfile", COPY_ALL)
    start = os.getcwd()
    os.chdir(folder)
    # Longer paths than this are not opened by one call.
    for _ in range(min(size // 60, 1500)):
        os.mkdir("d")
        os.chdir("d")
    with open("Dockerfile", "w") as file:
        file.write(COPY_ALL)
    os.chdir(start)


def special_files(size, folder):
    write(folder, "Dockerfile", COPY_ALL + "COPY run.sh /\nRUN ./run.sh\n")
    for name in ("layerwise.yaml", ".dockerignore", ".gitignore", ".ignore", "run.sh", "package.json", "Makefile"):
        place = folder / name if name != "layerwise.yaml" else folder / "sub" / name
        place.parent.mkdir(exist_ok=True)
        os.mkfifo(place)
    os.symlink("/dev/zero", folder / "requirements.txt")


def sub_configs(size, folder):
    for i in range(size // 200):
        write(folder, f"d{i}/Dockerfile", FROM + "RUN sudo a\n")
        write(folder, f"d{i}/layerwise.yaml", "ignore: [DL3008]\nexclude: ['*a*']\n")


def extends(size, folder):
    write(folder, "Dockerfile", COPY_ALL)
    count = size // 100
    for i in range(count):
        name = "layerwise.yaml" if i == 0 else f"c{i}.yaml"
        write(folder, name, f"extends: c{i + 1}.yaml\nignore: [DL3008]\n" if i + 1 < count else "ignore: []\n")


def other(name, make):
    return Family(f"tree: {name}", "tree", make)


def many(name, file, text):
    def make(size, folder):
        for i in range(max(1, size // (len(text) + 60))):
            write(folder, file.replace("{i}", str(i)).replace("{k}", str(i % 50)), text.replace("{i}", str(i)))

    return other(name, make)


def with_files(name, docker, file):
    """A Dockerfile that repeats a line, and files that it is about."""

    def make(size, folder):
        write(folder, "Dockerfile", FROM + repeat(docker, size // 2))
        files(folder, file, size // 200)

    return other(name, make)


def large_files(size, folder):
    write(folder, "Dockerfile", COPY_ALL)
    for i in range(5):
        with open(folder / f"a{i}.pem", "wb") as file:
            file.truncate(1 << 33)


def secrets(size, folder):
    write(folder, "Dockerfile", COPY_ALL)
    files(folder, "d{k}/.env{i}", size // 100, "TOKEN=abcdefghijklmnop\n")
    files(folder, "d{k}/id_rsa{i}.pem", size // 200, "-----BEGIN PRIVATE KEY-----\n")


def builds(size, folder):
    """Makefiles in all folders, each with more targets than anyone has."""
    for i in range(max(1, size // 8000)):
        write(folder, f"a{i}/Dockerfile", STAGES)
        write(folder, f"a{i}/Makefile", repeat("docker build --target a{i} $x\n", 8000))


def families():
    yield from (ignore_family(*it) for it in IGNORES)
    for name, text in CONFIGS:
        yield one_file(f"configuration: {name}", "layerwise.yaml", text)
    for name, text in CONFIGS[:12]:
        yield one_file(f"hadolint's configuration: {name}", ".hadolint.yaml", text)
    for name, line in GIT_IGNORES:
        def make(size, folder, line=line):
            write(folder, ".git/HEAD", "ref: refs/heads/main\n")
            write(folder, ".gitignore", repeat(line, size // 2))
            for i in range(size // 400):
                write(folder, f"d{i % 50}/a{i}.Dockerfile", FROM + "RUN a\n")

        yield other(f".gitignore of {name}", make)
    for name, part in SCRIPTS:
        yield one_file(f"script: {name}", "run.sh", rep(part, "#!/bin/sh\n"), SCRIPT_USER)
    for path, docker, name, text in MANIFESTS:
        yield one_file(f"manifest: {path}: {name}", path, text, docker)
    for number, (path, part) in enumerate(BUILD_FILES):
        yield one_file(f"build file {number}: {path}: {part.strip()}", path, rep(part), STAGES)
    yield many("Dockerfiles", "d{k}/a{i}.Dockerfile", FROM + "RUN sudo a\n")
    yield many("Dockerfiles that copy all", "d{i}/Dockerfile", COPY_ALL)
    yield many("Dockerfiles of one folder that copy all", "a{i}.Dockerfile", COPY_ALL)
    yield many("empty Dockerfiles", "d{i}/Dockerfile", "")
    yield many("Dockerfiles with a .dockerignore of their own", "a{i}.Dockerfile.dockerignore", "*\n!a{i}\n")
    yield many("workflows", ".github/workflows/a{i}.yml", "target: a{i}\n")
    yield many("ignore files", "d{i}/.gitignore", "*a*{i}\n")
    yield with_files("sources", "COPY a{i} /b\n", "a{i}")
    yield with_files("sources by pattern", "COPY a*{i} /b\n", "a{i}")
    yield with_files("deep sources by pattern", "COPY */*{i}/* /b\n", "d{k}/a{i}/b")
    yield with_files("sources of all", "COPY . /b{i}\n", "d{k}/a{i}")
    yield with_files("mounts of all", "RUN --mount=target=/a{i} b\n", "d{k}/a{i}")
    yield with_files("missing sources", "COPY b{i} c{i} /b/\n", "a{i}")
    yield with_files("sources with classes", "COPY [a-z]*[0-9]{i} /b\n", "a{i}")
    yield with_files("sources with many stars", "COPY *a*a*a*a*a*a*b{i} /b\n", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaa{i}")
    yield with_files("excluded sources", "COPY --exclude=*{i} --exclude=**/a . /b\n", "d{k}/a{i}")
    yield with_files("installs", "COPY d{i} /d{i}\nRUN cd /d{i} && npm ci\n", "d{i}/package.json")
    yield with_files("scripts", "COPY a{i}.sh /\nRUN /a{i}.sh\n", "a{i}.sh")
    yield other("links", links)
    yield other("odd names", odd_names)
    yield other("deep folders", deep)
    yield other("pipes and devices", special_files)
    yield other("configurations of folders", sub_configs)
    yield other("configurations that extend each other", extends)
    yield other("large sparse files", large_files)
    yield other("secrets", secrets)
    yield other("makefiles of folders", builds)
    yield one_file("baseline: depth", "b.json", nest("[", "", "]"))
    yield one_file("baseline: entries", "b.json", lambda size: json.dumps({"version": 1, "findings": [{"path": f"a{i}", "code": "DL3008"} for i in range(size // 40)]}))

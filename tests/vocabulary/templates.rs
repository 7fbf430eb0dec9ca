//! The Dockerfiles into which words are put.

/// What can stand in a place.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    /// A name in lower case: a program, a package, an image.
    Name,
    /// An option.
    Flag,
    /// A file or folder.
    Path,
    /// A name of any case.
    Any,
    /// The name of a variable.
    Variable,
}

impl Kind {
    /// Whether a word can.
    pub(crate) fn takes(self, word: &str) -> bool {
        let of = |more: &str| {
            !word.is_empty()
                && word.len() <= 60
                && word
                    .bytes()
                    .all(|it| it.is_ascii_alphanumeric() || more.as_bytes().contains(&it))
        };
        match self {
            Self::Name => {
                of("-_.+/")
                    && word.starts_with(|it: char| it.is_ascii_lowercase() || it.is_ascii_digit())
                    && !word.bytes().any(|it| it.is_ascii_uppercase())
                    && !word.ends_with(['.', '/', '-'])
            }
            Self::Flag => of("-_=./,") && word.starts_with('-') && word.len() > 1,
            Self::Path => {
                let is_path = of("-_./*~") && word.contains(['.', '/', '_']);
                !word.starts_with('-') && (is_path || of("-") && word.len() > 2)
            }
            Self::Variable => {
                of("_") && word.len() > 2 && !word.starts_with(|it: char| it.is_ascii_digit())
            }
            Self::Any => of("-_.") && word.len() <= 20 && !word.starts_with(['-', '.']),
        }
    }
}

/// A Dockerfile with `{}` where words go.
pub(crate) struct Template {
    /// The name of the file with its effects.
    pub(crate) name: &'static str,
    /// What can stand there.
    pub(crate) kind: Kind,
    /// The Dockerfile.
    pub(crate) text: &'static str,
}

const fn with(name: &'static str, kind: Kind, text: &'static str) -> Template {
    Template { name, kind, text }
}

use Kind::{Any, Flag, Name, Path, Variable};

/// All of them.
#[rustfmt::skip]
pub(crate) const TEMPLATES: &[Template] = &[
    with(
        "image",
        Name,
        "\
FROM {}\n\
COPY . /app\n\
RUN curl -o /a https://example.com/a\n\
RUN useradd b\n\
CMD [\"a\"]\n",
    ),
    with(
        "image_of_vendor",
        Name,
        "\
FROM {}/a:1 AS b\n\
RUN make\n\
FROM a/{}:1 AS c\n\
RUN apt-get install -y gcc && make\n\
FROM {}:1-alpine\n\
COPY --from=b /b /\n\
COPY --from=c /c /\n\
CMD [\"a\"]\n",
    ),
    with(
        "image_that_builds",
        Name,
        "\
FROM {}:1\n\
WORKDIR /a\n\
COPY . .\n\
RUN make && go build -o b && npm run build && mvn package && cargo build\n\
CMD [\"./b\"]\n",
    ),
    with(
        "tag",
        Name,
        "\
FROM debian:{}\n\
COPY . /app\n\
RUN make\n\
CMD [\"a\"]\n",
    ),
    with(
        "tag_of_languages",
        Name,
        "\
FROM node:{} AS a\n\
RUN apk add b\n\
FROM python:3-{} AS b\n\
RUN apt-get install c\n\
FROM openjdk:21-{}\n\
COPY --from=a /a /\n\
COPY --from=b /b /\n\
CMD [\"java\", \"-jar\", \"c.jar\"]\n",
    ),
    with(
        "stage",
        Any,
        "\
FROM node:22 AS {}\n\
COPY . .\n\
RUN npm ci\n\
FROM node:22\n\
COPY --from={} /a /a\n\
CMD [\"node\", \"a\"]\n",
    ),
    with(
        "last_stage",
        Any,
        "\
FROM node:22 AS a\n\
COPY . .\n\
RUN npm ci\n\
FROM a AS {}\n\
RUN apt-get install -y vim\n\
CMD [\"node\", \"a\"]\n",
    ),
    with(
        "platform",
        Variable,
        "\
FROM --platform=linux/{} debian:12 AS a\n\
FROM --platform={}/amd64 debian:12 AS b\n\
FROM --platform=${} debian:12\n\
COPY --from=a /a /\n\
COPY --from=b /b /\n\
CMD [\"a\"]\n",
    ),
    with(
        "keyword",
        Any,
        "\
FROM debian:12\n\
{} a\n\
ONBUILD {} b c\n\
HEALTHCHECK {} d\n\
CMD [\"a\"]\n",
    ),
    with(
        "instruction_flag",
        Any,
        "\
FROM --{}=a debian:12\n\
RUN --{}=a b\n\
RUN --{} b\n\
COPY --{}=a b c\n\
ADD --{}=1s https://example.com/a c\n\
HEALTHCHECK --{}=1 CMD a\n\
CMD --{}=a b\n",
    ),
    with(
        "mount",
        Any,
        "\
FROM debian:12\n\
RUN --mount=type={} a\n\
RUN --mount=type=cache,{}=b c\n\
RUN --mount=type=secret,id=a,{}=true b\n\
RUN --mount=type=bind,target=/a,{} b\n\
RUN --mount=type=cache,target=/a,sharing={} b\n\
RUN --mount=type=ssh,{}=0600 b\n\
RUN --mount=type=tmpfs,target=/a,{}=1 b\n\
RUN --network={} a\n\
RUN --security={} a\n\
CMD [\"a\"]\n",
    ),
    with(
        "value",
        Any,
        "\
FROM debian:12\n\
EXPOSE 80/{}\n\
STOPSIGNAL {}\n\
USER {}\n\
SHELL [\"{}\", \"-c\"]\n\
RUN cd a && b | c\n\
LABEL {}=\"a\"\n\
ADD https://example.com/a.git?{}=b /a\n\
COPY --chmod={} --link={} a b\n\
HEALTHCHECK --interval={} --retries={} CMD a\n\
CMD [\"a\"]\n",
    ),
    with(
        "check_option",
        Any,
        "\
# check={}=true\n\
# escape={}\n\
# {}=a\n\
FROM debian\n\
# hadolint {}=DL3008\n\
RUN apt-get install a\n\
# {} ignore=DL3008\n\
RUN apt-get install a\n\
# check=skip={}\n\
MAINTAINER a\n",
    ),
    with(
        "argument",
        Variable,
        "\
FROM debian:12\n\
ARG {}\n\
ENV A_{}=b\n\
RUN a $A_{}\n\
ARG {}_C=d\n\
RUN a ${}_C ${}\n\
CMD [\"a\"]\n",
    ),
    with(
        "environment",
        Variable,
        "\
FROM golang:1 AS a\n\
ENV {}=1\n\
COPY . .\n\
RUN go build -o b && pip install c && npm ci && apt-get install -y d\n\
FROM debian:12\n\
ARG {}=2\n\
RUN cp /e ${}\n\
CMD [\"a\"]\n",
    ),
    with(
        "unset_variable",
        Variable,
        "\
FROM debian:12\n\
RUN echo ${} > /a && b ${{}:-c} && touch ${}/d\n\
ENV E=${}/f\n\
WORKDIR ${}\n\
CMD [\"a\"]\n",
    ),
    with(
        "program",
        Name,
        "\
FROM debian:12\n\
COPY . /app\n\
RUN {} a; b\n\
RUN {} /app\n\
CMD [\"a\"]\n",
    ),
    with(
        "program_alone",
        Name,
        "\
FROM alpine:3\n\
RUN {}\n\
RUN a && {}\n\
RUN {} | a\n\
RUN a; {} || true\n\
RUN {} --version && b\n\
CMD {} a\n",
    ),
    with(
        "program_in_pipes",
        Name,
        "\
FROM debian:12\n\
RUN {} a | b > c\n\
RUN curl -s https://example.com/a | {} > b\n\
RUN a | {} -q b\n\
RUN {} -f https://example.com/a | tar x\n\
RUN cat a | {} | sh\n\
CMD [\"a\"]\n",
    ),
    with(
        "program_after_download",
        Name,
        "\
FROM debian:12\n\
RUN curl -fo x.tgz https://example.com/x.tgz && {} x.tgz && b\n\
RUN curl -fO https://example.com/y.tgz; {} y.tgz\n\
RUN wget -q https://example.com/z.zip && {} -x z.zip && rm z.zip\n\
ADD https://example.com/w.sh /w.sh\n\
RUN {} /w.sh\n\
CMD [\"a\"]\n",
    ),
    with(
        "program_on_files",
        Name,
        "\
FROM debian:12\n\
COPY a /b/\n\
RUN {} /b/a\n\
RUN {} -R c /b\n\
RUN {} /b/a /d\n\
RUN rm /d && {} e > /f/g\n\
RUN {} --b /b -o /h\n\
VOLUME /b\n\
RUN {} /b/i /b/j\n\
CMD [\"a\"]\n",
    ),
    with(
        "program_on_secrets",
        Name,
        "\
FROM debian:12\n\
ARG API_TOKEN\n\
RUN {} $API_TOKEN\n\
RUN {} --password=$API_TOKEN a\n\
COPY id_rsa /a/\n\
RUN {} /a/id_rsa\n\
RUN --mount=type=secret,id=a {} /run/secrets/a\n\
CMD [\"a\"]\n",
    ),
    with(
        "program_before_install",
        Name,
        "\
FROM debian:12\n\
WORKDIR /a\n\
COPY . .\n\
RUN {} b && npm ci\n\
RUN {} . && pip install -r requirements.txt\n\
RUN apt-get update && {} c && apt-get install -y d && rm -rf /var/lib/apt/lists/*\n\
CMD [\"a\"]\n",
    ),
    with(
        "program_that_needs_a_toolchain",
        Name,
        "\
FROM debian:12\n\
RUN apt-get update && apt-get install -y --no-install-recommends gcc golang cargo default-jdk ghc maven make nodejs && rm -rf /var/lib/apt/lists/*\n\
WORKDIR /a\n\
COPY . .\n\
RUN {} build -o b\n\
CMD [\"./b\"]\n",
    ),
    with(
        "program_in_build_images",
        Name,
        "\
FROM golang:1 AS go\n\
COPY . .\n\
RUN {} build\n\
CMD [\"a\"]\n\
FROM rust:1 AS rust\n\
COPY . .\n\
RUN {} build\n\
CMD [\"a\"]\n\
FROM maven:3 AS maven\n\
COPY . .\n\
RUN {} build\n\
CMD [\"a\"]\n\
FROM gradle:8 AS gradle\n\
COPY . .\n\
RUN {} build\n\
CMD [\"a\"]\n\
FROM mcr.microsoft.com/dotnet/sdk:8.0 AS dotnet\n\
COPY . .\n\
RUN {} build\n\
CMD [\"a\"]\n\
FROM haskell:9 AS haskell\n\
COPY . .\n\
RUN {} build\n\
CMD [\"a\"]\n\
FROM swift:6 AS swift\n\
COPY . .\n\
RUN {} build\n\
CMD [\"a\"]\n\
FROM scratch\n\
COPY --from=go /a /go\n\
COPY --from=rust /a /rust\n\
COPY --from=maven /a /maven\n\
COPY --from=gradle /a /gradle\n\
COPY --from=dotnet /a /dotnet\n\
COPY --from=haskell /a /haskell\n\
COPY --from=swift /a /swift\n\
CMD [\"/a\"]\n",
    ),
    with(
        "process_of_go",
        Name,
        "\
FROM golang:1\n\
WORKDIR /a\n\
COPY . .\n\
RUN go build -o b\n\
CMD [\"{}\", \"b\"]\n",
    ),
    with(
        "process_of_rust",
        Name,
        "\
FROM rust:1\n\
WORKDIR /a\n\
COPY . .\n\
RUN cargo build --release\n\
CMD [\"{}\", \"b\"]\n",
    ),
    with(
        "process_of_java",
        Name,
        "\
FROM maven:3\n\
WORKDIR /a\n\
COPY . .\n\
RUN mvn package\n\
CMD [\"{}\", \"b\"]\n",
    ),
    with(
        "process_of_node",
        Name,
        "\
FROM node:22\n\
WORKDIR /a\n\
COPY . .\n\
RUN npm ci && npm run build\n\
CMD [\"{}\", \"b\"]\n",
    ),
    with(
        "process_of_dotnet",
        Name,
        "\
FROM mcr.microsoft.com/dotnet/sdk:8.0\n\
WORKDIR /a\n\
COPY . .\n\
RUN dotnet publish -o b\n\
CMD [\"{}\", \"b\"]\n",
    ),
    with(
        "process_of_c",
        Name,
        "\
FROM gcc:13\n\
WORKDIR /a\n\
COPY . .\n\
RUN make\n\
CMD [\"{}\", \"b\"]\n",
    ),
    with(
        "process",
        Name,
        "\
FROM python:3\n\
WORKDIR /a\n\
COPY . .\n\
RUN pip install -r requirements.txt\n\
RUN pip install pytest\n\
HEALTHCHECK CMD {} a\n\
ENTRYPOINT [\"{}\"]\n",
    ),
    with(
        "process_with_argument",
        Name,
        "\
FROM node:22\n\
WORKDIR /a\n\
COPY . .\n\
RUN npm ci\n\
EXPOSE 80\n\
CMD [\"npm\", \"run\", \"{}\"]\n",
    ),
    with(
        "process_with_task",
        Name,
        "\
FROM node:22\n\
WORKDIR /a\n\
COPY . .\n\
RUN npm ci\n\
RUN npm run {}\n\
RUN npx {} a\n\
CMD [\"npx\", \"{}\", \"dist\"]\n",
    ),
    with(
        "test_program",
        Name,
        "\
FROM ruby:3\n\
WORKDIR /a\n\
COPY . .\n\
RUN bundle install && npm ci && composer install\n\
RUN {} test\n\
RUN {} run test:unit\n\
RUN bundle exec {}\n\
CMD [\"a\"]\n",
    ),
    with(
        "verb_of_system_managers",
        Name,
        "\
FROM debian:12\n\
COPY . /app\n\
RUN apt-get {} a\n\
RUN apt {} a\n\
RUN aptitude {} a\n\
RUN dpkg {} a\n\
RUN apk {} a\n\
RUN dnf {} a\n\
RUN yum {} a\n\
RUN microdnf {} a\n\
RUN zypper {} a\n\
RUN pacman {} a\n\
RUN apt-key {} a\n\
RUN add-apt-repository {} a\n\
CMD [\"a\"]\n",
    ),
    with(
        "verb_of_language_managers",
        Name,
        "\
FROM debian:12\n\
COPY . /app\n\
RUN pip {} a\n\
RUN npm {} a\n\
RUN yarn {} a\n\
RUN pnpm {} a\n\
RUN bun {} a\n\
RUN go {} a\n\
RUN cargo {} a\n\
RUN gem {} a\n\
RUN bundle {} a\n\
RUN composer {} a\n\
RUN conda {} a\n\
RUN uv {} a\n\
RUN poetry {} a\n\
RUN pipenv {} a\n\
RUN pdm {} a\n\
CMD [\"a\"]\n",
    ),
    with(
        "verb_of_builders",
        Name,
        "\
FROM debian:12\n\
COPY . /app\n\
RUN dotnet {} a\n\
RUN mvn {} a\n\
RUN gradle {} a\n\
RUN ./gradlew {} a\n\
RUN make {} a\n\
RUN cmake --build . {} a\n\
RUN cabal {} a\n\
RUN stack {} a\n\
RUN swift {} a\n\
RUN zig {} a\n\
RUN mix {} a\n\
RUN sbt {} a\n\
RUN bazel {} a\n\
RUN rustup {} a\n\
RUN nix-env {} a\n\
CMD [\"a\"]\n",
    ),
    with(
        "verb_of_tools",
        Name,
        "\
FROM debian:12\n\
COPY . /app\n\
RUN git {} a\n\
RUN git -C b {} a\n\
RUN docker {} a\n\
RUN service {} a\n\
RUN systemctl {} a\n\
RUN openssl {} a\n\
RUN python -m {} a\n\
RUN busybox {} a\n\
RUN npm cache {} a\n\
RUN go mod {} a\n\
RUN uv pip {} a\n\
RUN yarn cache {} a\n\
RUN npm config {} a\n\
RUN rails {} a\n\
RUN bundle exec {} a\n\
CMD [\"a\"]\n",
    ),
    with(
        "verb_then_install",
        Name,
        "\
FROM debian:12\n\
RUN apt-get {} && apt-get install -y a\n\
RUN apk {} && apk add b\n\
RUN dnf {} -y && dnf clean all\n\
RUN apt-get update && apt-get install -y c && apt-get {}\n\
RUN npm ci && npm cache {}\n\
RUN pip install d && pip cache {}\n\
RUN yarn install && yarn cache {}\n\
CMD [\"a\"]\n",
    ),
    with(
        "package",
        Name,
        "\
FROM debian:12\n\
RUN apt-get update && apt-get install -y {} && rm -rf /var/lib/apt/lists/*\n\
COPY . /app\n\
RUN a\n\
CMD [\"a\"]\n",
    ),
    with(
        "package_of_alpine",
        Name,
        "\
FROM alpine:3\n\
RUN apk add {}\n\
COPY . /app\n\
RUN pip install {} && npm install -g {} && gem install {} && go install {} && cargo install {}\n\
CMD [\"a\"]\n",
    ),
    with(
        "package_then_build",
        Name,
        "\
FROM debian:12\n\
RUN apt-get update && apt-get install -y --no-install-recommends python3-pip {} && rm -rf /var/lib/apt/lists/*\n\
RUN pip install {} b\n\
CMD [\"a\"]\n",
    ),
    with(
        "flag_of_system_managers",
        Flag,
        "\
FROM debian:12\n\
COPY . /app\n\
RUN apt-get install {} a\n\
RUN apt-get {} update && apt-get install -y a\n\
RUN apk add {} a\n\
RUN dnf install {} a\n\
RUN yum {} install a\n\
RUN zypper {} install a\n\
RUN zypper install {} a\n\
RUN pacman {} a\n\
RUN apt-get upgrade {}\n\
RUN dpkg {} a\n\
CMD [\"a\"]\n",
    ),
    with(
        "flag_of_language_managers",
        Flag,
        "\
FROM debian:12\n\
COPY . /app\n\
RUN pip install {} a\n\
RUN pip {} install a\n\
RUN npm ci {}\n\
RUN npm install {} a\n\
RUN yarn install {}\n\
RUN pnpm install {}\n\
RUN bun install {}\n\
RUN go install {} a@latest\n\
RUN cargo install {} a\n\
RUN gem install {} a\n\
RUN bundle install {}\n\
RUN composer install {}\n\
RUN conda install {} a\n\
RUN uv sync {}\n\
RUN poetry install {}\n\
CMD [\"a\"]\n",
    ),
    with(
        "flag_of_builders",
        Flag,
        "\
FROM debian:12\n\
COPY . /app\n\
RUN go build {} -o a\n\
RUN cargo build {}\n\
RUN mvn {} package\n\
RUN gradle {} build\n\
RUN dotnet publish {}\n\
RUN dotnet restore {}\n\
RUN make {}\n\
RUN cmake {}\n\
RUN cabal build {}\n\
RUN npm run build {}\n\
RUN python {} a\n\
RUN python -m {} a\n\
RUN gcc {} a.c\n\
CMD [\"a\"]\n",
    ),
    with(
        "flag_of_downloads",
        Flag,
        "\
FROM debian:12\n\
COPY . /app\n\
RUN curl {} https://example.com/a\n\
RUN curl {} a https://example.com/a\n\
RUN wget {} https://example.com/b\n\
RUN wget {} b https://example.com/b\n\
RUN curl -s https://example.com/a | tar {}\n\
RUN git clone {} https://example.com/a.git\n\
RUN git clone {} a https://example.com/a.git\n\
RUN aria2c {} https://example.com/a\n\
RUN a | bash {}\n\
CMD [\"a\"]\n",
    ),
    with(
        "flag_of_file_programs",
        Flag,
        "\
FROM debian:12\n\
COPY . /app\n\
RUN tar {} a.tar\n\
RUN tar xf a.tar {} /b\n\
RUN rm {} /app\n\
RUN cp {} a /app/b\n\
RUN mv {} a /app/b\n\
RUN ln {} /bin/bash /bin/sh\n\
RUN chmod {} /app\n\
RUN chown {} a /app\n\
RUN mkdir {} /a/b && cd /a\n\
RUN find /app {}\n\
RUN find / -name a {} -exec rm\n\
RUN sed {} s/a/b/ /app/c\n\
RUN install {} a /app\n\
RUN unzip {} a.zip\n\
CMD [\"a\"]\n",
    ),
    with(
        "flag_of_accounts",
        Flag,
        "\
FROM debian:12\n\
COPY . /app\n\
RUN useradd {} a\n\
RUN adduser {} a\n\
RUN groupadd {} a\n\
RUN useradd -u 200000 {} b\n\
RUN usermod {} a\n\
RUN su {} a\n\
RUN sudo {} a\n\
RUN set {}; a | b\n\
RUN bash {} 'a | b'\n\
RUN env {} a\n\
RUN xargs {} a\n\
RUN timeout {} 1 a\n\
CMD [\"a\"]\n",
    ),
    with(
        "path_removed",
        Path,
        "\
FROM debian:12\n\
COPY . /app\n\
RUN apt-get update && apt-get install -y a && rm -rf {}\n\
RUN dnf install -y b && rm -rf {}/*\n\
RUN apk add c && rm -r /{}\n\
RUN rm -rf {}\n\
CMD [\"a\"]\n",
    ),
    with(
        "path_of_cache",
        Path,
        "\
FROM debian:12\n\
WORKDIR /app\n\
COPY . .\n\
RUN --mount=type=cache,target={} npm ci && pip install -r requirements.txt && go build && cargo build\n\
RUN --mount=type=cache,target=/root/{} yarn install && mvn package && gradle build\n\
RUN --mount=type=cache,target=/{} apt-get update && apt-get install -y a\n\
CMD [\"a\"]\n",
    ),
    with(
        "path_copied",
        Path,
        "\
FROM node:22\n\
WORKDIR /app\n\
COPY {} ./\n\
RUN npm ci && pip install -r requirements.txt && bundle install && composer install\n\
RUN go mod download && cargo build && mvn package && dotnet restore\n\
COPY . .\n\
CMD [\"a\"]\n",
    ),
    with(
        "path_copied_later",
        Path,
        "\
FROM debian:12\n\
WORKDIR /app\n\
COPY . .\n\
COPY {} /b/\n\
COPY --chmod=755 {} /c\n\
ADD {} /d/\n\
ADD https://example.com/{} /e\n\
RUN curl -fO https://example.com/{}\n\
RUN wget https://example.com/{} && tar xf f\n\
CMD [\"a\"]\n",
    ),
    with(
        "path_written",
        Path,
        "\
FROM debian:12\n\
RUN touch {} && a > /{}\n\
RUN cp -r a {} && chmod +x {}\n\
RUN cd {} && ln -s /{} c\n\
RUN tar xf a.tar -C {}\n\
VOLUME /{}\n\
WORKDIR {}\n\
COPY a {}\n\
CMD [\"a\"]\n",
    ),
    with(
        "path_run",
        Path,
        "\
FROM debian:12\n\
COPY {} /b/\n\
RUN . {} && /b/{} c\n\
RUN sh {} && bash ./{} && source /{}\n\
ENTRYPOINT [\"{}\"]\n\
CMD [\"/{}\"]\n",
    ),
    with(
        "path_from_stage",
        Path,
        "\
FROM golang:1 AS a\n\
COPY . .\n\
RUN go build -o b\n\
FROM debian:12\n\
COPY --from=a {} /\n\
COPY --from=a /{} /c/\n\
CMD [\"b\"]\n",
    ),
    with(
        "process_of_pages",
        Name,
        "\
FROM node:22\n\
WORKDIR /a\n\
COPY . .\n\
RUN npm ci && npm run build\n\
CMD [\"{}\", \"dist/\"]\n",
    ),
    with(
        "program_after_volatile_argument",
        Name,
        "\
FROM node:22\n\
ARG GIT_SHA\n\
RUN {} a\n\
RUN {} install\n\
RUN {} run build && npm run {}\n\
ARG BUILD_DATE\n\
RUN apt-get install -y {}\n\
CMD [\"a\"]\n",
    ),
    with(
        "folder",
        Name,
        "\
FROM debian:12 AS a\n\
WORKDIR /{}\n\
COPY . .\n\
RUN pip install -r requirements.txt && touch /usr/{}/b\n\
FROM debian:12\n\
WORKDIR /c\n\
COPY . /{}/\n\
COPY --from=a /{} /opt/{}\n\
RUN rm -rf /{} && chmod -R 755 /d/{}\n\
CMD [\"/{}/e\"]\n",
    ),
    with(
        "flag_with_value",
        Flag,
        "\
FROM debian:12\n\
COPY . /app\n\
RUN go build {} x -o a .\n\
RUN go install {} x a@latest\n\
RUN pip install {} x a\n\
RUN npm install {} x a\n\
RUN npm ci {} x\n\
RUN apt-get install {} x a\n\
RUN cargo build {} x\n\
RUN dnf install {} x a\n\
RUN apk add {} x a\n\
RUN yarn add {} x a\n\
RUN gem install {} x a\n\
RUN bundle install {} x\n\
RUN composer install {} x\n\
RUN conda install {} x a\n\
RUN zypper install {} x a\n\
RUN dotnet publish {} x\n\
RUN mvn {} x package\n\
RUN uv sync {} x\n\
RUN docker run {} x a\n\
RUN bash {} x a\n\
RUN useradd {} x a\n\
CMD [\"a\"]\n",
    ),
];

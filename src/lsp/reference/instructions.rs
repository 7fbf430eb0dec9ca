//! The instructions. Source: <https://docs.docker.com/reference/dockerfile/>.

use crate::syntax::Keyword;

/// What an instruction is.
#[derive(Debug, Clone, Copy)]
pub(in crate::lsp) struct Instruction {
    /// How it is written.
    pub(in crate::lsp) forms: &'static [&'static str],
    /// What it does, in a sentence or two.
    pub(in crate::lsp) text: &'static str,
    /// What to insert, with places to fill in.
    pub(in crate::lsp) snippet: &'static str,
}

const fn entry(
    forms: &'static [&'static str],
    text: &'static str,
    snippet: &'static str,
) -> Instruction {
    Instruction { forms, text, snippet }
}

/// What a keyword is; none for a word that is not an instruction.
pub(in crate::lsp) fn instruction(keyword: Keyword) -> Option<Instruction> {
    Some(match keyword {
        Keyword::Add => entry(
            &["ADD [OPTIONS] source… destination"],
            "Adds files from the build context, a URL or a Git repository. Local tar archives are unpacked. \
             For plain files `COPY` is clearer.",
            "ADD ${1:source} ${2:destination}",
        ),
        Keyword::Arg => entry(
            &["ARG NAME[=default] …"],
            "Declares a build argument, which `--build-arg` can set. It is visible from here to the end of the stage, and \
             not in the image's environment. Before the first `FROM` it is visible to `FROM` lines only, unless a stage \
             declares it again.",
            "ARG ${1:NAME}=${2:default}",
        ),
        Keyword::Cmd => entry(
            &["CMD [\"program\", \"argument\"]", "CMD command"],
            "The default command of a container, or the default arguments of its `ENTRYPOINT`. Only the last one applies. \
             The JSON form runs without a shell, so that the program gets signals.",
            "CMD [\"${1:program}\"]",
        ),
        Keyword::Copy => entry(
            &["COPY [OPTIONS] source… destination"],
            "Copies files from the build context, or with `--from` from a stage or an image. Relative destinations start at \
             `WORKDIR`. The layer is built again when a copied file changes.",
            "COPY ${1:source} ${2:destination}",
        ),
        Keyword::Entrypoint => entry(
            &["ENTRYPOINT [\"program\", \"argument\"]", "ENTRYPOINT command"],
            "The program that a container runs; `CMD` and the arguments of `docker run` are appended to the JSON form.",
            "ENTRYPOINT [\"${1:program}\"]",
        ),
        Keyword::Env => entry(
            &["ENV NAME=value …"],
            "Sets environment variables for the rest of the stage, for stages built on it, and in containers. A value \
             stays readable in the image, so do not put secrets there.",
            "ENV ${1:NAME}=${2:value}",
        ),
        Keyword::Expose => entry(
            &["EXPOSE port[/protocol] …"],
            "Documents the ports that the container listens on. It publishes nothing; `docker run -P` does.",
            "EXPOSE ${1:port}",
        ),
        Keyword::From => entry(
            &["FROM [--platform=platform] image[:tag|@digest] [AS name]"],
            "Starts a build stage from an image, an earlier stage, or from nothing (`scratch`). Only `ARG` may come before \
             the first one.",
            "FROM ${1:image}",
        ),
        Keyword::Healthcheck => entry(
            &["HEALTHCHECK [OPTIONS] CMD command", "HEALTHCHECK NONE"],
            "A command that checks whether the container works: exit code 0 is healthy, 1 is not. `NONE` drops the check of \
             the base image.",
            "HEALTHCHECK CMD ${1:command}",
        ),
        Keyword::Label => entry(
            &["LABEL key=value …"],
            "Adds metadata to the image. The keys of the OCI begin with `org.opencontainers.image.`.",
            "LABEL ${1:key}=\"${2:value}\"",
        ),
        Keyword::Maintainer => entry(
            &["MAINTAINER name"],
            "Deprecated. Write `LABEL org.opencontainers.image.authors=\"name\"`.",
            "LABEL org.opencontainers.image.authors=\"${1:name}\"",
        ),
        Keyword::Onbuild => entry(
            &["ONBUILD INSTRUCTION arguments"],
            "Stores an instruction for builds that use this image as their base; it runs right after their `FROM`.",
            "ONBUILD ${1:INSTRUCTION}",
        ),
        Keyword::Run => entry(
            &["RUN [OPTIONS] command", "RUN [\"program\", \"argument\"]", "RUN <<EOF"],
            "Runs a command in the build and keeps what it changed as a layer. What a later layer deletes still takes its \
             space.",
            "RUN ${1:command}",
        ),
        Keyword::Shell => entry(
            &["SHELL [\"program\", \"argument\"]"],
            "The shell that runs the shell forms of `RUN`, `CMD` and `ENTRYPOINT` from here on. The default is \
             `[\"/bin/sh\", \"-c\"]`.",
            "SHELL [\"${1:/bin/bash}\", \"${2:-o}\", \"${3:pipefail}\", \"${4:-c}\"]",
        ),
        Keyword::Stopsignal => entry(
            &["STOPSIGNAL signal"],
            "The signal that asks the container to stop, by name or number. The default is `SIGTERM`.",
            "STOPSIGNAL ${1:SIGTERM}",
        ),
        Keyword::User => entry(
            &["USER user[:group]"],
            "The user of the following instructions and of the container. A number works without an entry in `/etc/passwd`.",
            "USER ${1:user}",
        ),
        Keyword::Volume => entry(
            &["VOLUME [\"/path\"]", "VOLUME /path …"],
            "Marks a folder whose content lives outside the container. Changes that later instructions make to it are lost \
             with the old builder.",
            "VOLUME ${1:/path}",
        ),
        Keyword::Workdir => entry(
            &["WORKDIR /path"],
            "The working directory of the instructions that follow and of the container; it is made if it is missing. A \
             relative path starts at the one before.",
            "WORKDIR ${1:/path}",
        ),
        Keyword::Unknown => return None,
    })
}

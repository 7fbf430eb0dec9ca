//! What instructions write, command by command.

use super::*;
use crate::model::tests::of;

#[test]
fn names_tell_shapes() {
    assert_eq!(Shape::of("a/x.tar.gz"), Shape::BigFile);
    assert_eq!(Shape::of("docker-entrypoint"), Shape::File);
    assert_eq!(Shape::of("requirements.txt"), Shape::File);
    assert_eq!(Shape::of("src"), Shape::Unsure);
    assert_eq!(Shape::of("tool-1.2.0_amd64"), Shape::Unsure);
    assert_eq!(stem("/tmp/foo-1.2.tar.gz"), "foo-1.2");
}

/// What a line brings: path, how and what.
fn written(line: &str) -> String {
    let show = |it: &Write| {
        let how = match it.how {
            How::Copied { chown, chmod, from } => {
                let flags = [(chown, " chown"), (chmod, " chmod"), (from, " from")];
                let flags: String = flags.iter().filter(|it| it.0).map(|it| it.1).collect();
                format!("copied{flags}")
            }
            how => format!("{how:?}").to_lowercase(),
        };
        format!("{} {how} {:?}", it.path, it.shape)
    };
    let text = format!("FROM a\nWORKDIR /w\n{line}\n");
    of(&text, |model| model.writes().iter().map(show).collect::<Vec<_>>().join(", "))
}

/// Lines, and what they write.
const WAYS: &[(&str, &str)] = &[
    ("RUN tar xzf app.tar.gz", "/w/app unpacked Unsure"),
    ("RUN tar -xJf /tmp/app-1.2.tar.xz", "/w/app-1.2 unpacked Unsure"),
    ("RUN tar -C /opt -xf a.tgz", "/opt unpacked Tree"),
    ("RUN tar x -f a.tar --directory out", "/w/out unpacked Tree"),
    ("RUN bsdtar --extract -f a.zip", "/w/a unpacked Unsure"),
    ("RUN tar --get -f $A.tgz", ""),
    ("RUN tar czf a.tgz b", ""),
    ("RUN tar app/x.tar", ""),
    ("RUN tar -tf a.tgz", ""),
    ("RUN unzip -d /opt a.zip", "/opt unpacked Tree"),
    ("RUN unzip -q a.zip", "/w/a unpacked Unsure"),
    ("RUN unzip $A.zip", ""),
    ("RUN git clone https://a.io/b/c.git", "/w/c cloned Tree"),
    ("RUN git clone --depth 1 git@a.io:b/c.git /src", "/src cloned Tree"),
    ("RUN git clone https://a.io/b/c/ d --recursive", "/w/d cloned Tree"),
    ("RUN git clone https://a.io/$B", ""),
    ("RUN git fetch https://a.io/b", ""),
    ("RUN git clone c", ""),
    ("RUN cp -r a /opt/b", "/opt/b moved Unsure"),
    ("RUN cp -R a.jar /opt/", "/opt moved BigFile"),
    ("RUN cp -a a b", "/w/b moved Unsure"),
    ("RUN cp --recursive a b", "/w/b moved Unsure"),
    ("RUN cp --archive a b", "/w/b moved Unsure"),
    ("RUN cp a b", ""),
    ("RUN mv a /b", "/b moved Unsure"),
    ("RUN mv a", ""),
    ("RUN virtualenv /venv", "/venv installed Tree"),
    ("RUN python -m venv /venv", "/venv installed Tree"),
    ("RUN python3 -m venv .venv", "/w/.venv installed Tree"),
    ("RUN python3 -m venv", ""),
    ("RUN python3 a.py x", ""),
    ("RUN npm ci", "/w/node_modules installed Tree"),
    ("RUN npm install -g a", ""),
    ("RUN npm install --prefix x", ""),
    ("RUN npm run build", ""),
    ("RUN yarn install --cwd x", ""),
    ("RUN composer install --working-dir=x", ""),
    ("RUN composer install", "/w/vendor installed Tree"),
    ("RUN bundle install", ""),
    ("RUN curl -o a.tgz https://a.io/x", "/w/a.tgz fetched BigFile"),
    ("RUN curl -O https://a.io/x.zip?v=1", "/w/x.zip fetched BigFile"),
    ("RUN wget https://a.io/x.txt", "/w/x.txt fetched File"),
    ("RUN wget -P /opt https://a.io/x.bin", "/opt/x.bin fetched BigFile"),
    ("RUN wget --directory-prefix /opt https://a.io/x", "/opt/x fetched Unsure"),
    ("RUN curl --output-dir /opt -O https://a.io/x.deb", "/opt/x.deb fetched BigFile"),
    ("RUN curl -o /dev/null https://a.io/x", ""),
    ("RUN curl https://a.io/x", ""),
    ("RUN curl -o $A https://a.io/x", ""),
    ("RUN curl -o /usr/bin/x https://raw.githubusercontent.com/a/b/x", "/usr/bin/x fetched File"),
    ("RUN curl -o x https://a.io/blob/x", "/w/x fetched File"),
    ("RUN curl -o x https://gist.github.com/x", "/w/x fetched File"),
    ("RUN curl -o x.jar https://a.io/x.sh#a", "/w/x.jar fetched File"),
    ("RUN curl -o x.jar https://a.io/x", "/w/x.jar fetched BigFile"),
    ("RUN --mount=type=cache,target=/opt tar -C /opt -xf a.tgz", ""),
    ("RUN --mount=type=tmpfs,target=/opt tar -C /opt/x -xf a.tgz", ""),
    ("RUN f() { tar -C /opt -xf a.tgz; }", ""),
    ("ONBUILD RUN tar -C /opt -xf a.tgz", ""),
    ("ONBUILD RUN wget https://a.io/x", ""),
    ("COPY a.jar /opt/app.jar", "/opt/app.jar copied BigFile"),
    ("COPY a.jar b.conf /opt/x/", "/opt/x/a.jar copied BigFile, /opt/x/b.conf copied File"),
    ("COPY a.jar b.conf /x", "/x/a.jar copied BigFile, /x/b.conf copied File"),
    ("COPY src .", "/w copied Unsure"),
    ("COPY . /w", "/w copied Tree"),
    ("COPY ./* /x", "/x copied Tree"),
    ("COPY src/ /x", "/x copied Tree"),
    ("COPY *.jar /x/", "/x copied BigFile"),
    ("COPY a.jar /usr/local/bin", "/usr/local/bin/a.jar copied BigFile"),
    ("COPY --chown=a a /x", "/x copied chown Unsure"),
    ("COPY --chmod=755 a /x", "/x copied chmod Unsure"),
    ("COPY --from=b /a /x", "/x copied from Unsure"),
    ("COPY a.tar.gz /x", "/x copied BigFile"),
    ("ADD a.tar.gz /x", "/x copied Tree"),
    ("ADD a.zip /x", "/x copied BigFile"),
    ("ADD https://a.io/x.tgz?a=b /x/", "/x/x.tgz copied from BigFile"),
    ("ADD https://a.io/tool /usr/bin", "/usr/bin/tool copied from Unsure"),
    ("COPY <<EOF /etc/x\na\nEOF", "/etc/x copied File"),
    ("COPY a ${DIR}/x", ""),
    ("ARG D=/d\nCOPY a $D/x", "/d/x copied Unsure"),
    ("COPY bashrc /x/", "/x/bashrc copied File"),
    ("COPY .eslintrc /x/", "/x/.eslintrc copied File"),
    ("COPY conf.d /x/", "/x copied Unsure"),
    ("COPY docker-entrypoint /x/", "/x/docker-entrypoint copied File"),
    ("COPY App.git /x/", "/x copied Unsure"),
    ("COPY a.7Z /x/", "/x/a.7Z copied BigFile"),
];

#[test]
fn each_way_to_write_is_known() {
    for (line, expected) in WAYS {
        assert_eq!(written(line), *expected, "{line}");
    }
}

#[test]
fn small_copies_are_known_by_their_names() {
    let is = |line: &str| {
        of(&format!("FROM a\n{line}\n"), |model| {
            model.writes().iter().map(|it| model.is_small_copy(it)).collect::<Vec<_>>()
        })
    };
    let words = "conf config configs cron crontab crontabs entry entrypoint entrypoints etc hook hooks init initdb install \
                 key keyring keyrings keys script scripts service setup ssh template templates";
    for word in words.split_whitespace() {
        assert_eq!(is(&format!("COPY my-{word} /x/")), [true], "{word}");
        assert_eq!(is(&format!("COPY --from=b my-{word} /x/")), [false], "{word}");
    }
    for (line, expected) in [
        ("COPY app /x/", &[false][..]),
        ("COPY app /etc/x", &[true]),
        ("COPY app.jar /etc/x", &[false]),
        ("COPY app a.sh /x/", &[true, false]),
        ("COPY app.jar a.sh /x/", &[false, false]),
        ("COPY script.jar /x/", &[false]),
        ("RUN tar -C /etc/x -xf a.tgz", &[false]),
    ] {
        assert_eq!(is(line), expected, "{line}");
    }
}

#[test]
fn folders_that_others_fill_too_are_known() {
    let folders = "/ /bin /etc /home /lib /mnt /opt /root /sbin /srv /tmp /usr /usr/bin /usr/lib /usr/local /usr/local/bin \
                   /usr/local/lib /usr/local/sbin /usr/local/share /usr/local/src /usr/sbin /usr/share /usr/src /var \
                   /var/lib /var/tmp /var/www";
    for folder in folders.split_whitespace() {
        assert!(is_shared(folder), "{folder}");
        assert_eq!(
            written(&format!("COPY a.sh {folder}")).split(' ').next(),
            Some(&*path_in(Some(folder), "a.sh"))
        );
    }
    assert!(!is_shared("/app") && !is_shared("/usr/local/app"));
    for name in ".7z .apk .bin .bz2 .deb .dmp .dump .ear .exe .gz .iso .jar .msi .rpm .run .sql .tar .tbz2 .tgz .txz .war \
                 .whl .xz .zip .zst"
        .split_whitespace()
    {
        assert_eq!(Shape::of(&format!("a{name}")), Shape::BigFile, "{name}");
    }
    for name in "bashrc brewfile caddyfile changelog codeowners dockerfile gemfile gradlew license makefile mvnw pipfile \
                 procfile rakefile readme vagrantfile version vimrc zshrc .npmrc a.c README.MD"
        .split_whitespace()
    {
        assert_eq!(Shape::of(name), Shape::File, "{name}");
    }
    for name in "app nginx.d A.app x.git tool-1.2 .config srcrc".split_whitespace() {
        assert_eq!(Shape::of(name), Shape::Unsure, "{name}");
    }
    for (name, expected) in [
        ("a.tar.gz", "a"),
        ("/x/b-1.0.tar.bz2", "b-1.0"),
        ("c.tar.xz", "c"),
        ("d.tar.zst", "d"),
        ("e.tgz", "e"),
        ("f.tbz2", "f"),
        ("g.txz", "g"),
        ("h.zip", "h"),
        ("i.tar", "i"),
        ("j.rar", "j.rar"),
    ] {
        assert_eq!(stem(name), expected);
    }
}

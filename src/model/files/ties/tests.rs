use super::Ties;
use crate::model::tests::of;

/// Whether the two instructions, below `FROM` and `WORKDIR /app`, are tied.
fn are_tied(first: &str, second: &str) -> bool {
    let text = format!("FROM rust:1.80\nWORKDIR /app\n{first}\n{second}\n");
    of(&text, |model| Ties::new(model).are_tied(2, 3))
}

fn all(pairs: &[(&str, &str)], expected: bool) {
    for (first, second) in pairs {
        assert_eq!(are_tied(first, second), expected, "{first} / {second}");
    }
}

#[test]
fn packages_need_no_sources() {
    all(
        &[
            ("COPY crates crates", "RUN cargo install --locked cargo-auditable"),
            ("COPY . .", "RUN apt-get update && apt-get install -y curl"),
            ("COPY a.txt /srv/a.txt", "RUN pip install flask"),
            ("COPY src /srv/src", "RUN curl -fsSL https://a.b/c.sh | sh"),
            ("COPY entrypoint.sh /usr/local/bin/", "RUN apk add --no-cache curl"),
            ("COPY --chown=app src /srv/src", "RUN apk add --no-cache curl"),
            ("COPY . .", "RUN npm install -g turbo"),
        ],
        false,
    );
}

#[test]
fn what_says_how_packages_are_installed_comes_first() {
    all(
        &[
            ("COPY rust-toolchain.toml ./", "RUN cargo install cargo-auditable"),
            // A folder may hold one, as long as nobody knows what is in it.
            ("COPY . .", "RUN cargo install cargo-auditable"),
            ("COPY .npmrc /root/.npmrc", "RUN npm install -g turbo"),
            ("COPY keys /usr/share/keyrings", "RUN apt-get install -y curl"),
            ("COPY nginx.conf /etc/nginx/nginx.conf", "RUN apt-get install -y nginx"),
            ("COPY --from=uv /uv /bin/", "RUN uv tool install ruff"),
            ("COPY tools/pip /usr/local/bin", "RUN pip install flask"),
            ("COPY tools/pip /usr/local/bin/pip", "RUN pip install flask"),
            ("COPY . /root", "RUN pip install flask"),
            ("COPY lib /usr/local/lib/python3/site-packages/x", "RUN pip install flask"),
            ("ENV PIP_INDEX_URL=https://a.b", "RUN pip install flask"),
            ("USER app", "RUN pip install flask"),
        ],
        true,
    );
}

#[test]
fn manifests_come_before_their_install() {
    let install = "RUN npm ci";
    all(
        &[
            ("COPY package.json ./", install),
            ("COPY package*.json ./", install),
            ("COPY . .", install),
            ("COPY ./package.json /app", install),
            ("COPY --chown=a package*.json ./", install),
            ("COPY web/package.json /srv/x", install),
            ("COPY --from=build /src/package-lock.json .", install),
            ("COPY patches ./patches", install),
            ("COPY web/package.json /srv/package.json", install),
            // Without a build context nobody knows what its scripts read.
            ("COPY src ./src", install),
            ("RUN npm install -g npm@10", install),
            ("RUN apt-get install -y python3", install),
        ],
        true,
    );
    all(&[("COPY a.txt /srv/a.txt", "RUN rm -rf /srv/b")], false);
}

#[test]
fn paths_that_are_touched_stay_in_order() {
    all(
        &[
            ("COPY a.sh /srv/a.sh", "RUN chmod +x /srv/a.sh"),
            ("COPY . .", "RUN mkdir -p data"),
            ("COPY . .", "RUN curl -O https://a.b/c"),
            ("COPY . .", "RUN ./setup.sh"),
            ("COPY . .", "RUN npm run build"),
            ("RUN adduser app", "COPY --chown=app a /srv/a"),
            ("COPY a /srv/a", "COPY b/a /srv/a"),
            ("COPY a /srv/", "COPY --chown=1 a /srv/"),
        ],
        true,
    );
    all(
        &[
            ("COPY . .", "RUN mkdir -p /srv/data && chown 1000 /srv/data"),
            ("COPY . .", "RUN curl -o /tmp/c https://a.b/c && rm /tmp/c"),
            ("COPY a /srv/a", "COPY b /srv/b"),
            ("COPY a.txt ./", "COPY b.txt ./"),
        ],
        false,
    );
}

#[test]
fn a_step_in_between_keeps_its_place_if_it_may_matter() {
    all(
        &[
            ("RUN npm ci && npm run build", "RUN apt-get install -y curl"),
            ("RUN cargo build --release", "RUN apk add curl"),
            ("RUN npm ci", "RUN npm install -g pm2"),
        ],
        false,
    );
    all(
        &[
            ("RUN apt-get install -y curl", "RUN curl https://a.b/c | sh"),
            ("RUN apt-get install -y a", "RUN apt-get install -y b"),
            ("RUN curl -fsSL https://a.b/setup | bash -", "RUN apt-get install -y nodejs"),
            ("RUN echo a > /etc/apt/sources.list.d/a.list", "RUN apt-get install -y b"),
            ("RUN make", "RUN apt-get install -y b"),
            ("RUN pip install -r requirements.txt", "RUN pip install gunicorn"),
            ("RUN corepack enable", "RUN pnpm add -g turbo"),
        ],
        true,
    );
}

#[test]
fn settings_are_tied_to_what_sees_them() {
    all(
        &[
            ("ARG A=1", "ENV B=$A"),
            ("ARG A=1", "COPY $A /srv/"),
            ("ENV A=/x", "WORKDIR $A"),
            ("WORKDIR /x", "COPY a ."),
            ("WORKDIR /x", "RUN rm -rf a"),
            ("USER app", "WORKDIR /x"),
            ("VOLUME /data", "COPY a /data/a"),
            ("SHELL [\"/bin/bash\", \"-c\"]", "RUN apk add curl"),
            ("ENTRYPOINT [\"a\"]", "CMD [\"b\"]"),
            ("ONBUILD RUN a", "RUN apk add curl"),
        ],
        true,
    );
    all(
        &[
            ("ENV A=1", "COPY a /srv/"),
            ("USER app", "COPY a /srv/"),
            ("WORKDIR /x", "COPY a /srv/"),
            ("WORKDIR /x", "RUN apk add curl"),
            ("LABEL a=b", "RUN apk add curl"),
            ("CMD [\"a\"]", "COPY a /srv/"),
            ("EXPOSE 80", "WORKDIR /x"),
        ],
        false,
    );
}

//! Which installs could be before the sources.

use super::{Placed, is_project};
use crate::model::tests::of;

/// What is before each late install, with the verb's text.
fn late(lines: &str) -> Vec<Placed> {
    of(&format!("FROM a\n{lines}\n"), |model| {
        model.late_installs().iter().map(|it| it.placed).collect()
    })
}

#[test]
fn parts_of_the_sources_count_where_the_manifests_came_alone() {
    let npm = "WORKDIR /app\nCOPY package.json ./\nCOPY src ./src\nRUN npm ci";
    assert_eq!(late(npm), [Placed::Part]);
    let pip = "WORKDIR /srv\nCOPY app ./app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt";
    assert_eq!(late(pip), [Placed::Part]);
    let bundle = "WORKDIR /srv\nCOPY Gemfile Gemfile.lock ./\nCOPY lib/ lib/\nRUN bundle install";
    assert_eq!(late(bundle), [Placed::Part]);
    for lines in [
        // The schema is read by the scripts of the packages.
        "WORKDIR /app\nCOPY package.json ./\nCOPY prisma ./prisma\nRUN npm ci",
        // Nobody knows where the manifest comes from.
        "WORKDIR /app\nCOPY src ./src\nRUN npm ci",
        "WORKDIR /app\nCOPY package.json ./\nRUN npm ci\nCOPY src ./src\nRUN npm run build",
        "WORKDIR /app\nCOPY Cargo.toml ./\nCOPY src ./src\nRUN cargo build",
        "WORKDIR /app\nCOPY pyproject.toml ./\nCOPY src ./src\nRUN poetry install",
    ] {
        assert!(late(lines).is_empty(), "{lines}");
    }
}

#[test]
fn the_directory_of_the_base_image_is_the_same_for_both() {
    assert_eq!(late("COPY . .\nRUN npm ci"), [Placed::Whole]);
    assert_eq!(late("COPY ./ ./\nRUN pip install -r requirements.txt"), [Placed::Whole]);
    assert!(late("COPY . /app\nRUN npm ci").is_empty());
    assert!(late("COPY . .\nRUN cd /x && npm ci").is_empty());
}

#[test]
fn named_packages_need_nothing_of_the_tree() {
    for command in [
        "pecl install redis",
        "gem install rake",
        "npm install -g pm2",
        "pip install poetry==1.8.3",
        "go install example.com/x@v1",
        "cargo install sccache",
        "playwright install chromium",
        "npx playwright install --with-deps",
        "apk add --no-cache git",
        "dnf install -y git && dnf clean all",
        "apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*",
        "uv tool install ruff",
        "conda install -y numpy",
        "cpanm Mojolicious",
        "docker-php-ext-install gd",
        "composer global require x/y",
    ] {
        let lines = format!("WORKDIR /etc/app\nCOPY . .\nRUN {command}");
        assert!(late(&lines).contains(&Placed::Whole), "{command}: {:?}", late(&lines));
    }
    for command in [
        "pip install .",
        "gem install ./x.gem",
        "cargo install --path .",
        "go install ./cmd/x",
        "apt-get install -y ./x.deb",
        "./prepare && apt-get install -y git",
        "npm install -g .",
    ] {
        let lines = format!("WORKDIR /app\nCOPY . .\nRUN {command}");
        assert!(late(&lines).is_empty(), "{command}: {:?}", late(&lines));
    }
}

#[test]
fn more_ecosystems_are_known() {
    for command in [
        "dotnet restore",
        "dotnet publish -c Release -o out",
        "dotnet restore src/Shop.csproj",
        "mix deps.get",
        "cabal build --only-dependencies",
        "stack build --only-dependencies",
        "swift package resolve",
        "dart pub get",
        "flutter pub get",
        "deno install",
        "cpanm --installdeps .",
        "carton install",
        "Rscript -e 'renv::restore()'",
        "uv pip sync requirements.txt",
        "gradle dependencies",
    ] {
        let lines = format!("WORKDIR /app\nCOPY . .\nRUN {command}");
        assert_eq!(late(&lines), [Placed::Whole], "{command}");
    }
}

#[test]
fn packages_of_the_system_come_before_any_product() {
    let product = "RUN make\nFROM a AS build\nCOPY . .\nFROM a\nCOPY --from=build /out /app\nRUN apk add curl";
    assert_eq!(late(product), [Placed::Product]);
    assert_eq!(late("COPY target/app.jar /app.jar\nRUN apk add curl"), [Placed::Product]);
    assert_eq!(late("COPY server/ /app/server\nRUN apk add curl"), [Placed::Product]);
    for lines in [
        "COPY --from=x:1 /out /app\nRUN apk add curl",
        "COPY keys /etc/apk/keys\nRUN apk add curl",
        "COPY entrypoint.sh /\nRUN apk add curl",
        // Scripts and settings, as far as the names tell.
        "COPY tool /opt/bin/tool\nRUN apk add curl",
        "COPY crontab /etc/cron.d/\nRUN apk add curl",
        "COPY scripts/ /opt/scripts/\nRUN apk add curl",
        "RUN apk add curl\nCOPY server /app/server",
        "COPY server/ /app/server\nRUN /app/server/x && apk add curl",
        "COPY server/ /app/server\nRUN --mount=type=cache,target=/var/cache/apk apk add curl",
    ] {
        assert!(late(lines).is_empty(), "{lines}");
    }
}

#[test]
fn a_mounted_context_is_one_of_all_sources() {
    let mount =
        |option: &str| late(&format!("WORKDIR /app\nRUN --mount=type=bind,{option} npm ci"));
    assert_eq!(mount("target=."), [Placed::Mount]);
    assert_eq!(mount("source=.,target=/app"), [Placed::Mount]);
    assert!(mount("source=package.json,target=package.json").is_empty());
    assert!(mount("from=x,target=/app").is_empty());
    assert!(mount("target=/other").is_empty());
}

#[test]
fn names_are_read_by_words() {
    assert!(is_project("pipeline") && is_project("monkeys") && is_project("repackager"));
    assert!(!is_project("pip") && !is_project("build-scripts") && !is_project("conf.d"));
}

//! What the files of a project say about its image.

use super::*;

#[test]
fn a_lock_file_counts_where_it_is_copied() {
    let it = folder(&[
        ("Dockerfile", ""),
        ("package.json", "{}"),
        ("package-lock.json", "{}"),
        ("web/package.json", r#"{"workspaces": ["a"]}"#),
        ("web/npm-shrinkwrap.json", "{}"),
        ("api/package.json", "{}"),
    ]);
    let check = |text: &str| {
        let text = format!("FROM node:22\nWORKDIR /app\n{text}\nCMD [\"node\", \"a.js\"]\n");
        std::fs::write(it.path().join("Dockerfile"), text).unwrap();
        let base = ["check", "--no-config", "--quiet", "--select", "LW721", "--format", "json"];
        let (_, out, _) = run(layerwise(it.path()).args(base).arg("Dockerfile"));
        let json: serde_json::Value = serde_json::from_str(&out).unwrap();
        let findings = json["files"][0]["findings"].as_array().unwrap();
        let labels = findings.iter().map(|it| {
            let fix = if it["fix"].is_null() { "" } else { " fix" };
            format!("{}{fix}", it["labels"][0]["message"].as_str().unwrap())
        });
        labels.collect::<Vec<_>>().join(", ")
    };
    let (lock, wrap) = ("brings `package-lock.json`", "brings `npm-shrinkwrap.json`");
    let fixed = "brings `package-lock.json` fix";
    for (text, expected) in [
        ("COPY package*.json ./\nRUN npm install", fixed),
        ("COPY package.json package-lock.json* /app/\nRUN npm i --omit=dev", fixed),
        ("COPY . .\nRUN npm install --no-audit --no-fund", fixed),
        ("COPY . /srv\nRUN cd /srv && npm install", fixed),
        ("COPY . /srv\nWORKDIR /srv/web\nRUN npm install", wrap),
        ("COPY web /app\nRUN npm install", wrap),
        ("COPY . .\nRUN npm install -d", lock),
        ("COPY . .\nRUN npm install && npm install", fixed),
        ("COPY api ./\nRUN npm install", ""),
        ("COPY . /srv\nWORKDIR /srv/api\nRUN npm install", ""),
        ("COPY . /app2\nRUN npm install", ""),
        ("COPY package.json ./\nRUN npm install", ""),
        ("COPY --from=x package-lock.json ./\nRUN npm install", ""),
        ("RUN npm install\nCOPY . .", ""),
        ("COPY . .\nRUN npm install express", ""),
        ("COPY . .\nRUN npm install -g .", ""),
        ("COPY . .\nRUN npm install --no-package-lock", ""),
        ("COPY . .\nRUN npm install --prefix web", ""),
        ("COPY . .\nRUN rm package-lock.json && npm install", ""),
        ("COPY . .\nRUN npm ci || npm install", ""),
        ("COPY . .\nENV NPM_CONFIG_PACKAGE_LOCK=false\nRUN npm install", ""),
    ] {
        assert_eq!(check(text), expected, "{text}");
    }
    std::fs::write(it.path().join(".dockerignore"), "package-lock.json\n").unwrap();
    assert_eq!(check("COPY . .\nRUN npm install"), "");
}

#[test]
fn programs_that_build_projects_need_the_sdk() {
    let project = |packages: &str| {
        let it = folder(&[
            (
                "Dockerfile",
                "FROM mcr.microsoft.com/dotnet/sdk:8.0 AS build\nCOPY . .\nRUN dotnet publish -o out\n\
                 FROM mcr.microsoft.com/dotnet/sdk:8.0\nCOPY --from=build out .\n\
                 ENTRYPOINT [\"dotnet\", \"/a.dll\"]\n",
            ),
            ("src/A/A.csproj", packages),
        ]);
        let base = ["check", "--no-config", "--select", "LW302", "--format", "concise"];
        run(layerwise(it.path()).args(base).arg("Dockerfile")).1.contains("LW302")
    };
    assert!(project("<PackageReference Include=\"Serilog\" />"));
    assert!(project("<Project Sdk=\"Microsoft.NET.Sdk\"><!-- Microsoft.Build --></Project>"));
    for name in ["Microsoft.Build.Locator", "Microsoft.Build", "Microsoft.Build.Framework"] {
        assert!(!project(&format!("<PackageReference Include=\"{name}\" />")), "{name}");
    }
}

#[test]
fn tools_of_a_repository_are_left_alone() {
    let install = "FROM debian:12\nRUN apt-get update && apt-get install -y curl\n";
    let codes = |name: &str, rest: &str| {
        let text = format!("{install}{rest}");
        let it =
            folder(&[(name, text.as_str()), (".git/HEAD", ""), ("src/main.c", "int main() {}\n")]);
        let (_, out, _) = run(layerwise(it.path()).args([
            "check",
            "--format",
            "concise",
            "--context",
            ".",
            name,
        ]));
        out.contains("LW104")
    };
    for rest in ["", "CMD [\"x\"]\n", "COPY src /src\n", "COPY src /src\nCMD [\"bash\"]\n"] {
        assert!(!codes("Dockerfile", rest), "{rest}");
        assert!(codes("Dockerfile.base", rest), "{rest}");
    }
    for rest in ["COPY src /src\nCMD [\"x\"]\n", "COPY --from=busybox /bin/sh /sh\n"] {
        assert!(codes("Dockerfile", rest), "{rest}");
    }
    // What somebody tries out is in no repository.
    let it = folder(&[("Dockerfile", install)]);
    let (_, out, _) =
        run(layerwise(it.path()).args(["check", "--format", "concise", "Dockerfile"]));
    assert!(out.contains("LW104"), "{out}");
}

//! Stores of engines.

use super::*;

/// What the daemon's interface says: its numbers are not rounded.
pub(super) fn ask_docker(engines: &Engines, path: &str) -> Value {
    use std::io::{Read, Write};
    let mut socket = std::os::unix::net::UnixStream::connect(engines.path("docker.sock")).unwrap();
    write!(socket, "GET {path} HTTP/1.0\r\nHost: docker\r\n\r\n").unwrap();
    let mut text = String::new();
    socket.read_to_string(&mut text).unwrap();
    serde_json::from_str(text.split_once("\r\n\r\n").unwrap().1).unwrap()
}

pub(super) fn what_images_share_is_what_docker_says(engines: &Engines) {
    if engines.docker.is_none() {
        return;
    }
    // A base, one on it, and three on that one.
    let files = [
        "RUN dd if=/dev/zero of=/tool bs=1000 count=70",
        "RUN dd if=/dev/zero of=/x bs=1000 count=8",
    ];
    for (tag, from, step) in [
        ("tools", "base:1", files[0]),
        ("one", "tools", files[1]),
        ("two", "tools", "RUN echo two > /two"),
        ("three", "one", "RUN echo three > /three"),
        ("four", "one", "LABEL a=b"),
    ] {
        let text = format!("FROM localhost/{from}\n{step}\n");
        let context = folder(&[("Dockerfile", text)]);
        let place = context.path().to_string_lossy();
        engines.command(
            "docker",
            &["build", "--quiet", "--network", "host", "-t", &format!("localhost/{tag}"), &place],
        );
    }
    let usage = ask_docker(engines, "/system/df");
    let images = usage["Images"].as_array().unwrap();
    assert!(images.len() >= 6, "{usage}");
    let names: Vec<String> =
        images.iter().map(|it| format!("docker://{}", it["Id"].as_str().unwrap())).collect();
    let mut arguments = vec!["image", "--no-config", "--format", "json"];
    arguments.extend(names.iter().map(String::as_str));
    let (code, out, err) = engines.layerwise(engines.work.path(), &arguments);
    assert_eq!(code, 0, "{err}");
    let report: Value = serde_json::from_str(&out).unwrap();
    for (of_docker, ours) in images.iter().zip(report["sharing"]["images"].as_array().unwrap()) {
        let (size, shared) =
            (of_docker["Size"].as_u64().unwrap(), of_docker["SharedSize"].as_u64().unwrap());
        assert_eq!(
            (&ours["shared"], &ours["unique"]),
            (&shared.into(), &(size - shared).into()),
            "{of_docker}"
        );
    }
    assert_eq!(report["sharing"]["total_bytes"], usage["LayersSize"]);
}

/// What `du` says of a folder.
pub(super) fn du(folder: &str) -> u64 {
    let output =
        Command::new("du").args(["--summarize", "--block-size=1", folder]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.split_whitespace().next().unwrap().parse().unwrap()
}

pub(super) fn store_of(engines: &Engines, root: &str) -> Value {
    let root = engines.path(root);
    let arguments = ["store", "--format", "json", "--root", &*root.to_string_lossy()];
    let (code, out, err) = engines.layerwise(engines.work.path(), &arguments);
    assert_eq!(code, 0, "{err}");
    let store = serde_json::from_str::<Value>(&out).unwrap()["stores"][0].take();
    assert_eq!(
        (&store["faults"], &store["changed"]),
        (&serde_json::json!([]), &serde_json::json!([]))
    );
    for layer in store["layers"].as_array().unwrap() {
        assert_eq!(layer["disk_bytes"], du(layer["folder"].as_str().unwrap()), "{layer}");
    }
    store
}

pub(super) fn stores_are_read_as_their_engines_see_them(engines: &Engines) {
    // Where overlay2 cannot be mounted Docker keeps layers in another way.
    if engines.path("docker/image/overlay2").is_dir() {
        let store = store_of(engines, "docker");
        let usage = ask_docker(engines, "/system/df");
        let listed = usage["Images"].as_array().unwrap();
        for of_docker in listed {
            let id = of_docker["Id"].as_str().unwrap().trim_start_matches("sha256:");
            let ours =
                store["images"].as_array().unwrap().iter().find(|it| it["id"] == id).unwrap();
            let (size, shared) =
                (of_docker["Size"].as_u64().unwrap(), of_docker["SharedSize"].as_u64().unwrap());
            let expected =
                serde_json::json!({"all": size, "shared": shared, "unique": size - shared});
            assert_eq!(ours["recorded"], expected, "{of_docker}");
            let data = engines.command(
                "docker",
                &["image", "inspect", "--format", "{{json .GraphDriver.Data}}", id],
            );
            let data: Value = serde_json::from_str(&data).unwrap();
            assert_eq!(ours["upper_dir"], data["UpperDir"], "{id}");
            let below: Vec<&str> =
                data["LowerDir"].as_str().unwrap_or("").split_terminator(':').collect();
            assert_eq!(ours["lower_dirs"], serde_json::json!(below), "{id}");
            assert_eq!(
                ours["removal"].is_null(),
                !of_docker["RepoTags"].is_null() || ours["containers"] != 0,
                "{of_docker}"
            );
        }
        let shown =
            store["images"].as_array().unwrap().iter().filter(|it| it["step"] == false).count();
        assert_eq!(shown, listed.len());
    }
    if engines.has_buildah {
        let store = store_of(engines, "store");
        let text = engines.command("buildah", &["images", "--json"]);
        let listed: Vec<Value> = serde_json::from_str(&text).unwrap();
        assert!(!listed.is_empty());
        for of_buildah in listed.iter().filter(|it| it["names"].is_array()) {
            let ours = store["images"]
                .as_array()
                .unwrap()
                .iter()
                .find(|it| {
                    it["id"].as_str().unwrap().starts_with(of_buildah["id"].as_str().unwrap())
                })
                .unwrap();
            assert_eq!(ours["names"], of_buildah["names"]);
            let text = engines.command(
                "buildah",
                &["inspect", "--type", "image", of_buildah["id"].as_str().unwrap()],
            );
            let inspected: Value = serde_json::from_str(&text).unwrap();
            let ids = inspected["OCIv1"]["rootfs"]["diff_ids"].as_array().unwrap();
            assert_eq!(ours["layers"].as_array().unwrap().len(), ids.len());
            let inspect = [
                "image",
                "inspect",
                "--format",
                "{{json .GraphDriver}}",
                of_buildah["id"].as_str().unwrap(),
            ];
            let Ok(output) = engines.try_command("podman").args(inspect).output() else { continue };
            if engines.driver == "overlay" {
                assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
                let data: Value = serde_json::from_slice(&output.stdout).unwrap();
                assert_eq!(ours["upper_dir"], data["Data"]["UpperDir"]);
                let below: Vec<&str> =
                    data["Data"]["LowerDir"].as_str().unwrap_or("").split_terminator(':').collect();
                assert_eq!(ours["lower_dirs"], serde_json::json!(below));
            }
        }
    }
}

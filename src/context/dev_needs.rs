//! Whether a project names dependencies for development, from its manifests.

use super::BuildContext;

/// Whether one of the manifests in a context names dependencies for development; none where none of them is there.
pub fn has_dev_dependencies(context: &BuildContext, manifests: &[String]) -> Option<bool> {
    let found: Vec<bool> = manifests
        .iter()
        .filter_map(|it| {
            let text = context.text(it)?;
            names_some(it.rsplit('/').next().unwrap_or(it), &text)
        })
        .collect();
    (!found.is_empty()).then(|| found.contains(&true))
}

/// Whether the text of a manifest names some; none where it cannot be read.
fn names_some(name: &str, text: &str) -> Option<bool> {
    let key = match name {
        "package.json" => "devDependencies",
        "composer.json" => "require-dev",
        "Gemfile" => {
            let groups = text.lines().filter(|it| it.trim_start().starts_with("group"));
            let of_dev = |it: &str| it.contains(":development") || it.contains(":test");
            return Some(groups.into_iter().any(of_dev) || text.contains("group: :development"));
        }
        "pyproject.toml" => {
            let tables =
                ["[dependency-groups]", "[tool.poetry.dev-dependencies]", "[tool.poetry.group."];
            let has = |line: &str| tables.iter().any(|it| line.trim_start().starts_with(it));
            return Some(text.lines().any(has));
        }
        _ => return None,
    };
    let json: serde_json::Value = serde_json::from_str(text).ok()?;
    let needs = json.get(key).and_then(|it| it.as_object());
    Some(needs.is_some_and(|it| it.keys().any(|name| !name.starts_with("@types/"))))
}

#[cfg(test)]
mod tests {
    use super::names_some;

    #[test]
    fn manifests_of_several_managers_are_read() {
        let node = |text| names_some("package.json", text);
        assert_eq!(node(r#"{"devDependencies": {"vite": "5"}}"#), Some(true));
        assert_eq!(node(r#"{"devDependencies": {"@types/node": "1"}}"#), Some(false));
        assert_eq!(node(r#"{"dependencies": {"a": "1"}}"#), Some(false));
        assert_eq!(node("{"), None);
        let php = |text| names_some("composer.json", text);
        assert_eq!(php(r#"{"require-dev": {"phpunit/phpunit": "11"}}"#), Some(true));
        assert_eq!(php(r#"{"require-dev": {}}"#), Some(false));
        let ruby = |text| names_some("Gemfile", text);
        assert_eq!(ruby("group :development, :test do\n"), Some(true));
        assert_eq!(ruby("gem 'rails'\n"), Some(false));
        let python = |text| names_some("pyproject.toml", text);
        assert_eq!(python("[tool.poetry.group.dev.dependencies]\n"), Some(true));
        assert_eq!(python("[project]\nname = 'a'\n"), Some(false));
        assert_eq!(names_some("other", ""), None);
    }
}

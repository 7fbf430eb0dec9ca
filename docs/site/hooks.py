"""Hooks of MkDocs: pages made of files beside `docs/`, and the pages of the rules in the navigation."""
import re
from pathlib import Path

from mkdocs.structure.files import File

# Files of the project's root that are pages too. Links between them and into `docs/` are rewritten.
ROOT_PAGES = {
    "README.md": "index.md",
    "ARCHITECTURE.md": "architecture.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
    "CHANGELOG.md": "changelog.md",
}


def on_config(config):
    """Lists the rules below their index, by category, in the order of the index."""
    index = (Path(config.docs_dir) / "rules.md").read_text()
    categories = []
    for section in re.split(r"^## ", index, flags=re.M)[1:]:
        name = section.split("\n", 1)[0].strip()
        pages = re.findall(r"^\| \[([^\]]+)\]\((rules/[^)]+)\) \| ([^ ]+)", section, flags=re.M)
        categories.append({name: [{f"{code} {title}": path} for code, path, title in pages]})
    for entry in config.nav:
        if "Rules" in entry:
            entry["Rules"] = ["rules.md", *categories, {"ShellCheck": "rules/shellcheck.md"}]
    return config


def on_files(files, config):
    """Adds the pages of the root, and leaves no link out of the site."""
    root = Path(config.config_file_path).parent
    for source, page in ROOT_PAGES.items():
        files.append(File.generated(config, page, content=from_root((root / source).read_text(), root)))
    return files


def on_page_markdown(markdown, page, config, files):
    """Turns links from `docs/` to the project's root into links to the pages made of it."""
    for source, target in ROOT_PAGES.items():
        up = "../" * page.file.src_uri.count("/")
        markdown = markdown.replace(f"]({up}../{source}", f"]({up}{target}")
    return outside(markdown, page.file.src_uri)


def from_root(text, root):
    """The text of a file in the root, with its links as seen from `docs/`."""
    for source, target in ROOT_PAGES.items():
        text = text.replace(f"]({source}", f"]({target}")
    return text.replace("](docs/", "](").replace('src="docs/', 'src="')


def outside(text, page):
    """Links to code and other files that are not part of the site become plain text."""
    prefix = "" if page in ROOT_PAGES.values() else r"(?:\.\./)+"
    folders = "|".join(["src", "rules", "tests", "fixtures", "benches", "fuzz", "editors", r"LICENSE[-A-Z]*", "THIRD-PARTY-NOTICES"])
    if page == "rules.md" or page.startswith("rules/"):
        return text
    return re.sub(rf"\[([^\]]*)\]\({prefix}(?:{folders})(?:/[^)]*)?\)", r"\1", text)

"""Families of hostile input: each a name, a kind and a function from a size in bytes to files."""
from . import archives, dockerfiles, shell, trees


def families():
    """All of them; names are there once."""
    found = [*dockerfiles.families(), *shell.families(), *trees.families(), *archives.families()]
    names = [family.name for family in found]
    twice = {name for name in names if names.count(name) > 1}
    assert not twice, f"families of one name: {sorted(twice)}"
    return found

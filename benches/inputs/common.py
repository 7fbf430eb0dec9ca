"""What the families are made with."""
from dataclasses import dataclass
from typing import Callable

FROM = "FROM debian:12\n"


@dataclass
class Family:
    """Inputs of one kind. `make` gets a size and an empty folder, in which it writes; `kind` says what is run on it."""

    name: str
    kind: str
    make: Callable


def as_bytes(text):
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")


def write(folder, name, text):
    """Writes a file, with the folders above it."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(as_bytes(text))


def dockerfile(name, text):
    """A family of one Dockerfile, whose text comes from a function."""
    return Family(name, "file", lambda size, folder: write(folder, "Dockerfile", text(size)))


def repeat(part, size):
    """A part again and again, up to a size; `{i}` in it counts."""
    if "{i" not in part:
        return part * max(1, size // max(1, len(as_bytes(part))))
    parts, length, i = [], 0, 0
    while length < size:
        piece = part.replace("{i}", str(i)).replace("{i-1}", str(max(0, i - 1))).replace("{i+1}", str(i + 1))
        parts.append(piece)
        length += len(piece)
        i += 1
    return "".join(parts)


def lines(name, part, start=FROM, end=""):
    """A family whose Dockerfile repeats some lines."""
    return dockerfile(name, lambda size: start + repeat(part, size) + end)


def run(name, part, start="", end=""):
    """A family with one RUN that repeats a part."""
    return dockerfile(name, lambda size: FROM + "RUN " + start + repeat(part, size) + end + "\n")


def nested(name, opening, middle, closing, start, end="\n", before=FROM):
    """A family that nests something as deep as the size lets it."""

    def text(size):
        depth = max(1, size // (len(opening) + len(closing)))
        return before + start + opening * depth + middle + closing * depth + end

    return dockerfile(name, text)

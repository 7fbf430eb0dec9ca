"""Archives of images: layers with many, long, odd and false members, bombs, and JSON that is deep or long."""
import gzip
import hashlib
import io
import json
import struct

from .common import FROM, Family, repeat, write
from .trees import nest

# What most images of a size are compared with: a member takes a header of 512 bytes.
HEADER = 512


def header(path, kind=b"0", size=0, link="", mode=0o644, mtime=0, magic=b"ustar\x0000", prefix=b""):
    block = bytearray(HEADER)

    def put(at, text):
        block[at:at + len(text)] = text

    put(0, path.encode("utf-8", "surrogateescape")[:100])
    put(100, b"%07o" % mode)
    put(108, b"0000000")
    put(116, b"0000000")
    put(124, b"%011o" % size if size < 8 ** 11 else b"\x80" + size.to_bytes(11, "big"))
    put(136, b"%011o" % mtime)
    put(148, b" " * 8)
    put(156, kind)
    put(157, link.encode("utf-8", "surrogateescape")[:100])
    put(257, magic)
    put(329, b"0000000")
    put(337, b"0000000")
    put(345, prefix[:155])
    put(148, b"%06o\0 " % sum(block))
    return bytes(block)


def member(path, content=b"", **others):
    return header(path, size=others.pop("size", len(content)), **others) + content + b"\0" * (-len(content) % HEADER)


def pax(records, path="a", **others):
    text = b""
    for key, value in records:
        body = b" " + key.encode() + b"=" + value + b"\n"
        length = len(body) + 1
        while len(str(length)) + len(body) != length:
            length = len(str(length)) + len(body)
        text += str(length).encode() + body
    return member("pax", text, kind=b"x") + member(path, **others)


END = b"\0" * 1024


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def docker_archive(layers, config=None, manifest=None, stored=None):
    """An archive as `docker save` writes it; `stored` are the layers' bytes where they are packed."""
    config = config or {}
    config.setdefault("rootfs", {"type": "layers", "diff_ids": [digest(it) for it in layers]})
    out = io.BytesIO()
    for number, layer in enumerate(stored or layers):
        out.write(member(f"layer{number}.tar", layer))
    text = config if isinstance(config, bytes) else json.dumps(config).encode()
    out.write(member("config.json", text))
    names = [f"layer{number}.tar" for number in range(len(layers))]
    manifest = manifest or [{"Config": "config.json", "RepoTags": ["a:1"], "Layers": names}]
    text = manifest if isinstance(manifest, bytes) else json.dumps(manifest).encode()
    return out.getvalue() + member("manifest.json", text) + END


def packed(data):
    return gzip.compress(data, 6)


def rle_zstd(size):
    """Zeros, packed as small as zstd can: four bytes for 128 kB."""
    block = 128 << 10
    count = max(1, size // block)
    blocks = [struct.pack("<I", (block << 3) | (1 << 1) | (it + 1 == count))[:3] + b"\0" for it in range(count)]
    return struct.pack("<I", 0xFD2FB528) + b"\x00\x58" + b"".join(blocks)


def image(name, data, kind="image"):
    return Family(f"image: {name}", kind, lambda size, folder: write(folder, "image.tar", data(size)))


def entries(make, per=HEADER, scale=16):
    """A layer of as many members as the size, sixteen times, lets there be; `make` gets a number."""

    def data(size):
        count = max(2, size * scale // per)
        return docker_archive([b"".join(make(i) for i in range(count)) + END])

    return data


def two_layers(below, above):
    def data(size):
        count = max(2, size * 8 // HEADER)
        return docker_archive([b"".join(it(i) for i in range(count)) + END for it in (below, above)])

    return data


LAYERS = [
    ("empty files", lambda i: header(f"a{i}")), ("small files", lambda i: member(f"a{i}", b"x")), ("files of one name", lambda i: member("a", b"%d" % i)), ("equal files", lambda i: member(f"a{i}", b"x" * 5000)),
    ("folders", lambda i: header(f"d{i}/", kind=b"5", mode=0o755)), ("files in folders", lambda i: header(f"d{i % 100}/e{i % 7}/a{i}")), ("deep files", lambda i: header("d/" * 45 + f"a{i}")),
    ("links", lambda i: header(f"l{i}", kind=b"2", link=f"l{i + 1}")), ("hard links", lambda i: header(f"l{i}", kind=b"1", link="l0") if i else member("l0", b"x")), ("chains of hard links", lambda i: header(f"l{i}", kind=b"1", link=f"l{i - 1}") if i else member("l0", b"x")),
    ("whiteouts", lambda i: header(f".wh.a{i}")), ("whiteouts of one", lambda i: header(".wh.a")), ("opaque folders", lambda i: header(f"d{i}/.wh..wh..opq")), ("devices", lambda i: header(f"c{i}", kind=b"3")), ("pipes", lambda i: header(f"p{i}", kind=b"6")),
    ("PAX headers", lambda i: pax([("path", b"a%d" % i)])), ("PAX attributes", lambda i: pax([(f"SCHILY.xattr.user.a{i}", b"x")], f"a{i}")), ("many PAX records", lambda i: pax([(f"a{j}", b"b") for j in range(100)], f"a{i}")),
    ("long PAX names", lambda i: pax([("path", b"d/" * 1500 + b"%d" % i)])), ("long PAX links", lambda i: pax([("linkpath", b"d/" * 1500)], f"l{i}", kind=b"2")), ("long attributes", lambda i: pax([("SCHILY.xattr.user.a", b"x" * 60000)], f"a{i}")),
    ("global headers", lambda i: member("g", b"10 a=bcde\n", kind=b"g")), ("long names", lambda i: member("L", b"d/" * 1500 + b"%d\0" % i, kind=b"L") + header("a")), ("long names of nothing", lambda i: member("L", b"a" * 4000 + b"\0", kind=b"L")),
    ("sparse files", lambda i: pax([("GNU.sparse.major", b"1"), ("GNU.sparse.realsize", b"1000000")], f"a{i}")), ("old sparse files", lambda i: header(f"a{i}", kind=b"S", magic=b"ustar  \0")), ("prefixes", lambda i: header(f"a{i}", prefix=b"p" * 150)),
    ("dots in paths", lambda i: header(f"./a/../b/./c{i}")), ("slashes in paths", lambda i: header("a" + "/" * 90 + str(i))), ("odd bytes in paths", lambda i: header(f"\x1b[31m\n::error::\u202e\udcff{i}")), ("old times", lambda i: header(f"a{i}", mtime=8 ** 10)),
    ("caches", lambda i: header(f"var/cache/apt/archives/a{i}.deb")), ("package lists", lambda i: member(f"var/lib/apt/lists/a{i}_Packages", b"x")), ("Python caches", lambda i: member(f"usr/lib/python3/a{i}/__pycache__/a.pyc", b"x")), ("node modules", lambda i: header(f"node_modules/a{i}/package.json")),
    ("set-id programs", lambda i: member(f"bin/a{i}", b"\x7fELF", mode=0o4755)), ("keys", lambda i: member(f"root/.ssh/id_rsa{i}", b"-----BEGIN PRIVATE KEY-----")), ("copies of folders", lambda i: member(f"a{i % 2}/b{i // 2}", b"x" * 100)),
]

PAIRS = [
    ("files and whiteouts", lambda i: member(f"a{i}", b"x"), lambda i: header(f".wh.a{i}")), ("files and the same files", lambda i: member(f"a{i}", b"x"), lambda i: member(f"a{i}", b"x")),
    ("files and other files", lambda i: member(f"a{i}", b"x"), lambda i: member(f"a{i}", b"y")), ("files and folders", lambda i: member(f"a{i}", b"x"), lambda i: header(f"a{i}/", kind=b"5")),
    ("folders and opaque folders", lambda i: member(f"d{i}/a", b"x"), lambda i: header(f"d{i}/.wh..wh..opq")), ("one folder and opaque again and again", lambda i: member(f"d/a{i}", b"x"), lambda i: header("d/.wh..wh..opq")),
    ("folders in folders and whiteouts", lambda i: header("d/" * (i % 40) + f"a{i}"), lambda i: header("d/" * (i % 40) + ".wh.d")), ("files and moved files", lambda i: member(f"a{i}", b"%d" % i), lambda i: member(f"b{i}", b"%d" % i)),
    ("files and modes", lambda i: member(f"a{i}", b"x"), lambda i: member(f"a{i}", b"x", mode=0o755)), ("files and links", lambda i: member(f"a{i}", b"x"), lambda i: header(f"a{i}", kind=b"2", link="b")),
    ("files and hard links", lambda i: member(f"a{i}", b"x"), lambda i: header(f"b{i}", kind=b"1", link=f"a{i}")), ("a file below files", lambda i: member(f"a{i}", b"x"), lambda i: member(f"a{i}/b", b"x")),
]

CONFIGS = [
    ("history", lambda size: {"history": [{"created_by": f"RUN a{i}", "empty_layer": True} for i in range(size // 60)]}), ("long history", lambda size: {"history": [{"created_by": "RUN " + "a " * (size // 2)}]}), ("comments of history", lambda size: {"history": [{"comment": "a" * size}]}),
    ("steps of buildkit", lambda size: {"history": [{"created_by": f"RUN /bin/sh -c a{i} # buildkit", "comment": "buildkit.dockerfile.v0"} for i in range(size // 80)]}), ("labels", lambda size: {"config": {"Labels": {f"a{i}": "b" for i in range(size // 12)}}}), ("long label", lambda size: {"config": {"Labels": {"a": "b" * size}}}),
    ("environment", lambda size: {"config": {"Env": [f"A{i}=b" for i in range(size // 12)]}}), ("volumes", lambda size: {"config": {"Volumes": {f"/a{i}": {} for i in range(size // 12)}}}), ("ports", lambda size: {"config": {"ExposedPorts": {f"{i}/tcp": {} for i in range(size // 12)}}}),
    ("control characters", lambda size: {"architecture": "\x1b[31m\n::error::\u202e" * (size // 30), "os": "\x07"}), ("commands of the shell in history", lambda size: {"history": [{"created_by": "RUN " + "a && " * (size // 5)}]}), ("brackets in history", lambda size: {"history": [{"created_by": "RUN " + "$(" * (size // 2)}]}),
    ("more ids than layers", lambda size: {"rootfs": {"diff_ids": ["sha256:" + "0" * 64] * (size // 80)}}), ("long ids", lambda size: {"rootfs": {"diff_ids": ["sha256:" + "0" * size]}}), ("unknown keys", lambda size: {f"a{i}": [] for i in range(size // 12)}),
]

RAW_CONFIGS = [("depth", nest("{\"a\":", "1", "}")), ("lists", nest("[", "", "]")), ("open lists", nest("[", "", "")), ("long number", lambda size: "9" * size), ("escapes", lambda size: "{\"a\":\"" + "\\u0041" * (size // 6) + "\"}"), ("the same keys", lambda size: "{" + "\"os\":\"a\"," * (size // 9) + "\"b\":1}"), ("blanks", lambda size: " " * size + "{}")]

MANIFESTS = [
    ("tags", lambda size: [{"Config": "config.json", "RepoTags": [f"a:{i}" for i in range(size // 10)], "Layers": ["layer0.tar"]}]), ("long tag", lambda size: [{"Config": "config.json", "RepoTags": ["a:" + "b" * size], "Layers": ["layer0.tar"]}]),
    ("layers", lambda size: [{"Config": "config.json", "RepoTags": [], "Layers": ["layer0.tar"] * (size // 16)}]), ("images", lambda size: [{"Config": "config.json", "RepoTags": [f"a:{i}"], "Layers": ["layer0.tar"]} for i in range(size // 70)]), ("long names of layers", lambda size: [{"Config": "config.json", "RepoTags": [], "Layers": ["a" * size]}]),
]

SMALL = member("a", b"x") + END


def raw_config(text):
    def data(size):
        out = member("layer0.tar", SMALL) + member("config.json", text(size).encode())
        return out + member("manifest.json", json.dumps([{"Config": "config.json", "RepoTags": ["a:1"], "Layers": ["layer0.tar"]}]).encode()) + END

    return data


def oci(index):
    """A layout whose index comes from a function that gets a size and the descriptor of a good manifest."""

    def make(size, folder):
        layer = packed(SMALL)
        config = json.dumps({"architecture": "amd64", "os": "linux", "rootfs": {"type": "layers", "diff_ids": [digest(SMALL)]}}).encode()
        blobs = [layer, config]
        kinds = "application/vnd.oci.image."

        def descriptor(data, kind):
            return {"mediaType": kinds + kind, "digest": digest(data), "size": len(data)}

        manifest = json.dumps({"schemaVersion": 2, "config": descriptor(config, "config.v1+json"), "layers": [descriptor(layer, "layer.v1.tar+gzip")]}).encode()
        blobs.append(manifest)
        text = index(size, descriptor(manifest, "manifest.v1+json"), lambda it: (blobs.append(it), descriptor(it, "index.v1+json"))[1])
        write(folder, "image/index.json", text)
        write(folder, "image/oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}")
        for blob in blobs:
            write(folder, "image/blobs/" + digest(blob).replace(":", "/"), blob)

    return make


def indexes(size, manifest, add):
    """Indexes in indexes: each names the one below twice."""
    it = manifest
    for _ in range(min(60, size // 300)):
        it = add(json.dumps({"schemaVersion": 2, "manifests": [it, it]}).encode())
    return json.dumps({"schemaVersion": 2, "manifests": [it]})


def many_manifests(size, manifest, _):
    named = [{**manifest, "annotations": {"org.opencontainers.image.ref.name": f"a{i}"}, "platform": {"architecture": f"a{i}", "os": "linux"}} for i in range(size // 300)]
    return json.dumps({"schemaVersion": 2, "manifests": named})


def families():
    for name, make in LAYERS:
        yield image(f"layer of {name}", entries(make))
    for name, below, above in PAIRS:
        yield image(f"layers of {name}", two_layers(below, above))
    for name, config in CONFIGS:
        yield image(f"configuration: {name}", lambda size, config=config: docker_archive([SMALL], config(size)))
        if "history" in name:
            def measured(size, folder, config=config):
                write(folder, "image.tar", docker_archive([SMALL], config(size)))
                write(folder, "Dockerfile", FROM + repeat("RUN a{i}\n", size))

            yield Family(f"measured: {name}", "measure", measured)
    for name, text in RAW_CONFIGS:
        yield image(f"configuration: {name}", raw_config(text))
        yield image(f"manifest: {name}", lambda size, text=text: docker_archive([SMALL], None, text(size).encode()))
    for name, manifest in MANIFESTS:
        yield image(f"manifest: {name}", lambda size, manifest=manifest: docker_archive([SMALL], None, manifest(size)))
    yield image("packed layer of empty files", lambda size: packed_layer(size, lambda i: header(f"a{i}")))
    yield image("packed layer of long names", lambda size: packed_layer(size // 6, lambda i: member("L", b"d/" * 1500 + b"%d\0" % i, kind=b"L") + header("a")))
    yield image("packed layer of links", lambda size: packed_layer(size, lambda i: header(f"a{i}", kind=b"2", link="b" * 99)))
    yield image("layers that are one", lambda size: docker_archive([SMALL] * min(900, size // 100)))
    yield image("many layers", lambda size: docker_archive([member(f"a{i}", b"x") + END for i in range(min(900, size // 100))]))
    yield image("many members around", lambda size: b"".join(header(f"a{i}") for i in range(size // 32)) + docker_archive([SMALL]))
    yield image("gzip bomb of a layer", lambda size: bomb_layer(gzip.compress(bytes(size * 100), 9)))
    yield image("zstd bomb of a layer", lambda size: bomb_layer(rle_zstd(size * 1000)))
    yield image("gzip bomb of the archive", lambda size: gzip.compress(bytes(size * 100), 9))
    yield image("zstd bomb of the archive", lambda size: rle_zstd(size * 1000))
    yield image("zstd frames", lambda size: rle_zstd(1) * (size // 20))
    yield image("gzip members", lambda size: gzip.compress(b"") * (size // 20))
    yield image("gzip bomb of JSON", lambda size: gzip.compress(member("manifest.json", b"[" + b" " * (size * 10)) + END))
    yield image("gzip in gzip", lambda size: gzip.compress(gzip.compress(docker_archive([SMALL]))))
    yield image("zeros", lambda size: bytes(size * 16))
    yield image("text", lambda size: b"x" * size * 16)
    yield image("zeros between members", lambda size: member("a", b"x") + bytes(size * 16) + docker_archive([SMALL]))
    yield Family("image: indexes in indexes", "layout", oci(indexes))
    yield Family("image: many manifests", "layout", oci(many_manifests))
    yield Family("image: names of manifests", "layout", oci(lambda size, it, _: json.dumps({"manifests": [{**it, "annotations": {"org.opencontainers.image.ref.name": "\x1b" * size}}]})))


def packed_layer(size, make):
    layer = b"".join(make(i) for i in range(max(2, size // 10))) + END
    return docker_archive([layer], stored=[packed(layer)])


def bomb_layer(stored):
    return docker_archive([SMALL], stored=[stored])

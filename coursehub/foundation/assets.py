"""Style sheets, scripts and fonts: named after their content, compressed once, kept for ever.

`collect` copies coursehub/static into the data folder: `css/site.css` becomes
`css/site.<fingerprint>.css` with .br and .gz beside it, so that a server only has to send files.
"""

import gzip
import hashlib
import json
import re
import secrets
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from wsgiref.headers import Headers

import brotli
from flask import Flask
from whitenoise import WhiteNoise

from coursehub.foundation.pages import guards_for
from coursehub.settings import Settings

SOURCE = Path(__file__).parent.parent / "static"
BUNDLE = "css/site.css"
COMPRESSED = {".css", ".js", ".svg", ".ttf"}
IN_CSS = re.compile(rb"url\((?!data:|['\"])([^)]+)\)")
FINGERPRINTED = re.compile(r"\.[0-9a-f]{12}\.\w+$")


def collect(settings: Settings) -> dict[str, str]:
    """Write the files a server sends, unless they are up to date; return name → hashed name."""
    target = settings.data_dir / "static"
    sources = _sources()
    stamp = hashlib.sha256(b"".join(name.encode() + sources[name] for name in sorted(sources)))
    manifest = target / "manifest.json"
    if manifest.exists():
        known: dict[str, Any] = json.loads(manifest.read_text())
        if known["stamp"] == stamp.hexdigest():
            return dict(known["names"])
    settings.make_data_dir()
    names: dict[str, str] = {}
    for name in sorted(sources, key=lambda name: name.endswith(".css")):  # fonts before their css
        content = (
            IN_CSS.sub(_hashed(name, names), sources[name])
            if name.endswith(".css")
            else sources[name]
        )
        names[name] = _write(target, name, content)
    _put(manifest, json.dumps({"stamp": stamp.hexdigest(), "names": names}, indent=1).encode())
    return names


def weights(settings: Settings, names: dict[str, str]) -> int:
    """Bytes on the wire of the style sheet and script that every page loads."""
    wanted = [names[name] for name in (BUNDLE, "js/site.js") if name in names]
    return sum((settings.data_dir / "static" / f"{name}.br").stat().st_size for name in wanted)


def init_app(app: Flask, settings: Settings) -> None:
    names = collect(settings)

    def asset(name: str) -> str:
        return f"/static/{names[name]}"

    app.jinja_env.globals["asset"] = asset
    app.extensions["asset_bytes"] = weights(settings, names)
    root = settings.data_dir / "static"
    guards = guards_for(settings)

    def guard(headers: Headers) -> None:
        for name, value in guards.items():
            headers[name] = value

    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(root),
        prefix="static/",
        allow_all_origins=False,
        immutable_file_test=lambda path, url: bool(FINGERPRINTED.search(url)),
        add_headers_function=lambda headers, path, url: guard(headers),
    )


def _sources() -> dict[str, bytes]:
    files = {
        str(path.relative_to(SOURCE)): path.read_bytes()
        for path in SOURCE.rglob("*")
        if path.is_file() and path.suffix != ".txt"
    }
    # The bundle: Bootstrap's sheet as its package ships it, then ours in the order site.txt gives.
    order = (SOURCE / "css" / "site.txt").read_text().split()
    files[BUNDLE] = b"\n".join([_bootstrap(), *(files.pop(f"css/{name}") for name in order)])
    return files


def _bootstrap() -> bytes:
    package = find_spec("flask_bootstrap")
    origin = package.origin if package else None
    if origin is None:
        raise LookupError("flask_bootstrap, which brings the style sheet, is not installed")
    sheet = Path(origin).parent / "static/bootstrap5/css/bootstrap.min.css"
    return re.sub(rb"/\*# sourceMappingURL=.*?\*/", b"", sheet.read_bytes())


def _hashed(css: str, names: dict[str, str]) -> Callable[[re.Match[bytes]], bytes]:
    def replace(found: re.Match[bytes]) -> bytes:
        parts = [*Path(css).parent.parts]
        for part in found[1].decode().split("/"):
            parts = parts[:-1] if part == ".." else [*parts, part]
        return b"url(/static/" + names["/".join(parts)].encode() + b")"

    return replace


def _write(target: Path, name: str, content: bytes) -> str:
    stem, _, suffix = name.rpartition(".")
    hashed = f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{suffix}"
    path = target / hashed
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix in COMPRESSED:
        _put(path.with_name(path.name + ".br"), brotli.compress(content))
        _put(path.with_name(path.name + ".gz"), gzip.compress(content, mtime=0))
    _put(path, content)
    return hashed


def _put(path: Path, content: bytes) -> None:
    # Servers may start side by side: each sees a file whole or not at all.
    unfinished = path.with_name(f".{secrets.token_hex(6)}")
    unfinished.write_bytes(content)
    unfinished.replace(path)

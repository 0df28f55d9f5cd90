"""Pictures, recordings and downloads of a course: what kind they are and how large."""

import hashlib
import re
import struct
from dataclasses import dataclass
from pathlib import Path
from xml.parsers.expat import ExpatError, ParserCreate

TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
    ".jpg": "image/jpeg",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".vtt": "text/vtt",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
}
# How the files of each kind begin; https://www.iana.org/assignments/media-types and their formats.
BEGINS = {
    suffix: re.compile(pattern, re.DOTALL)
    for suffix, pattern in {
        ".png": rb"\x89PNG\r\n\x1a\n",
        ".webp": rb"RIFF....WEBP",
        ".jpg": rb"\xff\xd8\xff",
        ".mp3": rb"ID3|\xff[\xe0-\xff]",
        ".m4a": rb"....ftyp",
        ".mp4": rb"....ftyp",
        ".ogg": rb"OggS",
        ".webm": rb"\x1a\x45\xdf\xa3",
        ".vtt": rb"(\xef\xbb\xbf)?WEBVTT",
        ".pdf": rb"%PDF-",
        ".docx": rb"PK\x03\x04",
        ".xlsx": rb"PK\x03\x04",
        ".zip": rb"PK\x03\x04|PK\x05\x06",
    }.items()
}
IMAGES = frozenset({".svg", ".png", ".webp", ".jpg"})
MOST_IMAGE_BYTES = 80_000
VIEW_BOX = re.compile(rb"viewBox=[\"']\s*[-\d.]+[\s,]+[-\d.]+[\s,]+([\d.]+)[\s,]+([\d.]+)\s*[\"']")


@dataclass(frozen=True, slots=True)
class Media:
    """A file beside the texts; `path` is where it stands on disk."""

    name: str
    path: Path
    sha256: str
    size_bytes: int

    @property
    def suffix(self) -> str:
        return Path(self.name).suffix.lower()

    @property
    def is_image(self) -> bool:
        return self.suffix in IMAGES

    @property
    def address(self) -> str:
        """Relative to the lesson: new content has a new address, so it may be kept for ever."""
        return f"media/{self.sha256[:16]}/{self.name}"


def media_at(path: Path, name: str) -> Media:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return Media(name, path, digest.hexdigest(), path.stat().st_size)


def type_of(name: str) -> str:
    return TYPES.get(Path(name).suffix.lower(), "application/octet-stream")


def why_not_media(media: Media) -> str | None:
    """The reason a file is not what its name says, as far as its first bytes tell; or None."""
    if media.suffix == ".svg":
        return _why_not_drawing(media.path.read_bytes())
    begins = BEGINS.get(media.suffix)
    with media.path.open("rb") as file:
        head = file.read(16)
    if begins is None or begins.match(head):
        return None
    return f"this file is no {media.suffix[1:].upper()}, or a damaged one"


def _why_not_drawing(content: bytes) -> str | None:
    wrong: list[str] = []
    parser = ParserCreate()

    def refuse(*_: object) -> None:
        wrong.append("a drawing has no DOCTYPE")

    def look(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2].lower() in ("script", "foreignobject"):
            wrong.append(f"a drawing has no <{name}>")
        for key, value in attributes.items():
            is_link = key.rpartition(":")[2].lower() == "href" and not value.startswith("#")
            if key.lower().startswith("on") or is_link:
                wrong.append(f"a drawing has no “{key}” that runs or fetches something")

    # A DOCTYPE can hold entities that grow without end, or that name other files.
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = look
    try:
        parser.Parse(content, True)
    except ExpatError as error:
        return f"this drawing is damaged: {error}"
    return wrong[0] if wrong else None


def dimensions(content: bytes) -> tuple[int, int] | None:
    """Width and height in pixels of an SVG with a viewBox or a PNG; None for anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        return struct.unpack(">II", content[16:24])
    box = VIEW_BOX.search(content[:4096])
    return (round(float(box[1])), round(float(box[2]))) if box else None

"""What kind of file something is, told by its content: a name can say anything."""

import zipfile
from typing import BinaryIO

# What a document unpacks to: more than that is made to fill the disk of whoever opens it.
MOST_UNPACKED_BYTES = 500_000_000
MOST_UNPACKED_TIMES = 200
MOST_ENTRIES = 5_000
BEGINNINGS = {b"%PDF-": "pdf", b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png"}
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
    "txt": "text/plain",
    "jpg": "image/jpeg",
    "png": "image/png",
}
ODT = TYPES["odt"].encode()
PIECE_BYTES = 1_000_000
# Only these controls stand in a text: tab, line feed, form feed, carriage return.
CONTROLS = bytes(n for n in (*range(32), 127) if n not in (9, 10, 12, 13))


def kind_of(file: BinaryIO, size_bytes: int) -> str | None:
    """The kind of a file (`pdf`, `docx`, `odt`, `txt`, `jpg`, `png`), or None for any other."""
    head = file.read(8)
    for beginning, kind in BEGINNINGS.items():
        if head.startswith(beginning):
            return kind
    if head.startswith(b"PK\x03\x04"):
        return _kind_of_zip(file, size_bytes)
    return "txt" if _is_text(file) else None


def _kind_of_zip(file: BinaryIO, size_bytes: int) -> str | None:
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            if _is_bomb(entries, size_bytes):
                return None
            return _kind_of_document(archive, {entry.filename for entry in entries})
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, RuntimeError, EOFError):
        return None


def _is_bomb(entries: list[zipfile.ZipInfo], size_bytes: int) -> bool:
    # The archive's own list of contents is asked; nothing is unpacked to find out.
    unpacked = sum(entry.file_size for entry in entries)
    allowed = min(MOST_UNPACKED_BYTES, max(10_000_000, size_bytes * MOST_UNPACKED_TIMES))
    return len(entries) > MOST_ENTRIES or unpacked > allowed


def _kind_of_document(archive: zipfile.ZipFile, names: set[str]) -> str | None:
    if any(name.rpartition("/")[2].casefold() == "vbaproject.bin" for name in names):
        return None  # macros run on the computer of whoever opens it
    if {"[Content_Types].xml", "word/document.xml"} <= names:
        return "docx"
    if {"mimetype", "content.xml"} <= names:
        with archive.open("mimetype") as said:
            return "odt" if said.read(len(ODT) + 1).strip() == ODT else None
    return None


def _is_text(file: BinaryIO) -> bool:
    file.seek(0)
    rest = b""
    while piece := file.read(PIECE_BYTES):
        if piece.translate(None, CONTROLS) != piece:
            return False
        rest = _undecoded(rest + piece)
        if len(rest) > 3:
            return False
    return not rest


def _undecoded(piece: bytes) -> bytes:
    """The end of a piece that is no UTF-8: at most three bytes if its last letter goes on."""
    try:
        piece.decode("utf-8")
    except UnicodeDecodeError as error:
        return piece[error.start :]
    return b""

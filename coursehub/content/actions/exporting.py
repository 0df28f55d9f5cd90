"""Writes a version out as the folder it came from, byte for byte."""

from pathlib import Path

from sqlalchemy import select

from coursehub.content.actions.bank_files import changed_banks
from coursehub.content.models import CourseVersion, Export, Source, VersionFile
from coursehub.content.queries import is_newest
from coursehub.foundation import storage
from coursehub.foundation.clock import now
from coursehub.foundation.database import db
from coursehub.foundation.refusal import Refused


def export(version: CourseVersion, folder: Path) -> list[str]:
    """Write the version's files and return their names. Refused if something stands there already.

    Files that have the same content already are left as they are, so an export into the folder
    that was loaded changes nothing. With the newest version come the banks as they are now.
    """
    rows = db.session.execute(
        select(VersionFile.path, VersionFile.sha256, VersionFile.is_media, Source.content)
        .outerjoin(Source, Source.sha256 == VersionFile.sha256)
        .where(VersionFile.version_id == version.id)
        .order_by(VersionFile.path)
    ).all()
    contents = {
        path: storage.get(sha256) if is_media else content
        for path, sha256, is_media, content in rows
    }
    if is_newest(version):
        contents |= changed_banks(version.course_id, contents)
    outside = [name for name in contents if not _stands_in(folder, name)]
    if outside:  # a link in the folder would have us write somewhere else
        raise Refused(f"{folder / outside[0]} leads out of the folder: export into an empty one")
    differing = [name for name in contents if _differs(folder / name, contents[name])]
    if differing:
        raise Refused(f"{folder / differing[0]} exists and differs: export into an empty folder")
    for name, content in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return list(contents)


def remember_export(version_id: int) -> None:
    """Keep that this version was written out: a later merge compares with it."""
    db.session.add(Export(version_id=version_id, exported_at=now()))


def _stands_in(folder: Path, name: str) -> bool:
    return (folder / name).resolve().is_relative_to(folder.resolve())


def _differs(path: Path, content: bytes) -> bool:
    return path.exists() and path.read_bytes() != content

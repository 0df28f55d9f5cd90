"""Files of a draft: they arrive whole with a form, or in pieces that go on where they stopped."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Column, bindparam, delete, select, text, update

from coursehub.assignments.models import KeptFile, StoredFile, SubmissionContent
from coursehub.assignments.queries import files_in_draft, room_of
from coursehub.assignments.rules import Json, why_not_add_file, why_not_kind
from coursehub.enrolment.queries import find_place
from coursehub.foundation import storage
from coursehub.foundation.clock import now
from coursehub.foundation.database import UtcDateTime, db, metadata
from coursehub.foundation.jobs import daily
from coursehub.foundation.refusal import refuse_if
from coursehub.learning.queries import Reading
from coursehub.learning.rules import why_not_record

ARRIVING_FILES_STAY = timedelta(days=7)
# A file is stored before the row that names it is written.
UNNAMED_FILES_STAY = timedelta(hours=1)


NOTE = text(
    "INSERT INTO assignment_stored_files (sha256, stored_at) VALUES (:sha256, :moment) "
    "ON CONFLICT (sha256) DO NOTHING"
).bindparams(bindparam("moment", type_=UtcDateTime))


@dataclass(frozen=True, slots=True)
class Announced:
    """A file as whoever sends it describes it."""

    name: str
    size_bytes: int
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that has arrived whole: where it lies, and what it is."""

    sha256: str
    kind: str | None


def begin_file(
    person_id: int, reading: Reading, item: Json, assignment: Json, announced: Announced
) -> KeptFile:
    """Make room for a file whose pieces are to follow; the same one, if it has begun to arrive.

    Refused with the reason.
    """
    place = find_place(person_id, reading.edition_id, is_held=True)
    refuse_if(why_not_record(is_enrolled=place is not None))
    known = files_in_draft(person_id, reading.edition_id, item["id"])
    again = next((one for one in known if _is_same(one, announced)), None)
    if again is not None:
        return again
    room = room_of(person_id)
    refuse_if(
        why_not_add_file(
            assignment,
            name=announced.name,
            size_bytes=announced.size_bytes,
            in_draft=len(known),
            arriving=room.arriving,
            kept_bytes=room.kept_bytes,
        )
    )
    file = KeptFile(
        key=str(uuid.uuid4()),
        person_id=person_id,
        edition_id=reading.edition_id,
        item_id=item["id"],
        name=announced.name,
        size_bytes=announced.size_bytes,
        claimed_sha256=announced.sha256,
        changed_at=now(),
    )
    db.session.add(file)
    db.session.flush()
    return file


def _is_same(file: KeptFile, announced: Announced) -> bool:
    if announced.sha256 is None or file.size_bytes != announced.size_bytes:
        return False
    return announced.sha256 in (file.sha256, file.claimed_sha256)


def keep_file(
    person_id: int,
    reading: Reading,
    item: Json,
    assignment: Json,
    announced: Announced,
    stored: Stored,
) -> KeptFile:
    """Add a file that came whole with a form. Refused with the reason."""
    if announced.size_bytes:  # what is empty is of no kind, and is told so below
        refuse_if(why_not_kind(assignment, announced.name, stored.kind))
    file = begin_file(person_id, reading, item, assignment, announced)
    file.received_bytes = file.size_bytes
    _settle(file, stored)
    return file


def mark_received(key: str, offset: int, received: int) -> bool:
    """Record that a piece is here; False if another has been received at its place meanwhile."""
    row = update(KeptFile).where(
        KeptFile.key == key, KeptFile.received_bytes == offset, KeptFile.sha256.is_(None)
    )
    kept = row.values(received_bytes=received, changed_at=now()).returning(KeptFile.id)
    return db.session.scalar(kept) is not None


def end_file(file: KeptFile, assignment: Json, stored: Stored) -> str | None:
    """Add a file whose last piece has come; or forget it, and give the reason."""
    is_damaged = file.claimed_sha256 not in (None, stored.sha256)
    kind = None if is_damaged else stored.kind
    if reason := why_not_kind(assignment, file.name, kind):
        db.session.delete(file)
        return reason
    _settle(file, stored)
    return None


def _settle(file: KeptFile, stored: Stored) -> None:
    file.sha256, file.kind, file.changed_at = stored.sha256, stored.kind, now()
    note_stored(stored.sha256)


def note_stored(sha256: str) -> None:
    """Remember that a file lies in the store, so that it is removed when nothing names it."""
    db.session.execute(NOTE, {"sha256": sha256, "moment": now()})


def take_out(file: KeptFile) -> None:
    """Take a file out of the draft. What was handed in keeps it."""
    if any(file.key == one["key"] for one in _handed_in_with(file)):
        file.is_in_draft = False
    else:
        db.session.delete(file)


def _handed_in_with(file: KeptFile) -> list[Json]:
    contents = select(SubmissionContent.files).where(SubmissionContent.person_id == file.person_id)
    return [one for files in db.session.scalars(contents) for one in files]


@daily
def forget_old() -> Callable[[], None]:
    """Forget the files that have not gone on arriving for a week, and those nobody names."""
    before = now() - ARRIVING_FILES_STAY
    old = (KeptFile.sha256.is_(None), KeptFile.changed_at < before)
    arriving = select(KeptFile.key).where(KeptFile.sha256.is_(None), KeptFile.changed_at >= before)
    kept = set(db.session.scalars(arriving))
    for name in storage.unfinished():
        if name not in kept:
            storage.forget_unfinished(name)

    def write() -> None:
        db.session.execute(delete(KeptFile).where(*old))

    return write


@daily
def forget_unnamed() -> Callable[[], None]:
    """Remove from the store the files that no draft and no submission names any more."""
    return _forget_unnamed


def _forget_unnamed() -> None:
    before = now() - UNNAMED_FILES_STAY
    unnamed = select(StoredFile.sha256).where(
        *(~select(named).where(named == StoredFile.sha256).exists() for named in _namings())
    )
    for sha256 in db.session.scalars(unnamed).all():
        if storage.remove_old(sha256, put_before=before):
            db.session.execute(delete(StoredFile).where(StoredFile.sha256 == sha256))


def _namings() -> Iterator[Column[str]]:
    """Every column that names a file of the store, in whatever feature's table it stands."""
    for table in metadata.tables.values():
        if table is not StoredFile.__table__:
            yield from (one for one in table.columns if one.name.endswith("sha256"))

"""Files on their way: whole with a form, or in pieces that go on where they stopped."""

import hashlib
from collections.abc import Iterator
from io import BytesIO

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from coursehub.assignments import actions, queries
from coursehub.assignments.actions import Announced, Stored
from coursehub.assignments.formats import kind_of
from coursehub.assignments.forms import announced_by_script, name_of
from coursehub.assignments.models import KeptFile
from coursehub.assignments.rules import Json, may_keep_file
from coursehub.assignments.views.places import bp, find_place
from coursehub.foundation import storage
from coursehub.foundation.access import found, guarded
from coursehub.foundation.database import writing
from coursehub.foundation.refusal import Refused
from coursehub.learning.rules import may_read_course

PIECE_BYTES = 262_144  # of a file: on a slow line that is some seconds' work, lost at most once


def arrived_whole() -> list[tuple[Announced, Stored]]:
    """The files that came with a form, stored before anything else is written.

    Each is noted, so that one that is not taken afterwards is removed like any that nothing names.
    """
    arrived = list(_stored())
    if arrived:
        with writing():
            for _announced, stored in arrived:
                actions.note_stored(stored.sha256)
    return arrived


def _stored() -> Iterator[tuple[Announced, Stored]]:
    for file in request.files.getlist("file"):
        content = file.read()
        file.close()
        if not file.filename and not content:
            continue
        kind = kind_of(BytesIO(content), len(content)) if content else None
        sha256 = storage.put(content) if kind else hashlib.sha256(content).hexdigest()
        yield Announced(name_of(file.filename), len(content), sha256), Stored(sha256, kind)


@bp.post("/learn/<edition>/assignments/<assignment>/files")
@guarded(may_read_course)
def begin_file(edition: str, assignment: str) -> ResponseReturnValue:
    """Make room for a file that arrives in pieces; one that has begun goes on where it stopped."""
    announced = announced_by_script(request.get_data())
    if announced is None:
        return jsonify(error="unreadable"), 400
    try:
        with writing():
            reading, _module, item, shown = find_place(edition, assignment)
            file = actions.begin_file(current_user.person_id, reading, item, shown, announced)
            answer = _arrival(file) | {"key": file.key}
    except Refused as refused:
        return jsonify(error=refused.reason), 409
    return jsonify(answer), 201


@bp.get("/uploads/<key>")
@guarded(may_keep_file)
def show_arrival(key: str) -> ResponseReturnValue:
    """How much of a file is here, for whoever wants to go on sending it."""
    return jsonify(_arrival(found(queries.find_file(current_user, key))))


@bp.patch("/uploads/<key>")
@guarded(may_keep_file)
def take_piece(key: str) -> ResponseReturnValue:
    """Take the next piece of a file; with the last one it is looked at, and added or refused."""
    offset, piece = request.headers.get("Upload-Offset", -1, type=int), request.get_data()
    file = found(queries.find_file(current_user, key))
    size, received = file.size_bytes, offset + len(piece)
    if file.is_whole or offset != file.received_bytes or received > size:
        return jsonify(_arrival(file)), 200 if file.is_whole else 409
    storage.keep_piece(key, offset, piece)
    with writing():
        is_next = actions.mark_received(key, offset, received)
    if not is_next or received < size:
        file = found(queries.find_file(current_user, key))
        return jsonify(_arrival(file)), 200 if is_next else 409
    return _ended(key, size)


def _arrival(file: KeptFile) -> Json:
    return {"offset": file.received_bytes, "is_whole": file.is_whole}


def _ended(key: str, size: int) -> ResponseReturnValue:
    """Look at a file that is here whole, and add it to the draft or say why it is not taken."""
    with storage.open_unfinished(key) as content:
        kind = kind_of(content, size)
    stored = Stored(storage.finish(key), kind)
    with writing():
        file = found(queries.find_file(current_user, key, is_held=True))
        shown = found(queries.assignment_of_file(file))
        reason = None if file.is_whole else actions.end_file(file, shown, stored)
        actions.note_stored(stored.sha256)
    storage.forget_unfinished(key)
    if reason:
        return jsonify(error=reason), 422
    return jsonify(offset=size, is_whole=True)

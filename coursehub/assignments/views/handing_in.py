"""An assignment for its learner: what is asked, the draft, what was handed in and its mark."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

from flask import current_app, flash, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from coursehub.assignments import actions, queries
from coursehub.assignments.actions import Announced, Conflict, Stored, Typed
from coursehub.assignments.forms import typed_in
from coursehub.assignments.models import PeerReview
from coursehub.assignments.queries import Version
from coursehub.assignments.rules import (
    MOST_LINKS,
    Json,
    shows_reviews,
    why_not_hand_in,
    why_not_links,
)
from coursehub.assignments.views.arriving import PIECE_BYTES, arrived_whole
from coursehub.assignments.views.places import Place, address, bp, drawn, file_answer, find_place
from coursehub.foundation import storage
from coursehub.foundation.access import found, guarded
from coursehub.foundation.clock import now
from coursehub.foundation.database import writing
from coursehub.foundation.language import _
from coursehub.foundation.refusal import Refused
from coursehub.learning.actions import completion_id
from coursehub.learning.queries import Reading
from coursehub.learning.rules import may_read_course


@bp.get("/learn/<edition>/assignments/<assignment>")
@guarded(may_read_course)
def show_assignment(edition: str, assignment: str) -> ResponseReturnValue:
    place = find_place(edition, assignment)
    draft = queries.find_draft(current_user.person_id, place[0], place[2])
    return _assignment(place, Typed(draft.text, draft.links, str(uuid4()), draft.revision))


@bp.post("/learn/<edition>/assignments/<assignment>")
@guarded(may_read_course)
def write(edition: str, assignment: str) -> ResponseReturnValue:
    """Keep the text, links and files of a page, then hand in if its button says so."""
    reading, _module, item, shown = place = find_place(edition, assignment)
    typed, arrived = typed_in(request.form), arrived_whole()
    try:
        with writing():
            draft = actions.save_draft(current_user.person_id, reading, item, typed)
            mistakes = _kept_files(reading, item, shown, arrived) | _wrong_links(typed)
            typed = replace(typed, seen=draft.revision)
    except Conflict as conflict:
        return _assignment(place, typed, conflict=conflict), 422
    if mistakes:
        return _assignment(place, typed, mistakes=mistakes), 422
    if request.form.get("do") == "submit":
        return _handed_in(place, typed)
    flash(_("Your draft is saved. It is not handed in yet."))
    return redirect(address("show_assignment", place, _anchor="work"), 303)


@bp.post("/learn/<edition>/assignments/<assignment>/draft")
@guarded(may_read_course)
def save(edition: str, assignment: str) -> ResponseReturnValue:
    """Keep what a page's script sends; the answer says what is known here."""
    typed = typed_in(request.form)
    try:
        with writing():
            reading, _module, item, _shown = find_place(edition, assignment)
            draft = actions.save_draft(current_user.person_id, reading, item, typed)
            revision = draft.revision
    except Conflict as conflict:
        return jsonify(revision=conflict.revision), 409
    return jsonify(revision=revision)


@bp.post("/learn/<edition>/assignments/<assignment>/files/<key>/end")
@guarded(may_read_course)
def take_out(edition: str, assignment: str, key: str) -> ResponseReturnValue:
    """Keep what the page says, and take one of its files out of the draft."""
    place, typed = find_place(edition, assignment), typed_in(request.form)
    try:
        with writing():
            actions.save_draft(current_user.person_id, place[0], place[2], typed)
            actions.take_out(found(queries.find_file(current_user, key, is_held=True)))
    except Conflict as conflict:
        return _assignment(place, typed, conflict=conflict), 422
    storage.forget_unfinished(key)
    return redirect(address("show_assignment", place, _anchor="files"), 303)


@bp.get("/learn/<edition>/assignments/<assignment>/versions/<int:number>")
@guarded(may_read_course)
def show_version(edition: str, assignment: str, number: int) -> ResponseReturnValue:
    reading, _module, item, shown = place = find_place(edition, assignment)
    versions = queries.versions_of(current_user.person_id, reading.edition_id, item["id"])
    version = found(next((one for one in versions if one.number == number), None))
    times = queries.times_of(shown, reading.edition_id)
    return drawn(
        "version",
        place,
        times,
        version=version,
        rubric_of=found(queries.find_assignment(version.submission.version_id, item["id"])),
        content=queries.content_of(version.submission.id),
        comments=queries.comments_on(version.released),
        reviews=_reviews(place, times, version),
        refusal=_why_not(place, times, versions),
    )


@bp.get("/learn/<edition>/assignments/<assignment>/versions/<int:number>/files/<key>")
@guarded(may_read_course)
def show_file(edition: str, assignment: str, number: int, key: str) -> ResponseReturnValue:
    reading, _module, item, _shown = find_place(edition, assignment)
    versions = queries.versions_of(current_user.person_id, reading.edition_id, item["id"])
    version = found(next((one for one in versions if one.number == number), None))
    file = found(queries.file_of(queries.content_of(version.submission.id), key))
    return file_answer(file, file["name"])


def _reviews(place: Place, times: queries.Times, version: Version) -> list[tuple[PeerReview, Json]]:
    """What others said of a version, for those who have given their own reviews."""
    reading, _module, item, shown = place
    if not shown.get("peers"):
        return []
    mine = queries.reviews_by(current_user.person_id, reading.edition_id, item["id"])
    given = sum(one.done_at is not None for one in mine)
    is_over = now() > queries.reviews_until(shown, times)
    if not shows_reviews(shown, given=given, is_over=is_over):
        return []
    return queries.reviews_of([version.submission.id]).get(version.submission.id, [])


def _handed_in(place: Place, typed: Typed) -> ResponseReturnValue:
    reading, _module, item, shown = place
    number = request.form.get("version", 1, type=int)
    with writing():
        draft = queries.find_draft(current_user.person_id, reading, item, is_held=True)
        outcome = actions.hand_in(draft, reading, shown, number)
        if not isinstance(outcome, dict):
            number = outcome.number
    if isinstance(outcome, dict):
        return _assignment(place, typed, mistakes=outcome), 422
    return redirect(address("show_version", place, number=number), 303)


def _kept_files(
    reading: Reading, item: Json, shown: Json, arrived: Sequence[tuple[Announced, Stored]]
) -> dict[str, str]:
    """Add the files that came with the form; the last reason why one was not taken, if any."""
    mistakes = {}
    for announced, stored in arrived:
        try:
            actions.keep_file(current_user.person_id, reading, item, shown, announced, stored)
        except Refused as refused:
            mistakes["files"] = refused.reason
    return mistakes


def _wrong_links(typed: Typed) -> dict[str, str]:
    reason = why_not_links(typed.links)
    return {"links": reason} if reason else {}


def _why_not(place: Place, times: queries.Times, versions: Sequence[Version]) -> str | None:
    return why_not_hand_in(
        place[3],
        versions,
        is_enrolled=place[0].is_enrolled,
        moment=now(),
        due_at=times.due_at,
        ends_at=times.ends_at,
    )


def _assignment(place: Place, typed: Typed, **more: Any) -> str:
    reading, _module, item, shown = place
    person = current_user.person_id
    times = queries.times_of(shown, reading.edition_id)
    versions = queries.versions_of(person, reading.edition_id, item["id"])
    most_bytes = current_app.extensions["coursehub"].most_upload_bytes
    return drawn(
        "assignment",
        place,
        times,
        typed=typed,
        versions=versions,
        files=queries.files_in_draft(person, reading.edition_id, item["id"]),
        refusal=_why_not(place, times, versions),
        key=completion_id(person, reading.edition_id, item["id"]),
        most_links=MOST_LINKS,
        most_bytes=most_bytes,
        piece_bytes=min(PIECE_BYTES, most_bytes),
        **more,
    )

"""Marking a piece of work: the work on one side, the rubric on the other."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from coursehub.accounts.queries import account_of
from coursehub.assignments import actions, queries
from coursehub.assignments.forms import marked_in
from coursehub.assignments.queries import Version, latest_of_each
from coursehub.assignments.rules import do_differ, hides_names, summed, why_not_release
from coursehub.assignments.views.places import (
    Place,
    address,
    bp,
    drawn,
    file_answer,
    find_taught_place,
)
from coursehub.foundation.access import found, guarded
from coursehub.foundation.database import writing
from coursehub.foundation.language import _
from coursehub.learning.rules import may_teach


@bp.get("/studio/editions/<edition>/assignments/<assignment>/<int:submission>")
@guarded(may_teach)
def show_work(edition: str, assignment: str, submission: int) -> ResponseReturnValue:
    place = find_taught_place(edition, assignment)
    version = found(queries.find_version(place[0].edition_id, place[2]["id"], submission))
    return _work(place, version, queries.comments_on(version.mark))


@bp.post("/studio/editions/<edition>/assignments/<assignment>/<int:submission>")
@guarded(may_teach)
def mark(edition: str, assignment: str, submission: int) -> ResponseReturnValue:
    reading, _module, item, _shown = place = find_taught_place(edition, assignment)
    version = found(queries.find_version(reading.edition_id, item["id"], submission))
    rubric = found(queries.find_assignment(version.submission.version_id, item["id"]))
    bank = queries.saved_comments(current_user.person_id, item["id"])
    marked = marked_in(request.form, rubric, {str(one.id): one.text for one in bank})
    wish, mistakes = request.form.get("do", "save"), dict(marked.mistakes)
    if wish == "release" and not mistakes:
        total = summed(rubric, marked.judgement.points, version.submission.days_late)
        reason = why_not_release(is_complete=total.is_complete)
        mistakes |= {"": reason} if reason else {}
    if mistakes:
        comments = dict(marked.judgement.comments)
        return _work(place, version, comments, typed=marked.typed, mistakes=mistakes), 422
    with writing():
        version = found(queries.find_version(reading.edition_id, item["id"], submission))
        person = current_user.person_id
        actions.mark(person, version, marked.judgement, releases=wish == "release")
        for text in marked.kept:
            actions.keep_comment(person, item["id"], text)
    flash(_("The mark is released.") if wish == "release" else _("The mark is saved."))
    return redirect(address("show_work", place, submission=submission), 303)


@bp.get("/studio/editions/<edition>/assignments/<assignment>/<int:submission>/files/<key>")
@guarded(may_teach)
def show_work_file(edition: str, assignment: str, submission: int, key: str) -> ResponseReturnValue:
    reading, _module, item, shown = find_taught_place(edition, assignment)
    version = found(queries.find_version(reading.edition_id, item["id"], submission))
    content = found(queries.content_of(version.submission.id))
    file = found(queries.file_of(content, key))
    number = content.files.index(file) + 1
    hides = hides_names(shown, version.state)
    return file_answer(file, f"{submission}-{number}.{file['kind']}" if hides else file["name"])


def _work(place: Place, version: Version, comments: Mapping[str, str], **more: Any) -> str:
    reading, _module, item, shown = place
    submission = version.submission
    everyone = queries.versions_in(reading.edition_id, [item["id"]])
    others = [one for one in latest_of_each(everyone) if one.state == "waiting"]
    following = [one for one in others if one.submission.id != submission.id]
    reviews = queries.reviews_of([submission.id]) if shown.get("peers") else {}
    return drawn(
        "work",
        place,
        queries.times_of(shown, reading.edition_id),
        version=version,
        rubric_of=found(queries.find_assignment(submission.version_id, item["id"])),
        content=queries.content_of(submission.id),
        comments=comments,
        bank=queries.saved_comments(current_user.person_id, item["id"]),
        history=queries.history_of(submission.id),
        account=None if hides_names(shown, version.state) else account_of(submission.person_id),
        following=following,
        reviews=reviews.get(submission.id, []),
        do_differ=do_differ,
        newest=_newest_of(version, everyone),
        **more,
    )


def _newest_of(version: Version, everyone: list[Version]) -> Version:
    """The newest version of the same person's work."""
    person = version.submission.person_id
    return [one for one in everyone if one.submission.person_id == person][-1]

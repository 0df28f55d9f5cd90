"""Reviewing the works of others, without knowing whose they are."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from coursehub.assignments import actions, queries
from coursehub.assignments.forms import marked_in
from coursehub.assignments.models import PeerReview, Submission
from coursehub.assignments.rules import Json, summed, why_not_review
from coursehub.assignments.views.places import Place, address, bp, drawn, file_answer, find_place
from coursehub.foundation.access import found, guarded
from coursehub.foundation.clock import now
from coursehub.foundation.database import db, writing
from coursehub.foundation.language import _, language
from coursehub.learning.rules import may_read_course


@bp.get("/learn/<edition>/assignments/<assignment>/reviews")
@guarded(may_read_course)
def list_reviews(edition: str, assignment: str) -> ResponseReturnValue:
    reading, _module, item, shown = place = _find(edition, assignment)
    person, times = current_user.person_id, queries.times_of(shown, reading.edition_id)
    mine = queries.reviews_by(person, reading.edition_id, item["id"])
    until = queries.reviews_until(shown, times)
    versions = queries.versions_of(person, reading.edition_id, item["id"])
    refusal = why_not_review(
        shown,
        is_enrolled=reading.is_enrolled,
        has_handed_in=bool(versions),
        given=len(mine),
        is_one_open=any(one.done_at is None for one in mine),
        is_over=now() > until,
    )
    return drawn("reviews", place, times, reviews=mine, until=until, refusal=refusal)


@bp.post("/learn/<edition>/assignments/<assignment>/reviews")
@guarded(may_read_course)
def begin_review(edition: str, assignment: str) -> ResponseReturnValue:
    with writing():
        reading, _module, item, shown = place = _find(edition, assignment)
        person = current_user.person_id
        review = actions.begin_review(person, reading, item, shown, language())
        number = review.number if review else None
    if number is None:
        flash(_("There is no other work to review yet. Come back later."))
        return redirect(address("list_reviews", place), 303)
    return redirect(address("show_review", place, number=number), 303)


@bp.get("/learn/<edition>/assignments/<assignment>/reviews/<int:number>")
@guarded(may_read_course)
def show_review(edition: str, assignment: str, number: int) -> ResponseReturnValue:
    place = _find(edition, assignment)
    review = found(_review(place, number))
    return _page(place, review, queries.comments_in(review.id))


@bp.post("/learn/<edition>/assignments/<assignment>/reviews/<int:number>")
@guarded(may_read_course)
def end_review(edition: str, assignment: str, number: int) -> ResponseReturnValue:
    place = _find(edition, assignment)
    review = found(_review(place, number))
    work = db.session.get_one(Submission, review.submission_id)
    rubric = found(queries.find_assignment(work.version_id, work.item_id))
    marked = marked_in(request.form, rubric, {})
    mistakes = dict(marked.mistakes)
    points, comments = marked.judgement.points, marked.judgement.comments
    if not mistakes and not summed(rubric, points, 0).is_complete:
        mistakes[""] = _("Choose a level for every criterion.")
    if mistakes:
        return _page(place, review, comments, typed=marked.typed, mistakes=mistakes), 422
    with writing():
        held = found(_review(place, number, is_held=True))
        actions.end_review(held, work.person_id, rubric, points, comments)
    flash(_("Your review is sent. Thank you."))
    return redirect(address("list_reviews", place), 303)


@bp.get("/learn/<edition>/assignments/<assignment>/reviews/<int:number>/files/<key>")
@guarded(may_read_course)
def show_reviewed_file(edition: str, assignment: str, number: int, key: str) -> ResponseReturnValue:
    review = found(_review(_find(edition, assignment), number))
    content = found(queries.content_of(review.submission_id))
    file = found(queries.file_of(content, key))
    # A file's name may tell whose work it is.
    return file_answer(file, f"{number}-{content.files.index(file) + 1}.{file['kind']}")


def _find(edition: str, assignment: str) -> Place:
    place = find_place(edition, assignment)
    found(place[3].get("peers"))
    return place


def _review(place: Place, number: int, *, is_held: bool = False) -> PeerReview | None:
    person, edition_id, item_id = current_user.person_id, place[0].edition_id, place[2]["id"]
    return queries.find_review(person, edition_id, item_id, number, is_held=is_held)


def _page(place: Place, review: PeerReview, comments: Mapping[str, str], **more: Any) -> str:
    work = db.session.get_one(Submission, review.submission_id)
    rubric: Json = found(queries.find_assignment(work.version_id, work.item_id))
    return drawn(
        "review",
        place,
        queries.times_of(place[3], place[0].edition_id),
        review=review,
        submission=work,
        content=queries.content_of(work.id),
        rubric_of=rubric,
        comments=comments,
        **more,
    )

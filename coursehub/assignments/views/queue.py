"""What waits to be marked in an edition, and in one assignment of it."""

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from coursehub.accounts.queries import accounts_of
from coursehub.assignments import actions, queries
from coursehub.assignments.queries import latest_of_each
from coursehub.assignments.rules import PER_PAGE, do_differ, hides_names, pages_of
from coursehub.assignments.views.places import address, bp, drawn, find_taught_place
from coursehub.foundation.access import found, guarded
from coursehub.foundation.database import writing
from coursehub.foundation.language import _n, language
from coursehub.learning.queries import find_taught
from coursehub.learning.rules import items_of, may_teach


@bp.get("/studio/editions/<edition>/assignments")
@guarded(may_teach)
def list_taught(edition: str) -> ResponseReturnValue:
    reading = found(find_taught(current_user, edition, language()))
    items = [(m, item) for m, item in items_of(reading.outline) if item["kind"] == "assignment"]
    versions = queries.versions_in(reading.edition_id, [item["id"] for _m, item in items])
    states: dict[int, list[str]] = {item["id"]: [] for _m, item in items}
    for version in latest_of_each(versions):
        states[version.submission.item_id].append(version.state)
    return render_template(
        "assignments/pages/taught.html", reading=reading, items=items, states=states
    )


@bp.get("/studio/editions/<edition>/assignments/<assignment>")
@guarded(may_teach)
def show_queue(edition: str, assignment: str) -> ResponseReturnValue:
    reading, _module, item, shown = place = find_taught_place(edition, assignment)
    everyone = latest_of_each(queries.versions_in(reading.edition_id, [item["id"]]))
    wanted = request.args.get("state", "")
    listed = [one for one in everyone if wanted in ("", one.state)]
    page, pages = pages_of(len(listed), request.args.get("page", 1, type=int))
    peers = shown.get("peers")
    here = listed[(page - 1) * PER_PAGE : page * PER_PAGE]
    return drawn(
        "queue",
        place,
        queries.times_of(shown, reading.edition_id),
        everyone=everyone,
        versions=here,
        accounts=accounts_of([one.submission.person_id for one in here]),
        hides_names=hides_names,
        reviews=queries.reviews_of([one.submission.id for one in here]) if peers else {},
        do_differ=do_differ,
        bank=queries.saved_comments(current_user.person_id, item["id"]),
        wanted=wanted,
        page=page,
        pages=pages,
    )


@bp.post("/studio/editions/<edition>/assignments/<assignment>/releases")
@guarded(may_teach)
def release_all(edition: str, assignment: str) -> ResponseReturnValue:
    with writing():
        reading, _module, item, _shown = place = find_taught_place(edition, assignment)
        versions = latest_of_each(queries.versions_in(reading.edition_id, [item["id"]]))
        count = actions.release_all(current_user.person_id, versions)
    flash(_n("%(num)s mark was released.", "%(num)s marks were released.", count))
    return redirect(address("show_queue", place), 303)


@bp.post("/studio/editions/<edition>/assignments/<assignment>/comments/<int:comment>/end")
@guarded(may_teach)
def forget_comment(edition: str, assignment: str, comment: int) -> ResponseReturnValue:
    place = find_taught_place(edition, assignment)
    with writing():
        actions.forget_comment(current_user.person_id, comment)
    return redirect(address("show_queue", place, _anchor="comments"), 303)

"""A learner's courses, the outline, the lessons and what stands beside them."""

import re
from typing import Any

from flask import (
    Blueprint,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from flask_login import current_user
from sqlalchemy.exc import OperationalError
from structlog import get_logger

from coursehub.content.formats.media import type_of
from coursehub.foundation import richtext, storage
from coursehub.foundation.access import found, guarded, signed_in
from coursehub.foundation.database import writing
from coursehub.foundation.language import _, language
from coursehub.foundation.pages import FILE_POLICY
from coursehub.learning import actions, queries
from coursehub.learning.forms import SearchForm
from coursehub.learning.queries import Page, Reading, Said
from coursehub.learning.rules import (
    Json,
    Progress,
    how_it_completes,
    is_open,
    may_read_course,
    next_item,
    why_not_all_complete,
    why_not_record,
)

bp = Blueprint("learning", __name__)
log = get_logger(__name__)

FORMS = {"pdf": "application/pdf", "html": "text/html"}
YEAR_SECONDS = 60 * 60 * 24 * 365
ONE_PIECE = re.compile(r"bytes=(?:([0-9]{1,18})-([0-9]{0,18})|-[0-9]{1,18})", re.IGNORECASE)


@bp.get("/learn")
@signed_in
def show_desk() -> ResponseReturnValue:
    shelf = [
        (reading, progress, next_item(reading.outline, progress, reading.bookmark))
        for reading, progress in queries.shelf_of(current_user, language())
    ]
    taught = queries.editions_read_as_staff(current_user, language())
    return render_template("learning/pages/desk.html", shelf=shelf, taught=taught)


@bp.get("/learn/<edition>")
@guarded(may_read_course)
def show_course(edition: str) -> ResponseReturnValue:
    reading, progress = _read(edition)
    files = queries.printouts_of(reading, language())
    return _whole_course("course", reading, progress, files=files)


@bp.get("/learn/<edition>/<lesson>")
@guarded(may_read_course)
def show_lesson(edition: str, lesson: str) -> ResponseReturnValue:
    reading = found(queries.find_reading(current_user, edition, language()))
    said = queries.said_by(current_user.person_id, reading.edition_id)
    module, item = found(reading.find_lesson(lesson))
    page = found(queries.find_page(reading, module, lesson, language()))
    if request.args.get("view") == "print":
        return render_template(
            "learning/pages/print.html",
            reading=reading,
            item=item,
            page=page,
            html=richtext.opened(page.html),
        )
    answer = make_response(_lesson(reading, said, module, item, page))
    _keep_bookmark(reading, item)
    return answer


@bp.post("/learn/<edition>/<lesson>/completion")
@guarded(may_read_course)
def complete(edition: str, lesson: str) -> ResponseReturnValue:
    with writing():
        reading = found(queries.find_reading(current_user, edition, language()))
        module, item = found(reading.find_item(lesson))
        actions.complete(current_user.person_id, reading, item, _seen())
    if request.form.get("then") != "next":
        return redirect(
            url_for(".show_lesson", edition=edition, lesson=lesson, _anchor="completion"), 303
        )
    return redirect(_after(reading, module, item), 303)


@bp.post("/learn/<edition>/<lesson>/completion/end")
@guarded(may_read_course)
def take_back(edition: str, lesson: str) -> ResponseReturnValue:
    with writing():
        reading = found(queries.find_reading(current_user, edition, language()))
        _module, item = found(reading.find_lesson(lesson))
        if actions.take_back(current_user.person_id, reading, item, _seen()):
            flash(_("The lesson is no longer marked as read."))
    return redirect(
        url_for(".show_lesson", edition=edition, lesson=lesson, _anchor="completion"), 303
    )


@bp.get("/learn/<edition>/modules/<module>")
@guarded(may_read_course)
def show_module(edition: str, module: str) -> ResponseReturnValue:
    reading, progress = _read(edition)
    shown = found(reading.find_module(module))
    at = reading.outline.index(shown)
    following = reading.outline[at + 1] if at + 1 < len(reading.outline) else None
    return _page(
        "module",
        reading,
        progress,
        module=shown,
        following=following,
        files=queries.printouts_of(reading, language()),
        go_on=next_item([shown], progress, reading.bookmark),
        missing=why_not_all_complete([shown], progress.modules[shown["id"]]),
    )


@bp.get("/learn/<edition>/end")
@guarded(may_read_course)
def show_end(edition: str) -> ResponseReturnValue:
    return _whole_course("end", *_read(edition))


@bp.get("/learn/<edition>/search")
@guarded(may_read_course)
def search(edition: str) -> ResponseReturnValue:
    reading, progress = _read(edition)
    form = SearchForm(request.args)
    is_valid = form.validate()
    asked = (form.q.data or "").strip()
    hits = queries.search_course(reading, asked, language()) if asked and is_valid else []
    is_cut = len(hits) == queries.MOST_HITS
    page = _page("search", reading, progress, form=form, asked=asked, hits=hits, is_cut=is_cut)
    return page, 200 if is_valid else 422


@bp.get("/learn/<edition>/glossary")
@guarded(may_read_course)
def show_glossary(edition: str) -> ResponseReturnValue:
    reading, progress = _read(edition)
    return _page("glossary", reading, progress, terms=queries.glossary_of(reading, language()))


@bp.get("/learn/<edition>/media/<fingerprint>/<name>")
@guarded(may_read_course)
def show_media(edition: str, fingerprint: str, name: str) -> ResponseReturnValue:
    reading = found(queries.find_reading(current_user, edition, language()))
    file = found(queries.find_media(reading, fingerprint, name))
    answer = _file(file.sha256, type_of(name))
    answer.headers["Cache-Control"] = f"private, max-age={YEAR_SECONDS}, immutable"
    return answer


@bp.get("/learn/<edition>/files/<code>/<any(lessons, modules):kind>/<slug>.<form>")
@guarded(may_read_course)
def show_file(edition: str, code: str, kind: str, slug: str, form: str) -> ResponseReturnValue:
    reading = found(queries.find_reading(current_user, edition, language()))
    lesson = reading.find_lesson(slug) if kind == "lessons" else None
    thing = found(lesson[1] if lesson else reading.find_module(slug) if kind == "modules" else None)
    key = found(queries.find_printout(reading, thing["id"], code, form))
    name = f"{reading.course_slug}-{slug}-{code}.{form}"
    answer = _file(key, FORMS[form], as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _seen() -> int | None:
    """The revision that the page with the button showed, if its form tells."""
    return request.form.get("seen", type=int)


def _file(key: str, kind: str, **options: Any) -> Response:
    """A stored file, or the one piece of it that is asked for."""
    if not _asks_for_one_piece(request.headers.get("Range", "")):
        request.environ.pop("HTTP_RANGE", None)  # RFC 9110, 14.2: else the whole is the answer
    answer = storage.send(key, kind, **options)
    answer.headers["Content-Security-Policy"] = FILE_POLICY
    return answer


def _asks_for_one_piece(wish: str) -> bool:
    piece = ONE_PIECE.fullmatch(wish)
    if piece is None:
        return False
    first, last = piece.groups()
    return not last or int(first) <= int(last)


def _read(edition: str) -> tuple[Reading, Progress]:
    reading = found(queries.find_reading(current_user, edition, language()))
    said = queries.said_by(current_user.person_id, reading.edition_id)
    return reading, reading.progress(said.done)


def _page(name: str, reading: Reading, progress: Progress, **more: Any) -> str:
    return render_template(
        f"learning/pages/{name}.html",
        reading=reading,
        progress=progress,
        base=url_for(".show_course", edition=reading.edition),
        unrecorded=why_not_record(is_enrolled=reading.is_enrolled),
        **more,
    )


def _whole_course(name: str, reading: Reading, progress: Progress, **more: Any) -> str:
    return _page(
        name,
        reading,
        progress,
        go_on=next_item(reading.outline, progress, reading.bookmark),
        missing=why_not_all_complete(reading.outline, progress),
        **more,
    )


def _lesson(reading: Reading, said: Said, module: Json, item: Json, page: Page) -> str:
    before, after = reading.around(item["id"])
    return _page(
        "lesson",
        reading,
        reading.progress(said.done),
        seen=said.revisions.get(item["id"], 0),
        module=module,
        item=item,
        page=page,
        html=richtext.safe(page.html),
        before=before,
        after=after,
        ends_module=_last_open(module) == item["id"],
        how_it_completes=how_it_completes,
        next_href=_after(reading, module, item),
    )


def _after(reading: Reading, module: Json, item: Json) -> str:
    """Where one goes after a lesson: what comes next, or the end of its module."""
    _before, after = reading.around(item["id"])
    if _last_open(module) == item["id"] or after is None:
        return url_for(".show_module", edition=reading.edition, module=module["slug"])
    return f"{url_for('.show_course', edition=reading.edition)}/{after['path']}"


def _last_open(module: Json) -> int:
    return int([item["id"] for item in module["items"] if is_open(item)][-1])


def _keep_bookmark(reading: Reading, item: Json) -> None:
    """Remember the lesson, after the page is drawn; a page fetched ahead of time moves nobody."""
    ahead = "prefetch" in (
        request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    )
    if (
        request.method != "GET"
        or ahead
        or not reading.is_enrolled
        or reading.bookmark == item["id"]
    ):
        return
    try:
        with writing(hurries=True):
            actions.reach(current_user.person_id, reading.edition_id, item["id"])
    except OperationalError:  # the page is there to be read, whether or not this can be kept
        log.warning("the bookmark was not kept", edition=reading.edition)

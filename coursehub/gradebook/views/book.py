"""An edition’s gradebook, a person’s grade explained, the scheme, and a learner’s own page."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from coursehub.foundation.access import found, guarded
from coursehub.foundation.database import writing
from coursehub.foundation.language import _, language
from coursehub.gradebook import actions
from coursehub.gradebook.actions import Wish
from coursehub.gradebook.forms import WITHDRAW, DecisionForm, SchemeForm
from coursehub.gradebook.queries import Book, book_of, grades_of, record_of
from coursehub.gradebook.rules import MOST_CATEGORIES, Json, name_of
from coursehub.gradebook.views.blueprint import bp
from coursehub.learning.queries import find_reading, find_taught
from coursehub.learning.rules import may_read_course, may_teach
from coursehub.studio.queries import participants_of
from coursehub.studio.rules import Participant, page_of

WHOLE = "whole"


@bp.get("/learn/<edition>/grades")
@guarded(may_read_course)
def show_own(edition: str) -> ResponseReturnValue:
    reading = found(find_reading(current_user, edition, language()))
    book = book_of(reading)
    own = grades_of(book, [current_user.person_id])[current_user.person_id]
    return render_template(
        "gradebook/pages/own.html",
        reading=reading,
        book=book,
        grade=own,
        base=url_for("learning.show_course", edition=edition),
    )


@bp.get("/studio/editions/<edition>/grades")
@guarded(may_teach)
def show_grades(edition: str) -> ResponseReturnValue:
    book = _book(edition)
    everyone = participants_of(book.reading.edition_id, language())
    wanted, after = request.args.get("q", "")[:200], request.args.get("after", "")[:400]
    people, following = page_of(everyone, wanted, after)
    grades = grades_of(book, [one.person_id for one in people])
    return render_template(
        "gradebook/pages/grades.html",
        reading=book.reading,
        book=book,
        everyone=everyone,
        rows=[(one, grades[one.person_id]) for one in people],
        wanted=wanted,
        following=following,
    )


@bp.get("/studio/editions/<edition>/grades/people/<int:person>")
@guarded(may_teach)
def show_person(edition: str, person: int) -> ResponseReturnValue:
    book = _book(edition)
    who = _participant(book, person)
    work = request.args.get("work", "")
    return _person(book, who, DecisionForm(formdata=None), work)


@bp.post("/studio/editions/<edition>/grades/people/<int:person>")
@guarded(may_teach)
def decide(edition: str, person: int) -> ResponseReturnValue:
    form, slug = DecisionForm(), request.form.get("work", "")
    is_whole = form.is_whole()
    with writing():
        book = _book(edition)
        who = _participant(book, person)
        work = None if slug == WHOLE else found(book.find_work(slug))
        if is_whole:
            wish = Wish(person, work, form.share, withdraws=form.what.data == WITHDRAW)
            actions.decide(current_user.person_id, book, [wish], form.reason.data.strip())
    if not is_whole:
        return _person(book, who, form, slug), 422
    flash(_("The decision is recorded, with its reason."))
    return redirect(url_for(".show_person", edition=edition, person=person), 303)


@bp.get("/studio/editions/<edition>/grades/scheme")
@guarded(may_teach)
def show_scheme(edition: str) -> ResponseReturnValue:
    book = _book(edition)
    form = SchemeForm(formdata=None, **_typed(book.scheme))
    return _scheme(book, form, _rows(book.scheme), book.scheme["items"])


@bp.post("/studio/editions/<edition>/grades/scheme")
@guarded(may_teach)
def choose_scheme(edition: str) -> ResponseReturnValue:
    form = SchemeForm()
    with writing():
        book = _book(edition)
        scheme = form.read(request.form, book.works)
        if scheme:
            actions.choose_scheme(current_user.person_id, book, scheme)
    if not scheme:
        return _scheme(book, form, _rows_typed(request.form), _items_typed(book)), 422
    flash(_("The edition is graded like this from now on."))
    return redirect(url_for(".show_grades", edition=edition), 303)


def _book(edition: str) -> Book:
    return book_of(found(find_taught(current_user, edition, language())))


def _participant(book: Book, person: int) -> Participant:
    everyone = participants_of(book.reading.edition_id, language())
    return found(next((one for one in everyone if one.person_id == person), None))


def _person(book: Book, who: Participant, form: DecisionForm, work: str) -> str:
    return render_template(
        "gradebook/pages/person.html",
        reading=book.reading,
        book=book,
        who=who,
        grade=grades_of(book, [who.person_id])[who.person_id],
        record=record_of(book.reading.edition_id, who.person_id),
        titles={one.item_id: one.title for one in book.works},
        form=form,
        chosen=work if work == WHOLE or book.find_work(work) else "",
    )


def _scheme(book: Book, form: SchemeForm, rows: list[Json], items: Json) -> str:
    return render_template(
        "gradebook/pages/scheme.html",
        reading=book.reading,
        book=book,
        form=form,
        rows=rows,
        items=items,
    )


def _typed(scheme: Json) -> Json:
    return {"missing": scheme["missing"], "pass_percent": f"{scheme['pass_percent']:g}"}


def _rows(scheme: Json) -> list[Json]:
    """The categories as the form shows them, and empty rows for new ones."""
    rows = [
        {
            "key": one["key"],
            "name": name_of(one),
            "weight": f"{one['weight']:g}",
            "drop": str(one["drop"]),
        }
        for one in scheme["categories"]
    ]
    taken = {row["key"] for row in rows}
    fresh = [f"c{n}" for n in range(MOST_CATEGORIES) if f"c{n}" not in taken]
    empty = {"name": "", "weight": "", "drop": "0"}
    return [*rows, *({"key": key} | empty for key in fresh)][: max(len(rows) + 2, 4)]


def _rows_typed(typed: MultiDict[str, str]) -> list[Json]:
    return [
        {name: typed.get(f"{name}.{n}", "") for name in ("key", "name", "weight", "drop")}
        for n in range(MOST_CATEGORIES)
        if f"key.{n}" in typed
    ]


def _items_typed(book: Book) -> Json:
    return {
        str(work.item_id): {
            "category": request.form.get(f"category.{work.item_id}", ""),
            "required": f"required.{work.item_id}" in request.form,
        }
        for work in book.works
    }

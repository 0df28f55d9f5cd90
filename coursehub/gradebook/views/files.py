"""Grades as files: taken away, and brought back after a look at what they would change."""

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from coursehub.foundation.access import found, guarded
from coursehub.foundation.database import writing
from coursehub.foundation.language import _n, language
from coursehub.foundation.tables import KINDS, UnreadableTable, rows_in, table_as
from coursehub.gradebook import actions
from coursehub.gradebook.actions import Wish
from coursehub.gradebook.formats import PERSON, Cell, Mistake, cells_of, head_of, row_of
from coursehub.gradebook.forms import ReasonForm, UploadForm
from coursehub.gradebook.queries import Book, book_of, grades_of
from coursehub.gradebook.rules import Grade
from coursehub.gradebook.views.blueprint import bp
from coursehub.learning.queries import find_taught
from coursehub.learning.rules import may_teach
from coursehub.studio.queries import participants_of
from coursehub.studio.rules import Participant

MOST_CHANGES = 5_000
# A mark that was rounded for the file is the same mark.
SAME = 0.00006


@bp.get("/studio/editions/<edition>/grades/grades.<any(csv, xlsx):form>")
@guarded(may_teach)
def take_away(edition: str, form: str) -> ResponseReturnValue:
    book, people = _book(edition)
    grades = grades_of(book, people.keys())
    ordered = sorted(people.values(), key=lambda one: one.place)
    rows = [_row(book, one, grades[one.person_id]) for one in ordered]
    head = head_of((work.title, work.slug) for work in book.works)
    file = make_response(table_as(form, [head, *rows]))
    file.headers["Content-Type"] = KINDS[form]
    file.headers["Content-Disposition"] = f'attachment; filename="{edition}-grades.{form}"'
    return file


@bp.get("/studio/editions/<edition>/grades/import")
@guarded(may_teach)
def ask_for_file(edition: str) -> ResponseReturnValue:
    return _asked(_book(edition)[0], UploadForm(formdata=None))


@bp.post("/studio/editions/<edition>/grades/import")
@guarded(may_teach)
def preview(edition: str) -> ResponseReturnValue:
    form = UploadForm()
    book, people = _book(edition)
    sent = request.files.get("file")
    try:
        rows = rows_in(sent.read() if sent else b"", needed={PERSON})
        told = list(cells_of(rows, book.slugs, set(people)))
    except UnreadableTable as unreadable:
        form.file.errors = [unreadable.why]
        return _asked(book, form), 422
    cells = [one for one in told if isinstance(one, Cell)]
    changes = _changed(book, people, cells)[:MOST_CHANGES]
    mistakes = [one for one in told if isinstance(one, Mistake)]
    return _preview(book, people, changes, mistakes, ReasonForm(formdata=None))


@bp.post("/studio/editions/<edition>/grades/import/decisions")
@guarded(may_teach)
def take_over(edition: str) -> ResponseReturnValue:
    form = ReasonForm()
    is_whole = bool(form.validate_on_submit())
    with writing():
        book, people = _book(edition)
        changes = _changed(book, people, list(_sent(book, people)))
        if is_whole:
            wishes = [
                Wish(one.person_id, found(book.find_work(one.slug)), one.share) for one in changes
            ]
            actions.decide(current_user.person_id, book, wishes, form.reason.data.strip())
    if not is_whole:
        return _preview(book, people, changes, [], form), 422
    flash(_n("%(num)s mark was taken over.", "%(num)s marks were taken over.", len(changes)))
    return redirect(url_for(".show_grades", edition=edition), 303)


def _book(edition: str) -> tuple[Book, dict[int, Participant]]:
    book = book_of(found(find_taught(current_user, edition, language())))
    people = participants_of(book.reading.edition_id, language())
    return book, {one.person_id: one for one in people}


def _row(book: Book, who: Participant, grade: Grade) -> list[object]:
    marks = {line.work.item_id: line.share for line in grade.lines}
    shares = [marks.get(work.item_id) for work in book.works]
    named = (who.person_id, who.name, who.country)
    return row_of(named, [*shares, grade.now, grade.final], is_passed=grade.is_passed)


def _changed(book: Book, people: dict[int, Participant], cells: list[Cell]) -> list[Cell]:
    """The marks that differ from what holds now, once for each person and work."""
    grades = grades_of(book, people.keys())
    known = {
        (person, line.work.slug): line.share
        for person, grade in grades.items()
        for line in grade.lines
    }
    last = {(one.person_id, one.slug): one for one in cells}
    return [
        one
        for key, one in last.items()
        if (held := known.get(key)) is None or abs(held - one.share) > SAME
    ]


def _sent(book: Book, people: dict[int, Participant]) -> list[Cell]:
    """The marks that the page of the preview sends back, each as id/work/per cent."""
    cells = []
    for line, sent in enumerate(request.form.getlist("mark")[:MOST_CHANGES], 1):
        person, _sep, rest = sent.partition("/")
        slug, _sep, percent = rest.partition("/")
        read = cells_of([(line, {PERSON: person, f"[{slug}]": percent})], book.slugs, set(people))
        cells += [one for one in read if isinstance(one, Cell)]
    return cells


def _asked(book: Book, form: UploadForm) -> str:
    return render_template(
        "gradebook/pages/import.html", reading=book.reading, book=book, form=form
    )


def _preview(
    book: Book,
    people: dict[int, Participant],
    changes: list[Cell],
    mistakes: list[Mistake],
    form: ReasonForm,
) -> str:
    grades = grades_of(book, people.keys())
    held = {
        (person, line.work.slug): line.share
        for person, grade in grades.items()
        for line in grade.lines
    }
    return render_template(
        "gradebook/pages/preview.html",
        reading=book.reading,
        book=book,
        people=people,
        changes=changes,
        held=held,
        mistakes=mistakes,
        form=form,
    )

"""Banks of questions: what is in them, where it is used, files in and out."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from coursehub.content.actions.banks import Kept, newest_in
from coursehub.content.formats.banks import written_bank
from coursehub.content.models import Bank, QuestionState
from coursehub.content.queries import find_course
from coursehub.foundation.access import found, guarded, require
from coursehub.foundation.database import db, writing
from coursehub.foundation.language import _, _n, language
from coursehub.questions import actions, queries
from coursehub.questions.formats.reading import read_questions
from coursehub.questions.formats.spreadsheet_writing import xlsx_of
from coursehub.questions.formats.writing import WRITERS, written
from coursehub.questions.forms import BankForm, ImportForm
from coursehub.questions.rules.keeping import (
    keeps_on_site,
    keeps_questions,
    may_keep_questions,
    page_of,
)

bp = Blueprint("questions", __name__)

TYPES = {
    "gift": "text/plain; charset=utf-8",
    "xml": "application/xml",
    "yaml": "text/plain; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@bp.get("/studio/banks")
@guarded(may_keep_questions)
def list_banks() -> ResponseReturnValue:
    return _list(BankForm())


def _list(form: BankForm, status: int = 200) -> ResponseReturnValue:
    found(keeps_questions(current_user) or None)
    banks = queries.banks_kept_by(current_user, language())
    return render_template("questions/pages/banks.html", banks=banks, form=_offered(form)), status


def _offered(form: BankForm) -> BankForm:
    courses = queries.courses_kept_by(current_user, language())
    return form.offer(courses, site=keeps_on_site(current_user))


@bp.post("/studio/banks")
@guarded(may_keep_questions)
def make_bank() -> ResponseReturnValue:
    form = _offered(BankForm())
    if not form.validate_on_submit():
        return _list(form, 422)
    course = found(find_course(form.course.data)) if form.course.data else None
    require(may_keep_questions(current_user, course=course.id if course else None))
    with writing():
        bank = actions.make_bank(course.id if course else None, form.title.data, language())
        number = bank.id
    return redirect(url_for(".show_bank", bank=number), 303)


@bp.get("/studio/banks/<int:bank>")
@guarded(may_keep_questions)
def show_bank(bank: int) -> ResponseReturnValue:
    kept = _kept(bank)
    asked = {name: request.args.get(name, "")[:200] for name in ("q", "tag", "state")}
    after = request.args.get("after", 0, type=int)
    rows = queries.questions_in(kept.id, asked["q"], asked["tag"], asked["state"], after % 2**31)
    shown, is_more = page_of(rows)
    return render_template(
        "questions/pages/bank.html",
        bank=kept,
        asked=asked,
        questions=shown,
        following=shown[-1].id if is_more else None,
        tags=queries.tags_in(kept.id),
        states=list(QuestionState),
        endings=[*WRITERS, "yaml"],
    )


def _kept(bank: int) -> Bank:
    return found(queries.find_kept_bank(current_user, bank))


@bp.get("/studio/banks/<int:bank>/questions/<key>")
@guarded(may_keep_questions)
def show_question(bank: int, key: str) -> ResponseReturnValue:
    kept = _kept(bank)
    shown = found(queries.find_shown(kept.id, key))
    return render_template(
        "questions/pages/question.html",
        bank=kept,
        shown=shown,
        versions=queries.versions_of(shown.id),
        uses=queries.uses_of(shown.id),
        states=list(QuestionState),
    )


@bp.post("/studio/banks/<int:bank>/questions/<key>/state")
@guarded(may_keep_questions)
def set_state(bank: int, key: str) -> ResponseReturnValue:
    shown = found(queries.find_shown(_kept(bank).id, key))
    states = {one.value: one for one in QuestionState}
    state = found(states.get(request.form.get("state", "")))
    with writing():
        actions.set_state(shown.id, state)
    flash(_("Saved. Quizzes that are published already stay as they are."))
    return redirect(url_for(".show_question", bank=bank, key=key), 303)


@bp.get("/studio/banks/<int:bank>/import")
@guarded(may_keep_questions)
def choose_file(bank: int) -> ResponseReturnValue:
    kept = _kept(bank)
    form = ImportForm(language=language())
    return render_template("questions/pages/import.html", bank=kept, form=form)


@bp.post("/studio/banks/<int:bank>/import")
@guarded(may_keep_questions)
def send_file(bank: int) -> ResponseReturnValue:
    kept, form = _kept(bank), ImportForm()
    sent = request.files.get("file")
    content = sent.read() if sent else b""
    if not form.accepts(content):
        return render_template("questions/pages/import.html", bank=kept, form=form), 422
    with writing():
        name = (sent.filename if sent else "") or ""
        key = actions.hold(bank, content, name, form.language.data).key
    return redirect(url_for(".preview", bank=bank, key=key), 303)


@bp.get("/studio/banks/<int:bank>/imports/<key>")
@guarded(may_keep_questions)
def preview(bank: int, key: str) -> ResponseReturnValue:
    kept = _kept(bank)
    held = found(queries.find_held(kept.id, key))
    read = read_questions(held.content, held.language)
    return render_template("questions/pages/preview.html", bank=kept, held=held, read=read)


@bp.post("/studio/banks/<int:bank>/imports/<key>")
@guarded(may_keep_questions)
def take(bank: int, key: str) -> ResponseReturnValue:
    kept = _kept(bank)
    held = found(queries.find_held(kept.id, key))
    read = read_questions(held.content, held.language)
    with writing():
        known = db.session.get_one(Bank, bank)
        done = actions.take(known, found(queries.find_held(bank, key, locks=True)), read)
    flash(_told(done))
    return redirect(url_for(".show_bank", bank=bank), 303)


def _told(done: Kept) -> str:
    said = [
        _n("%(num)s question is new.", "%(num)s questions are new.", done.new),
        _n("%(num)s has a new version.", "%(num)s have a new version.", done.changed),
        _n("%(num)s was known already.", "%(num)s were known already.", done.same),
    ]
    counts = (done.new, done.changed, done.same)
    return " ".join(words for words, count in zip(said, counts, strict=True) if count)


@bp.get("/studio/banks/<int:bank>/export.<ending>")
@guarded(may_keep_questions)
def export(bank: int, ending: str) -> ResponseReturnValue:
    kept = _kept(bank)
    found(TYPES.get(ending))
    rows = list(newest_in(kept.id))
    if ending == "yaml":
        content = written_bank(kept.title, rows).encode()
    else:
        asked = (said for _key, state, said in rows if state != QuestionState.RETIRED)
        content = written(asked, ending, language()).content
    return _download(content, f"{kept.key}.{ending}", TYPES[ending])


@bp.get("/studio/banks/template.xlsx")
@guarded(may_keep_questions)
def template() -> ResponseReturnValue:
    found(keeps_questions(current_user) or None)
    return _download(xlsx_of([]), "template.xlsx", TYPES["xlsx"])


def _download(content: bytes, name: str, media_type: str) -> ResponseReturnValue:
    response = make_response(content)
    response.headers["Content-Type"] = media_type
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response

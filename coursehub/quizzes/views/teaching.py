"""Looking after an edition’s quizzes: how they go, wrong keys, answers that arrived late."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from coursehub.accounts.queries import accounts_of
from coursehub.foundation.access import found, guarded
from coursehub.foundation.database import writing
from coursehub.foundation.language import _, _n, language
from coursehub.learning.queries import Reading, find_taught
from coursehub.learning.rules import SMALLEST_GROUP, counts, items_of, may_teach
from coursehub.questions.rules.correcting import WITH_A_FORM, as_marked
from coursehub.questions.rules.statistics import harder_in, warnings
from coursehub.quizzes import actions, queries
from coursehub.quizzes.forms import REMEDIES, CorrectionForm
from coursehub.quizzes.rules import Json, asked_of_people
from coursehub.quizzes.views.blueprint import bp

MOST_NAMES = 50


@bp.get("/studio/editions/<edition>/quizzes")
@guarded(may_teach)
def list_quizzes(edition: str) -> ResponseReturnValue:
    reading = found(find_taught(current_user, edition, language()))
    quizzes = [
        (module, item)
        for module, item in items_of(reading.outline)
        if item["kind"] == "quiz" and counts(item)
    ]
    turnout = queries.turnout_in(reading.edition_id)
    return render_template(
        "quizzes/pages/taught/quizzes.html", reading=reading, quizzes=quizzes, turnout=turnout
    )


@bp.get("/studio/editions/<edition>/quizzes/<quiz>")
@guarded(may_teach)
def show_statistics(edition: str, quiz: str) -> ResponseReturnValue:
    reading, item, marking = _find(edition, quiz)
    rollup = queries.find_rollup(reading.edition_id, item["id"])
    live = queries.turnout_in(reading.edition_id, item["id"]) if rollup is None else {}
    return render_template(
        "quizzes/pages/taught/statistics.html",
        reading=reading,
        item=item,
        questions=[_row(marking, one, rollup) for one in marking.quiz["questions"]],
        counted_at=rollup.counted_at if rollup else None,
        turnout=rollup.turnout if rollup else live.get(item["id"]),
        late=queries.late_ones_in(reading.edition_id, item["id"]),
        smallest=SMALLEST_GROUP,
        has_marking=bool(asked_of_people(marking.quiz)),
    )


@bp.get("/studio/editions/<edition>/quizzes/<quiz>/questions/<question>")
@guarded(may_teach)
def show_question(edition: str, quiz: str, question: str) -> ResponseReturnValue:
    reading, item, marking = _find(edition, quiz)
    found(marking.questions.get(question))
    form = _form(reading, item, marking, question, request.args)
    is_asked = "remedy" in request.args
    changes = None
    if is_asked and form.reads(is_final=False) and form.correction:
        changes = queries.changes_under(reading, item["id"], question, form.correction)
    return _question(reading, item, marking, question, form, changes)


@bp.post("/studio/editions/<edition>/quizzes/<quiz>/questions/<question>")
@guarded(may_teach)
def correct_question(edition: str, quiz: str, question: str) -> ResponseReturnValue:
    with writing():
        reading, item, marking = _find(edition, quiz)
        found(marking.questions.get(question))
        form = _form(reading, item, marking, question, request.form)
        is_whole = form.reads(is_final=True)
        if is_whole and form.correction:
            person_id, reason = current_user.person_id, form.reason.data.strip()
            actions.correct(person_id, reading, item, question, form.correction, reason)
    if not is_whole:
        return _question(reading, item, marking, question, form, None), 422
    flash(_("The correction holds from now on. What was handed in is being marked anew."))
    return redirect(url_for(".show_question", edition=edition, quiz=quiz, question=question), 303)


@bp.post("/studio/editions/<edition>/quizzes/<quiz>/late/<key>")
@guarded(may_teach)
def count_late(edition: str, quiz: str, key: str) -> ResponseReturnValue:
    with writing():
        reading, item, _marking = _find(edition, quiz)
        attempts = queries.attempts_taught(reading.edition_id, item["id"], key)
        attempt = found(next((one for one in attempts if one.key == key), None))
        number = actions.count_late(attempt, attempts)
    if number:
        flash(
            _n(
                "%(num)s answer counts now. The attempt was marked anew.",
                "%(num)s answers count now. The attempt was marked anew.",
                number,
            )
        )
    return redirect(url_for(".show_statistics", edition=edition, quiz=quiz, _anchor="late"), 303)


def _find(edition: str, quiz: str) -> tuple[Reading, Json, queries.Marking]:
    reading = found(find_taught(current_user, edition, language()))
    _module, item = found(reading.find_open("quiz", quiz))
    asked = queries.EditionQuiz(reading.edition_id, reading.version_id, item["id"])
    return reading, item, queries.find_marking(asked)


def _row(marking: queries.Marking, question: Json, rollup: queries.RollUp | None) -> Json:
    """A question with what its figures say, in plain words."""
    known = rollup.questions.get(question["id"]) if rollup else None
    correction = marking.corrections.get(question["id"])
    is_enough = known is not None and known.whole.n >= SMALLEST_GROUP
    return {
        "question": question,
        "correction": correction,
        "known": known,
        "is_enough": is_enough,
        "warnings": list(warnings(as_marked(question, correction), known.whole))
        if known and is_enough
        else [],
        "harder_in": harder_in(known.by_language, SMALLEST_GROUP) if known else [],
    }


def _form(
    reading: Reading, item: Json, marking: queries.Marking, key: str, typed: MultiDict[str, str]
) -> CorrectionForm:
    published = marking.questions[key]
    newest = queries.find_newest(reading.course_id, item["id"], key)
    is_other = newest is not None and newest[1] != published
    return CorrectionForm(
        published,
        newest[1] if newest and is_other else None,
        language(),
        reading.source_language,
        typed,
    )


def _question(
    reading: Reading,
    item: Json,
    marking: queries.Marking,
    key: str,
    form: CorrectionForm,
    changes: list[queries.Change] | None,
) -> str:
    rollup = queries.find_rollup(reading.edition_id, item["id"])
    question = marking.questions[key]
    named = [one.person_id for one in (changes or ())[:MOST_NAMES]]
    return render_template(
        "quizzes/pages/taught/question.html",
        reading=reading,
        item=item,
        number=list(marking.questions).index(key) + 1,
        question=question,
        marked=as_marked(question, marking.corrections.get(key)),
        row=_row(marking, question, rollup),
        decisions=queries.decisions_about(reading.edition_id, item["id"], key),
        form=form,
        remedies=REMEDIES,
        has_form=question["type"] in WITH_A_FORM,
        changes=changes,
        names=accounts_of(named) if named else {},
        smallest=SMALLEST_GROUP,
    )

"""Marking answers by people: question by question, one answer after another."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from coursehub.accounts.queries import account_of
from coursehub.foundation.access import found, guarded
from coursehub.foundation.database import writing
from coursehub.foundation.language import _, _n, language
from coursehub.learning.queries import Reading, find_taught
from coursehub.learning.rules import may_teach
from coursehub.questions.rules.answering import read_answer
from coursehub.quizzes import actions, queries
from coursehub.quizzes.actions import Judgement
from coursehub.quizzes.forms import Judged, judged_in
from coursehub.quizzes.queries import ToMark
from coursehub.quizzes.rules import Json, asked_of_people, hides_names, named
from coursehub.quizzes.views.blueprint import bp

# How many attempts one press releases: it answers before anybody presses again.
AT_ONCE = 250


@bp.get("/studio/editions/<edition>/quizzes/<quiz>/marking")
@guarded(may_teach)
def show_marking(edition: str, quiz: str) -> ResponseReturnValue:
    reading, item, marking = _find(edition, quiz)
    waiting = queries.attempts_to_mark(reading.edition_id, item["id"])
    asked = [
        (one, [attempt.state(one["id"]) for attempt in waiting])
        for _outer, one in asked_of_people(marking.quiz)
    ]
    return render_template(
        "quizzes/pages/taught/marking.html", reading=reading, item=item, asked=asked
    )


@bp.post("/studio/editions/<edition>/quizzes/<quiz>/marking")
@guarded(may_teach)
def release_marks(edition: str, quiz: str) -> ResponseReturnValue:
    """Release what is marked: of one question if the form names it, or of the whole quiz."""
    wanted = request.form.get("question") or None
    with writing():
        reading, item, _marking = _find(edition, quiz)
        ready = [
            one.id
            for one in queries.attempts_to_mark(reading.edition_id, item["id"])
            if any(
                mark.state == "provisional" and wanted in (None, key)
                for key, mark in one.marks.items()
            )
        ]
        number = actions.release(current_user.person_id, ready[:AT_ONCE], wanted)
    flash(_n("%(num)s mark is released.", "%(num)s marks are released.", number))
    return redirect(url_for(".show_marking", edition=edition, quiz=quiz), 303)


@bp.get("/studio/editions/<edition>/quizzes/<quiz>/marking/<question>")
@guarded(may_teach)
def show_answer(edition: str, quiz: str, question: str) -> ResponseReturnValue:
    reading, item, marking = _find(edition, quiz)
    found(next((one for _o, one in asked_of_people(marking.quiz) if one["id"] == question), None))
    return _answer(reading, item, question, request.args.get("answer", type=int))


@bp.post("/studio/editions/<edition>/quizzes/<quiz>/marking/<question>/<int:attempt>")
@guarded(may_teach)
def judge(edition: str, quiz: str, question: str, attempt: int) -> ResponseReturnValue:
    reading, item, _marking = _find(edition, quiz)
    entries = _entries(reading, item, question)
    entry = found(next((one for one in entries if one.id == attempt), None))
    outer, asked = _asked(reading, item, entry, question)
    judged = judged_in(request.form, asked)
    if judged.mistakes:
        return _answer(reading, item, question, attempt, judged), 422
    part = "" if outer["id"] == question else question
    out_of = asked.get("points", 1)
    given = (judged.points, out_of, judged.levels, judged.comment, judged.seen)
    releases = request.form.get("do") == "release"
    with writing():
        judgement = Judgement(outer["id"], part, *given)
        actions.judge(current_user.person_id, attempt, judgement)
        if releases:
            actions.release(current_user.person_id, [attempt], question)
    flash(_("The mark is released.") if releases else _("The mark is saved."))
    left = [one.id for one in entries if one.state(question) == "waiting" and one.id != attempt]
    if not left:
        return redirect(url_for(".show_marking", edition=edition, quiz=quiz), 303)
    address = url_for(".show_answer", edition=edition, quiz=quiz, question=question)
    return redirect(f"{address}?answer={left[0]}", 303)


def _find(edition: str, quiz: str) -> tuple[Reading, Json, queries.Marking]:
    reading = found(find_taught(current_user, edition, language()))
    _module, item = found(reading.find_open("quiz", quiz))
    asked = queries.EditionQuiz(reading.edition_id, reading.version_id, item["id"])
    return reading, item, queries.find_marking(asked)


def _entries(reading: Reading, item: Json, question: str) -> list[ToMark]:
    everyone = queries.attempts_to_mark(reading.edition_id, item["id"])
    return [one for one in everyone if one.state(question)]


def _asked(reading: Reading, item: Json, entry: ToMark, question: str) -> tuple[Json, Json]:
    """The question as the attempt's version asks it, after the one that it stands in."""
    quiz = found(queries.find_quiz(entry.version_id, item["id"]))
    return found(next((two for two in asked_of_people(quiz) if two[1]["id"] == question), None))


def _answer(
    reading: Reading, item: Json, question: str, wanted: int | None, judged: Judged | None = None
) -> str:
    entries = _entries(reading, item, question)
    waiting = [one for one in entries if one.state(question) == "waiting"]
    first = next(iter(waiting or entries), None)
    entry = next((one for one in entries if one.id == wanted), first)
    shown: dict[str, Any] = {}
    if entry:
        outer, asked = _asked(reading, item, entry, question)
        hides = hides_names(found(queries.find_quiz(entry.version_id, item["id"])), entry, question)
        mark = entry.marks.get(question)
        place = entries.index(entry)
        shown = {
            "asked": asked,
            "outer": outer,
            "given": mark,
            "text": _text(entry.id, outer, question),
            "comment": judged.comment if judged else queries.comment_on(mark),
            "levels": judged.levels if judged else (mark.levels if mark else {}),
            "account": None if hides else account_of(entry.person_id),
            "before": entries[place - 1] if place else None,
            "after": entries[place + 1] if place + 1 < len(entries) else None,
        }
    return render_template(
        "quizzes/pages/taught/answer.html",
        reading=reading,
        item=item,
        question=question,
        entry=entry,
        waiting=len(waiting),
        judged=judged,
        typed=request.form,
        **shown,
    )


def _text(attempt_id: int, outer: Json, question: str) -> str:
    """What was written, or nothing if it was erased."""
    attempt = queries.find_plan(attempt_id)
    given = queries.answers_in(attempt_id).get(outer["id"])
    values = named(given.fields if given else {}, outer["id"])
    answer = read_answer(outer, values, outer["id"], attempt[outer["id"]])
    if outer["id"] != question and isinstance(answer, dict):
        answer = answer.get(question)
    return answer if isinstance(answer, str) else ""

"""A quiz before, while and after it is taken."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import (
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user

from coursehub.catalogue.models import Edition
from coursehub.foundation.access import found, guarded, public
from coursehub.foundation.assets import SOURCE
from coursehub.foundation.clock import now
from coursehub.foundation.database import db, writing
from coursehub.foundation.language import _, language
from coursehub.foundation.pages import POLICY_WITH_WORKER
from coursehub.learning.queries import Reading, find_reading
from coursehub.learning.rules import may_read_course
from coursehub.questions.rules.answering import is_answered, read_answer, why_not_answer
from coursehub.questions.rules.correcting import as_marked, what_was_decided
from coursehub.quizzes import actions, queries
from coursehub.quizzes.forms import FORM, sent_by_form, sent_by_script
from coursehub.quizzes.models import AttemptState, QuizAttempt, SubmittedBy
from coursehub.quizzes.queries import Attempt, Hold
from coursehub.quizzes.rules import (
    PER_PAGE,
    Json,
    attempts_allowed,
    has_passed,
    is_over,
    mark_of,
    may_answer,
    named,
    next_start,
    share,
    shown_of,
    standing,
    time_for,
    why_not_start,
)
from coursehub.quizzes.views.blueprint import bp

MOST_BYTES = 2_000_000


@bp.get("/learn/<edition>/quizzes/<quiz>")
@guarded(may_read_course)
def show_quiz(edition: str, quiz: str) -> ResponseReturnValue:
    reading, module, item = _find(edition, quiz)
    shown = found(queries.find_quiz(reading.version_id, item["id"]))
    attempts = queries.attempts_of(current_user.person_id, reading.edition_id, item["id"])
    allowance = queries.allowance_of(current_user.person_id)
    ends_at = db.session.get_one(Edition, reading.edition_id).ends_at
    moment = now()
    refusal = why_not_start(
        shown,
        allowance,
        attempts,
        is_enrolled=reading.is_enrolled,
        moment=moment,
        ends_at=ends_at,
    )
    is_open = bool(attempts) and attempts[-1].state == AttemptState.OPEN
    return _page(
        "quiz",
        reading,
        module,
        item,
        quiz=shown,
        attempts=attempts,
        open_attempt=attempts[-1] if is_open else None,
        allowed=attempts_allowed(shown, allowance),
        time=time_for(shown, allowance, moment, ends_at),
        refusal=None if is_open else refusal,
        opens_at=next_start(shown, attempts) if refusal and not is_open else None,
        stands=standing(shown, attempts),
        has_passed=has_passed(shown, attempts),
        share=share,
    )


@bp.post("/learn/<edition>/quizzes/<quiz>/attempts")
@guarded(may_read_course)
def start(edition: str, quiz: str) -> ResponseReturnValue:
    with writing():
        reading, _module, item = _find(edition, quiz)
        attempt = actions.start(current_user.person_id, reading, item, language())
        number = attempt.number
    return redirect(_address(edition, quiz, number), 303)


@bp.get("/learn/<edition>/quizzes/<quiz>/attempts/<int:number>")
@guarded(may_read_course)
def show_attempt(edition: str, quiz: str, number: int) -> ResponseReturnValue:
    reading, module, item = _find(edition, quiz)
    attempt = found(queries.find_numbered(current_user, reading, item, number))
    if not attempt.is_open:
        return redirect(_address(edition, quiz, number, "review"), 303)
    if attempt.is_over(now()):
        with writing():
            actions.submit_by_time(attempt.id)
        flash(_("The time was over, so what you had answered was handed in."))
        return redirect(_address(edition, quiz, number, "review"), 303)
    page = make_response(_attempt(reading, module, item, attempt))
    page.headers["Content-Security-Policy"] = POLICY_WITH_WORKER
    return page


@bp.post("/learn/<edition>/quizzes/<quiz>/attempts/<int:number>")
@guarded(may_answer)
def answer(edition: str, quiz: str, number: int) -> ResponseReturnValue:
    """Keep what a page without a script sends, then go where its button leads."""
    wish = request.form.get("do", "save")
    with writing():
        beside = queries.attempts_beside(current_user, request.form.get("key", ""))
        attempt = found(next((one for one in beside if one.number == number), None))
        is_open = attempt.is_open
        late = actions.save(attempt, FORM, sent_by_form(request.form, attempt.questions, now()))
        if wish == "submit":
            actions.submit(attempt, beside, SubmittedBy.LEARNER)
    if late:
        flash(_("The attempt had been handed in already. What you sent now is kept beside it."))
    if wish == "submit" or not is_open:
        return redirect(_address(edition, quiz, number, "review"), 303)
    if wish.isascii() and wish.isdecimal():
        return redirect(f"{_address(edition, quiz, number)}?page={wish[:4]}", 303)
    flash(_("Your answers are saved. You can go on here on any device."))
    return redirect(url_for(".show_quiz", edition=edition, quiz=quiz), 303)


@bp.get("/learn/<edition>/quizzes/<quiz>/attempts/<int:number>/review")
@guarded(may_read_course)
def review(edition: str, quiz: str, number: int) -> ResponseReturnValue:
    reading, module, item = _find(edition, quiz)
    attempts = queries.attempts_of(current_user.person_id, reading.edition_id, item["id"])
    attempt = found(next((one for one in attempts if one.number == number), None))
    if not is_over(attempt):
        return redirect(_address(edition, quiz, number), 303)
    marking = queries.find_marking(attempt)
    shown = marking.quiz
    ends_at = db.session.get_one(Edition, reading.edition_id).ends_at
    allowance = queries.allowance_of(current_user.person_id)
    is_edition_over = now() >= ends_at
    can_try_again = len(attempts) < attempts_allowed(shown, allowance) and not is_edition_over
    given = queries.answers_in(attempt.id)
    late = queries.late_answers_in(attempt.id)
    return _page(
        "review",
        reading,
        module,
        item,
        quiz=shown,
        attempt=attempt,
        questions=list(_reviewed(marking, attempt, given)),
        released=queries.released_in(attempt.id),
        late=[
            one
            for one in _reviewed(marking, attempt, late)
            if one.key in late and late[one.key].counted_at is None
        ],
        shows=shown_of(shown, can_try_again=can_try_again, is_edition_over=is_edition_over),
        share=share(attempt),
        stands=standing(shown, attempts),
        has_passed=has_passed(shown, attempts),
        can_try_again=can_try_again,
    )


@bp.post("/attempts/<key>/answers")
@guarded(may_answer)
def save(key: str) -> ResponseReturnValue:
    """Keep what a device's script sends; answers say what is known here."""
    request.max_content_length = MOST_BYTES
    sent = sent_by_script(request.get_data())
    if sent is None:
        return jsonify(error="unreadable"), 400
    with writing():
        attempt = found(queries.find_attempt(current_user, key, Hold.CHANGE))
        late = actions.save(attempt, *sent)
        answers = queries.answers_in(attempt.id)
    known = {
        question: {
            "event": one.event_id,
            "at": int(one.changed_at.timestamp() * 1000),
            "fields": one.fields,
            "flagged": one.is_flagged,
            "device": one.device,
        }
        for question, one in answers.items()
    }
    return jsonify(
        kept=[one.event_id for one in sent[1]],
        late=late,
        answers=known,
        is_open=attempt.is_open and not attempt.is_over(now()),
        now=int(now().timestamp() * 1000),
    )


@bp.get("/quiz-worker.js")
@public
def show_worker() -> ResponseReturnValue:
    """The script that opens an attempt's page without a connection; its address says its scope."""
    answer = send_file(SOURCE / "js" / "quiz-worker.js", "text/javascript", max_age=0)
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _find(edition: str, quiz: str) -> tuple[Reading, Json, Json]:
    reading = found(find_reading(current_user, edition, language()))
    return (reading, *found(reading.find_open("quiz", quiz)))


def _address(edition: str, quiz: str, number: int, what: str = "show_attempt") -> str:
    return url_for(f".{what}", edition=edition, quiz=quiz, number=number)


def _page(name: str, reading: Reading, module: Json, item: Json, **more: Any) -> str:
    return render_template(
        f"quizzes/pages/{name}.html",
        reading=reading,
        module=module,
        item=item,
        base=url_for("learning.show_course", edition=reading.edition),
        **more,
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """A question as a page shows it; `values` fill its form, `mark` tells what they were."""

    number: int
    key: str
    question: Json
    order: Json
    values: dict[str, list[str]]
    answer: Any
    mark: str = ""
    is_flagged: bool = False
    is_answered: bool = False
    note: str | None = None
    result: Json | None = None
    decided: str | None = None


def _attempt(reading: Reading, module: Json, item: Json, attempt: Attempt) -> str:
    quiz = found(queries.find_quiz(attempt.version_id, item["id"]))
    questions = list(_shown(quiz, attempt, queries.answers_in(attempt.id)))
    page = request.args.get("page", type=int)
    pages = -(-len(questions) // PER_PAGE)
    page = min(max(page, 1), pages) if page else None
    asked = questions[(page - 1) * PER_PAGE : page * PER_PAGE] if page else questions
    return _page(
        "attempt",
        reading,
        module,
        item,
        quiz=quiz,
        attempt=attempt,
        questions=questions,
        asked=asked,
        page=page,
        pages=pages,
        now=now(),
    )


def _shown(quiz: Json, attempt: Attempt, given: dict[str, Any]) -> Iterator[Shown]:
    known = {question["id"]: question for question in quiz["questions"]}
    for number, (key, order) in enumerate(attempt.questions.items(), 1):
        one = given.get(key)
        fields = one.fields if one else {}
        values = named(fields, key)
        answered = read_answer(known[key], values, key, order)
        yield Shown(
            number,
            key,
            known[key],
            order,
            values,
            answered,
            mark=mark_of(fields),
            is_flagged=bool(one and one.is_flagged),
            is_answered=is_answered(known[key], answered),
            note=why_not_answer(known[key], answered),
        )


def _reviewed(
    marking: queries.Marking, attempt: QuizAttempt, given: dict[str, Any]
) -> Iterator[Shown]:
    known = marking.questions
    for number, one in enumerate(attempt.plan, 1):
        key, order = one["id"], one["order"]
        values = named(given[key].fields if key in given else {}, key)
        answered = read_answer(known[key], values, key, order)
        correction = marking.corrections.get(key)
        yield Shown(
            number,
            key,
            as_marked(known[key], correction),
            order,
            values,
            answered,
            result=attempt.results[key],
            decided=what_was_decided(correction),
        )

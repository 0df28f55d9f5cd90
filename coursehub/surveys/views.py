"""A survey as learners answer it, and its results for those who teach."""

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from coursehub.catalogue.models import Edition
from coursehub.foundation.access import found, guarded
from coursehub.foundation.clock import now
from coursehub.foundation.database import db, writing
from coursehub.foundation.language import _, language
from coursehub.foundation.logs import unlogged_identity
from coursehub.foundation.tables import table_as
from coursehub.learning.queries import Reading, find_reading, find_taught
from coursehub.learning.rules import SMALLEST_GROUP, may_read_course, may_teach
from coursehub.surveys import actions, queries
from coursehub.surveys.forms import NOTHING, Sent, code_in, sent_by_form
from coursehub.surveys.rules import Json, why_not_answer
from coursehub.surveys.rules.telling import (
    answers_in_words,
    as_table,
    comparison_in_words,
    labels_of,
    results_in_words,
)

bp = Blueprint("surveys", __name__)


@bp.get("/learn/<edition>/surveys/<survey>")
@unlogged_identity
@guarded(may_read_course)
def show_survey(edition: str, survey: str) -> ResponseReturnValue:
    reading, module, item = _find(edition, survey)
    return _form(reading, module, item, NOTHING)


@bp.post("/learn/<edition>/surveys/<survey>")
@unlogged_identity
@guarded(may_read_course)
def answer(edition: str, survey: str) -> ResponseReturnValue:
    reading, module, item = _find(edition, survey)
    asked = found(queries.find_survey(reading.version_id, item["id"]))
    sent = sent_by_form(request.form, asked)
    if sent.mistakes:
        return _form(reading, module, item, sent), 422
    code = code_in(sent, reading, asked)
    with writing():
        actions.answer(current_user.person_id, reading, item, asked, sent.answers, code)
    flash(_("Your answers have arrived. Thank you."))
    return redirect(url_for(".show_survey", edition=edition, survey=survey), 303)


@bp.get("/studio/editions/<edition>/surveys")
@guarded(may_teach)
def show_list(edition: str) -> ResponseReturnValue:
    reading = found(find_taught(current_user, edition, language()))
    tallies = queries.tallies_of(reading.edition_id)
    answered = {number: tally.answered for number, tally in tallies.items()}
    answered |= queries.answered_with_names(reading.edition_id)
    return render_template(
        "surveys/pages/surveys.html",
        reading=reading,
        surveys=queries.surveys_of(reading),
        answered=answered,
        places=queries.count_places(reading.edition_id),
    )


@bp.get("/studio/editions/<edition>/surveys/<survey>")
@guarded(may_teach)
def show_results(edition: str, survey: str) -> ResponseReturnValue:
    reading, item, asked = _find_taught(edition, survey)
    spoken = language(), reading.source_language
    named = []
    if asked["keeping"] == "identified":
        named = queries.named_responses(reading.edition_id, item["id"])
    return render_template(
        "surveys/pages/results.html",
        reading=reading,
        item=item,
        survey=asked,
        smallest=SMALLEST_GROUP,
        named=[(one, answers_in_words(asked, one.answers, *spoken)) for one in named],
        **_results(reading, item, asked),
    )


@bp.get("/studio/editions/<edition>/surveys/<survey>/results.csv")
@guarded(may_teach)
def export(edition: str, survey: str) -> ResponseReturnValue:
    reading, item, asked = _find_taught(edition, survey)
    shown = _results(reading, item, asked)
    table = table_as("csv", as_table(shown["told"], [*shown["whole"], *shown["measured"]]))
    file = make_response(table)
    file.headers["Content-Type"] = "text/csv; charset=utf-8"
    file.headers["Content-Disposition"] = f'attachment; filename="{edition}-{survey}.csv"'
    return file


def _find(edition: str, survey: str) -> tuple[Reading, Json, Json]:
    reading = found(find_reading(current_user, edition, language()))
    return (reading, *found(reading.find_open("survey", survey)))


def _find_taught(edition: str, survey: str) -> tuple[Reading, Json, Json]:
    reading = found(find_taught(current_user, edition, language()))
    _module, item = found(reading.find_open("survey", survey))
    return reading, item, found(queries.find_survey(reading.version_id, item["id"]))


def _form(reading: Reading, module: Json, item: Json, sent: Sent) -> str:
    has_answered = queries.has_answered(current_user.person_id, reading.edition_id, item["id"])
    refusal = why_not_answer(
        is_enrolled=reading.is_enrolled,
        has_answered=has_answered,
        moment=now(),
        ends_at=db.session.get_one(Edition, reading.edition_id).ends_at,
    )
    survey = found(queries.find_survey(reading.version_id, item["id"]))
    return render_template(
        "surveys/pages/survey.html",
        reading=reading,
        module=module,
        item=item,
        survey=survey,
        labels=labels_of(survey, language(), reading.source_language),
        sent=sent,
        refusal=refusal,
        has_answered=has_answered,
        smallest=SMALLEST_GROUP,
        base=url_for("learning.show_course", edition=reading.edition),
        following=reading.around(item["id"])[1],
    )


def _results(reading: Reading, item: Json, survey: Json) -> dict[str, Any]:
    """What may be shown of a survey, in words: on its page and in its file alike."""
    results = queries.results_of(reading, item, survey)
    spoken = language(), reading.source_language
    told = results_in_words(survey, results.figures, *spoken)
    whole, measured = comparison_in_words(survey, results.comparison or {}, *spoken)
    return {"results": results, "told": told, "whole": whole, "measured": measured}

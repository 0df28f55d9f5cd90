"""Surveys in a course's files: what they may say, and what two of a pair must have in common."""

from collections import Counter
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from sqlalchemy import select

from coursehub.content.models import Item, ItemKind, VersionActivity, VersionPage
from coursehub.foundation.database import db
from coursehub.settings import PROJECT
from tests.content.stage import MODULE, append, change, course, give_ids, sync, told

FLAGSHIP = PROJECT / "course_content" / "introduccion-prevencion-genocidio"
BEFORE, AFTER = "modules/m01/antes.yaml", "modules/m01/despues.yaml"
SURVEY = """\
title: {es: Encuesta, pt: Pesquisa, en: Survey}
state: ready
keeping: paired
pair: evaluacion
when: WHEN
questions:
- type: likert
  text: {es: ¿Cómo fue?, pt: Como foi?, en: How was it?}
  statements:
  - {measures: claridad, text: {es: Claro, pt: Claro, en: Clear}}
  scale:
  - {text: {es: Poco, pt: Pouco, en: Little}}
  - {text: {es: Mucho, pt: Muito, en: Much}}
  apart: {text: {es: No se aplica, pt: Não se aplica, en: Does not apply}}
- type: scale
  text: {es: ¿Con qué seguridad?, pt: Com que segurança?, en: How sure?}
  lowest: 0
  highest: 10
  low: {es: nada, pt: nada, en: not at all}
  high: {es: del todo, pt: totalmente, en: wholly}
  statements:
  - {text: {es: Explicar, pt: Explicar, en: Explain}}
- type: choice
  measures: concepto
  text: {es: ¿Qué es?, pt: O que é?, en: What is it?}
  options:
  - {right: true, text: {es: Esto, pt: Isto, en: This}}
  - {text: {es: Aquello, pt: Aquilo, en: That}}
- type: text
  text: {es: ¿Algo más?, pt: Algo mais?, en: Anything else?}
"""
WRITTEN = {
    "code without a pair": (BEFORE, "pair: evaluacion\n", "", "stand together or not at all"),
    "pair without a code": (BEFORE, "keeping: paired", "keeping: anonymous", "stand together"),
    "measures outside a pair": (
        BEFORE,
        "keeping: paired\npair: evaluacion\nwhen: before\n",
        "keeping: anonymous\n",
        "“measures” stands in surveys of a pair only",
    ),
    "two of the same half": (AFTER, "when: after", "when: before", "has its “before” already in"),
    "half a pair": (AFTER, "pair: evaluacion", "pair: otra", "the pair “otra” lacks its other"),
    "something measured once": (AFTER, "measures: claridad, ", "", "not the same: claridad"),
    "something measured in another way": (
        AFTER,
        "  scale:\n",
        "  scale:\n  - {text: {es: Algo, pt: Algo, en: Some}}\n",
        "not the same: claridad",
    ),
    "nothing right to measure": (BEFORE, "right: true, ", "", "has a right option"),
    "a scale without end": (BEFORE, "highest: 10", "highest: 1000", "“highest”"),
    "a question that is none": (BEFORE, "type: text", "type: riddle", "“type” is none of likert"),
    "an unknown way of keeping": (BEFORE, "keeping: paired", "keeping: secret", "“keeping”"),
    "a text that is not there": (BEFORE, "es: Claro, ", "", "missing in the source"),
}


@pytest.fixture
def path(tmp_path) -> Path:
    path = course(tmp_path)
    for file, when in ((BEFORE, "before"), (AFTER, "after")):
        (path / file).write_text(SURVEY.replace("WHEN", when))
    append(path / MODULE, "- survey: antes\n- survey: despues\n")
    give_ids(path)
    return path


def test_a_survey_without_mistakes_is_published_with_ids_for_all_that_answers_point_to(app, path):
    assert told(path) == []

    sync(path)

    kinds = db.session.scalars(select(Item.kind).where(Item.key.like("%antes%"))).all()
    assert kinds == [ItemKind.SURVEY]
    survey = db.session.scalars(
        select(VersionActivity.activity).where(
            VersionActivity.activity["when"].as_string() == "before"
        )
    ).one()
    likert, _scale, choice, _text = survey["questions"]
    parts = [*likert["statements"], *likert["scale"], likert["apart"], *choice["options"]]
    assert all(part["id"].startswith("a-") for part in parts)
    outline = db.session.scalars(select(VersionPage.outline)).first()
    item = next(one for one in outline[0]["items"] if one["kind"] == "survey")
    assert item["path"] == "surveys/m01-antes"
    assert (item["keeping"], item["pair"], item["when"]) == ("paired", "evaluacion", "before")
    assert item["is_voluntary"]


@pytest.mark.parametrize("mistake", WRITTEN.values(), ids=WRITTEN.keys())
def test_a_mistake_in_a_survey_is_reported(path, mistake):
    file, old, new, says = mistake
    change(path / file, old, new)

    found = [line for line in told(path) if says in line]

    assert found, told(path)
    assert all(line.startswith(("modules/m01/antes", "modules/m01/despues")) for line in found)


def test_a_statement_that_changed_makes_its_translation_older(path):
    change(path / BEFORE, "es: Esto", "es: Esto mismo")

    assert any("is older than its source" in line for line in told(path))


def test_the_evaluation_of_the_course_is_the_one_of_its_curriculum():
    """Ten questions in two forms, six things one can do, four or eight more; three languages."""
    assert told(FLAGSHIP) == []
    before = asked_in("01-fundamentos/evaluacion-inicial.yaml")
    after = asked_in("07-del-analisis-a-la-accion/evaluacion-final.yaml")
    assert before == {"choice": 10, "scale": 6, "likert": 4}
    assert after == {"choice": 10, "scale": 6, "likert": 8, "text": 2}


def asked_in(name: str) -> Counter[str]:
    """How many questions or statements of each type a survey of the flagship has."""
    survey = YAML(typ="safe").load(FLAGSHIP / "modules" / name)
    asked = ((one["type"], len(one.get("statements", [one]))) for one in survey["questions"])
    return sum((Counter({kind: count}) for kind, count in asked), Counter())

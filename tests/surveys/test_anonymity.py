"""Nobody finds out who said what: not by any value, any order, any row that was touched, any log.

Twelve people answer, each on a day of their own and each in their own words; whoever may read the
whole database then tries to tell who is who.
"""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import Table, inspect, select, text
from sqlalchemy.exc import DBAPIError

from coursehub.foundation.database import db, metadata, writing
from coursehub.surveys.actions.mixing import MIXED_WITH, mix_in
from coursehub.surveys.models import Response
from tests import make
from tests.learning.stage import facts
from tests.surveys.stage import WELL, Learner, edition_with, kept, seated

PEOPLE = 12
# Twelve rows in an order of chance have one in its old place, on average; more than seven of them
# less often than once in forty thousand. A join that works has twelve.
MOST_BY_CHANCE = 7
TOUCHED = {"survey_responses", "survey_participations", "survey_tallies", "facts"}
COUNTRIES = ["AR", "BO", "BR", "CL", "CO", "CR", "DO", "EC", "GT", "HN", "MX", "NI"]


def is_postgresql() -> bool:
    return db.engine.dialect.name == "postgresql"


@pytest.fixture
def everyone(sign_in, clock) -> list[Learner]:
    """Twelve people with different languages, countries and days, in the order they answered in."""
    journey = clock(datetime(2027, 3, 1, 9, tzinfo=UTC))
    edition = edition_with()
    for code in COUNTRIES:
        make.country(code)
    came = []
    for n, code in enumerate(COUNTRIES):
        language = "pt" if n == 2 else "en" if n == 7 else "es"
        learner = seated(sign_in, edition, language=language, country_code=code)
        learner.browser.post(f"/learn/{edition.slug}/1-1/completion")
        learner.browser.get(f"/learn/{edition.slug}/1-2")
        sent = learner.sends(**WELL, **{"q-text": f"said by {n}"})
        assert sent.status_code == 303
        learner.browser.post(f"/learn/{edition.slug}/2-1/completion")
        came.append(learner)
        journey.shift(timedelta(days=1, minutes=7))
    assert len(kept()) == PEOPLE
    return came


def said_by(response: Any) -> int:
    """Who said it: only this test knows, for the text says it."""
    return int(response.answers["q-text"].removeprefix("said by "))


def rows(table: Table) -> list[dict[str, Any]]:
    db.session.rollback()
    return [dict(row._mapping) for row in db.session.execute(select(table))]


def traces(everyone: list[Learner]) -> Iterator[tuple[str, dict[int, set[str]]]]:
    """Every column of every table in whose rows a person stands: the values, by who they are."""
    place = {learner.person: n for n, learner in enumerate(everyone)}
    for table in metadata.sorted_tables:
        names = [c.name for c in table.columns if points_to_a_person(c)]
        names += ["id"] if table.name == "people" else []
        for name, column in product(names, table.columns):
            values: dict[int, set[str]] = {}
            for row in rows(table):
                if row[name] in place:
                    values.setdefault(place[row[name]], set()).update(forms_of(row[column.name]))
            yield f"{table.name}.{column.name}", values


def points_to_a_person(column: Any) -> bool:
    return any(key.column.table.name == "people" for key in column.foreign_keys)


def forms_of(value: Any) -> set[str]:
    """A value as it may be compared: as it is, and of a moment its day too."""
    if isinstance(value, datetime):
        return {value.isoformat(), value.date().isoformat()}
    if isinstance(value, date):
        return {value.isoformat()}
    if isinstance(value, dict | list):
        return {json.dumps(value, sort_keys=True)}
    return {str(value)}


def test_no_value_of_an_answer_stands_with_some_people_only(everyone):
    responses = rows(Response.__table__)
    others = [column.name for column in Response.__table__.columns if column.name != "answers"]
    tried = 0
    for (where, values), mine in product(traces(everyone), others):
        tried += 1
        found = {
            frozenset(who for who, known in values.items() if known & forms_of(row[mine]))
            for row in responses
        }
        # Numbers of different things may be equal; then they are so for all answers alike.
        assert len(found) == 1, f"survey_responses.{mine} and {where} tell answers apart"
    assert tried > 100


def test_the_answers_hold_what_was_asked_and_nothing_else(everyone):
    asked = {"q-like.s-1", "q-like.s-2", "q-rate.s-3", "q-pick", "q-text"}

    assert {tuple(sorted(one.answers)) for one in kept()} == {tuple(sorted(asked))}


def orders_of_answers() -> Iterator[tuple[str, list[int]]]:
    """Every order in which a database gives the answers, as who said them."""
    columns = [column.name for column in Response.__table__.columns if column.name != "answers"]
    physical = ["ctid", "xmin::text::bigint", "cmin::text::bigint"] if is_postgresql() else []
    for order in ["", *columns, *physical]:
        asked = select(Response.answers)
        db.session.rollback()
        given = db.session.execute(asked.order_by(text(order)) if order else asked)
        yield order or "as they lie", [said_by(row) for row in given]


def orders_of_people(everyone: list[Learner]) -> Iterator[tuple[str, list[int]]]:
    for where, values in traces(everyone):
        if set(values) == set(range(PEOPLE)):
            for end in (min, max):
                yield where, sorted(values, key=lambda who: end(values[who]))


def test_no_order_of_answers_is_an_order_of_people(everyone):
    people = {tuple(order): where for where, order in orders_of_people(everyone)}
    assert tuple(range(PEOPLE)) in people, "the order in which they came can be read somewhere"

    for (how, answers), (order, where) in product(orders_of_answers(), people.items()):
        for answered in (answers, answers[::-1]):
            hits = sum(a == b for a, b in zip(answered, order, strict=True))
            assert hits <= MOST_BY_CHANCE, f"answers by {how}, people by {where}"


def test_there_is_no_row_number_and_one_transaction_wrote_all(everyone):
    if is_postgresql():
        wrote = "SELECT count(DISTINCT xmin::text) FROM survey_responses"
        assert db.session.scalar(text(wrote)) == 1
        return
    with pytest.raises(DBAPIError):
        db.session.execute(text("SELECT rowid FROM survey_responses"))


def test_who_answered_is_a_list_of_people_and_nothing_more(app):
    columns = {column["name"] for column in inspect(db.engine).get_columns("survey_participations")}

    assert columns == {"person_id", "edition_id", "item_id"}


def test_the_fact_of_having_answered_has_a_day_and_no_moment(everyone):
    completed = [one for one in facts() if one.rule == "survey-1"]

    assert len(completed) == PEOPLE
    assert {one.happened_at.time() for one in completed} == {time()}
    assert all(set(one.details) == {"is_done", "how"} for one in completed)


def test_an_answer_touches_these_tables_and_no_other(sign_in):
    learner = seated(sign_in)
    learner.sees()
    before = {table.name: rows(table) for table in metadata.sorted_tables}

    learner.sends(**WELL)

    after = {table.name: rows(table) for table in metadata.sorted_tables}
    assert {name for name in after if after[name] != before[name]} == TOUCHED


@pytest.mark.parametrize("keeping", ["anonymous", "paired"])
def test_the_logs_of_these_pages_share_nothing_with_other_logs(sign_in, log_lines, keeping):
    surveys = {"before": make.SURVEY | {"keeping": keeping, "pair": "x", "when": "before"}}
    learner = seated(sign_in, make.taught(surveys=surveys), "before", email="ana@example.org")
    given = "proxy-0123456789abcdef"
    headers = {"X-Request-ID": given, "X-Forwarded-For": "203.0.113.9"}

    page = learner.browser.get(learner.address, headers=headers)
    sent = learner.browser.post(
        learner.address, data=WELL | {"code": "ROLI072", "q-text": "secret"}, headers=headers
    )

    assert sent.status_code == 303
    assert "X-Request-ID" not in page.headers
    assert "X-Request-ID" not in sent.headers
    lines = [one for one in log_lines() if str(one.get("endpoint", "")).startswith("surveys.")]
    assert [one["endpoint"] for one in lines] == ["surveys.show_survey", "surveys.answer"]
    for line in lines:
        assert set(line) == {
            "method",
            "endpoint",
            "status",
            "event",
            "level",
            "logger",
            "request",
            "timestamp",
        }
        written = json.dumps(line)
        for word in (
            given,
            "127.0.0.1",
            "203.0.113.9",
            "ana@",
            "ROLI",
            "secret",
            WELL["q-pick"][0],
        ):
            assert word not in written


def test_elsewhere_the_id_of_a_request_is_taken_and_returned(sign_in):
    learner = seated(sign_in)
    headers = {"X-Request-ID": "proxy-0123456789abcdef"}

    page = learner.browser.get("/learn", headers=headers)

    assert page.headers["X-Request-ID"] == headers["X-Request-ID"]


@pytest.fixture
def pool(app) -> tuple[int, int]:
    """An edition and a survey, into which answers are put without people."""
    edition = edition_with()
    row = db.session.scalars(
        select(make.VersionActivity).where(make.VersionActivity.version_id == edition.version_id)
    ).one()
    return edition.id, row.item_id


def put(pool: tuple[int, int], *numbers: int) -> None:
    for n in numbers:
        with writing():
            mix_in(*pool, None, {"q-text": f"said by {n}"})


def lying() -> list[int]:
    """Who said what, in the order in which the rows lie."""
    order = "ctid" if is_postgresql() else "key"
    asked = select(Response.answers).order_by(text(order))
    db.session.rollback()
    return [said_by(row) for row in db.session.execute(asked)]


def test_over_many_rounds_guessing_by_the_place_of_a_row_is_no_better_than_chance(pool):
    rounds, hits, last = 40, 0, 0
    for _ in range(rounds):
        put(pool, *range(PEOPLE))
        order = lying()
        hits += sum(n == who for n, who in enumerate(order))
        last += order[-1] == PEOPLE - 1
        with writing():
            db.session.execute(Response.__table__.delete())

    # One hit in each round by chance: forty, and eighty less often than once in ten million.
    assert hits < 2 * rounds
    assert last < rounds / 2


def test_of_many_answers_the_newest_hides_among_fifty(pool):
    put(pool, *range(MIXED_WITH + 31))

    assert sorted(lying()) == list(range(MIXED_WITH + 31))
    if is_postgresql():
        newest = "SELECT count(*) FROM survey_responses WHERE xmin::text = "
        newest += "(SELECT max(xmin::text::bigint)::text FROM survey_responses)"
        assert db.session.scalar(text(newest)) == MIXED_WITH + 1


def test_mixing_loses_nothing_and_changes_no_word(pool):
    with writing():
        mix_in(*pool, "a" * 64, {"q-like.s-1": "p-1", "q-rate.s-3": 0, "q-pick": []})
    put(pool, *range(20))

    (first,) = [one for one in kept() if "q-text" not in one.answers]
    assert first.code == "a" * 64
    assert first.answers == {"q-like.s-1": "p-1", "q-rate.s-3": 0, "q-pick": []}
    assert len({one.key for one in kept()}) == 21

"""No answer is lost: sent twice, late, out of order, from several devices or by others."""

import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursehub.foundation.clock import now
from coursehub.foundation.database import db
from coursehub.quizzes.rules import counting, kept_fields, mark_of
from tests.learning.stage import words
from tests.quizzes.stage import (
    KEYS,
    change,
    kept,
    kept_late,
    right,
    seated,
    started,
    wrong,
)

ONE, OTHER = str(uuid.UUID(int=1)), str(uuid.UUID(int=2))


def test_what_a_device_sends_is_kept_and_it_is_told_so(sign_in):
    learner = started(sign_in)
    sent = change(KEYS[0], right(1))

    answer = learner.saves(sent, device=ONE)

    assert answer.json["kept"] == [sent["event"]]
    assert answer.json["answers"][KEYS[0]]["fields"] == {"": [right(1)]}
    assert kept() == {(KEYS[0], ONE): [right(1)]}
    assert f'value="{right(1)}" checked' in learner.sees("/attempts/1").text


def test_the_same_change_sent_twice_is_one(sign_in):
    learner = started(sign_in)
    first, second = change(KEYS[0], wrong(1)), change(KEYS[0], right(1), now() + timedelta(0, 1))
    second["at"] = first["at"] + 1

    for sent in (first, second, first, second, first):
        learner.saves(sent, device=ONE)

    assert kept() == {(KEYS[0], ONE): [right(1)]}


def test_the_newest_change_of_each_question_counts_whichever_device_made_it(sign_in, clock):
    journey = clock(now())
    learner = started(sign_in)
    journey.shift(60)
    older, newer = now() - timedelta(seconds=20), now() - timedelta(seconds=10)

    learner.saves(change(KEYS[0], right(1), newer), device=ONE)
    answer = learner.saves(
        change(KEYS[0], wrong(1), older), change(KEYS[1], right(2), newer), device=OTHER
    )

    assert answer.json["answers"][KEYS[0]]["fields"] == {"": [right(1)]}
    assert answer.json["answers"][KEYS[0]]["device"] == ONE
    learner.sends(do="submit")
    assert learner.attempt().points == 2
    assert kept()[KEYS[0], OTHER] == [wrong(1)], "what did not win is not lost"


@pytest.mark.parametrize("hours", [-24, 24])
def test_a_clock_that_is_wrong_by_a_day_stays_within_what_is_possible(sign_in, hours):
    learner = started(sign_in)

    learner.saves(change(KEYS[0], right(1), now() + timedelta(hours=hours)), device=ONE)
    learner.saves(change(KEYS[0], wrong(1)), device=OTHER)

    shown = learner.saves(device=ONE).json["answers"][KEYS[0]]
    assert shown["fields"] == {"": [wrong(1)]}
    attempt = learner.attempt()
    assert attempt.started_at.timestamp() * 1000 - 1 <= shown["at"] <= now().timestamp() * 1000


def test_questions_of_another_attempt_are_left_out(sign_in):
    learner = started(sign_in)

    answer = learner.saves(change("q-of-another", "x"), change(KEYS[0], right(1)), device=ONE)

    assert answer.status_code == 200
    assert kept() == {(KEYS[0], ONE): [right(1)]}


def test_what_arrives_after_the_attempt_was_handed_in_is_kept_beside_it(sign_in):
    learner = started(sign_in)
    offline = change(KEYS[0], right(1))
    known = change(KEYS[1], right(2))
    learner.saves(known, device=ONE)
    learner.sends(do="submit")

    answer = learner.saves(offline, known, device=ONE)

    assert answer.json["late"] == [KEYS[0]], "what it holds already is not late"
    assert not answer.json["is_open"]
    assert kept_late() == {KEYS[0]: [right(1)]}
    assert learner.attempt().points == 1
    page = words(learner.sees("/attempts/1/review"))
    assert "arrived after the attempt had been handed in" in page


def test_a_form_sent_after_the_attempt_was_handed_in_is_kept_beside_it(sign_in):
    learner = started(sign_in)
    page = learner.sees("/attempts/1").text
    marks = {"key": learner.attempt().key} | {f"was.{key}": "x" for key in KEYS}
    learner.sends(do="submit")

    learner.browser.post(f"{learner.quiz}/attempts/1", data=marks | {KEYS[0]: right(1)})

    assert "was." in page
    assert kept_late()[KEYS[0]] == [right(1)]
    assert learner.attempt().points == 0


def test_an_answer_made_in_time_counts_if_it_was_not_long_on_its_way(sign_in, clock):
    journey = clock(now())
    learner = started(sign_in, {"minutes": 10})
    due_at = learner.attempt().due_at
    journey.shift(10 * 60 + 30)

    learner.saves(
        change(KEYS[0], right(1), due_at - timedelta(seconds=5)),
        change(KEYS[1], right(2), due_at + timedelta(seconds=5)),
        device=ONE,
    )

    assert list(kept()) == [(KEYS[0], ONE)]
    assert list(kept_late()) == [KEYS[1]]
    journey.shift(60)
    learner.saves(change(KEYS[2], right(3), due_at - timedelta(seconds=5)), device=ONE)
    assert set(kept_late()) == {KEYS[1], KEYS[2]}


def test_a_page_left_open_in_another_tab_takes_nothing_back(sign_in):
    """Without a script: what the old page shows was not changed there, so it says nothing."""
    learner = started(sign_in)
    old = learner.sees("/attempts/1").text
    marks = {
        f"was.{key}": old.partition(f'name="was.{key}" value="')[2].partition('"')[0]
        for key in KEYS
    }
    marks["key"] = learner.attempt().key
    learner.sends(**{KEYS[0]: right(1)})

    learner.browser.post(f"{learner.quiz}/attempts/1", data=marks | {KEYS[1]: right(2)})
    learner.sends(do="submit")

    assert learner.attempt().points == 2


def test_page_by_page_every_next_saves(sign_in):
    many = [
        {"id": f"q-{n:02}", "type": "true_false", "is_true": True, "text": {"es": f"P{n}"}}
        for n in range(1, 13)
    ]
    learner = started(sign_in, {"questions": many})
    page = learner.sees("/attempts/1?page=1").text
    assert page.count('class="ch-q"') == 5
    marks = {f"was.q-{n:02}": mark_of({}) for n in range(1, 6)}
    marks["key"] = learner.attempt().key

    following = learner.browser.post(
        f"{learner.quiz}/attempts/1", data=marks | {"q-01": "true", "q-03": "false", "do": "2"}
    )

    assert following.location.endswith("/attempts/1?page=2")
    assert "2 of 12 answered" in words(learner.browser.get(following.location))
    assert learner.sees("/attempts/1").text.count("is-done") == 2


def test_what_is_marked_to_be_looked_at_again_stays_marked(sign_in):
    learner = started(sign_in)

    learner.sends(**{f"flag.{KEYS[1]}": "1"})

    page = learner.sees("/attempts/1").text
    assert f'name="flag.{KEYS[1]}" value="1" checked' in page
    learner.sends()
    assert "is-flag" not in learner.sees("/attempts/1").text


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        b"[]",
        b"{}",
        json.dumps({"device": "x", "changes": []}).encode(),
        json.dumps({"device": ONE, "changes": [{}]}).encode(),
        json.dumps({"device": ONE, "changes": [change("q-1", "x") | {"at": -1}]}).encode(),
        json.dumps({"device": ONE, "changes": [change("q-1", "x") | {"event": "1"}]}).encode(),
        json.dumps({"device": ONE, "changes": [change("q-1", "x") | {"fields": 5}]}).encode(),
        json.dumps({"device": ONE, "changes": [change("q-1", "x")] * 201}).encode(),
    ],
)
def test_what_no_device_of_ours_sends_is_refused_and_changes_nothing(sign_in, body):
    learner = started(sign_in)

    answer = learner.browser.post(f"/attempts/{learner.attempt().key}/answers", data=body)

    assert answer.status_code == 400
    assert kept() == {}


def test_an_answer_of_a_megabyte_is_cut_and_a_larger_body_refused(sign_in):
    learner = started(sign_in)

    assert learner.saves(change(KEYS[0], "x" * 1_000_000)).status_code == 400
    assert learner.saves(change(KEYS[0], "x" * 2_100_000)).status_code == 413
    assert kept() == {}


def test_a_nul_in_an_answer_is_left_out(sign_in):
    learner = started(sign_in)

    assert learner.saves(change(KEYS[0], f"{right(1)}\0"), device=ONE).status_code == 200
    learner.sends(**{KEYS[1]: f"\0{right(2)}"})

    assert kept()[KEYS[0], ONE] == [right(1)]
    assert kept()[KEYS[1], "form"] == [right(2)]


def test_a_script_without_a_session_is_told_with_a_number_and_keeps_what_it_has(sign_in, visitor):
    learner = started(sign_in)

    answer = visitor.post(
        f"/attempts/{learner.attempt().key}/answers",
        json={},
        headers={"Accept": "application/json"},
    )

    assert answer.status_code == 401


def test_saving_costs_four_statements(sign_in, statements):
    learner = started(sign_in)
    key = learner.attempt().key
    sent = {"device": ONE, "changes": [change(KEYS[0], right(1))]}

    with statements() as seen:
        learner.browser.post(f"/attempts/{key}/answers", json=sent)

    assert len(seen) == 4


def test_handing_in_costs_a_fixed_number_of_statements(sign_in, statements):
    seen_by_size = []
    for size in (2, 4):
        questions = [dict(one) for one in make_quiz(size)]
        learner = started(sign_in, {"questions": questions})
        form, path = {"key": learner.attempt().key, "do": "submit"}, f"{learner.quiz}/attempts/1"
        for one in questions:
            form |= {f"was.{one['id']}": "x", one["id"]: "true"}
        with statements() as seen:
            learner.browser.post(path, data=form)
        seen_by_size.append(len(seen))
        assert learner.attempt().points == size

    assert seen_by_size == [10, 10], seen


def make_quiz(size: int) -> list[dict]:
    return [
        {"id": f"q-{n}", "type": "true_false", "is_true": True, "text": {"es": f"P{n}"}}
        for n in range(1, size + 1)
    ]


def test_nobody_hands_in_an_attempt_while_an_answer_is_on_its_way_in(sign_in, statements):
    """On PostgreSQL the row is held; on SQLite one unit writes at a time."""
    learner = started(sign_in)
    with statements() as seen:
        learner.saves(change(KEYS[0], right(1)), device=ONE)

    held = [one for one in seen if "FOR SHARE" in one]
    assert bool(held) == (db.engine.dialect.name == "postgresql")


START = datetime(2026, 11, 25, tzinfo=UTC)


class Sent:
    """A change as `counting` sees it."""

    def __init__(self, question: str, second: int, event: str) -> None:
        self.question, self.event_id = question, event
        self.changed_at = START + timedelta(seconds=second)


CHANGES = st.lists(
    st.builds(Sent, st.sampled_from(["q-1", "q-2"]), st.integers(0, 3), st.uuids().map(str)),
    max_size=8,
)


@given(st.data(), CHANGES)
def test_which_answer_counts_depends_on_the_answers_alone(data, changes):
    again = data.draw(st.permutations([*changes, *changes]))

    assert counting(again) == counting(changes)


@given(st.dictionaries(st.text(max_size=4), st.lists(st.text(max_size=5), max_size=3), max_size=4))
def test_a_form_that_changed_nothing_carries_the_same_mark(fields):
    assert mark_of(fields) == mark_of(kept_fields(fields))
    assert kept_fields(kept_fields(fields)) == kept_fields(fields)


def test_two_people_answer_the_same_quiz_apart(sign_in):
    learner = started(sign_in)
    other = seated(sign_in, edition=learner.edition)
    other.starts()

    learner.saves(change(KEYS[0], right(1)), device=ONE)
    other.saves(change(KEYS[0], wrong(1)), device=ONE)
    learner.sends(do="submit")

    assert learner.attempt().points == 1
    assert other.attempt().state == "open"

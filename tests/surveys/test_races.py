"""Whoever sends answers at the same moment: none is lost, none counted twice, no step too early."""

import threading

from sqlalchemy import func, select

from coursehub.foundation.database import db
from coursehub.surveys.models import Participation, Tally
from tests.surveys.stage import WELL, Learner, edition_with, kept, seated

PEOPLE = 14


def at_once(app, learners: list[Learner]) -> list[int]:
    start, answers = threading.Barrier(len(learners)), []

    def press(browser, address: str) -> None:
        start.wait()
        with app.app_context():
            answers.append(browser.post(address, data=WELL).status_code)

    pairs = [(one.browser, one.address) for one in learners]
    threads = [threading.Thread(target=press, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_many_who_answer_at_once_are_all_kept_and_counted_in_one_step(app, sign_in):
    edition = edition_with()

    answers = at_once(app, [seated(sign_in, edition) for _ in range(PEOPLE)])

    assert answers == [303] * PEOPLE
    assert len(kept()) == PEOPLE
    tally = db.session.scalars(select(Tally)).one()
    assert (tally.answered, tally.counted) == (PEOPLE, 10)
    assert tally.figures["q-like.s-1"] == {"n": 10, "counts": {"p-5": 10}}


def test_someone_who_sends_in_two_tabs_at_once_has_answered_once(app, sign_in):
    learner = seated(sign_in)
    tabs = [Learner(learner.person, sign_in(learner.person), learner.edition) for _ in range(4)]

    answers = at_once(app, tabs)

    assert sorted(answers) == [303, 409, 409, 409]
    assert len(kept()) == 1
    assert db.session.scalar(select(func.count()).select_from(Participation)) == 1

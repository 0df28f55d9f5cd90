"""Whatever people press at once, the seats that are counted are the places that are taken."""

import threading

import pytest
from sqlalchemy import func, select

from coursehub.enrolment.models import Enrolment
from coursehub.foundation.database import db
from tests import make
from tests.enrolment.stage import an_edition, places, seats_taken

ENROL = "/editions/an-edition/enrolment"
LEAVE = "/editions/an-edition/enrolment/end"


def open_places() -> int:
    return sum(place.ended_at is None for place in places())


@pytest.mark.parametrize("seats", [2, None])
def test_taking_and_giving_up_at_once_never_miscounts(app, sign_in, seats):
    an_edition(seats=seats)
    people = [make.person() for _ in range(2)]
    browsers = [sign_in(people[n % 2]) for n in range(10)]
    start, answers = threading.Barrier(len(browsers)), []

    def press(number: int, browser) -> None:
        start.wait()
        for turn in range(8):
            with app.app_context():
                answers.append(browser.post((ENROL, LEAVE)[(turn + number // 2) % 2]).status_code)

    threads = [threading.Thread(target=press, args=pair) for pair in enumerate(browsers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(answers) == 80
    assert set(answers) <= {303, 409}
    assert seats_taken() == open_places()
    per_person = select(func.count()).where(Enrolment.ended_at.is_(None))
    counts = db.session.scalars(per_person.group_by(Enrolment.person_id)).all()
    assert set(counts) <= {1}

"""Whatever happens on the way – lost, repeated, reordered – the attempt ends in the same state."""

import copy
import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from coursehub.accounts.models import Viewer
from coursehub.foundation.clock import now
from coursehub.foundation.database import db, writing
from coursehub.quizzes.actions import save
from coursehub.quizzes.forms import sent_by_script
from coursehub.quizzes.models import LateAnswer, QuizAnswer
from coursehub.quizzes.queries import answers_in, find_attempt, late_answers_in
from tests import make
from tests.quizzes.stage import KEYS, QUIZ, change

DEVICES = [f"00000000-0000-4000-8000-00000000000{n}" for n in range(3)]
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(DEVICES),
        st.sampled_from(KEYS[:2]),
        st.text(alphabet="abc", max_size=2),
        st.integers(0, 5),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data(), EVENTS)
def test_done_2_any_order_of_saving_losing_and_retrying_ends_in_the_same_state(app, data, events):
    """Batches are sent in any order, some twice, some first lost; all arrive in the end."""
    person = make.person()
    edition = make.taught(quiz=QUIZ)
    started_at = now().replace(microsecond=0)
    attempt = make.attempt(person, edition, started_at=started_at)
    viewer = Viewer(person_id=person)
    sent = [
        (device, change(key, text, started_at) | {"at": int(started_at.timestamp() * 1000) - n})
        for device, key, text, n in events
    ]
    ends = []
    for _ in range(2):
        arrivals = data.draw(st.permutations([*sent, *data.draw(st.lists(st.sampled_from(sent)))]))
        with writing():
            db.session.execute(delete(QuizAnswer))
            db.session.execute(delete(LateAnswer))
        for device, one in arrivals:
            deliver(viewer, attempt.key, device, one)
        ends.append(state(attempt.id))

    assert ends[0] == ends[1]
    assert set(ends[0]["counts"]) == {key for _, key, _, _ in events}
    assert ends[0]["late"] == {}


def deliver(viewer: Viewer, key: str, device: str, one: dict) -> None:
    """One request of a device, as its view does it."""
    body = json.dumps({"device": device, "changes": [copy.deepcopy(one)]}).encode()
    known_device, changes = sent_by_script(body)
    with writing():
        save(find_attempt(viewer, key), known_device, changes)


def state(attempt_id: int) -> dict:
    db.session.rollback()
    return {
        "counts": {key: (one.fields, one.event_id) for key, one in answers_in(attempt_id).items()},
        "late": {key: one.fields for key, one in late_answers_in(attempt_id).items()},
    }

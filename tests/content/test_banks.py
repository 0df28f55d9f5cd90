"""Banks keep every version of a question; the same again is no new one."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from coursehub.content.actions.banks import Kept, bank_for, keep, newest_in
from coursehub.content.formats.banks import with_known_ids, written_bank
from coursehub.content.formats.questions import QUESTION, as_data
from coursehub.content.models import Bank, BankTag, BankVersion, QuestionState
from coursehub.content.queries import find_bank
from coursehub.foundation.database import db, writing
from tests import make


def choice(key: str = "q-uno", right: str = "Sí", **said) -> dict:
    answers = [
        {"id": "a-1", "text": {"es": right}, "right": True},
        {"id": "a-2", "text": {"es": "No"}},
    ]
    asked = {"id": key, "type": "single_choice", "text": {"es": "¿Sí?"}, "answers": answers}
    return as_data(QUESTION.validate_python(asked | said))


def kept(*questions: dict, states=None, key: str = "carta", course_id=None) -> Kept:
    with writing():
        return keep(bank_for(course_id, key, {"es": "Carta"}), questions, states)


def versions() -> list[tuple[int, str]]:
    rows = select(BankVersion.number, BankVersion.question).order_by(BankVersion.number)
    return [(number, said["answers"][0]["text"]["es"]) for number, said in db.session.execute(rows)]


def tags() -> list[str]:
    return sorted(db.session.scalars(select(BankTag.tag)))


def test_the_same_questions_again_change_nothing(app):
    assert kept(choice()) == Kept(new=1)
    assert kept(choice()) == Kept(same=1)
    assert versions() == [(1, "Sí")]


def test_another_text_under_the_same_id_is_a_new_version_and_the_old_one_stays(app):
    kept(choice(tags=["derecho", "carta"]))
    assert kept(choice(right="Claro", tags=["carta"])) == Kept(changed=1)
    assert versions() == [(1, "Sí"), (2, "Claro")]
    assert tags() == ["carta"]


def test_states_of_files_count_and_those_of_an_import_do_not(app):
    kept(choice(), states={"q-uno": QuestionState.RETIRED})
    kept(choice(right="Claro"))
    bank = find_bank(None, "carta")
    assert [state for _key, state, _said in newest_in(bank.id)] == [QuestionState.RETIRED]
    kept(choice(right="Claro"), states={})
    assert [state for _key, state, _said in newest_in(bank.id)] == [QuestionState.READY]
    assert len(versions()) == 2


def test_parts_that_read_as_before_keep_their_ids():
    before = choice()
    new = choice()
    new["answers"] = [
        {"id": "a-1", "text": {"es": "Tal vez"}, "right": False},
        {"id": "a-2", "text": {"es": "Sí"}, "right": True},
        {"id": "a-3", "text": {"es": "No"}, "right": False},
    ]
    named = with_known_ids(new, before)["answers"]
    assert [one["id"] for one in named[1:]] == ["a-1", "a-2"]
    assert named[0]["id"] not in {"a-1", "a-2"}
    reworded = choice(right="Sí, claro")
    assert with_known_ids(reworded, before)["answers"][0]["id"] == "a-1"


def test_one_bank_of_a_name_for_the_site_and_one_for_each_course(app):
    course = make.course()
    kept(choice())
    kept(choice(right="Claro"), course_id=course.id)
    assert db.session.scalar(select(func.count()).select_from(Bank)) == 2
    with pytest.raises(IntegrityError), writing():
        db.session.add(Bank(key="carta", title={}, created_at=make.now()))


def test_many_questions_are_kept_in_few_statements(app):
    questions = [choice(f"q-{n:05}") for n in range(1000)]
    assert kept(*questions) == Kept(new=1000)
    assert kept(*questions) == Kept(same=1000)


def test_a_bank_is_written_without_what_goes_without_saying():
    text = written_bank({"es": "Carta"}, [("q-uno", "retired", choice())])
    assert "retired:\n  - q-uno\n" in text
    assert "shuffle" not in text

"""Banks in the studio: looked through, filled from files that were looked at first, taken away."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from coursehub.accounts.models import Role, Scope
from coursehub.content.models import Bank, BankQuestion, BankVersion
from coursehub.foundation.clock import now
from coursehub.foundation.database import db, writing
from coursehub.questions.actions import forget_held
from coursehub.questions.formats.reading import read_questions
from coursehub.questions.models import HeldFile
from coursehub.questions.rules.keeping import PER_PAGE
from tests import make
from tests.content.stage import course as staged
from tests.content.stage import sync, with_bank

GIFT = "// [id:q-carta]\n¿Año?{=[html]<b>1945</b> ~1948}\n\nSolo un texto.\n"


def true(n: int, **said) -> dict:
    asked = {"id": f"q-{n:03}", "type": "true_false", "text": {"es": f"¿Es {n} así?"}}
    return asked | {"is_true": True} | said


@pytest.fixture
def keeper(app, sign_in):
    return sign_in(make.person(Role.INSTRUCTOR))


@pytest.fixture
def bank(app):
    return make.bank()


def send(browser, bank, content: bytes = GIFT.encode(), name: str = "a.txt", language: str = "es"):
    data = {"file": (io.BytesIO(content), name), "language": language}
    return browser.post(f"/studio/banks/{bank.id}/import", data=data)


def count(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def test_a_file_is_looked_at_before_anything_is_saved(keeper, bank):
    sent = send(keeper, bank)
    assert sent.status_code == 303
    page = keeper.get(sent.location).text
    assert "1 question can be taken." in page
    assert "HTML reduced to plain text (b)" in page
    assert "line 4" in page
    assert count(BankQuestion) == 1

    done = keeper.post(sent.location)
    assert (done.status_code, done.location) == (303, f"/studio/banks/{bank.id}")
    assert "1 question is new." in keeper.get(done.location).text
    assert (count(BankQuestion), count(HeldFile)) == (2, 0)
    assert keeper.post(sent.location).status_code == 404


def test_a_file_with_nothing_to_take_offers_another(keeper, bank):
    sent = send(keeper, bank, b"%PDF-1.7", "a.gift")
    page = keeper.get(sent.location).text
    assert "PDF: files of this kind are not read" in page
    assert "Choose another file" in page
    assert keeper.post(sent.location).status_code == 409


@pytest.mark.parametrize("given", [{}, {"content": b""}, {"language": "xx"}])
def test_a_form_without_its_file_or_language_is_shown_again(keeper, bank, given):
    data = {"language": "es"}
    done = (
        send(keeper, bank, **given)
        if given
        else keeper.post(f"/studio/banks/{bank.id}/import", data=data)
    )
    assert done.status_code == 422
    assert "needs your attention" in done.text


def test_files_nobody_took_are_deleted_after_a_day(keeper, bank, clock):
    send(keeper, bank)
    for later, left in ((timedelta(hours=23), 1), (timedelta(hours=2), 0)):
        clock(now() + later)
        with writing():
            forget_held()()
        assert count(HeldFile) == left


def test_a_bank_is_searched_by_words_tag_and_state(keeper):
    kept = make.bank(true(1, tags=["carta"]), true(2, text={"es": "¿Qué señal, ÁNIMO?"}))
    address = f"/studio/banks/{kept.id}"
    assert "señal" in keeper.get(f"{address}?q=senal+animo").text
    assert "señal" not in keeper.get(f"{address}?tag=carta").text
    keeper.post(f"{address}/questions/q-001/state", data={"state": "retired"})
    assert "Es 1 así" in keeper.get(f"{address}?state=retired").text
    assert "señal" not in keeper.get(f"{address}?state=retired").text
    assert "fits what you look for" in keeper.get(f"{address}?q=%25").text


def test_a_long_bank_is_shown_in_pages(keeper):
    kept = make.bank(*(true(n) for n in range(PER_PAGE + 1)))
    first = keeper.get(f"/studio/banks/{kept.id}").text
    assert f"¿Es {PER_PAGE} así?" not in first
    following = first.partition('href="/studio/banks/')[2]
    assert "Next questions" in first, following
    last = db.session.scalars(select(BankQuestion.id).order_by(BankQuestion.id)).all()[-2]
    assert f"¿Es {PER_PAGE} así?" in keeper.get(f"/studio/banks/{kept.id}?after={last}").text


def test_a_question_shows_its_versions_and_the_quizzes_that_use_it(keeper, tmp_path):
    sync(with_bank(staged(tmp_path)))
    kept = db.session.scalars(select(Bank)).one()
    page = keeper.get(f"/studio/banks/{kept.id}/questions/q-carta").text
    assert "Course prueba, its version 1, with version 1 of the question" in page
    assert "Version 1, " in page
    unused = keeper.get(f"/studio/banks/{kept.id}/questions/q-anos").text
    assert "No published quiz uses it." in unused


@pytest.mark.parametrize("ending", ["gift", "xml", "xlsx"])
def test_a_bank_is_taken_away_as_a_file(keeper, ending):
    kept = make.bank(true(1), true(2))
    keeper.post(f"/studio/banks/{kept.id}/questions/q-002/state", data={"state": "retired"})
    with keeper.get(f"/studio/banks/{kept.id}/export.{ending}") as sent:
        assert f'filename="{kept.key}.{ending}"' in sent.headers["Content-Disposition"]
        read = read_questions(sent.data, "es")
    assert [one.question["id"] for one in read.taken] == ["q-001"]


def test_a_bank_is_taken_away_as_a_file_of_a_course(keeper):
    kept = make.bank(true(1))
    assert "id: q-001" in keeper.get(f"/studio/banks/{kept.id}/export.yaml").text
    assert keeper.get(f"/studio/banks/{kept.id}/export.pdf").status_code == 404


def test_the_empty_spreadsheet_is_one_we_read(keeper):
    with keeper.get("/studio/banks/template.xlsx") as sent:
        read = read_questions(sent.data, "es")
    assert (read.taken, read.refused) == ([], [])


def test_banks_are_made_for_the_site_or_a_course(keeper):
    course = make.taught().course_id
    slug = make.course_slug(course)
    for chosen in ("", slug):
        done = keeper.post("/studio/banks", data={"title": "La Carta", "course": chosen})
        assert done.status_code == 303
    again = keeper.post("/studio/banks", data={"title": "La  carta", "course": ""})
    assert again.status_code == 303
    assert {(one.course_id, one.key) for one in db.session.scalars(select(Bank))} == {
        (None, "la-carta"),
        (course, "la-carta"),
    }
    assert keeper.post("/studio/banks", data={"title": " ", "course": ""}).status_code == 422


def test_a_teacher_of_one_course_sees_its_banks_alone(app, sign_in):
    mine, other = make.taught(), make.taught()
    banks = {one: make.bank(course_id=one.course_id, key="suyo") for one in (mine, other)}
    site = make.bank(key="sitio")
    person_id = make.person()
    make.grant(person_id, Role.INSTRUCTOR, Scope.COURSE, str(mine.course_id))
    browser = sign_in(person_id)

    page = browser.get("/studio/banks").text
    assert f"/studio/banks/{banks[mine].id}" in page
    assert f'/studio/banks/{banks[other].id}"' not in page
    assert browser.get(f"/studio/banks/{banks[mine].id}").status_code == 200
    for hidden in (banks[other], site):
        assert browser.get(f"/studio/banks/{hidden.id}").status_code == 404
        assert send(browser, hidden).status_code == 404
    assert browser.post("/studio/banks", data={"title": "X", "course": ""}).status_code == 422
    assert sign_in(make.person()).get("/studio/banks").status_code == 404
    assert count(BankVersion) == 3

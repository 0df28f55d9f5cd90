"""A survey from its first page to its thanks, as a learner meets it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from coursehub.accounts.actions import erase_person
from coursehub.accounts.models import Role
from coursehub.foundation.clock import now
from coursehub.foundation.database import db, writing
from coursehub.learning.models import Fact, FactKind
from coursehub.surveys.models import NamedResponse, Participation, Response, Tally
from coursehub.surveys.queries import has_answered
from tests import make
from tests.learning.stage import facts, item_id, words
from tests.surveys.stage import PAIR, SURVEY, WELL, edition_with, kept, seated


def test_a_survey_answered_is_kept_completes_its_item_and_says_thanks(sign_in):
    learner = seated(sign_in)

    answer = learner.sends(**WELL, **{"q-text": " More  time.\r\nAnd paper. "})

    assert answer.status_code == 303
    (response,) = kept()
    assert response.answers == {
        "q-like.s-1": "p-5",
        "q-like.s-2": "p-none",
        "q-rate.s-3": 7,
        "q-pick": ["o-1", "o-3"],
        "q-text": "More  time.\nAnd paper.",
    }
    page = words(learner.sees())
    assert "Your answers have arrived. Thank you." in page
    assert "You have answered this survey" in page
    assert [one.kind for one in facts()] == [FactKind.COMPLETED]
    course = words(learner.browser.get(f"/learn/{learner.edition.slug}"))
    assert "1 of 5 parts completed." in course


def test_nobody_answers_twice(sign_in):
    learner = seated(sign_in)
    learner.sends(**WELL)

    again = learner.sends(**WELL)

    assert again.status_code == 409
    assert "You have answered this survey already." in words(again)
    assert len(kept()) == 1
    assert len(facts()) == 1


def test_someone_who_was_merged_with_one_who_answered_does_not_answer_again(sign_in):
    learner, other = seated(sign_in), make.person()
    learner.sends(**WELL)
    with writing():
        db.session.get_one(make.Person, learner.person).merged_into = other
    item = item_id(learner.edition, "module-1-survey")

    assert has_answered(other, learner.edition.id, item)


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(sign_in):
    learner = seated(sign_in)

    answer = learner.sends(
        **{"q-like.s-1": "p-4", "q-rate.s-3": "11", "q-pick": "o-2", "q-text": "x" * 2001}
    )

    assert answer.status_code == 422
    page = answer.text
    assert "3 fields need your attention." in page
    assert page.count("Choose an answer.") == 2, "above, and beside the field"
    assert page.count("Choose one of the options in the list.") == 2
    assert page.count("Write at most 2000 characters; there are 2001.") == 2
    assert 'value="p-4" checked' in page
    assert 'value="o-2" checked' in page
    assert "x" * 2001 in page
    assert kept() == []
    assert facts() == []


def test_what_is_optional_can_be_left_out(sign_in):
    learner = seated(sign_in)

    learner.sends(**{"q-like.s-1": "p-1", "q-like.s-2": "p-2", "q-text": "  "})

    assert kept()[0].answers == {"q-like.s-1": "p-1", "q-like.s-2": "p-2"}


@pytest.mark.parametrize(
    "fields",
    [
        {"q-like.s-1": ["p-1", "p-2"]},
        {"q-like.s-1": "p-9"},
        {"q-pick": ["o-1", "o-9"]},
        {"q-rate.s-3": "-1"},
        {"q-rate.s-3": "07"},
    ],
)
def test_what_no_page_offers_is_refused(sign_in, fields):
    learner = seated(sign_in)

    assert learner.sends(**(WELL | fields)).status_code == 422
    assert kept() == []


def test_fields_that_the_survey_does_not_ask_are_left_out(sign_in):
    learner = seated(sign_in)

    learner.sends(**WELL, name="Ana", **{"q-like.s-9": "p-1", "person_id": "3", "\0": "x"})

    assert set(kept()[0].answers) == set(WELL)


@pytest.mark.parametrize("language", ["es", "pt", "en"])
@pytest.mark.parametrize("keeping", ["anonymous", "paired", "identified"])
def test_the_label_says_what_is_kept(sign_in, keeping, language):
    surveys = PAIR if keeping == "paired" else {"before": SURVEY | {"keeping": keeping}}
    learner = seated(sign_in, make.taught(surveys=surveys), "before")

    said = words(learner.sees(language))

    title = {
        ("anonymous", "es"): "Esta encuesta es anónima",
        ("anonymous", "pt"): "Esta pesquisa é anônima",
        ("anonymous", "en"): "This survey is anonymous",
        ("paired", "es"): "Esta encuesta solo conoce un código suyo",
        ("paired", "pt"): "Esta pesquisa conhece apenas um código seu",
        ("paired", "en"): "This survey knows you by a code only",
        ("identified", "es"): "Esta encuesta se responde con su nombre",
        ("identified", "pt"): "Esta pesquisa é respondida com o seu nome",
        ("identified", "en"): "This survey is answered with your name",
    }[keeping, language]
    assert title in said


def test_a_voluntary_survey_does_not_count_and_shows_that_it_is_done(sign_in):
    learner = seated(sign_in, edition_with({"required": False}))
    before = words(learner.browser.get(f"/learn/{learner.edition.slug}?lang=en"))
    assert "0 of 4 parts completed." in before
    assert "voluntary survey" in before

    learner.sends(**WELL)

    after = words(learner.browser.get(f"/learn/{learner.edition.slug}?lang=en"))
    assert "0 of 4 parts completed." in after
    assert "Completed: Encuesta" in after


def test_without_a_place_it_can_be_read_and_not_answered(sign_in):
    edition = edition_with()
    browser = sign_in(make.person(Role.INSTRUCTOR))
    address = f"/learn/{edition.slug}/surveys/module-1-survey"

    page = browser.get(f"{address}?lang=en")

    assert "You are reading this edition without a place in it" in words(page)
    assert "Send my answers" not in page.text
    assert browser.post(address, data=WELL).status_code == 409
    assert kept() == []


def test_after_the_edition_it_can_no_longer_be_answered(sign_in, clock):
    learner = seated(sign_in, edition_with(ends_on=now().date() + timedelta(days=1)))
    clock(now() + timedelta(days=3))

    assert "This edition is over" in words(learner.sees())
    assert learner.sends(**WELL).status_code == 409


def test_strangers_and_other_names_find_nothing(sign_in):
    learner = seated(sign_in)
    stranger = sign_in(make.person())

    assert stranger.get(learner.address).status_code == 404
    assert stranger.post(learner.address, data=WELL).status_code == 404
    assert learner.browser.get(f"{learner.address}-other").status_code == 404
    assert learner.browser.get(f"/learn/{learner.edition.slug}/surveys/1-1").status_code == 404


def test_a_code_is_asked_for_and_only_its_seal_is_kept(sign_in):
    edition = make.taught(surveys=PAIR)
    learner = seated(sign_in, edition, "before")
    assert learner.sends(code=" -- ").status_code == 422
    assert "A code has from 6 to 40" in words(learner.sends(code="abc"))

    learner.sends(code="Ro-Lí 072")
    seated(sign_in, edition, "after").sends(code="roli072")

    first, second = kept()
    assert first.code == second.code
    assert "roli" not in first.code
    assert len(first.code) == 64


def test_the_same_code_in_another_edition_is_another(sign_in):
    for _ in range(2):
        seated(sign_in, make.taught(surveys=PAIR), "before").sends(code="ROLI072")

    assert len({one.code for one in kept()}) == 2


def test_with_a_name_it_is_kept_with_the_name_and_erased_with_the_account(sign_in):
    learner = seated(sign_in, edition_with({"keeping": "identified"}))
    learner.sends(**WELL)
    (named,) = db.session.scalars(select(NamedResponse))
    assert named.person_id == learner.person
    assert kept() == []

    with writing():
        erase_person(learner.person)

    assert db.session.scalar(select(func.count()).select_from(NamedResponse)) == 0


def test_erasing_someone_finds_no_answer_without_a_name(sign_in):
    learner = seated(sign_in)
    learner.sends(**WELL)

    with writing():
        erased = erase_person(learner.person)

    assert erased["survey_participations"] == 1
    assert db.session.scalar(select(func.count()).select_from(Participation)) == 0
    assert len(kept()) == 1
    assert db.session.scalars(select(Tally.answered)).one() == 1


def test_an_answer_and_its_fact_are_permanent_together_or_not_at_all(sign_in, monkeypatch):
    learner = seated(sign_in)
    monkeypatch.setattr("coursehub.surveys.actions.answering.earn", _fails)

    assert learner.sends(**WELL).status_code == 500

    for table in (Response, Participation, Tally, Fact):
        assert db.session.scalar(select(func.count()).select_from(table)) == 0


def _fails(*_: object) -> None:
    raise RuntimeError("the machine stops here")


def test_the_statements_of_an_answer_do_not_grow(sign_in, statements):
    edition = edition_with()
    counts = []
    for _ in range(12):
        learner = seated(sign_in, edition)
        with statements() as seen:
            learner.sends(**WELL)
        counts.append(len(seen))

    assert counts[0] == counts[8] == counts[10]
    assert counts[9] == counts[0] + 1, "the tenth answer reads all of them"
    assert counts[0] <= 20

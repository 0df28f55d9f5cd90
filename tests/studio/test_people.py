"""Those who teach see who takes part in their editions, and how far each has come."""

import re

import pytest

from coursehub.accounts.models import Role, Scope
from coursehub.foundation.clock import now
from coursehub.studio.rules import PER_PAGE, Participant, page_of
from tests import make


@pytest.fixture
def edition(app):
    return make.taught(quiz=make.QUIZ)


@pytest.fixture
def teacher(edition, sign_in):
    person_id = make.person()
    make.grant(person_id, Role.INSTRUCTOR, Scope.EDITION, str(edition.id))
    return sign_in(person_id)


def names(page: str) -> list[str]:
    return re.findall(r'<th scope="row">([^<]+)', page)


def test_participants_are_listed_by_name_with_their_progress(edition, teacher, sign_in):
    make.country("PE", name_en="Peru")
    learner = make.person(name="Ángela", country_code="PE", institution="Defensoría")
    for someone in (make.person(name="Zoila"), learner, make.person(name="bruno")):
        make.enrolment(person_id=someone, edition_id=edition.id)
    sign_in(learner).post(f"/learn/{edition.slug}/1-1/completion")

    page = teacher.get(f"/studio/editions/{edition.slug}").text

    assert names(page) == ["Ángela", "bruno", "Zoila"]
    assert "Peru" in page
    assert "Defensoría" in page
    assert "1 of 5 parts completed." in page
    assert page.count("0 of 5 parts completed.") == 2


def test_the_list_is_searched_without_minding_accents(edition, teacher):
    for name in ("José Núñez", "Josefa Mora"):
        make.enrolment(person_id=make.person(name=name), edition_id=edition.id)

    assert names(teacher.get(f"/studio/editions/{edition.slug}?q=jose nunez").text) == [
        "José Núñez"
    ]
    assert "Nobody here has “xyz”" in teacher.get(f"/studio/editions/{edition.slug}?q=xyz").text


def test_an_edition_without_people_says_what_will_stand_there(edition, teacher):
    assert "Nobody has a place" in teacher.get(f"/studio/editions/{edition.slug}").text


def test_who_gave_up_the_place_is_not_listed(edition, teacher):
    moment = now()
    make.enrolment(
        person_id=make.person(name="Gone"),
        edition_id=edition.id,
        began_at=moment,
        ended_at=moment,
    )

    assert "Gone" not in teacher.get(f"/studio/editions/{edition.slug}").text


def test_learners_find_nothing_there(edition, sign_in):
    learner = make.person()
    make.enrolment(person_id=learner, edition_id=edition.id)

    assert sign_in(learner).get(f"/studio/editions/{edition.slug}").status_code == 404


def test_instructors_of_another_edition_find_nothing_there(edition, sign_in):
    other = make.person()
    make.grant(other, Role.INSTRUCTOR, Scope.EDITION, str(make.taught().id))

    assert sign_in(other).get(f"/studio/editions/{edition.slug}").status_code == 404


def test_the_studio_lists_what_one_teaches(edition, teacher, sign_in):
    other = make.taught()

    page = teacher.get("/studio").text

    assert f"/studio/editions/{edition.slug}" in page
    assert f"/studio/editions/{other.slug}" not in page
    assert "You teach no edition" in sign_in(make.person()).get("/studio").text


def test_only_those_who_teach_see_the_way_to_the_studio(edition, teacher, sign_in):
    assert 'href="/studio"' in teacher.get("/learn").text
    assert 'href="/studio"' not in sign_in(make.person()).get("/learn").text


def test_pages_of_people_follow_one_another_without_gap_or_repeat():
    everyone = [Participant(n, f"Person {n % 7}", "", "") for n in range(2 * PER_PAGE + 3)]
    seen, after = [], ""
    while after is not None:
        shown, after = page_of(everyone, after=after)
        seen += [one.person_id for one in shown]

    assert sorted(seen) == list(range(len(everyone)))
    assert len(seen) == len(everyone)

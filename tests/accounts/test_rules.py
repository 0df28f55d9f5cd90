"""Roles and scopes, names and addresses: the pure parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursehub.accounts.formats import device, email_key, is_latin
from coursehub.accounts.models import Grant, Role, Scope, Viewer
from coursehub.accounts.rules import holds

ROLES = [Role.INSTRUCTOR, Role.SECRETARIAT, Role.ADMINISTRATOR]


def viewer(*grants: Grant) -> Viewer:
    return Viewer(person_id=1, grants=frozenset(grants))


def test_a_visitor_holds_nothing():
    assert not any(holds(Viewer(), role, course="a") for role in Role)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_for_the_site_covers_every_thing_and_no_other_role(role):
    someone = viewer(Grant(role, Scope.SITE))

    assert holds(someone, role)
    assert holds(someone, role, course="intro", edition=3)
    assert not any(holds(someone, other) for other in ROLES if other != role)


def test_a_role_for_one_thing_covers_that_thing_alone():
    someone = viewer(Grant(Role.INSTRUCTOR, Scope.COURSE, "intro"))

    assert holds(someone, Role.INSTRUCTOR, course="intro")
    assert not holds(someone, Role.INSTRUCTOR, course="other")
    assert not holds(someone, Role.INSTRUCTOR, edition="intro")
    assert not holds(someone, Role.INSTRUCTOR)


def test_an_edition_is_known_by_its_number_however_it_is_written():
    someone = viewer(Grant(Role.INSTRUCTOR, Scope.EDITION, "7"))

    assert holds(someone, Role.INSTRUCTOR, edition=7)
    assert not holds(someone, Role.INSTRUCTOR, edition=None)


@given(st.emails())
def test_however_an_address_is_written_it_folds_to_the_same(email):
    folded = email_key(email)

    assert email_key(folded) == email_key(email.upper()) == email_key(f" {email} ") == folded


@pytest.mark.parametrize(
    "name", ["Muñoz", "D'Ávila", "Nguyễn", "Mª José", "Łukasz", "Ana-Lía 3", ""]
)
def test_names_in_latin_letters_are_known(name):
    assert is_latin(name)


@pytest.mark.parametrize("name", ["李", "O’Neill 李", "Анна", "محمد", "Ἀθηνᾶ"])
def test_names_in_other_letters_are_known(name):
    assert not is_latin(name)


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (
            "Mozilla/5.0 (Linux; Android 9) AppleWebKit Chrome/120 Mobile Safari/537",
            "Chrome, Android",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537 Edg/120", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17) Safari/604", "Safari, iPhone"),
        ("curl/8", ""),
    ],
)
def test_a_browser_is_called_what_people_call_it(agent, name):
    assert device(agent) == name

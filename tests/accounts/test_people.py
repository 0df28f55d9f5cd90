"""Creating people and giving them roles, as commands and demo data do."""

import threading

import pytest
from sqlalchemy import func, select

from coursehub.accounts import actions
from coursehub.accounts.models import Account, Grant, Person, Role, RoleGrant, Scope
from coursehub.accounts.queries import load_viewer
from coursehub.foundation.database import db, writing
from coursehub.foundation.language import speaking
from coursehub.foundation.refusal import Refused
from tests.accounts.cast import person

pytestmark = pytest.mark.usefixtures("app")

RUNS = Grant(Role.ADMINISTRATOR, Scope.SITE)
TEACHES = Grant(Role.INSTRUCTOR, Scope.COURSE, "intro")


def viewer(person_id: int):
    with writing():
        token = actions.sign_in(person_id)
    return load_viewer(token)


def test_someone_signed_in_is_loaded_with_all_their_roles_in_one_statement(statements):
    works = Grant(Role.SECRETARIAT, Scope.SITE)
    person_id = person(grants=[TEACHES, works], country="PY")
    with writing():
        token = actions.sign_in(person_id)

    with statements() as asked:
        ana = load_viewer(token)

    assert len(asked) == 1
    assert ana.grants == {TEACHES, works}
    assert (ana.name, ana.country, ana.language) == ("Ana Muñoz", "PY", "en")
    assert ana.initials == "AM"


def test_a_token_nobody_has_loads_nobody():
    assert load_viewer("") is load_viewer("x" * 500) is load_viewer("\x00") is None


def test_a_role_is_given_once_and_can_be_given_again_after_it_ended():
    person_id = person()
    with writing():
        actions.grant_role(person_id, TEACHES)
    with speaking("en"), pytest.raises(Refused, match="holds this role already"), writing():
        actions.grant_role(person_id, TEACHES)
    assert viewer(person_id).grants == {TEACHES}

    with writing():
        actions.end_grant(person_id, TEACHES)
    assert viewer(person_id).grants == frozenset()

    with writing():
        actions.grant_role(person_id, TEACHES)
    assert viewer(person_id).grants == {TEACHES}
    assert db.session.scalar(select(func.count()).select_from(RoleGrant)) == 2


def test_a_role_that_is_not_held_cannot_be_ended():
    person_id = person(grants=[TEACHES])

    with speaking("en"), pytest.raises(Refused, match="does not hold"), writing():
        actions.end_grant(person_id, Grant(Role.INSTRUCTOR, Scope.SITE))
    assert viewer(person_id).grants == {TEACHES}


def test_the_last_administrator_of_the_site_stays_one():
    ana, country = person(grants=[RUNS]), Grant(Role.ADMINISTRATOR, Scope.COUNTRY, "PY")
    eva = person("eva@example.org", grants=[RUNS, country])

    with writing():
        actions.end_grant(ana, RUNS)
    with writing():
        actions.end_grant(eva, country)
    with speaking("en"), pytest.raises(Refused, match="last administrator"), writing():
        actions.end_grant(eva, RUNS)
    assert viewer(eva).grants == {RUNS}


def test_two_administrators_who_end_each_others_role_at_once_do_not_leave_the_site_without(app):
    people = [person(f"{name}@example.org", grants=[RUNS]) for name in ("ana", "eva")]
    start, refusals = threading.Barrier(2), []

    def end(person_id: int) -> None:
        start.wait()
        with app.app_context(), speaking("en"):
            try:
                with writing():
                    actions.end_grant(person_id, RUNS)
            except Refused as refused:
                refusals.append(refused.reason)

    threads = [threading.Thread(target=end, args=(person_id,)) for person_id in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refusals) == 1
    assert "last administrator" in refusals[0]


def test_two_people_cannot_have_one_address():
    person("ÁNA@example.org")

    with speaking("en"), pytest.raises(Refused, match="already an account"):
        person("ána@example.org")
    assert db.session.scalar(select(func.count()).select_from(Person)) == 1


def test_a_chosen_language_is_kept():
    person_id = person()
    with writing():
        actions.choose_language(person_id, "pt")

    assert db.session.get_one(Account, person_id).language == "pt"

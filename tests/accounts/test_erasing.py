"""Whoever is erased is nowhere any more, and what they did names nobody."""

from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import JSON, Table, func, insert, inspect, select, text

from coursehub.accounts import actions
from coursehub.accounts.actions.links import answer_email_change
from coursehub.accounts.models import Account, Grant, Person, Role, RoleGrant, Scope
from coursehub.accounts.queries import copy_of, find_account, load_viewer
from coursehub.accounts.rules import PERSONAL, Erasure, tables_of
from coursehub.certificates.models import Approval
from coursehub.documents.queries import current_version
from coursehub.enrolment.actions import end_places
from coursehub.enrolment.models import Enrolment
from coursehub.foundation.clock import now
from coursehub.foundation.database import db, metadata, writing
from coursehub.foundation.jobs import Job, waiting
from coursehub.foundation.language import speaking
from coursehub.foundation.refusal import Refused
from coursehub.gradebook.models import GradingScheme
from coursehub.learning.models import Fact, FactKind
from coursehub.network.actions import load_network
from coursehub.quizzes.models import Correction
from tests import make
from tests.accounts.cast import PASSWORD, in_english, person, try_password
from tests.accounts.test_erasure import holds_words

MARKER = "quetzal77"
ADDRESS = f"{MARKER}@example.org"
RUNS = Grant(Role.ADMINISTRATOR, Scope.SITE)
# Columns of which the database or the program says what may stand in them.
BOUND = {"accounts.country_code", "accounts.language", "accounts.time_zone"}
ARRIVED = {
    "key": MARKER.ljust(36, "x"),
    "size_bytes": 1,
    "received_bytes": 1,
    "is_in_draft": True,
}
number = count(1)


def planted(column) -> object:
    """Words by which their owner is found, wherever they stand."""
    if column.name in ("email", "email_key"):
        return ADDRESS
    return {"said": MARKER} if isinstance(column.type, JSON) else f"{MARKER} {next(number)}"


def plant(table: Table, **given) -> None:
    """A row in which every column of words that can hold the marker does."""
    words = {c.name: planted(c) for c in table.columns if holds_words(c)}
    with writing():
        db.session.execute(insert(table).values(words | given))


def someone_who_left_traces(edition) -> int:
    """A person with a row in every table that is erased, and in those that stay."""
    moment, later_on = now(), now() + timedelta(days=1)
    item_id = make.item(edition.course_id, make.ItemKind.LESSON)["id"]
    with writing():
        load_network()
    someone = make.saved(Person(created_at=moment)).id
    own = {"person_id": someone}
    attempt = make.attempt(someone, edition).id
    handed_in = make.submission(someone, edition, content=None)
    of_item = own | {"edition_id": edition.id, "item_id": handed_in.item_id}
    mark = make.mark(handed_in, marked_by=someone)
    review = make.peer_review(someone, handed_in)
    given = make.answer_mark(attempt, someone)
    certificate = make.certificate(someone, edition, has_holder=False)
    answered = {"attempt_id": attempt, "changed_at": moment, "received_at": moment}
    rows = {
        "accounts": own | {"country_code": "PY", "language": "en", "time_zone": "UTC"},
        "sessions": own | {"began_at": moment, "expires_at": later_on},
        "tickets": own | {"purpose": "sign_in", "created_at": moment, "expires_at": later_on},
        "sign_in_failures": {"failed_at": moment},
        "accommodations": own | {"more_time_percent": 50, "more_attempts": 1, "set_at": moment},
        "quiz_answers": own | answered | {"is_flagged": False},
        "quiz_late_answers": own | answered,
        "quiz_comments": own | {"mark_id": given.id},
        "assignment_drafts": of_item | {"revision": 1, "changed_at": moment},
        "assignment_files": of_item | ARRIVED | {"changed_at": moment},
        "assignment_contents": own | {"submission_id": handed_in.id},
        "assignment_comments": own | {"mark_id": mark.id},
        "peer_comments": own | {"review_id": review.id},
        "saved_comments": own | {"item_id": handed_in.item_id, "saved_at": moment},
        "certificate_names": own | {"edition_id": edition.id, "confirmed_at": moment},
        "certificate_holders": own | {"certificate_id": certificate.id},
        "grade_decisions": of_item
        | {"share": 1, "is_withdrawn": False, "decided_by": someone, "decided_at": moment},
        "survey_participations": of_item,
        "survey_named_responses": of_item | {"answered_at": moment},
        "bookmarks": own | {"edition_id": edition.id, "item_id": item_id, "reached_at": moment},
        "jobs": {
            "work": "tests.nothing",
            "arguments": own | {"said": MARKER},
            "key": None,
            "due_at": later_on,
        },
    }
    assert rows.keys() == tables_of(Erasure.ERASED)
    for name, given in rows.items():
        defaults = {"is_demo": False} if name == "accounts" else {}
        defaults |= {"attempts": 1} if name == "jobs" else {}
        plant(metadata.tables[name], **given, **defaults)
    make.enrolment(**own, edition_id=edition.id)
    with writing():
        edition.seats_taken = 1
        actions.grant_role(someone, Grant(Role.SECRETARIAT, Scope.SITE))
        actions.accept(someone, "privacidad", current_version("privacidad"), "en")
        db.session.add(
            Fact(
                event_id="e" * 36,
                **own,
                edition_id=edition.id,
                item_id=item_id,
                version_id=edition.version_id,
                kind=FactKind.COMPLETED,
                rule="marked",
                details={"is_done": True},
                happened_at=moment,
            )
        )
        db.session.add(GradingScheme(**own, edition_id=edition.id, scheme={}, chosen_at=moment))
        db.session.add(
            Approval(**own, edition_id=edition.id, approved_by=someone, approved_at=moment)
        )
        db.session.add(
            Correction(
                **own,
                edition_id=edition.id,
                item_id=item_id,
                question="q-1",
                correction={"remedy": "drop"},
                reason="Two answers are right.",
                made_at=moment,
            )
        )
    return someone


def everything() -> dict[str, str]:
    """Every column of the whole database that holds something, and what stands in it."""
    db.session.rollback()
    said: dict[str, str] = {}
    for name in inspect(db.engine).get_table_names():
        for row in db.session.execute(text(f'SELECT * FROM "{name}"')):
            for column, value in row._mapping.items():
                place = f"{name}.{column}"
                said[place] = f"{said.get(place, '')} {value}"
    return said


def places_with(word: str) -> set[str]:
    return {column for column, value in everything().items() if word in value}


def erase(person_id: int) -> None:
    with writing():
        end_places(person_id)
        actions.erase_person(person_id)


def test_nothing_that_identifies_someone_is_left_anywhere(app, outbox, run_jobs):
    edition = make.taught(quiz=make.QUIZ, assignment=make.ASSIGNMENT, seats=5)
    someone = someone_who_left_traces(edition)
    personal = {name for name, what in PERSONAL.items() if what is Erasure.ERASED}
    words = {
        str(column)
        for table in metadata.tables.values()
        for column in table.columns
        if str(column) in personal and holds_words(column)
    }
    assert places_with(MARKER) == words - BOUND

    erase(someone)

    assert places_with(MARKER) == set()
    for name in tables_of(Erasure.ERASED) - {"jobs"}:
        assert db.session.scalar(select(func.count()).select_from(metadata.tables[name])) == 0, name
    run_jobs()
    assert outbox() == []


def test_facts_acceptances_and_the_record_of_roles_and_places_stay(app):
    edition = make.taught(quiz=make.QUIZ, assignment=make.ASSIGNMENT, seats=5)
    someone = someone_who_left_traces(edition)

    erase(someone)

    copied = copy_of(someone)
    kept = {
        "acceptances",
        "assignment_marks",
        "assignment_submissions",
        "certificate_approvals",
        "certificate_batches",
        "certificates",
        "enrolments",
        "facts",
        "grading_schemes",
        "peer_reviews",
        "quiz_attempts",
        "quiz_corrections",
        "quiz_marks",
        "role_grants",
    }
    assert {name for name, rows in copied.items() if rows} == kept
    assert db.session.scalars(select(RoleGrant.ended_at)).one() is not None
    assert db.session.scalars(select(Enrolment.ended_at)).one() is not None
    db.session.refresh(edition)
    assert edition.seats_taken == 0


def test_a_place_in_an_edition_that_is_over_ends_too(app):
    today = now().date()
    edition = make.edition(
        starts_on=today - 90 * make.DAY, ends_on=today - 9 * make.DAY, seats=3, seats_taken=1
    )
    someone = make.person()
    make.enrolment(person_id=someone, edition_id=edition.id)

    erase(someone)

    assert db.session.scalars(select(Enrolment.ended_at)).one() is not None
    db.session.refresh(edition)
    assert edition.seats_taken == 0


def test_nobody_else_loses_anything(app):
    edition = make.taught(quiz=make.QUIZ)
    other = make.person()
    make.enrolment(person_id=other, edition_id=edition.id)
    with writing():
        token = actions.sign_in(other)
        actions.ask_for_link("other@example.org", "/me")
    someone = make.person()
    before = copy_of(other)

    erase(someone)

    assert copy_of(other) == before
    assert load_viewer(token) is not None
    assert waiting() == 1


def test_the_erased_are_signed_out_and_cannot_get_in_again(app, visitor, sign_in, run_jobs, outbox):
    person("eva@example.org", grants=[RUNS])
    ana = person()
    browser = in_english(sign_in(ana))
    assert browser.get("/me").status_code == 200
    with writing():
        actions.ask_for_link("Ana@Example.org", "/me")
    run_jobs()  # the link is made, and its letter waits no more
    with writing():
        actions.ask_for_link("ana@example.org", "/me")
        actions.ask_to_reset("ana@example.org")
        actions.ask_to_change_email(ana, "new@example.org")
    letters = len(outbox())

    erase(ana)

    assert waiting() == 0
    run_jobs()
    assert len(outbox()) == letters
    assert browser.get("/me").status_code == 303
    assert try_password(in_english(visitor), PASSWORD).status_code == 422


def test_a_letter_whose_link_was_made_already_is_not_sent(app, run_jobs, outbox):
    ana = person()
    with writing():
        actions.ask_to_change_email(ana, "new@example.org")
        answer = db.session.scalars(select(Job)).one()
    with writing():  # as its runner does, which then is about to send the letter
        finish = answer_email_change(**answer.arguments)
        answer.done_at = now()
        finish()
    assert waiting() == 1

    erase(ana)

    assert waiting() == 0
    run_jobs()
    assert outbox() == []


def test_what_once_went_wrong_with_someones_letter_is_forgotten(app):
    ana = person()
    said = "SMTPError: no room for Ana Muñoz"
    make.saved(Job(work="x", arguments={}, due_at=now(), done_at=now(), last_error=said))

    erase(ana)

    assert places_with("Ana Muñoz") == set()


def test_whoever_was_merged_into_someone_is_erased_with_them(app):
    ana, twin = person(), person("twin@example.org")
    with writing():
        db.session.get_one(Person, twin).merged_into = ana
        actions.sign_in(twin)

    erase(ana)

    assert db.session.scalars(select(Account)).all() == []
    assert places_with("twin@example.org") == set()


def test_the_address_can_be_used_for_an_account_of_another_person(app):
    ana = person(grants=[Grant(Role.SECRETARIAT, Scope.SITE)])
    erase(ana)

    newcomer = person()

    assert newcomer != ana
    with writing():
        token = actions.sign_in(newcomer)
    assert load_viewer(token).grants == frozenset()


def test_the_last_administrator_is_not_erased(app):
    ana = person(grants=[RUNS])
    make.enrolment(person_id=ana, edition_id=make.edition(seats_taken=1).id)

    with speaking("en"), pytest.raises(Refused, match="last administrator"):
        erase(ana)

    assert find_account("ana@example.org") is not None
    assert db.session.scalars(select(Enrolment.ended_at)).one() is None


def test_a_copy_holds_every_table_about_people_and_no_secret(app):
    someone = someone_who_left_traces(make.taught(quiz=make.QUIZ, assignment=make.ASSIGNMENT))
    other = person("other@example.org")
    with writing():
        actions.sign_in(other)
        actions.grant_role(other, RUNS, granted_by=someone)

    copied = copy_of(someone)

    about_people = {name.partition(".")[0] for name in PERSONAL}
    assert copied.keys() == about_people - {"jobs", "people"}
    assert all(len(rows) == 1 for rows in copied.values())
    columns = {f"{name}.{column}" for name, rows in copied.items() for column in rows[0]}
    secrets = {"accounts.password_hash", "sessions.token_hash", "tickets.token_hash"}
    elsewhere = {name for name in PERSONAL if name.startswith(("jobs.", "people."))}
    assert set(PERSONAL) - columns == secrets | elsewhere

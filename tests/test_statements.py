"""How often every page asks the database: a fixed number, however much there is of everything."""

from datetime import timedelta

import pytest

from coursehub.accounts.actions import tickets
from coursehub.accounts.models import Purpose, Role, Ticket
from coursehub.certificates.actions import rotate
from coursehub.foundation.clock import now
from coursehub.foundation.database import db, writing
from tests import make

MORE = 20
# For someone signed in, with a place: who they are comes first. A page that is missing here fails.
STATEMENTS = {
    "/": 3,
    "/.well-known/did.json": 1,
    "/certificates/<code>": 2,
    "/certificates/<code>/certificate.pdf": 2,
    "/certificates/<code>/credential.json": 2,
    "/courses": 3,
    "/courses/<slug>": 5,
    "/courses/feed.atom": 1,
    "/credentials/keys": 1,
    "/credentials/status/<int:number>": 3,
    "/editions/<edition>/enrolment/end": 5,
    "/healthz": 0,
    "/help": 1,
    "/help/<slug>": 1,
    "/learn": 3,
    "/learn/<edition>": 4,
    "/learn/<edition>/<lesson>": 5,  # the last one keeps the place reached
    "/learn/<edition>/certificate": 5,
    "/learn/<edition>/assignments/<assignment>": 8,
    "/learn/<edition>/assignments/<assignment>/reviews": 7,
    "/learn/<edition>/assignments/<assignment>/reviews/<int:number>": 9,
    "/learn/<edition>/assignments/<assignment>/reviews/<int:number>/files/<key>": 5,
    "/learn/<edition>/assignments/<assignment>/versions/<int:number>": 9,
    "/learn/<edition>/assignments/<assignment>/versions/<int:number>/files/<key>": 6,
    "/learn/<edition>/end": 3,
    "/learn/<edition>/grades": 9,
    "/learn/<edition>/files/<code>/<any(lessons, modules):kind>/<slug>.<form>": 3,
    "/learn/<edition>/glossary": 4,
    "/learn/<edition>/media/<fingerprint>/<name>": 3,
    "/learn/<edition>/modules/<module>": 4,
    "/learn/<edition>/quizzes/<quiz>": 6,
    "/learn/<edition>/quizzes/<quiz>/attempts/<int:number>": 5,
    "/learn/<edition>/quizzes/<quiz>/attempts/<int:number>/review": 9,
    "/learn/<edition>/search": 3,
    "/learn/<edition>/surveys/<survey>": 5,
    "/letter-sent": 1,
    "/quiz-worker.js": 0,
    "/me": 3,
    "/me/certificates": 2,
    "/me/email": 2,
    "/me/email/<token>": 2,
    "/me/password": 2,
    "/me/sessions": 2,
    "/password": 1,
    "/password/<token>": 2,
    "/readyz": 1,
    "/studio": 2,
    "/studio/banks": 3,
    "/studio/banks/<int:bank>": 4,
    "/studio/banks/<int:bank>/export.<ending>": 3,
    "/studio/banks/<int:bank>/import": 2,
    "/studio/banks/<int:bank>/imports/<key>": 3,
    "/studio/banks/<int:bank>/questions/<key>": 5,
    "/studio/banks/template.xlsx": 1,
    "/studio/editions/<edition>": 4,
    "/studio/editions/<edition>/grades": 10,
    "/studio/editions/<edition>/grades/grades.<any(csv, xlsx):form>": 10,
    "/studio/editions/<edition>/grades/import": 6,
    "/studio/editions/<edition>/grades/people/<int:person>": 11,
    "/studio/editions/<edition>/grades/scheme": 5,
    "/studio/editions/<edition>/quizzes": 3,
    "/studio/editions/<edition>/quizzes/<quiz>": 6,
    "/studio/editions/<edition>/quizzes/<quiz>/marking": 5,
    "/studio/editions/<edition>/quizzes/<quiz>/marking/<question>": 11,
    "/studio/editions/<edition>/quizzes/<quiz>/questions/<question>": 6,
    "/studio/editions/<edition>/surveys": 5,
    "/studio/editions/<edition>/surveys/<survey>": 4,
    "/studio/editions/<edition>/surveys/<survey>/results.csv": 4,
    "/studio/editions/<edition>/certificates": 7,
    "/studio/editions/<edition>/certificates/<code>": 2,  # those who teach are told no
    "/studio/editions/<edition>/assignments": 4,
    "/studio/editions/<edition>/assignments/<assignment>": 9,
    "/studio/editions/<edition>/assignments/<assignment>/<int:submission>": 13,
    "/studio/editions/<edition>/assignments/<assignment>/<int:submission>/files/<key>": 6,
    "/uploads/<key>": 2,
    "/sign-in": 1,
    "/sign-in/<token>": 2,
    "/sign-up": 2,
    "/sign-up/<token>": 2,
    "/verify": 1,
    "/verify/<code>": 2,
    "/verify/<code>.json": 1,
    "/verify/offline": 2,
}
NOT_ASKING = {"/static/<path:filename>"}


def pages(app) -> set[str]:
    return {rule.rule for rule in app.url_map.iter_rules() if "GET" in rule.methods} - NOT_ASKING


@pytest.fixture
def seat(app, sign_in):
    """Someone with a place in an edition, and every part that an address may name."""
    assignment = make.ASSIGNMENT | {"peers": {"give": 2, "get": 1, "days": 7}}
    surveys = {"survey": make.SURVEY}
    quiz = make.QUIZ | {"questions": [*make.QUIZ["questions"], make.ESSAY]}
    edition = make.taught(slug="edition", quiz=quiz, surveys=surveys, assignment=assignment)
    person_id = make.person()
    make.enrolment(person_id=person_id, edition_id=edition.id)
    read = make.attempt(person_id, edition, number=1, is_submitted=True).id
    make.answer_mark(read, person_id, question="q-essay")
    make.attempt(person_id, edition, number=2)
    kept = make.bank()
    certificate = make.certificate(person_id, edition).code
    with writing():
        rotate()
    handed_in = make.submission(person_id, edition)
    make.peer_review(person_id, make.submission(make.person(), edition))
    words = {
        "bank": kept.id,
        "ending": "xml",
        "held": make.held_file(kept.id).key,
        "certificate": certificate,
        "edition": edition.slug,
        "assignment": "module-2-plan",
        "submission": handed_in.id,
        "key": make.arriving_file(person_id, handed_in).key,
        "slug": course_of(edition),
        "lesson": "1-1",
        "module": "module-1",
        "quiz": "module-1-quiz",
        "question": "q-1",
        "survey": "module-1-survey",
        "number": 2,
        "code": "es",
        "kind": "lessons",
        "form": "pdf",
        "fingerprint": "0123456789abcdef",
        "name": "a.svg",
    }
    return sign_in(person_id), person_id, words, edition


def course_of(edition) -> str:
    from_courses = "SELECT slug FROM courses WHERE id = :id"
    return db.session.scalar(db.text(from_courses), {"id": edition.course_id})


def link(purpose: Purpose, person_id: int) -> str:
    """The secret part of a mailed link that still works."""
    of_nobody = purpose == Purpose.SIGN_UP
    details = {"name": "Ana", "after": ""} if of_nobody else {}
    token = f"{purpose}-token"
    with writing():
        db.session.add(
            Ticket(
                token_hash=tickets.fingerprint(token),
                purpose=purpose,
                person_id=None if of_nobody else person_id,
                email="ana@example.org",
                email_key="ana@example.org",
                details=details,
                created_at=now(),
                expires_at=now() + timedelta(hours=1),
            )
        )
    return token


PURPOSES = {
    "/me/email/<token>": Purpose.CHANGE_EMAIL,
    "/password/<token>": Purpose.RESET_PASSWORD,
    "/sign-in/<token>": Purpose.SIGN_IN,
    "/sign-up/<token>": Purpose.SIGN_UP,
}


# Where a word of the table above means something else: the beginning of a rule, and its words.
OTHERWISE = [
    ("/help/<slug>", {"slug": "ayuda"}),
    ("/learn/<edition>/files", {"slug": "1-1"}),
    ("/learn/<edition>/quizzes/<quiz>/attempts/<int:number>/review", {"number": 1}),
    ("/learn/<edition>/assignments", {"number": 1}),
    ("/studio/editions/<edition>/grades", {"form": "csv"}),
    ("/studio/editions/<edition>/quizzes/<quiz>/marking", {"question": "q-essay"}),
    ("/studio/banks", {"key": "q-made"}),
    ("/studio/banks/<int:bank>/imports", {"key": "{held}"}),
    ("/verify", {"code": "{certificate}"}),
    ("/certificates", {"code": "{certificate}"}),
    ("/studio/editions/<edition>/certificates", {"code": "{certificate}"}),
    ("/credentials", {"number": 1}),
]


def address(app, rule: str, words: dict, person_id: int) -> str:
    found = next(one for one in app.url_map.iter_rules() if one.rule == rule)
    given = {name: words.get(name, "x") for name in found.arguments} | {"person": person_id}
    for beginning, others in OTHERWISE:
        if rule.startswith(beginning):
            given |= {k: v.format(**words) if isinstance(v, str) else v for k, v in others.items()}
    if rule in PURPOSES:
        given["token"] = link(PURPOSES[rule], person_id)
    with app.test_request_context():
        return app.url_for(found.endpoint, **{name: given[name] for name in found.arguments})


def test_every_page_stands_in_the_table(app):
    assert pages(app) == set(STATEMENTS)


@pytest.mark.parametrize("rule", STATEMENTS)
def test_a_page_asks_as_often_as_the_table_says_however_much_there_is(app, seat, statements, rule):
    browser, person_id, words, edition = seat
    path = address(app, rule, words, person_id)
    if rule.startswith("/studio"):
        make.grant(person_id, Role.INSTRUCTOR)
    with statements() as few:
        browser.get(path, buffered=True)
    for _ in range(MORE):
        other = make.taught()
        make.enrolment(person_id=person_id, edition_id=other.id)
        make.enrolment(person_id=make.person(Role.INSTRUCTOR), edition_id=other.id)
        make.bank(course_id=other.course_id)
        make.submission(make.person(), edition)
    with statements() as many:
        browser.get(path, buffered=True)

    assert len(few) == STATEMENTS[rule]
    # A page that is read again keeps no place: it was kept already.
    assert len(many) == STATEMENTS[rule] - (rule == "/learn/<edition>/<lesson>")

"""Rows for tests, valid by default. Say only what the test is about."""

import uuid
from datetime import timedelta
from itertools import count

from sqlalchemy import select

from coursehub.accounts.models import Account, Person, Role, RoleGrant, Scope
from coursehub.assignments.models import (
    KeptFile,
    Mark,
    MarkState,
    PeerReview,
    Submission,
    SubmissionContent,
)
from coursehub.catalogue.models import Edition, Format
from coursehub.certificates.formats.codes import new_code
from coursehub.certificates.models import Batch, Certificate, Holder, Kind
from coursehub.content.actions.banks import bank_for, keep
from coursehub.content.formats.questions import QUESTION, as_data
from coursehub.content.models import (
    Bank,
    Course,
    CourseVersion,
    Item,
    ItemKind,
    Rendition,
    SearchEntry,
    VersionActivity,
    VersionLesson,
    VersionPage,
)
from coursehub.enrolment.models import Enrolment
from coursehub.foundation import search, storage
from coursehub.foundation.clock import now
from coursehub.foundation.database import db, writing
from coursehub.network.models import Country, Standing
from coursehub.questions.models import HeldFile
from coursehub.questions.rules.arranging import arrange
from coursehub.quizzes.models import AnswerMark, AttemptState, QuizAttempt, SubmittedBy
from coursehub.quizzes.models import MarkState as AnswerState
from tests.activities import ASSIGNMENT, ESSAY, QUIZ, SURVEY, half

__all__ = ["ASSIGNMENT", "ESSAY", "QUIZ", "SURVEY", "half"]
number = count(1)
DAY = timedelta(days=1)


def person(*roles: Role, **given) -> int:
    """The number of someone with an account, who holds these roles on the whole site."""
    n = next(number)
    someone = saved(Person(created_at=now()))
    email = given.setdefault("email", f"person{n}@example.org")
    defaults = {"name": f"Person {n}", "language": "en", "time_zone": "UTC"}
    saved(Account(person_id=someone.id, email_key=email.casefold(), **defaults | given))
    for role in roles:
        grant(someone.id, role)
    return someone.id


def grant(person_id: int, role: Role, scope: Scope = Scope.SITE, scope_id: str = "") -> RoleGrant:
    moment = now()
    return saved(
        RoleGrant(person_id=person_id, role=role, scope=scope, scope_id=scope_id, granted_at=moment)
    )


def country(code: str = "AR", **given) -> Country:
    defaults = {"name_es": code, "name_pt": code, "name_en": code, "standing": Standing.MEMBER}
    return saved(Country(code=code, **defaults | given))


def course(**given) -> Course:
    n = next(number)
    return saved(
        Course(**{"key": f"course-{n}", "slug": f"course-{n}", "created_at": now()} | given)
    )


def course_slug(number_of_course: int) -> str:
    return db.session.get_one(Course, number_of_course).slug


def version(**given) -> CourseVersion:
    given = given if "course_id" in given else {"course_id": course().id} | given
    defaults = {
        "number": 1,
        "published_at": now(),
        "fingerprint": f"{next(number):064}",
        "source_language": "es",
        "is_whole": True,
        "facts": {},
    }
    return saved(CourseVersion(**defaults | given))


def bank(*questions: dict, course_id: int | None = None, key: str = "") -> Bank:
    """A bank with these questions, or with one that is true."""
    made = {"id": "q-made", "type": "true_false", "text": {"es": "¿Sí?"}, "is_true": True}
    said = [as_data(QUESTION.validate_python(one)) for one in questions or (made,)]
    with writing():
        kept = bank_for(course_id, key or f"bank-{next(number)}", {"es": "Banco"})
        keep(kept, said)
        row = kept.id
    return db.session.get_one(Bank, row)


def held_file(bank_id: int, text: str = "¿Sí?{T}") -> HeldFile:
    """A file that was sent for a bank, in Spanish."""
    sent = {"key": f"held-{next(number)}", "language": "es", "name": "a.gift", "sent_at": now()}
    return saved(HeldFile(bank_id=bank_id, content=text.encode(), **sent))


def edition(**given) -> Edition:
    """A self-paced edition that is announced, open for enrolment and without a limit."""
    if "version_id" not in given:
        made = version(**{key: given[key] for key in ("course_id",) if key in given})
        given |= {"version_id": made.id, "course_id": made.course_id}
    moment, today = now(), now().date()
    local = moment.replace(tzinfo=None)
    defaults = {
        "slug": f"edition-{next(number)}",
        "format": Format.SELF_PACED,
        "starts_on": today - DAY,
        "ends_on": today + 90 * DAY,
        "zone": "UTC",
        "opens_local": local - DAY,
        "closes_local": local + 30 * DAY,
        "opens_at": moment - DAY,
        "closes_at": moment + 30 * DAY,
        "announced_at": moment - DAY,
    }
    return saved(Edition(**defaults | given))


def offer(
    slug: str | None = None,
    languages=("es", "pt", "en"),
    outline=(),
    *,
    is_whole: bool = True,
    course_id: int | None = None,
    nth: int = 1,
    **given,
) -> CourseVersion:
    """A version of a course as the catalogue shows it, in each language with its own title."""
    n = next(number)
    if course_id is None:
        course_id = (course(slug=slug) if slug else course()).id
    facts = {"languages": list(languages), "completeness": dict.fromkeys(languages, 100)}
    facts |= {"lessons": 2, "ready_lessons": 2}
    made = version(course_id=course_id, number=nth, facts=facts, is_whole=is_whole)
    for language in ("es", "pt", "en"):
        shown = {
            "title": f"Title {n} ({language})",
            "summary": f"Summary {n} ({language})",
            "language": language,
            "topic": "foundations",
            "weave": "sarga",
            "formats": ["self_paced"],
            "hours": 26,
            "weeks": 8,
            "audience": "Public officials",
            "certificate": "What the certificate asks",
            "outcomes": ["Recognise risks"],
            "requirements": ["A telephone"],
            "reading": [],
            "size_bytes": 1_234_567,
        }
        page = {
            "version_id": made.id,
            "language": language,
            "outline": list(outline),
            "glossary": [],
        }
        saved(VersionPage(course=shown | given, **page))
    return made


def taught(
    modules: int = 2,
    lessons: int = 2,
    *,
    is_whole: bool = True,
    quiz: dict | None = None,
    surveys: dict[str, dict] | None = None,
    assignment: dict | None = None,
    **given,
) -> Edition:
    """An edition of a course that can be read: modules 1, 2 …, their lessons 1-1, 1-2 …

    Each lesson stands in the three languages; its one block says its slug and language. A `quiz`
    stands last in module 1, as module-1-quiz, and `surveys` after it under their names.
    An `assignment` stands last in module 2, as module-2-plan.
    """
    named = course()
    numbers = range(1, modules + 1)
    outline = [outline_module(named.id, number, lessons) for number in numbers]
    activities = {}
    if quiz:
        outline[0]["items"].append(outline_quiz(named.id, quiz))
        activities["module-1-quiz"] = quiz
    for name, survey in (surveys or {}).items():
        outline[0]["items"].append(outline_survey(named.id, name, survey))
        activities[f"module-1-{name}"] = survey
    if assignment:
        outline[1]["items"].append(outline_assignment(named.id, assignment))
        activities["module-2-plan"] = assignment
    made = offer(named.slug, outline=outline, is_whole=is_whole, course_id=named.id)
    for module in outline:
        for item in module["items"]:
            if item["slug"] in activities:
                known = {"version_id": made.id, "item_id": item["id"]}
                saved(VersionActivity(**known, activity=activities[item["slug"]]))
                continue
            for language in ("es", "pt", "en"):
                lesson(made.id, item, language)
    return edition(version_id=made.id, course_id=named.id, **given)


def outline_quiz(course_id: int, quiz: dict) -> dict:
    """A quiz as an outline holds it."""
    return {
        **item(course_id, ItemKind.QUIZ),
        "kind": "quiz",
        "slug": "module-1-quiz",
        "path": "quizzes/module-1-quiz",
        "title": quiz["title"]["es"],
        "minutes": None,
        "state": "ready",
        "language": "es",
        "number": None,
        "questions": len(quiz["questions"]),
        "pass_percent": quiz["pass_percent"],
    }


def outline_survey(course_id: int, name: str, survey: dict) -> dict:
    """A survey as an outline holds it."""
    return {
        **item(course_id, ItemKind.SURVEY),
        "kind": "survey",
        "slug": f"module-1-{name}",
        "path": f"surveys/module-1-{name}",
        "title": survey["title"]["es"],
        "minutes": None,
        "state": "ready",
        "language": "es",
        "number": None,
        "questions": len(survey["questions"]),
        "pass_percent": None,
        "keeping": survey["keeping"],
        "pair": survey.get("pair"),
        "when": survey.get("when"),
        "is_voluntary": not survey["required"],
    }


def outline_assignment(course_id: int, assignment: dict) -> dict:
    """An assignment as an outline holds it."""
    return {
        **item(course_id, ItemKind.ASSIGNMENT),
        "kind": "assignment",
        "slug": "module-2-plan",
        "path": "assignments/module-2-plan",
        "title": assignment["title"]["es"],
        "minutes": None,
        "state": "ready",
        "language": "es",
        "number": None,
        "pass_points": assignment["pass_points"],
    }


def attempt(person_id: int, edition: Edition, *, is_submitted: bool = False, **given):
    """An attempt at the edition's quiz: every question drawn, nothing answered."""
    row = db.session.execute(
        select(VersionActivity)
        .join(Item, Item.id == VersionActivity.item_id)
        .where(VersionActivity.version_id == edition.version_id, Item.kind == ItemKind.QUIZ)
    ).scalar_one()
    questions = row.activity["questions"]
    defaults = {
        "key": str(uuid.uuid4()),
        "item_id": row.item_id,
        "version_id": edition.version_id,
        "number": 1,
        "started_at": now(),
        "due_at": edition.ends_at,
        "language": "es",
        "plan": [{"id": one["id"], "order": arrange(one, "seed")} for one in questions],
    }
    if is_submitted:
        nothing = {"points": 0.0, "out_of": 1.0, "needs_marking": False, "parts": {}}
        defaults |= {
            "state": AttemptState.SUBMITTED,
            "submitted_at": now(),
            "submitted_by": SubmittedBy.LEARNER,
            "points": 0.0,
            "out_of": float(len(questions)),
            "results": {one["id"]: nothing for one in questions},
        }
    given = {"person_id": person_id, "edition_id": edition.id} | given
    return saved(QuizAttempt(**defaults | given))


def answer_mark(attempt_id: int, person_id: int, **given) -> AnswerMark:
    """A provisional mark of one point that someone's answer was given."""
    defaults = {
        "question": "q-1",
        "part": "",
        "number": 1,
        "state": AnswerState.PROVISIONAL,
        "points": 1.0,
        "out_of": 1.0,
        "levels": {},
        "marked_by": person_id,
        "marked_at": now(),
    }
    return saved(AnswerMark(attempt_id=attempt_id, person_id=person_id, **defaults | given))


def certificate(
    person_id: int, edition: Edition, *, has_holder: bool = True, **given
) -> Certificate:
    """A certificate that was issued and made, with what it was signed by."""
    batch = saved(Batch(edition=edition.slug, ordered_at=now(), person_id=person_id))
    today, code = now().date(), new_code()
    defaults = {
        "code": code,
        "batch_id": batch.id,
        "edition": edition.slug,
        "course": "course",
        "kind": Kind.APPROVAL,
        "language": "es",
        "title": "Title",
        "modules": ["Módulo 1. Fundamentos"],
        "activities": [],
        "hours": 4.0,
        "starts_on": edition.starts_on,
        "ends_on": edition.ends_on,
        "completed_on": today,
        "issued_on": today,
        "issued_at": now(),
        "issuer": "CourseHub",
        "made_at": now(),
        "pdf_sha256": storage.put(code.encode()),
        "pdf_bytes": len(code),
    }
    row = saved(Certificate(**{"person_id": person_id} | defaults | given))
    name = {"name": "Ana", "credential": {}, "payload": ""}
    if has_holder:
        saved(Holder(certificate_id=row.id, person_id=row.person_id, **name))
    return row


def submission(
    person_id: int, edition: Edition, content: str | None = "My plan", **given
) -> Submission:
    """Version 1 of what someone handed in of the edition's assignment: a text."""
    row = db.session.execute(
        select(VersionActivity)
        .join(Item, Item.id == VersionActivity.item_id)
        .where(VersionActivity.version_id == edition.version_id, Item.kind == ItemKind.ASSIGNMENT)
    ).scalar_one()
    defaults = {
        "key": str(uuid.uuid4()),
        "item_id": row.item_id,
        "version_id": edition.version_id,
        "number": 1,
        "handed_in_at": now(),
        "due_at": edition.ends_at,
        "words": 2,
        "text_sha256": "0" * 64,
    }
    given = {"person_id": person_id, "edition_id": edition.id} | given
    made = saved(Submission(**defaults | given))
    if content is not None:
        said = {"text": content, "links": [], "files": []}
        saved(SubmissionContent(submission_id=made.id, person_id=person_id, **said))
    return made


def mark(of: Submission, marked_by: int, **given) -> Mark:
    """A mark that somebody gave, with all points there are."""
    defaults = {
        "number": 1,
        "state": MarkState.RELEASED,
        "points": {},
        "earned": 20.0,
        "deducted": 0.0,
        "has_passed": True,
        "is_complete": True,
        "marked_at": now(),
    }
    row = {"submission_id": of.id, "person_id": of.person_id, "marked_by": marked_by}
    return saved(Mark(**row | defaults | given))


def peer_review(person_id: int, of: Submission, **given) -> PeerReview:
    """A work of another that someone was given to review, and has not reviewed yet."""
    where = {"edition_id": of.edition_id, "item_id": of.item_id, "submission_id": of.id}
    defaults = {"number": 1, "assigned_at": now(), "points": {}}
    return saved(PeerReview(person_id=person_id, **where, **defaults | given))


def arriving_file(person_id: int, handed_in: Submission) -> KeptFile:
    """A file whose pieces have not come yet."""
    return saved(
        KeptFile(
            key=str(uuid.uuid4()),
            person_id=person_id,
            edition_id=handed_in.edition_id,
            item_id=handed_in.item_id,
            name="plan.pdf",
            size_bytes=1000,
            changed_at=now(),
        )
    )


def outline_module(course_id: int, number: int, lessons: int) -> dict:
    """A module as an outline holds it, with lessons that are ready to be read."""
    items = [
        {
            **item(course_id, ItemKind.LESSON),
            "kind": "lesson",
            "slug": f"{number}-{n}",
            "path": f"{number}-{n}",
            "title": f"Lesson {number}-{n}",
            "minutes": 20,
            "state": "ready",
            "completion": "marked",
            "language": "es",
            "number": n,
        }
        for n in range(1, lessons + 1)
    ]
    return {
        **item(course_id, ItemKind.MODULE),
        "slug": f"module-{number}",
        "number": number,
        "title": f"Module {number}",
        "summary": f"Summary of module {number}",
        "objectives": ["Explain"],
        "reading": [],
        "hours": 4,
        "state": "ready",
        "language": "es",
        "items": items,
    }


def item(course_id: int, kind: ItemKind) -> dict:
    """An id of a course, as an outline names it."""
    row = saved(Item(course_id=course_id, key=f"{kind}-{next(number)}", kind=kind))
    return {"id": row.id, "key": row.key}


def lesson(version_id: int, item: dict, language: str, **given) -> Rendition:
    """What a version shows for an item in a language, and what search finds in it."""
    words = f"Texto de la lección {item['slug']} ({language})"
    details = {
        "summary": f"Summary of {item['slug']}",
        "content_note": None,
        "toc": [],
        "terms": [],
        "blocks": [{"id": "b1", "revision": "f1", "from": None}],
        "stale": [],
        "is_stale": False,
        "bytes": 400,
    }
    shown = {
        "fingerprint": f"{next(number):064}",
        "language": language,
        "title": f"{item['title']} ({language})",
        "html": f'<p id="b1">{words}</p>',
        "details": details,
    }
    row = saved(Rendition(**shown | given))
    place = {"version_id": version_id, "item_id": item["id"], "slug": item["slug"]}
    saved(VersionLesson(language=language, rendition_id=row.id, **place))
    terms = " ".join(search.terms(words, language))
    saved(SearchEntry(rendition_id=row.id, block="b1", heading="", body=words, terms=terms))
    return row


def enrolment(**given) -> Enrolment:
    given["person_id"] = given.get("person_id") or person()
    given["edition_id"] = given.get("edition_id") or edition().id
    return saved(Enrolment(**{"began_at": now()} | given))


def saved(row):
    with writing():
        db.session.add(row)
    return row

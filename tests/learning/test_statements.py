"""How often each page asks the database: the same for small and large courses."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from coursehub.accounts.models import Person
from coursehub.catalogue.models import Edition
from coursehub.content.models import Item, ItemKind
from coursehub.enrolment.models import Enrolment
from coursehub.foundation.clock import now
from coursehub.foundation.database import db, writing
from coursehub.learning.actions import completion_id
from coursehub.learning.models import Fact, FactKind
from tests import make
from tests.learning.stage import Seat, item_id, outline_of, seated

# Loading whoever is signed in, the course, what they completed; then what the page itself shows.
STATEMENTS = {
    "": 4,
    "/1-1": 4,
    "/1-1?view=print": 4,
    "/modules/module-1": 4,
    "/end": 3,
    "/search?q=texto": 4,
    "/search": 3,
    "/glossary": 4,
    "/files/es/lessons/1-1.pdf": 3,
    "/media/0123456789abcdef/a.svg": 3,
}
DESK = 3


def asked(statements, seat: Seat, page: str) -> int:
    with statements() as seen:
        seat.gets(page)
    return len(seen)


@pytest.mark.parametrize("path", STATEMENTS)
def test_a_page_asks_a_fixed_number_of_times(sign_in, statements, path):
    seat = seated(sign_in, make.taught())
    seat.reads("/1-1")

    assert asked(statements, seat, seat.base + path) == STATEMENTS[path]


def test_the_desk_asks_a_fixed_number_of_times(sign_in, statements):
    assert asked(statements, seated(sign_in, make.taught()), "/learn") == DESK


def test_reaching_another_lesson_is_one_statement_more(sign_in, statements):
    seat = seated(sign_in, make.taught())

    assert asked(statements, seat, f"{seat.base}/1-1") == STATEMENTS["/1-1"] + 1
    assert asked(statements, seat, f"{seat.base}/1-2") == STATEMENTS["/1-1"] + 1


def test_a_large_course_with_many_people_asks_no_more(sign_in, statements):
    edition = large_edition()
    seat = seated(sign_in, edition, language="en")
    lessons = [item["id"] for module in outline_of(edition) for item in module["items"]]
    assert len(lessons) == 200
    crowd(edition, 200, lessons[:3])
    record([seat.person], edition, lessons[:150])
    seat.reads("/1-1")

    for page, number in STATEMENTS.items():
        assert asked(statements, seat, seat.base + page) == number, page
    assert asked(statements, seat, "/learn") == DESK


def large_edition() -> Edition:
    """Ten modules of twenty lessons, of which the first has a text."""
    course = make.course()
    first = make.outline_module(course.id, 1, 1)
    rows = [
        Item(course_id=course.id, key=f"large-{n}", kind=ItemKind.LESSON) for n in range(2, 201)
    ]
    with writing():
        db.session.add_all(rows)
    (lesson,) = first["items"]
    lessons = [lesson, *(lesson | {"id": row.id, "slug": row.key, "path": row.key} for row in rows)]
    modules = [
        first | {"id": first["id"] + 1000 * n, "slug": f"module-{n + 1}", "number": n + 1}
        for n in range(10)
    ]
    outline = [
        module | {"items": lessons[20 * n : 20 * n + 20]} for n, module in enumerate(modules)
    ]
    version = make.offer(course_id=course.id, outline=outline)
    make.lesson(version.id, lesson, "en")
    return make.edition(course_id=course.id, version_id=version.id)


def crowd(edition, count: int, lessons: list[int]) -> None:
    """Many people with a place, each of whom completed these lessons."""
    edition_id = edition.id
    people = [Person(created_at=now()) for _ in range(count)]
    with writing():
        db.session.add_all(people)
        db.session.flush()
        numbers = [person.id for person in people]
        db.session.execute(
            insert(Enrolment),
            [
                {"person_id": number, "edition_id": edition_id, "began_at": now()}
                for number in numbers
            ],
        )
    record(numbers, edition, lessons)


def record(people: list[int], edition, lessons: list[int]) -> None:
    edition_id, version_id = edition.id, edition.version_id
    with writing():
        db.session.execute(
            insert(Fact),
            [
                {
                    "event_id": completion_id(person, edition_id, lesson),
                    "person_id": person,
                    "edition_id": edition_id,
                    "item_id": lesson,
                    "version_id": version_id,
                    "kind": FactKind.COMPLETED,
                    "rule": "lesson-1",
                    "details": {"is_done": True},
                    "happened_at": now(),
                }
                for person in people
                for lesson in lessons
            ],
        )


def test_a_desk_with_many_courses_asks_no_more(sign_in, statements):
    edition = make.taught()
    seat = seated(sign_in, edition)
    editions = [
        make.edition(course_id=edition.course_id, version_id=edition.version_id) for _ in range(29)
    ]
    with writing():
        db.session.add_all(
            Enrolment(person_id=seat.person, edition_id=one.id, began_at=now() - timedelta(days=n))
            for n, one in enumerate(editions)
        )

    assert asked(statements, seat, "/learn") == DESK
    assert seat.gets("/learn").text.count('class="ch-mycourse"') == 30


def test_completing_a_lesson_asks_a_fixed_number_of_times(sign_in, statements):
    seat = seated(sign_in, make.taught(modules=3, lessons=10))
    record([seat.person], seat.edition, [item_id(seat.edition, f"1-{n}") for n in range(1, 9)])

    address = f"{seat.base}/2-1/completion"

    with statements() as seen:
        seat.browser.post(address)

    assert len([one for one in seen if "SAVEPOINT" not in one]) == 5

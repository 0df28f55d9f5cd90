"""Completing lessons: once, for good, and the same on every page."""

import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from coursehub.accounts.models import Person, Role
from coursehub.content.models import ItemKind
from coursehub.foundation.database import db, writing
from coursehub.learning.actions import completion_id
from tests import make
from tests.learning.stage import facts, item_id, outline_of, seated, watching, words


def test_completing_a_lesson_is_recorded_once_with_what_it_was_judged_by(sign_in, clock):
    clock(datetime(2027, 3, 1, 12, tzinfo=UTC))
    seat = seated(sign_in, make.taught())

    answer = seat.completes("1-1")

    assert answer.status_code == 303
    assert answer.location == f"{seat.base}/1-1#completion"
    (fact,) = facts()
    item = item_id(seat.edition, "1-1")
    assert fact.event_id == completion_id(seat.person, seat.edition.id, item)
    assert uuid.UUID(fact.event_id)
    assert (fact.person_id, fact.edition_id, fact.item_id) == (seat.person, seat.edition.id, item)
    assert (fact.kind, fact.rule, fact.revision) == ("completed", "lesson-1", 1)
    assert fact.version_id == seat.edition.version_id
    assert fact.details == {"is_done": True, "how": "marked"}
    assert fact.happened_at == datetime(2027, 3, 1, 12, tzinfo=UTC)


def test_every_page_says_the_same_about_progress(sign_in):
    seat = seated(sign_in, make.taught(modules=2, lessons=2))
    seat.completes("1-1")

    line = "1 of 4 parts completed."
    assert line in words(seat.reads(""))
    assert line in words(seat.reads("/end"))
    assert line in words(seat.browser.get("/learn"))
    assert f'aria-label="{line}"' in seat.reads("/1-2").text
    assert "1 of 2 lessons of this module completed." in words(seat.reads("/modules/module-1"))
    assert "0 of 2 lessons of this module completed." in words(seat.reads("/modules/module-2"))
    assert "3 parts are not completed yet." in words(seat.reads("/end"))


def seen(page) -> int:
    """The revision that the page's button sends along."""
    return int(re.search(r'name="seen" value="(\d+)"', page.text)[1])


def test_what_was_sent_from_an_older_page_and_arrives_late_changes_nothing(sign_in):
    seat = seated(sign_in, make.taught())
    first = seen(seat.reads("/1-1"))
    seat.completes("1-1", seen=first)
    done = seen(seat.reads("/1-1"))
    seat.takes_back("1-1", seen=done)

    assert seat.completes("1-1", seen=first).status_code == 303
    assert [fact.details["is_done"] for fact in facts()] == [True, False]

    seat.completes("1-1", seen=seen(seat.reads("/1-1")))
    assert [fact.details["is_done"] for fact in facts()] == [True, False, True]


def test_a_double_click_and_a_second_tab_add_nothing(sign_in):
    seat = seated(sign_in, make.taught())

    for _ in range(3):
        assert seat.completes("1-1").status_code == 303

    assert len(facts()) == 1


def test_two_tabs_in_the_same_moment_make_one_fact(app, sign_in):
    edition = make.taught()
    first = seated(sign_in, edition)
    tabs = [first.browser, *(sign_in(first.person) for _ in range(3))]

    def click(tab) -> int:
        with app.app_context():
            return tab.post(f"{first.base}/1-1/completion").status_code

    with ThreadPoolExecutor(len(tabs)) as together:
        answers = list(together.map(click, tabs))

    assert answers == [303] * len(tabs)
    assert [(fact.revision, fact.details["is_done"]) for fact in facts()] == [(1, True)]


def test_one_can_go_on_to_the_next_lesson_and_at_the_end_to_the_modules_page(sign_in):
    seat = seated(sign_in, make.taught(modules=2, lessons=2))

    assert seat.completes("1-1", then="next").location == f"{seat.base}/1-2"
    assert seat.completes("1-2", then="next").location == f"{seat.base}/modules/module-1"
    assert seat.completes("2-2", then="next").location == f"{seat.base}/modules/module-2"


def test_a_completion_can_be_taken_back_and_made_again(sign_in):
    seat = seated(sign_in, make.taught())
    seat.completes("1-1")
    assert "You completed this lesson" in words(seat.reads("/1-1"))

    assert seat.takes_back("1-1").location == f"{seat.base}/1-1#completion"
    assert "Have you finished the lesson?" in words(seat.reads("/1-1"))
    assert "0 of 4 parts completed." in words(seat.reads(""))
    seat.takes_back("1-1")
    seat.completes("1-1")

    said = [(fact.revision, fact.details["is_done"]) for fact in facts()]
    assert said == [(1, True), (2, False), (3, True)]
    assert len({fact.event_id for fact in facts()}) == 1
    assert "1 of 4 parts completed." in words(seat.reads(""))


def test_taking_back_what_was_never_completed_changes_nothing(sign_in):
    seat = seated(sign_in, make.taught())

    assert seat.takes_back("1-1").status_code == 303
    assert facts() == []
    assert "no longer marked" not in words(seat.reads("/1-1"))


@pytest.mark.parametrize("change", ["UPDATE facts SET kind = 'read'", "DELETE FROM facts"])
def test_facts_cannot_be_changed_or_deleted(sign_in, change):
    seat = seated(sign_in, make.taught())
    seat.completes("1-1")

    with pytest.raises(DBAPIError, match="append-only"), writing():
        db.session.execute(text(change))

    assert len(facts()) == 1


def test_a_lesson_that_completes_when_one_goes_on_offers_one_button(sign_in):
    seat = seated(sign_in, opened_edition(), language="en")

    page = words(seat.reads("/1-1"))
    assert "It is completed when you go on from it." in page
    assert "Mark as read" not in page
    assert facts() == []
    assert seat.completes("1-1", then="next").status_code == 303

    assert facts()[0].details == {"is_done": True, "how": "opened"}


def opened_edition():
    """An edition whose one lesson is completed when it is left forwards, before a quiz to come."""
    course = make.course()
    module = make.outline_module(course.id, 1, 2)
    first, second = module["items"]
    first["completion"] = "opened"
    second |= {"state": "preparing"}
    quiz = make.item(course.id, ItemKind.QUIZ)
    shown = {"kind": "quiz", "state": "preparing", "title": "Quiz", "minutes": None}
    module["items"].append(
        quiz | shown | {"slug": "quiz", "path": "", "language": "es", "number": None}
    )
    version = make.offer(course_id=course.id, outline=[module], is_whole=False)
    make.lesson(version.id, first, "en")
    return make.edition(course_id=course.id, version_id=version.id)


@pytest.mark.parametrize("part", ["1-2", "quiz"])
def test_what_is_being_prepared_cannot_be_completed_and_says_why(sign_in, part):
    seat = seated(sign_in, opened_edition(), language="en")

    answer = seat.completes(part)

    assert answer.status_code == 409
    assert "still being prepared" in words(answer)
    assert facts() == []
    assert seat.reads(f"/{part}").status_code == 404


def test_staff_complete_nothing_and_are_told_why(sign_in):
    someone = watching(sign_in, make.taught(), Role.SECRETARIAT)

    for answer in (someone.completes("1-1"), someone.takes_back("1-1")):
        assert answer.status_code == 409
        assert "without a place in it, so nothing is recorded" in words(answer)
    assert facts() == []


def test_a_completion_is_never_made_by_reading(sign_in):
    seat = seated(sign_in, make.taught())

    seat.reads("/1-1")
    assert seat.reads("/1-1/completion").status_code == 405
    assert facts() == []


def test_a_completed_module_and_course_say_so(sign_in):
    seat = seated(sign_in, make.taught(modules=2, lessons=1))
    seat.completes("1-1")

    assert "You have completed this module" in words(seat.reads("/modules/module-1"))
    assert "Go to module 2" in words(seat.reads("/modules/module-1"))
    assert "Why is this course not complete?" in words(seat.reads("/end"))
    seat.completes("2-1")

    assert "You have completed the course" in words(seat.reads("/end"))
    assert "not complete?" not in words(seat.reads("/end"))
    assert "not complete?" not in words(seat.reads(""))


def test_an_unfinished_module_says_what_it_lacks_and_leads_there(sign_in):
    seat = seated(sign_in, make.taught(modules=2, lessons=3))
    seat.completes("2-1")
    seat.reads("/2-3")
    seat.completes("2-3")

    page = seat.reads("/modules/module-2")

    assert "Why is this module not complete? 1 part is not completed yet." in words(page)
    assert f'class="btn btn-primary" href="{seat.base}/2-2"' in page.text


def test_a_course_that_is_not_whole_is_never_complete_and_says_what_is_to_come(sign_in):
    seat = seated(sign_in, opened_edition(), language="en")
    seat.completes("1-1")

    page = words(seat.reads("/end"))

    assert "You have completed everything that is ready" in page
    assert "You have completed the course" not in page
    assert "2 parts are still being prepared; they do not count yet." in page
    assert "1 of 1 part completed." in page


def test_one_persons_progress_is_nobody_elses(sign_in):
    edition = make.taught()
    seated(sign_in, edition).completes("1-1")
    other = seated(sign_in, edition)
    elsewhere = seated(sign_in, make.taught())

    assert "0 of 4 parts completed." in words(other.reads(""))
    assert "0 of 4 parts completed." in words(elsewhere.reads(""))


def test_what_someone_did_as_two_people_counts_for_the_one_they_are(sign_in):
    edition = make.taught()
    before, after = seated(sign_in, edition), seated(sign_in, edition)
    before.completes("1-1")
    after.completes("1-2")

    with writing():
        db.session.get_one(Person, before.person).merged_into = after.person

    assert "2 of 4 parts completed." in words(after.reads(""))
    assert "2 of 4 parts completed." in words(after.browser.get("/learn"))


def test_completions_outlive_a_new_version_and_lessons_that_are_gone_do_not_count(sign_in):
    edition = make.taught(modules=1, lessons=3)
    seat = seated(sign_in, edition)
    for lesson in ("1-1", "1-3"):
        seat.completes(lesson)
    (module,) = outline_of(edition)
    renamed = [item | {"title": "Otro título"} for item in module["items"][:2]]
    version = make.offer(course_id=edition.course_id, outline=[module | {"items": renamed}], nth=2)
    with writing():
        edition.version_id = version.id
        db.session.add(edition)

    assert "1 of 2 parts completed." in words(seat.reads(""))
    assert len(facts()) == 2

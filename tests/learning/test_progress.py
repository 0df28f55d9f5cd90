"""Progress for any course and any completions: the one function that every page asks."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from coursehub.learning.rules import (
    is_open,
    items_of,
    next_item,
    progress,
    why_not_all_complete,
    why_not_complete,
)

START = datetime(2027, 1, 1, tzinfo=UTC)
IDS = st.integers(1, 60)


@st.composite
def outlines(draw) -> list[dict]:
    """Modules with lessons, quizzes, voluntary surveys and parts to come; each id stands once."""
    ids = iter(draw(st.lists(IDS, unique=True, max_size=30)))
    outline, number = [], 1000
    items: list[dict] = []
    for key in ids:
        kind = draw(st.sampled_from(["lesson", "lesson", "quiz", "survey", "planned"]))
        is_open = kind in ("lesson", "survey")
        state = draw(st.sampled_from(["ready", "preparing"])) if is_open else "preparing"
        item = {"id": key, "slug": f"l{key}", "path": f"l{key}", "kind": kind, "state": state}
        items.append(item | ({"is_voluntary": True} if kind == "survey" else {}))
        if draw(st.booleans()):
            number += 1
            outline.append({"id": number, "items": items})
            items = []
    return [*outline, {"id": number + 1, "items": items}]


completions = st.lists(IDS, unique=True).map(
    lambda ids: {key: START + timedelta(minutes=n) for n, key in enumerate(ids)}
)


def of(outline, completed, *, is_whole=True):
    return progress(outline, completed, is_whole=is_whole)


def open_lessons(outline) -> list[int]:
    return [
        item["id"]
        for module in outline
        for item in module["items"]
        if item["kind"] == "lesson" and item["state"] == "ready"
    ]


@given(outlines(), completions)
def test_progress_equals_a_recount(outline, completed):
    done = of(outline, completed)
    lessons = open_lessons(outline)

    assert 0 <= done.done <= done.total == len(lessons)
    assert done.done == sum(key in completed for key in lessons)
    known = {key: moment for key, moment in done.completed.items() if key in lessons}
    assert known == {key: completed[key] for key in lessons if key in completed}
    assert 0 <= done.percent <= 100
    assert (done.percent == 100) == done.has_all_that_is_ready


@given(outlines(), completions)
def test_modules_add_up_to_the_course(outline, completed):
    done = of(outline, completed)

    assert set(done.modules) == {module["id"] for module in outline}
    assert sum(module.done for module in done.modules.values()) == done.done
    assert sum(module.total for module in done.modules.values()) == done.total
    for module in done.modules.values():
        assert 0 <= module.done <= module.total
        assert module.is_complete == (module.total > 0 and module.done == module.total)


@given(outlines(), completions, IDS)
def test_another_completion_never_takes_progress_away(outline, completed, key):
    before, after = of(outline, completed), of(outline, completed | {key: START})

    assert before.done <= after.done <= before.done + 1
    assert set(before.completed) <= set(after.completed)


@given(outlines(), completions, st.randoms(use_true_random=False))
def test_the_order_of_completions_makes_no_difference(outline, completed, random):
    shuffled = list(completed.items())
    random.shuffle(shuffled)

    assert of(outline, dict(shuffled)) == of(outline, completed)


@given(outlines(), completions)
def test_what_the_version_no_longer_has_does_not_count(outline, completed):
    known = {item["id"] for _m, item in items_of(outline)}
    kept = {key: moment for key, moment in completed.items() if key in known}

    assert of(outline, completed) == of(outline, kept)


@given(outlines(), completions)
def test_a_course_is_complete_when_nothing_is_missing(outline, completed):
    is_whole = all(is_open(item) for _m, item in items_of(outline))
    done = of(outline, completed, is_whole=is_whole)

    assert done.is_complete == (done.total > 0 and not why_not_all_complete(outline, done))


@given(outlines(), completions, st.none() | IDS)
def test_one_goes_on_to_an_open_lesson_that_is_not_completed(outline, completed, place):
    done = of(outline, completed)

    item = next_item(outline, done, place)

    missing = [key for key in open_lessons(outline) if key not in completed]
    assert (item is None) == (missing == [])
    if item is not None:
        assert item["id"] in missing
        assert why_not_complete(item) is None
    if place in missing:
        assert item["id"] == place


@given(outlines(), st.none() | IDS)
def test_going_on_again_and_again_passes_every_lesson_once(outline, place):
    completed: dict[int, datetime] = {}
    while item := next_item(outline, of(outline, completed), place):
        assert item["id"] not in completed
        completed[item["id"]] = START
        place = item["id"]

    assert sorted(completed) == sorted(open_lessons(outline))

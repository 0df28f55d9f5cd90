"""Banks as files of a course: checked, used by quizzes, taken in and written back."""

import filecmp
from pathlib import Path

import pytest
from sqlalchemy import select

from coursehub.content.actions.banks import bank_for, keep, newest_in
from coursehub.content.actions.exporting import export
from coursehub.content.models import (
    BankQuestion,
    BankVersion,
    VersionActivity,
    VersionQuestion,
)
from coursehub.content.queries import find_bank, find_course, find_version, latest_version
from coursehub.foundation.database import db, writing
from tests.content.stage import (
    BANK_FILE,
    QUIZ_FILE,
    append,
    change,
    course,
    give_ids,
    line_with,
    sync,
    told,
    with_bank,
)


@pytest.fixture
def path(tmp_path) -> Path:
    return with_bank(course(tmp_path))


def quiz(number: int | None = None) -> list[dict]:
    """The questions of the quiz in a version, or in the newest."""
    db.session.expire_all()
    version = find_version("prueba", number) if number else latest_version("prueba")
    asked = select(VersionActivity.activity).where(VersionActivity.version_id == version.id)
    return db.session.scalars(asked).one()["questions"]


def uses() -> list[tuple[str, int]]:
    """The questions of banks in the newest version, with the number of their version."""
    rows = (
        select(BankQuestion.key, BankVersion.number)
        .join(BankVersion, BankVersion.question_id == BankQuestion.id)
        .join(VersionQuestion, VersionQuestion.bank_version_id == BankVersion.id)
        .where(VersionQuestion.version_id == latest_version("prueba").id)
        .order_by(BankQuestion.key)
    )
    return [(key, number) for key, number in db.session.execute(rows)]


def state_of(key: str) -> str:
    return db.session.scalars(select(BankQuestion.state).where(BankQuestion.key == key)).one()


def test_a_bank_without_mistakes_is_found_whole_and_gets_ids(path):
    assert told(path) == []
    change(path / BANK_FILE, "- id: q-anos\n  from", "- from")
    assert [one.rpartition(": ")[0] for one in told(path)] == [
        f"{BANK_FILE}:{line_with(path / BANK_FILE, '- from')}: this question has no id"
    ]
    assert list(give_ids(path)) == [BANK_FILE]
    assert told(path) == []


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("- use: q-nada", "no bank of this course has the question “q-nada”"),
        ("- use: q-carta", "the question “q-carta” stands here twice"),
        ("- tag: nada", "no ready question of a bank has the tag “nada”"),
        ("- {use: q-anos, points: 2}", "a bank's question is named by “use” and perhaps “version”"),
    ],
)
def test_a_use_that_means_nothing_is_found_with_its_line(path, line, why):
    append(path / QUIZ_FILE, f"{line}\n")
    at = len((path / QUIZ_FILE).read_text().splitlines())
    assert any(one.startswith(f"{QUIZ_FILE}:{at}: {why}") for one in told(path)), told(path)


def test_mistakes_in_a_bank_are_found_with_file_and_line(path):
    change(path / BANK_FILE, "drafts: [q-borrador]", "drafts: [q-nada]")
    assert "“q-nada” stands in drafts" in told(path)[0]
    change(path / BANK_FILE, "drafts: [q-nada]\n", "")
    change(path / BANK_FILE, "is_true: true", "is_true: perhaps")
    line = line_with(path / BANK_FILE, "perhaps")
    assert told(path)[0].startswith(f"{BANK_FILE}:{line}: ")


def test_a_question_that_is_used_stands_in_the_published_quiz(app, path):
    sync(path)
    assert quiz()[-1]["id"] == "q-carta"
    assert uses() == [("q-carta", 1)]


def test_a_tag_brings_everything_that_is_ready(app, path):
    append(path / QUIZ_FILE, "- tag: carta\ndraw:\n- {tag: carta, count: 2}\n")
    sync(path)
    assert [one["id"] for one in quiz()[-2:]] == ["q-carta", "q-anos"]
    assert uses() == [("q-anos", 1), ("q-carta", 1)]


def test_an_edit_is_a_new_version_and_what_was_published_stays(app, path):
    sync(path)
    change(path / BANK_FILE, "is_true: true", "is_true: false")
    sync(path)
    assert (quiz(1)[-1]["is_true"], quiz(2)[-1]["is_true"]) == (True, False)
    assert uses() == [("q-carta", 2)]


def test_a_pinned_version_stays_in_the_quiz_when_the_bank_goes_on(app, path):
    change(path / QUIZ_FILE, "- use: q-carta", "- use: q-carta\n  version: 1")
    sync(path)
    change(path / BANK_FILE, "is_true: true", "is_true: false")
    sync(path)
    assert quiz()[-1]["is_true"] is True
    assert uses() == [("q-carta", 1)]
    change(path / QUIZ_FILE, "version: 1", "version: 2")
    sync(path)
    assert quiz()[-1]["is_true"] is False


def test_what_is_taken_out_of_the_file_is_retired(app, path):
    sync(path)
    text = (path / BANK_FILE).read_text()
    start = text.index("- id: q-anos")
    (path / BANK_FILE).write_text(text[:start] + text[text.index("- id: q-borrador") :])
    sync(path)
    assert (state_of("q-anos"), state_of("q-borrador")) == ("retired", "draft")


def test_sync_then_export_gives_the_same_bytes(app, path, tmp_path):
    sync(path)
    out = tmp_path / "out"
    export(latest_version("prueba"), out)
    assert filecmp.cmp(path / BANK_FILE, out / BANK_FILE, shallow=False)


def test_what_the_site_did_to_a_bank_is_written_back(app, path, tmp_path):
    sync(path)
    course_id = find_course("prueba").id
    with writing():
        (said,) = [
            one for key, _, one in newest_in(find_bank(course_id, "carta").id) if key == "q-carta"
        ]
        keep(bank_for(course_id, "carta", {}), [said | {"is_true": False}])
        keep(bank_for(course_id, "otro", {"es": "Otro"}), [said | {"id": "q-otra"}])
    out = tmp_path / "prueba"
    export(latest_version("prueba"), out / "prueba")
    assert "is_true: false" in (out / "prueba" / BANK_FILE).read_text()
    assert "id: q-otra" in (out / "prueba" / "bank/otro.yaml").read_text()
    before = db.session.scalars(select(BankVersion.id)).all()
    sync(out / "prueba")
    assert db.session.scalars(select(BankVersion.id)).all() == before

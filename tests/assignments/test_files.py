"""Files arrive whole or in pieces, are what they seem, and go when nothing names them."""

import hashlib
import json
from datetime import timedelta
from pathlib import Path

import pytest

from coursehub.accounts.actions import erase_person
from coursehub.assignments import actions
from coursehub.assignments.formats import kind_of
from coursehub.assignments.models import StoredFile, SubmissionContent
from coursehub.assignments.rules import MOST_KEPT_BYTES
from coursehub.foundation.clock import now
from coursehub.foundation.database import writing
from tests import make
from tests.assignments.stage import PDF, all_of, drafts, files, seated, submissions, zipped

DOCX = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>"}
ODT = {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<content/>"}
KINDS = {
    "a pdf": (PDF, "pdf"),
    "a text": ("Acción, ação".encode(), "txt"),
    "a text that ends inside a letter": ("ação".encode()[:-2], None),
    "a jpeg": (b"\xff\xd8\xff\xe0 and so on", "jpg"),
    "a png": (b"\x89PNG\r\n\x1a\n and so on", "png"),
    "a docx": (zipped(DOCX), "docx"),
    "an odt": (zipped(ODT), "odt"),
    "a docx with macros": (zipped(DOCX | {"word/vbaProject.bin": b"x"}), None),
    "an archive": (zipped({"a.txt": b"x"}), None),
    "half an archive": (zipped(DOCX)[:60], None),
    "a bomb": (zipped(DOCX | {"word/media/a": b"\0" * 30_000_000}, packs=True), None),
    "an archive of six thousand files": (zipped(DOCX | {str(n): b"" for n in range(6000)}), None),
    "a program": (b"\x7fELF\x02\x01\x01\0", None),
    "a web page with a nul": (b"<html>\0", None),
}


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_is_told_by_the_content(name, tmp_path):
    content, kind = KINDS[name]
    path = Path(tmp_path / "any.pdf")
    path.write_bytes(content)
    with path.open("rb") as file:
        assert kind_of(file, len(content)) == kind


def begins(learner, content: bytes, name: str = "plan.pdf", **changed):
    about = {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    return learner.browser.post(
        f"{learner.page}/files", data=json.dumps(about | changed), content_type="application/json"
    )


def sends(learner, key: str, offset: int, piece: bytes):
    return learner.browser.patch(
        f"/uploads/{key}", data=piece, headers={"Upload-Offset": str(offset)}
    )


def stored(app) -> set[str]:
    folder = app.extensions["coursehub"].data_dir / "files"
    return {path.name for path in folder.rglob("*") if path.is_file()}


def arriving(app) -> set[str]:
    folder = app.extensions["coursehub"].data_dir / "uploads"
    return {path.name for path in folder.glob("*")} if folder.exists() else set()


def test_a_file_arrives_in_pieces_and_goes_on_where_it_stopped(sign_in, app):
    learner = seated(sign_in)
    begun = begins(learner, PDF)
    assert begun.status_code == 201
    key = begun.json["key"]

    assert sends(learner, key, 0, PDF[:300]).json == {"offset": 300, "is_whole": False}
    # The answer was lost: the same piece again, and the page opened anew.
    assert sends(learner, key, 0, PDF[:300]).status_code == 409
    assert learner.browser.get(f"/uploads/{key}").json["offset"] == 300
    assert learner.browser.head(f"/uploads/{key}").status_code == 200
    assert begins(learner, PDF).json == {"key": key, "offset": 300, "is_whole": False}
    ended = sends(learner, key, 300, PDF[300:])

    assert ended.json == {"offset": len(PDF), "is_whole": True}
    (file,) = files()
    assert (file.sha256, file.kind) == (hashlib.sha256(PDF).hexdigest(), "pdf")
    assert arriving(app) == set()
    assert sends(learner, key, 300, PDF[300:]).json["is_whole"] is True
    assert "plan.pdf" in learner.sees().text


def test_a_piece_at_the_wrong_place_is_told_where_to_go_on(sign_in):
    learner = seated(sign_in)
    key = begins(learner, PDF).json["key"]
    answer = sends(learner, key, 5, PDF[5:10])
    assert (answer.status_code, answer.json["offset"]) == (409, 0)
    assert sends(learner, key, 0, PDF + b"more than was said").status_code == 409
    assert sends(learner, key, -1, PDF[:5]).status_code == 409


def test_a_file_that_is_not_the_one_that_was_announced_is_forgotten(sign_in):
    learner = seated(sign_in)
    key = begins(learner, PDF, sha256="0" * 64).json["key"]
    answer = sends(learner, key, 0, PDF)
    assert answer.status_code == 422
    assert "plan.pdf" in answer.json["error"]
    assert files() == []


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"\x7fELF", "none of the kinds"), (b"", "is empty")],
)
def test_a_wrong_file_is_refused_and_the_text_stays(sign_in, content, says):
    learner = seated(sign_in)
    answer = learner.sends("submit", text="My plan", files=[("plan.pdf", content)])
    assert answer.status_code == 422
    assert says in answer.text
    assert "My plan</textarea>" in answer.text
    assert [draft.text for draft in drafts()] == ["My plan"]
    assert submissions() == []
    assert files() == []


def test_a_file_that_is_too_large_is_told_before_it_is_sent(sign_in):
    answer = begins(seated(sign_in), PDF, size=1_000_001)
    assert answer.status_code == 409
    assert "at most 1 MB are taken" in answer.json["error"]
    assert files() == []


def test_no_more_files_than_are_taken(sign_in):
    learner = seated(sign_in)
    three = [(f"{n}.txt", f"text {n}".encode()) for n in range(3)]
    answer = learner.sends(text="", files=three)
    assert answer.status_code == 422
    assert "At most 2 files are taken." in answer.text
    assert len(files()) == 2


def test_nobody_takes_all_the_room(sign_in):
    learner = seated(
        sign_in, {"files": {"kinds": ["pdf"], "most_files": 10, "most_megabytes": 100}}
    )
    for n in range(MOST_KEPT_BYTES // 100_000_000):
        assert begins(learner, b"", size=100_000_000, sha256=str(n) * 64).status_code == 201
    answer = begins(learner, PDF)
    assert answer.status_code == 409
    assert "room" in answer.json["error"]


@pytest.mark.parametrize("body", [b"", b"[]", b'{"name": "a"}', b'{"name": "", "size": 1}'])
def test_what_is_no_announcement_is_told_so(sign_in, body):
    learner = seated(sign_in)
    answer = learner.browser.post(f"{learner.page}/files", data=body)
    assert answer.status_code == 400


def test_a_name_has_no_folders_and_turns_no_direction(sign_in):
    learner = seated(sign_in)
    learner.sends(text="", files=[("../../etc/plan\u202efdp.txt", b"words")])
    assert files()[0].name == "planfdp.txt"


def test_a_file_is_taken_out_and_the_text_is_kept(sign_in):
    learner = seated(sign_in)
    learner.sends(text="Plan", files=[("plan.pdf", PDF)])
    answer = learner.sends(to=f"/files/{files()[0].key}/end", text="Plan B")
    assert answer.status_code == 303
    assert files() == []
    assert drafts()[0].text == "Plan B"


def test_what_was_handed_in_keeps_a_file_that_is_taken_out_of_the_draft(sign_in):
    learner = seated(sign_in)
    learner.hands_in(files=[("plan.pdf", PDF)])
    key = files()[0].key
    learner.sends(to=f"/files/{key}/end", text="Plan B")
    assert learner.sees(f"/versions/1/files/{key}").data == PDF
    assert "plan.pdf" not in learner.sees().text


def test_a_file_that_has_not_arrived_whole_is_not_handed_in(sign_in):
    learner = seated(sign_in)
    begins(learner, PDF)
    answer = learner.hands_in()
    assert answer.status_code == 422
    assert "has not arrived whole" in answer.text


def test_half_a_file_is_forgotten_after_a_week(sign_in, clock, app, run_jobs):
    learner = seated(sign_in)
    key = begins(learner, PDF).json["key"]
    sends(learner, key, 0, PDF[:300])
    clock(now() + timedelta(days=6))
    forget(actions.forget_old)
    assert (len(files()), arriving(app)) == (1, {key})
    clock(now() + timedelta(days=2))
    forget(actions.forget_old)
    assert (files(), arriving(app)) == ([], set())


def test_a_file_that_was_not_taken_is_removed_too(sign_in, clock, app):
    learner = seated(sign_in, {"files": {"kinds": ["pdf"], "most_files": 1, "most_megabytes": 1}})
    two = [(f"{n}.pdf", PDF + bytes(n)) for n in (1, 2)]
    assert learner.sends(text="", files=two).status_code == 422
    digests = {hashlib.sha256(content).hexdigest() for _name, content in two}
    assert digests <= stored(app)
    clock(now() + timedelta(hours=2))
    forget(actions.forget_unnamed)
    assert digests & stored(app) == {files()[0].sha256}


def forget(job) -> None:
    write = job()
    with writing():
        write()


def test_an_erased_person_leaves_no_words_and_no_files(sign_in, clock, app):
    learner, other = seated(sign_in), make.person()
    learner.hands_in(files=[("mine.pdf", PDF + b"mine")])
    same = seated(sign_in, edition=learner.edition)
    learner.sends(text="Second", files=[("both.pdf", PDF + b"both")])
    same.hands_in(files=[("both.pdf", PDF + b"both")])
    assert len(all_of(StoredFile)) == 2

    with writing():
        erase_person(learner.person)
    clock(now() + timedelta(days=1))
    forget(actions.forget_unnamed)

    assert [row.person_id for row in submissions()] == [learner.person, same.person]
    assert [row.person_id for row in all_of(SubmissionContent)] == [same.person]
    assert hashlib.sha256(PDF + b"mine").hexdigest() not in stored(app)
    assert hashlib.sha256(PDF + b"both").hexdigest() in stored(app)
    assert same.sees(f"/versions/1/files/{files()[0].key}").data == PDF + b"both"
    assert other

"""Pictures and files to take away: only for those who may read the course, and unable to run."""

import re

import pytest

from coursehub.content.models import Printout
from coursehub.foundation import storage
from tests import make
from tests.learning.stage import PICTURE, item_id, seated, trial, watching, words

PAPER = b"%PDF-1.7 a paper"


def picture_of(seat) -> str:
    page = seat.reads("/leccion-1").text
    return re.search(r'<img[^>]+src="([^"]+)"', page)[1]


def picture_address(seat) -> str:
    """The address of the picture, as a browser resolves it on the lesson's page."""
    address = picture_of(seat)
    return address if address.startswith("/") else f"{seat.base}/{address}"


def test_a_picture_is_kept_by_the_browser_for_good_and_cannot_run_anything(sign_in):
    seat = seated(sign_in, trial())

    answer = seat.gets(picture_address(seat))

    assert answer.status_code == 200
    assert answer.get_data(as_text=True) == PICTURE
    assert answer.mimetype == "image/svg+xml"
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    policy = answer.headers["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_picture_known_already_is_not_sent_again(sign_in):
    seat = seated(sign_in, trial())
    address = picture_address(seat)
    tag = seat.gets(address).headers["ETag"]

    assert seat.gets(address, headers={"If-None-Match": tag}).status_code == 304


def test_a_piece_of_a_recording_can_be_asked_for(sign_in):
    seat = seated(sign_in, trial())

    answer = seat.gets(picture_address(seat), headers={"Range": "bytes=1-3"})

    assert answer.status_code == 206
    assert answer.data == PICTURE.encode()[1:4]
    assert answer.headers["Content-Range"] == f"bytes 1-3/{len(PICTURE)}"


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=0-1,5-6",
        "bytes=abc",
        "bytes=5-1",
        "bytes=-",
        "chunks=0-1",
        "bytes 0-1",
        "bytes=" + "9" * 5000 + "-",
    ],
)
def test_whoever_asks_for_anything_but_one_piece_gets_the_whole(sign_in, asked):
    edition = make.taught()
    seat = seated(sign_in, edition)
    printout(edition, item_id(edition, "1-1"))

    answer = seat.gets(f"{seat.base}/files/es/lessons/1-1.pdf", headers={"Range": asked})

    assert (answer.status_code, answer.data) == (200, PAPER)
    assert "Content-Range" not in answer.headers


def test_a_piece_beyond_the_end_is_refused_with_the_length_there_is(sign_in):
    seat = seated(sign_in, trial())

    answer = seat.gets(picture_address(seat), headers={"Range": f"bytes={len(PICTURE)}-"})

    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{len(PICTURE)}"
    assert answer.mimetype == "text/html"


def test_an_address_with_another_fingerprint_or_name_is_not_found(sign_in):
    seat = seated(sign_in, trial())
    folder, name = picture_address(seat).rsplit("/", 1)
    start, fingerprint = folder.rsplit("/", 1)
    wrong = fingerprint[:-1] + ("0" if fingerprint[-1] != "0" else "1")

    for address in (
        f"{start}/{wrong}/{name}",
        f"{start}/{fingerprint[:15]}/{name}",
        f"{start}/{fingerprint}/other.svg",
        f"{start}/{fingerprint}/..%2f..%2fcourse.yaml",
    ):
        assert seat.gets(address).status_code == 404, address


def test_pictures_of_a_course_are_hidden_from_whoever_does_not_read_it(sign_in, visitor):
    edition = trial()
    address = picture_address(seated(sign_in, edition))
    elsewhere = seated(sign_in, make.taught())
    in_other_edition = address.replace(edition.slug, elsewhere.edition.slug)

    assert watching(sign_in, edition).gets(address).status_code == 404
    assert elsewhere.gets(address).status_code == 404
    assert elsewhere.gets(in_other_edition).status_code == 404
    assert visitor.get(address).status_code == 303


def printout(edition, item: int, language: str = "es", form: str = "pdf") -> None:
    make.saved(
        Printout(
            version_id=edition.version_id,
            language=language,
            item_id=item,
            form=form,
            sha256=storage.put(PAPER),
            size_bytes=len(PAPER) * 1000,
        )
    )


def test_files_are_offered_when_they_are_made_with_their_weight(sign_in):
    edition = make.taught()
    seat = seated(sign_in, edition, language="en")
    address = f"{seat.base}/files/en/lessons/1-1.pdf"
    assert "Lesson as PDF" not in seat.reads("/1-1").text
    assert seat.gets(address).status_code == 404

    printout(edition, item_id(edition, "1-1"), "en")

    page = seat.reads("/1-1")
    assert "Lesson as PDF (16 KB)" in words(page)
    assert address in page.text
    answer = seat.gets(address)
    assert answer.status_code == 200
    assert answer.data == PAPER
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert "-1-1-en.pdf" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(("form", "kind"), [("pdf", "application/pdf"), ("html", "text/html")])
def test_a_module_can_be_taken_away(sign_in, form, kind):
    edition = make.taught()
    seat = seated(sign_in, edition, language="en")
    module = make.db.session.get(make.VersionPage, (edition.version_id, "en")).outline[0]
    address = f"{seat.base}/files/en/modules/module-1.{form}"
    assert seat.gets(address).status_code == 404

    printout(edition, module["id"], "en", form)

    for page in ("", "/1-1", "/modules/module-1"):
        assert address in seat.reads(page).text, page
    assert address.replace("module-1", "module-2") not in seat.reads("").text
    answer = seat.gets(address)
    assert answer.data == PAPER
    assert answer.mimetype == kind
    # Asked for again each time, and kept by nobody between us and the reader.
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_files_that_nobody_made_are_not_found(sign_in):
    edition = make.taught()
    seat = seated(sign_in, edition)
    printout(edition, item_id(edition, "1-1"))

    for address in (
        "/files/fr/lessons/1-1.pdf",
        "/files/es/lessons/1-1.exe",
        "/files/es/modules/1-1.pdf",
        "/files/es/lessons/module-1.pdf",
        "/files/es/lessons/1-2.pdf",
    ):
        assert seat.reads(address).status_code == 404, address
    assert watching(sign_in, edition).reads("/files/es/lessons/1-1.pdf").status_code == 404


def test_the_file_of_an_untranslated_lesson_is_the_one_in_the_language_shown(sign_in):
    edition = trial()
    seat = seated(sign_in, edition, language="en")
    printout(edition, item_id(edition, "leccion-3"), "es")

    page = seat.reads("/leccion-3").text

    assert f"{seat.base}/files/es/lessons/leccion-3.pdf" in page
    assert seat.reads("/files/es/lessons/leccion-3.pdf").status_code == 200

"""The PDF, the credential and the letter that follow an issued certificate."""

import hashlib
import io
import tempfile
import time
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import update

from coursehub.certificates.actions import confirm_name, issue, making
from coursehub.certificates.actions.keys import signer
from coursehub.certificates.actions.making import _drawn, _make
from coursehub.certificates.formats.paper import Line, Paper, qr_code, typst
from coursehub.certificates.models import Certificate
from coursehub.foundation import storage
from coursehub.foundation.database import db, writing
from tests import make
from tests.certificates.stage import asking, certified, finish, holder, issued, seated
from tests.program import figure

MOST_BYTES, MANY = 150_000, 20


def text_of(pdf: bytes) -> str:
    (page,) = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(page.extract_text().split())


@pytest.mark.parametrize("name", ["Ana Muñoz", "Wołkowysk", "O’Neill Li"])
def test_the_pdf_says_everything_as_text_that_can_be_selected(sign_in, run_jobs, name):
    learner, certificate = certified(sign_in, run_jobs, name=name)

    pdf = learner.browser.get(f"/certificates/{certificate.code}/certificate.pdf", buffered=True)

    said = text_of(pdf.data)
    shown = "-".join(certificate.code[at : at + 4] for at in range(0, 16, 4))
    for words in (name, certificate.title, "Module 1. Module 1", "4 hours", shown):
        assert words in said
    assert pdf.headers["Content-Disposition"].startswith("attachment")


def test_the_pdf_is_small_tagged_and_in_the_learners_language(sign_in, run_jobs):
    learner, certificate = certified(sign_in, run_jobs, language="pt")

    pdf = storage.get(certificate.pdf_sha256)

    root = PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    assert len(pdf) == certificate.pdf_bytes < MOST_BYTES
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "pt"
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert "Title" in certificate.title
    assert "(pt)" in certificate.title
    figure(f"a certificate has {len(pdf)} bytes")
    assert learner.person == certificate.person_id


def test_the_same_certificate_gives_the_same_bytes(sign_in, run_jobs):
    _learner, certificate = certified(sign_in, run_jobs)

    again = _drawn([_make(certificate, holder(certificate), *signer())])[0]

    assert hashlib.sha256(again).hexdigest() == certificate.pdf_sha256


def test_the_learner_gets_a_letter_when_it_is_ready(sign_in, run_jobs, outbox):
    learner = seated(sign_in).finishes()
    learner.confirms("Ana Muñoz")
    assert "The PDF is being made" in learner.browser.get(f"/certificates/{issued()[0].code}").text

    run_jobs()

    (letter,) = outbox()
    assert "Your certificate" in letter["Subject"]
    assert f"/verify/{issued()[0].code}" in letter.get_content()


def test_a_runner_that_dies_in_between_leaves_what_the_next_one_goes_on_with(
    sign_in, run_jobs, monkeypatch
):
    monkeypatch.setattr(making, "IN_ONE_GO", 1)
    edition = asking()
    for _ in range(3):
        learner = seated(sign_in, edition).finishes()
        learner.confirms("Ana")
    run_jobs()

    assert all(one.made_at for one in issued())


def test_nobody_takes_anothers_certificate(sign_in, run_jobs):
    _learner, certificate = certified(sign_in, run_jobs)
    another = sign_in(make.person())

    for what in ("", "/certificate.pdf", "/credential.json"):
        assert another.get(f"/certificates/{certificate.code}{what}").status_code == 404


def test_it_stays_ones_own_when_the_place_is_gone(sign_in, run_jobs):
    learner, certificate = certified(sign_in, run_jobs)
    with writing():
        db.session.execute(update(Certificate).values(edition="gone"))

    assert certificate.code in learner.browser.get("/me/certificates").text
    assert learner.browser.get(f"/certificates/{certificate.code}").status_code == 200


def test_linkedin_is_an_address_and_nothing_is_sent_there(sign_in, run_jobs):
    learner, certificate = certified(sign_in, run_jobs)

    page = learner.browser.get(f"/certificates/{certificate.code}").text

    assert "https://www.linkedin.com/profile/add?startTask=CERTIFICATION_NAME&amp;name=" in page


def test_many_are_made_at_once_by_one_process(sign_in, run_jobs, monkeypatch):
    edition, runs, drawn = asking(), [], making.pdfs
    people = [make.person(name="Ana") for _ in range(MANY)]
    for person in people:
        make.enrolment(person_id=person, edition_id=edition.id)
        with writing():
            confirm_name(person, edition.id, "Ana Muñoz")
        finish(person, edition)
    monkeypatch.setattr(making, "pdfs", lambda *given: runs.append(given) or drawn(*given))
    began = time.monotonic()

    with writing():
        issue(edition.id, None, None)
    run_jobs()

    assert len(issued()) == MANY
    assert all(one.made_at for one in issued())
    assert len(runs) == 1
    figure(f"{MANY} certificates in {time.monotonic() - began:.1f} s")


def test_much_has_room_on_one_page(app):
    paper = Paper(
        language="es",
        title="Certificado",
        brand="CourseHub",
        heading="Certificado de aprobación",
        name="Ana Muñoz " * 12,
        says="ha completado",
        course=Line("Introducción a la prevención " * 6, "es"),
        parts_heading="Comprende:",
        parts=[f"Módulo {n}. Fundamentos: una palabra, una promesa" for n in range(1, 25)],
        facts=["Carga horaria: 26 horas."],
        signers=[["CourseHub"], ["Secretaría"]],
        qr_alt="QR",
        checking=["Se verifica en"],
        code="0BP5-RA6H-TGH4-M838",
        link="https://courses.example.org",
        address="https://courses.example.org/verify",
    )
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "qr.svg").write_text(qr_code("x" * 1500))
        (pdf,) = making.pdfs(Path(folder), [typst(paper, "qr.svg")])

    said = text_of(pdf)
    assert "Módulo 24." in said
    assert "Secretaría" in said
    assert len(pdf) < MOST_BYTES

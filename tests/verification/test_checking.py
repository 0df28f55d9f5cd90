"""Anybody checks a certificate: by its code, by its PDF, long after the course is gone."""

import io

import pytest
from sqlalchemy import text

from coursehub.accounts.actions import erase_person
from coursehub.certificates import actions
from coursehub.certificates.formats.codes import ALPHABET, check_of, new_code, read_code, shown_code
from coursehub.foundation import storage
from coursehub.foundation.database import db, writing
from tests.certificates.stage import certified, issued, secretariat
from tests.learning.stage import words


def uploaded(visitor, pdf: bytes, **more):
    form = {"file": (io.BytesIO(pdf), "certificate.pdf")} | more
    return visitor.post("/verify?lang=en", data=form, content_type="multipart/form-data")


def test_the_page_shows_everything_printed_and_that_it_holds(sign_in, run_jobs, visitor):
    _learner, certificate = certified(sign_in, run_jobs)

    page = words(visitor.get(f"/verify/{certificate.code}?lang=en"))

    for said in (
        "Authentic and valid",
        "Ana Muñoz",
        certificate.title,
        "Certificate of approval",
        "Module 1. Module 1",
        "4 hours",
        certificate.edition,
        "CourseHub, Secretariat",
        shown_code(certificate.code),
        certificate.pdf_sha256,
    ):
        assert said in page


def test_the_same_as_json(sign_in, run_jobs, visitor):
    _learner, certificate = certified(sign_in, run_jobs)

    said = visitor.get(f"/verify/{certificate.code}.json").json

    assert (said["state"], said["name"], said["hours"]) == ("valid", "Ana Muñoz", 4)
    assert said["modules"] == ["Module 1. Module 1"]
    assert visitor.get(f"/verify/{new_code()}.json").status_code == 404


def test_a_code_is_taken_however_it_is_typed(sign_in, run_jobs, visitor):
    _learner, certificate = certified(sign_in, run_jobs)
    typed = shown_code(certificate.code).lower().replace("-", " ").replace("0", "o")

    answer = visitor.get("/verify", query_string={"code": typed})

    assert answer.status_code == 303
    assert answer.location == f"/verify/{certificate.code}"


@pytest.mark.parametrize("typed", ["", "1234", "7K4M-Q9TX-7K4M-Q9TX-1", "ñandú", "*" * 16])
def test_what_is_no_code_is_said_beside_the_field(visitor, app, typed):
    answer = visitor.get("/verify", query_string={"code": typed})

    assert answer.status_code == 422
    assert 'id="code-error"' in answer.text


def test_a_code_that_was_never_issued_is_not_found(visitor, app):
    answer = visitor.get(f"/verify/{new_code()}?lang=en")

    assert answer.status_code == 404
    assert "There is no certificate with this code" in answer.text


def test_one_wrong_character_is_always_noticed():
    code = new_code()
    for place in range(16):
        for other in set(ALPHABET) - {code[place]}:
            assert read_code(code[:place] + other + code[place + 1 :]) is None
    assert check_of(code[:-1]) == code[-1]


def test_a_pdf_as_it_was_issued_is_recognised(sign_in, run_jobs, visitor):
    _learner, certificate = certified(sign_in, run_jobs)

    page = words(uploaded(visitor, storage.get(certificate.pdf_sha256)))

    assert "This PDF is exactly as it was issued" in page
    assert "Ana Muñoz" in page


def test_a_pdf_altered_in_one_byte_is_said_to_be(sign_in, run_jobs, visitor):
    _learner, certificate = certified(sign_in, run_jobs)
    altered = bytearray(storage.get(certificate.pdf_sha256))
    altered[len(altered) // 2] ^= 1

    alone = words(uploaded(visitor, bytes(altered)))
    beside = words(uploaded(visitor, bytes(altered), code=certificate.code))

    assert "This file is not as it was issued" in alone
    assert "Ana Muñoz" not in alone
    assert "There is a certificate with this code, but the file you sent differs" in beside


def test_no_file_is_said_beside_the_field(visitor, app):
    answer = visitor.post("/verify?lang=en", data={})

    assert answer.status_code == 422
    assert "Choose the PDF file" in answer.text


def test_a_revoked_one_is_shown_as_revoked_with_the_reason(sign_in, run_jobs, visitor):
    _learner, certificate = certified(sign_in, run_jobs)
    with writing():
        actions.revoke(issued()[0], "It was issued by mistake.")

    page = words(visitor.get(f"/verify/{certificate.code}?lang=en"))

    assert "Revoked: this certificate holds no more" in page
    assert "It was issued by mistake." in page
    assert visitor.get(f"/verify/{certificate.code}.json").json["state"] == "revoked"


def test_a_replaced_one_leads_to_the_one_that_holds(sign_in, run_jobs, visitor):
    _learner, certificate = certified(sign_in, run_jobs, name="Ana Munoz")
    page = f"/studio/editions/{certificate.edition}/certificates/{certificate.code}"
    secretariat(sign_in).post(f"{page}/correction", data={"name": "Ana Muñoz"})
    old, fresh = issued()

    shown = visitor.get(f"/verify/{old.code}?lang=en")

    assert "Replaced: this certificate holds no more" in words(shown)
    assert f'href="/verify/{fresh.code}"' in shown.text
    assert visitor.get(f"/verify/{old.code}.json").json["replaced_by"] == shown_code(fresh.code)


def test_it_is_checked_when_the_course_is_gone(sign_in, run_jobs, visitor, database):
    _learner, certificate = certified(sign_in, run_jobs)
    code, sha256 = certificate.code, certificate.pdf_sha256
    remove_every_course()

    assert "Authentic and valid" in words(visitor.get(f"/verify/{code}?lang=en"))
    assert "exactly as it was issued" in words(uploaded(visitor, storage.get(sha256)))


def remove_every_course() -> None:
    """Delete editions and courses with all that points to them, as the database allows it."""
    keep = {"certificates", "certificate_holders", "certificate_batches", "signing_keys"}
    keep |= {"people", "accounts", "sessions", "role_grants", "jobs"}
    db.session.rollback()
    with db.engine.connect() as connection:
        triggers = []
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            triggers = connection.execute(
                text(
                    "SELECT name, sql FROM sqlite_master"
                    " WHERE type = 'trigger' AND name LIKE '%refuse%'"
                )
            ).all()
            for trigger in triggers:
                connection.execute(text(f"DROP TRIGGER {trigger.name}"))
        for table in reversed(db.metadata.sorted_tables):
            if table.name not in keep:
                connection.execute(table.delete())
        for trigger in triggers:
            connection.exec_driver_sql(trigger.sql)
        connection.commit()


def test_who_is_erased_is_named_no_more_and_the_rest_stays(sign_in, run_jobs, visitor):
    learner, certificate = certified(sign_in, run_jobs)
    code, sha256 = certificate.code, certificate.pdf_sha256
    pdf = storage.get(sha256)
    with writing():
        actions.forget(learner.person)
        erase_person(learner.person)
    run_jobs()

    page = words(visitor.get(f"/verify/{code}?lang=en"))

    assert "Ana Muñoz" not in page
    assert "Erased at the wish of its holder" in page
    assert certificate.title in page
    assert visitor.get(f"/verify/{code}.json").json["name"] is None
    assert "exactly as it was issued" in words(uploaded(visitor, pdf))
    with pytest.raises(FileNotFoundError):
        storage.get(sha256)


def test_search_engines_are_told_to_leave_names_alone(sign_in, run_jobs, visitor):
    _learner, certificate = certified(sign_in, run_jobs)

    assert "noindex" in visitor.get(f"/verify/{certificate.code}?lang=en").text
    assert "noindex" not in visitor.get("/verify").text

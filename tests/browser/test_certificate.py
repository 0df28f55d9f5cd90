"""From the last quiz to a certificate that anybody can check, with us and without."""

import json
import re
import shutil
import subprocess

import pytest
from playwright.sync_api import Page

from coursehub.demo.actions import PASSWORD
from tests.browser.graduation import OWN, graduates, passes, reads
from tests.browser.pages import PROJECT
from tests.browser.test_move import open_edition
from tests.program import Program, Visitor
from tests.verification.test_independent import NPM

MODULES = ("fundamentos", "marco-juridico")
# Who, in which language, and the name to be printed.
PEOPLE = {
    "es": ("participante.pe@example.org", "Participante de demostración Muñoz"),
    "pt": ("participante.br@example.org", "Participante de demonstração Wołkowysk"),
    "en": ("participant.pa@example.org", "Demonstration participant O’Neill Li"),
}
SAYS = {
    "es": ("Certificado de aprobación", "Módulo 1. ", "Módulo 2. ", "7 horas"),
    "pt": ("Certificado de aprovação", "Módulo 1. ", "Módulo 2. ", "7 horas"),
    "en": ("Certificate of approval", "Module 1. ", "Module 2. ", "7 hours"),
}


@pytest.fixture
def served(program):
    served = program()
    served.start()
    yield served
    served.kill()


def graduate(served: Program, language: str) -> tuple[Visitor, str]:
    """Someone who went the whole way through modules 1 and 2, and the certificate's code."""
    email, name = PEOPLE[language]
    edition = open_edition(served)
    learner, base = begins(served, email, edition), f"/learn/{edition}"
    for module in MODULES:
        reads(learner, base, module)
        passes(learner, base, module)
    return learner, graduates(learner, base, name)


def page_in(browser, served: Program, language: str = "en") -> Page:
    context = browser.new_context(locale=language, reduced_motion="reduce", accept_downloads=True)
    page = context.new_page()
    page.goto(f"{served.url}/verify?lang={language}")
    return page


def upload(page: Page, pdf: bytes) -> str:
    file = {"name": "certificate.pdf", "mimeType": "application/pdf", "buffer": pdf}
    page.set_input_files("#file", file)
    with page.expect_navigation():
        page.click("form[enctype] button")
    return page.inner_text("main")


def test_done_6_two_modules_and_the_project_lead_to_a_certificate_in_three_languages(
    served, browser, shot
):
    """The edition asks for modules 1 and 2 and the project: those are named, and no others."""
    edition = open_edition(served)
    asked = ("--modules", ",".join(MODULES), "--items", PROJECT.rpartition("/")[2])
    served.did("editions", "certificate", edition, *asked)
    codes = {}
    for language, (email, name) in PEOPLE.items():
        learner = begins(served, email, edition)
        base = f"/learn/{edition}"
        for module in MODULES:
            reads(learner, base, module)
            passes(learner, base, module)
        learner.post(f"{base}/certificate", name=name)
        assert not OWN.search(learner.get(f"{base}/certificate").text)  # the project is missing
        hands_in(learner, f"{base}/{PROJECT}", language)
        released(served, edition)
        codes[language] = graduates(learner, base, name)
        assert len(learner.get(f"/certificates/{codes[language]}/certificate.pdf").body) < 150_000

    for language, code in codes.items():
        page = page_in(browser, served, language)
        page.goto(f"{served.url}/verify/{code}?lang={language}")
        said = page.inner_text("main")
        for words in (*SAYS[language], PEOPLE[language][1]):
            assert words in said, (language, words)
        assert page.locator("dd ul").count() == 2  # modules, and the project beside them
        assert page.locator("dd ul li").count() == len(MODULES) + 1
        shot(page, f"project-{language}")


def begins(served: Program, email: str, edition: str) -> Visitor:
    """Someone with a place in the edition."""
    learner = Visitor(served.url).sign_in(email, PASSWORD)
    course = f"/courses/introduccion-prevencion-genocidio?edition={edition}"
    learner.post(f"/editions/{edition}/enrolment", token_from=course)
    return learner


PLANS = {"es": "Un plan para mi institución. ", "pt": "Um plano. ", "en": "A plan. "}


def hands_in(learner: Visitor, page: str, language: str) -> None:
    text = PLANS[language] * 120
    sent = learner.post(
        page, token_from=page, page="a", text=text, seen="0", version=1, do="submit"
    )
    assert sent.status == 303


def released(served: Program, edition: str) -> None:
    """An instructor gives all that waits 15 of 25 points by each criterion, and releases it."""
    teacher = Visitor(served.url).sign_in("docente.py@example.org", PASSWORD)
    queue = f"/studio/editions/{edition}/{PROJECT}"
    works = set(re.findall(rf'href="({queue}/\d+)"', teacher.get(queue).text))
    for work in works:
        page = teacher.get(work).text
        points = {f"points.{key}": "18" for key in re.findall(r'name="points\.([\w-]+)"', page)}
        if 'value="release"' in page and points:
            teacher.post(work, token_from=work, do="release", seen="0", **points)


def test_done_5_it_is_checked_by_the_page_offline_and_by_another_program(
    served, browser, tmp_path, shot
):
    learner, code = graduate(served, "es")
    pdf = learner.get(f"/certificates/{code}/certificate.pdf").body
    badge = learner.get(f"/certificates/{code}/credential.json").text
    page = page_in(browser, served)

    # By the page: the code, the file, and the file with one byte changed.
    page.fill("#code", code[:8].lower() + " " + code[8:])
    with page.expect_navigation():
        page.click("form[method=get] button")
    assert "Authentic and valid" in page.inner_text("main")
    assert PEOPLE["es"][1] in page.inner_text("main")
    shot(page, "verified")
    assert "exactly as it was issued" in upload(page, pdf)
    altered = bytearray(pdf)
    altered[len(pdf) // 2] ^= 1
    assert "not as it was issued" in upload(page, bytes(altered))

    check_offline(served, page, tmp_path, code, badge)
    check_elsewhere(served, badge)

    # Revoked, and seen as that by the page.
    secretariat = Visitor(served.url).sign_in("secretaria@example.org", PASSWORD)
    one = f"/studio/editions/{open_edition(served)}/certificates/{code}"
    reason = "Emitido por error, para esta prueba."
    secretariat.post(f"{one}/revocation", token_from=one, reason=reason)
    page.context.set_offline(False)
    page.goto(f"{served.url}/verify/{code}?lang=en")
    assert "Revoked: this certificate holds no more" in page.inner_text("main")
    assert reason in page.inner_text("main")


def check_offline(served: Program, page: Page, folder, code: str, badge: str) -> None:
    """By the page that was taken away, without any connection."""
    with page.expect_download() as taken:
        page.click("a[href='/verify/offline']")
    kept = folder / "check.html"
    taken.value.save_as(kept)
    page.context.set_offline(True)
    page.goto(kept.as_uri())

    link = link_of(served, code)
    assert "The signature is right" in judged(page, link)
    assert PEOPLE["es"][1] in page.inner_text("#result")
    assert "The signature is right" in judged(page, badge)
    assert PEOPLE["es"][1] in page.inner_text("#result")

    assert "The signature is wrong" in judged(page, badge.replace("Participante", "Ministra"))
    head, key, signature, content = link.split(".")[-4:]
    swapped = ".".join([head, key, signature[:10] + "AAAA" + signature[14:], content])
    assert "The signature is wrong" in judged(page, swapped)
    assert "This key is not known here" in judged(page, link.replace(".key-1.", ".key-9."))
    assert "This is no certificate" in judged(page, "hello")


def link_of(served: Program, code: str) -> str:
    """What the QR code of the certificate holds."""
    query = (
        "SELECT h.payload FROM certificate_holders h JOIN certificates c ON c.id = h.certificate_id"
        " WHERE c.code = ?"
    )
    return f"{served.url}/verify/{code}#{served.asked(query, code)}"


def judged(page: Page, text: str) -> str:
    page.fill("#text", text)
    page.evaluate("document.getElementById('result').replaceChildren()")
    page.click("button")
    page.wait_for_selector("#result .verdict")
    return page.inner_text("#result")


def check_elsewhere(served: Program, badge: str) -> None:
    """By a program from the npm registry, with the keys and the list that the site publishes."""
    anybody = Visitor(served.url)
    given = {
        "credential": json.loads(badge),
        "did": json.loads(anybody.get("/.well-known/did.json").text),
        "status": json.loads(anybody.get("/credentials/status/1").text),
    }
    assert verified(given)
    given["credential"]["name"] = "Another course"
    assert not verified(given)


def verified(given: dict) -> bool:
    command = [shutil.which("node") or "node", "verify.mjs"]
    done = subprocess.run(
        command, input=json.dumps(given), capture_output=True, text=True, cwd=NPM, check=True
    )
    return json.loads(done.stdout)["verified"]

"""Surveys in a browser without scripts, in three languages; and their results at axe zero."""

import pytest
from sqlalchemy import select

from coursehub.accounts.models import Viewer
from coursehub.app import create_app
from coursehub.catalogue.models import Edition
from coursehub.demo.actions import PASSWORD
from coursehub.foundation.database import db, writing
from coursehub.learning.queries import find_reading
from coursehub.settings import Settings
from coursehub.surveys import actions
from coursehub.surveys.queries import find_survey
from coursehub.surveys.rules.answering import names_of, numbers_of, options_of
from tests import make
from tests.browser.pages import ROLES
from tests.browser.test_axe import SIDEWAYS, look_at
from tests.browser.test_move import LEARNER, open_edition
from tests.program import Program, Visitor

BEFORE = "fundamentos-evaluacion-inicial"
AFTER = "del-analisis-a-la-accion-evaluacion-final"
LOOKS = [(1280, "light"), (360, "dark")]
PEOPLE = 12
# What a page says in each language: its label, what is wrong without a code, and its thanks.
SAYS = {
    "es": ("solo conoce un código suyo", "Escriba su código", "Recibimos sus respuestas"),
    "pt": ("conhece apenas um código seu", "Escreva o seu código", "Recebemos as suas respostas"),
    "en": ("knows you by a code only", "Write your code", "Your answers have arrived"),
}
LEARNERS = {"es": LEARNER, "pt": ROLES["learner"], "en": "participant.pa@example.org"}


@pytest.fixture
def served(program):
    served = program()
    served.start()
    yield served
    served.kill()


def page_of(served: Program, browser, email: str, **options):
    """A browser of its own in which somebody is signed in."""
    visitor = Visitor(served.url).sign_in(email, PASSWORD)
    context = browser.new_context(reduced_motion="reduce", locale="es", **options)
    cookies = visitor.cookies.items()
    context.add_cookies([{"name": n, "value": v, "url": served.url} for n, v in cookies])
    return visitor, context.new_page()


def test_a_survey_is_answered_without_scripts_in_three_languages(served, browser, shot):
    edition = open_edition(served)
    for language, (label, mistake, thanks) in SAYS.items():
        visitor, page = page_of(served, browser, LEARNERS[language], java_script_enabled=False)
        course = f"/courses/introduccion-prevencion-genocidio?edition={edition}"
        visitor.post(f"/editions/{edition}/enrolment", token_from=course)
        page.goto(f"{served.url}/learn/{edition}/surveys/{BEFORE}?lang={language}")
        assert label in page.inner_text("main")
        page.locator("input[type=radio]").first.check()
        page.locator(".ch-rate input").first.check()

        page.click("main button[type=submit]")

        assert page.inner_text("#code-error").strip().startswith(mistake)
        assert page.locator("main input:checked").count() == 2
        shot(page, f"survey-wrong-{language}")
        page.fill("#code", "ROLI072")
        page.click("main button[type=submit]")
        assert thanks in page.inner_text("body")
        assert page.locator("main form").count() == 0
        page.context.close()


def fill(served: Program) -> str:
    """Let twelve people answer both surveys of the pair; the address of the edition."""
    settings = Settings(secret_key="x" * 40, data_dir=served.folder, log_level="ERROR")
    with create_app(settings).app_context():
        edition = db.session.scalars(select(Edition).where(Edition.seats_taken > 0)).one()
        for n in range(PEOPLE):
            person = make.person(email=f"demo{n}@example.org")
            make.enrolment(person_id=person, edition_id=edition.id)
            reading = find_reading(Viewer(person_id=person), edition.slug, "es")
            for slug in (BEFORE, AFTER):
                _module, item = reading.find_item(slug)
                survey = find_survey(reading.version_id, item["id"])
                with writing():
                    actions.answer(person, reading, item, survey, filled(survey, n), f"{n:064}")
        slug = edition.slug
        db.session.remove()
        db.engine.dispose()
    return slug


def filled(survey: dict, n: int) -> dict:
    """An answer to every question; people differ, and most know more afterwards."""
    answers = {}
    for name, question, _part in names_of(survey):
        options = [option["id"] for option in options_of(question)]
        right = [option["id"] for option in options_of(question) if option.get("right")]
        answers[name] = {
            "likert": options[n % len(options)] if options else None,
            "scale": list(numbers_of(question))[n % 5] if question["type"] == "scale" else None,
            "choice": right if n % (2 if survey["when"] == "before" else 5) else options[:1],
            "text": f"Texto de demostración número {n}, con una palabra desmesuradamentelarga.",
        }[question["type"]]
    return answers


def test_results_shut_nobody_out(served, browser, axe, shot):
    edition = fill(served)
    _visitor, page = page_of(served, browser, ROLES["instructor"])
    for slug in (BEFORE, AFTER):
        page.goto(f"{served.url}/studio/editions/{edition}/surveys/{slug}")
        assert "10 pares de respuestas" in page.inner_text("main")
        look_at(page, axe, LOOKS)
        shot(page, f"results-{slug}")
        assert page.evaluate(SIDEWAYS) <= 0

"""A wrong key is put right in the browser: seen first, then done, and told."""

import time

import pytest

from coursehub.demo.actions import PASSWORD
from tests.browser.graduation import passes, right_answers
from tests.browser.test_certificate import begins
from tests.browser.test_move import open_edition
from tests.program import LONG_SECONDS, Visitor

QUIZ = "fundamentos-cuestionario"
PEOPLE = ("participante.pe@example.org", "participante.br@example.org")


@pytest.fixture
def served(program):
    served = program()
    served.start()
    yield served
    served.kill()


def test_done_4_a_wrong_key_is_corrected_with_preview_regrade_and_letters(served, browser, shot):
    edition = open_edition(served)
    base = f"/learn/{edition}"
    learners = [begins(served, email, edition) for email in PEOPLE]
    for learner in learners:
        passes(learner, base, "fundamentos")
    completed = (
        "SELECT group_concat(person_id || ' ' || happened_at) FROM facts WHERE kind = 'completed'"
    )
    dates = served.asked(completed)
    assert dates.count(",") + 1 >= len(PEOPLE)
    key = next(iter(right_answers("fundamentos")))
    page = signed_in(served, browser, "docente.py@example.org")

    page.goto(f"{served.url}/studio/editions/{edition}/quizzes/{QUIZ}/questions/{key}")
    page.check("text=Solo otra respuesta es correcta")
    page.locator("#right input").first.check()
    with page.expect_navigation():
        page.click("text=Ver qué cambiaría")
    assert "Cambiarían los resultados de 2 personas." in page.inner_text("#preview")
    shot(page, "preview")
    page.fill("#preview textarea", "La clave publicada estaba equivocada.")
    with page.expect_navigation():
        page.click("text=Corregir la pregunta")
    until = time.monotonic() + LONG_SECONDS
    while "Listo: cambiaron 2 resultados" not in page.inner_text("main"):
        assert time.monotonic() < until
        time.sleep(0.3)
        page.reload()
    shot(page, "regraded")

    assert served.asked(completed) == dates
    for learner in learners:
        review = learner.get(f"{base}/quizzes/{QUIZ}/attempts/1/review?lang=en").text
        assert "The key of this question was corrected." in review
    queued = "SELECT count(*) FROM jobs WHERE work LIKE '%send_regraded'"
    assert served.asked(queued) == len(PEOPLE)


def signed_in(served, browser, email: str):
    context = browser.new_context(reduced_motion="reduce", locale="es")
    visitor = Visitor(served.url).sign_in(email, PASSWORD)
    context.add_cookies(
        [{"name": n, "value": v, "url": served.url} for n, v in visitor.cookies.items()]
    )
    return context.new_page()

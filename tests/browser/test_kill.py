"""Power cuts: what was answered is kept, what was half done is not seen, and it goes on after."""

import json
import random
import re
import sqlite3
from contextlib import closing

import pytest

from coursehub.content.actions.publication import BATCH
from coursehub.content.formats.findings import Findings
from coursehub.content.formats.folder import open_folder
from coursehub.content.formats.ids import with_ids
from coursehub.demo.actions import PASSWORD
from coursehub.demo.formats import write_course
from coursehub.settings import Settings
from tests.browser.test_move import LEARNER, half_way, open_edition
from tests.content.loader import killed
from tests.program import Program, Visitor, letter_to, link_in, path_of

BIG = "curso-grande"
LESSONS = 60
STEPS = -(-3 * LESSONS // BATCH) + 1
# Where the sync is cut off, one time after the other: each goes on where the one before was.
CUTS = ((1, "inside"), (1, "after"), (3, "inside"), (STEPS - 3, "inside"))


def test_done_4_kill_nine_of_the_server_loses_nothing(program):
    served = program(COURSEHUB_WORK_IN_SERVER="no")  # so that the letter is not written yet
    served.start()
    edition = open_edition(served)
    learner = half_way(served, edition)
    newcomer = Visitor(served.url)
    about = {"name": "Ana Muñoz", "country": "PE", "language": "es", "accepts": "y"}
    asked = newcomer.post("/sign-up", email="ana@example.org", **about)
    served.kill()  # right after the answer
    assert asked.status == 303
    assert served.letters("ana@example.org") == []
    assert served.processes() == []

    served.environment["COURSEHUB_WORK_IN_SERVER"] = "yes"
    served.start()
    assert "3" in learner.get(f"/learn/{edition}").text.partition("ch-continue")[2][:4000]
    for lesson in ("lemkin", "prevencion", "red"):
        page = learner.get(f"/learn/{edition}/{lesson}")
        assert page.status == 200
        assert "/completion/end" in page.text, f"{lesson} is no longer complete"
    letter = letter_to(served.folder, "ana@example.org")
    served.work_to_the_end()  # a second letter would come now
    assert len(served.letters("ana@example.org")) == 1
    confirm = path_of(link_in(letter))
    assert newcomer.post(confirm, password=PASSWORD).status == 303
    served.kill()

    served.start()
    assert Visitor(served.url).sign_in("ana@example.org", PASSWORD).get("/me").status == 200
    assert len(served.letters("ana@example.org")) == 1
    assert "Traceback" not in served.log.read_text()


def test_letters_queued_while_nothing_sends_them_are_sent_once(program):
    """The server is killed between the promise of a letter and the letter."""
    mute = program(COURSEHUB_WORK_IN_SERVER="no")
    mute.start()
    about = {"name": "Ana", "country": "PE", "language": "es", "accepts": "y"}
    for n in range(5):
        address = f"ana{n}@example.org"
        assert Visitor(mute.url).post("/sign-up", email=address, **about).status == 303
    mute.kill()
    assert mute.letters("ana") == []

    mute.did("work", "--once")
    mute.did("work", "--once")
    assert sorted(str(letter["To"]) for letter in mute.letters("ana")) == [
        f"ana{n}@example.org" for n in range(5)
    ]


@pytest.fixture
def big(tmp_path):
    """A course of many lessons, in a first state."""
    path = write_course(tmp_path / BIG, lessons=LESSONS, words=900)
    for name, content in with_ids(open_folder(path, Findings()), random.SystemRandom()).items():
        (path / name).write_bytes(content)
    return path


def test_done_4_kill_nine_of_a_sync_leaves_the_old_content(program, big):
    served = program(COURSEHUB_WORK_IN_SERVER="no")  # printouts would change the pages meanwhile
    served.did("content", "sync", str(big))
    served.did(
        *("editions", "create", BIG, "grande", "--format", "self_paced", "--zone", "UTC"),
        *("--starts-on", "2026-01-01", "--ends-on", "2099-01-01", "--announce"),
        *("--opens", "2026-01-01 09:00", "--closes", "2098-01-01 09:00"),
    )
    served.start()
    learner = Visitor(served.url).sign_in(LEARNER, PASSWORD)
    course = f"/courses/{BIG}?edition=grande"
    assert learner.post("/editions/grande/enrolment", token_from=course).status == 303
    everything(learner)  # from now on the place reached stays the same
    old, drawn_before = everything(learner), drawn(served)

    for lesson in big.rglob("*.es.md"):
        lesson.write_text(lesson.read_text().replace("de prueba ", "de prueba nueva ", 1))
    for step, moment in CUTS:
        killed(Settings(data_dir=served.folder), big, step, moment)
        assert everything(learner) == old, f"cut {moment} step {step}"
    assert drawn(served) == drawn_before + 3 * LESSONS, "everything is drawn but not seen yet"

    done = json.loads(served.did("content", "sync", str(big), "--json"))
    assert (done["errors"], done["version"]) == ([], 2)
    assert drawn(served) == drawn_before + 3 * LESSONS, "nothing was drawn a second time"
    assert everything(learner) == old, "an edition stays with its version"
    served.did("editions", "move", "grande", "--version", str(done["version"]))
    assert "de prueba nueva " in learner.get("/learn/grande/leccion-1?lang=es").text
    assert "Traceback" not in served.log.read_text()


def drawn(served: Program) -> int:
    """How many lessons have been drawn so far, whoever may see them."""
    with closing(sqlite3.connect(served.folder / "coursehub.sqlite")) as database:
        return database.execute("SELECT count(*) FROM renditions").fetchone()[0]


def everything(learner: Visitor) -> dict[str, str]:
    """The texts of the course as a learner finds them: outline, some lessons, a search."""
    paths = ["", "/leccion-1", "/leccion-30", f"/leccion-{LESSONS}", "/search?q=comision"]
    found = {}
    for path in paths:
        answer = learner.get(f"/learn/grande{path}")
        assert answer.status == 200, path
        main = answer.text.partition("<main")[2].partition("</main>")[0]
        found[path] = re.sub(r'value="[^"]*"|class="[^"]*"|aria-current="page"', "", main)
    return found

"""Editions from the command line: made, announced, listed, moved – and refused."""

import json

import pytest

from tests.cli.answers import misused, refused
from tests.cli.conftest import COURSE

DATES = {
    "--format": "self_paced",
    "--starts-on": "2027-03-01",
    "--ends-on": "2027-05-01",
    "--opens": "2026-01-01 09:00",
    "--closes": "2027-02-20 18:00",
    "--zone": "America/Asuncion",
}


def options(**changed: str) -> list[str]:
    given = DATES | {"--" + name.replace("_", "-"): value for name, value in changed.items()}
    return [word for pair in given.items() for word in pair]


def listed(program) -> dict[str, dict]:
    return {one["edition"]: one for one in json.loads(program.did("editions", "list", "--json"))}


def test_an_edition_is_made_then_announced(loaded):
    done = loaded("editions", "create", COURSE, "curso-2027-03", *options(seats="30"), "--json")
    made = json.loads(done.stdout)
    assert (made["edition"], made["is_announced"]) == ("curso-2027-03", False)
    assert listed(loaded)["curso-2027-03"]["seats"] == 30

    assert loaded.did("editions", "announce", "curso-2027-03") == "curso-2027-03: announced.\n"
    assert listed(loaded)["curso-2027-03"]["is_announced"]
    assert "curso-2027-03: 2027-03-01 to 2027-05-01, 0 of 30" in loaded.did("editions", "list")


def test_an_edition_can_be_announced_at_once(loaded):
    loaded.did("editions", "create", COURSE, "curso-at-once", *options(), "--announce")
    assert listed(loaded)["curso-at-once"]["is_announced"]


@pytest.mark.parametrize(
    ("course", "changed"),
    [
        ("nothing", {}),
        (COURSE, {"version": "99"}),
        (COURSE, {"zone": "America/Nowhere"}),
        (COURSE, {"ends_on": "2027-02-01"}),
        (COURSE, {"closes": "2025-01-01 09:00"}),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(loaded, course, changed):
    refused(loaded("editions", "create", course, "curso-refused", *options(**changed)))
    assert "curso-refused" not in listed(loaded)


@pytest.mark.parametrize("slug", ["Curso 1", "../x", "ñandú", "", "x" * 200])
def test_an_edition_has_a_name_that_can_stand_in_an_address(loaded, slug):
    refused(loaded("editions", "create", COURSE, slug, *options()))
    assert slug not in listed(loaded)


def test_two_editions_do_not_share_a_name(loaded):
    loaded.did("editions", "create", COURSE, "curso-twice", *options())
    refused(loaded("editions", "create", COURSE, "curso-twice", *options()))


def test_a_date_that_is_none_is_wrong_usage(loaded):
    misused(loaded("editions", "create", COURSE, "x", *options(starts_on="1 March")))
    misused(loaded("editions", "create", COURSE, "x", *options(seats="0")))


def test_what_is_not_there_cannot_be_announced_or_moved(loaded):
    refused(loaded("editions", "announce", "nothing"))
    refused(loaded("editions", "move", "nothing", "--version", "1"))
    loaded.did("editions", "create", COURSE, "curso-stays", *options(version="1"))
    refused(loaded("editions", "move", "curso-stays", "--version", "99"))


def test_a_move_to_the_same_version_changes_nothing(loaded):
    loaded.did("editions", "create", COURSE, "curso-same", *options(version="1"))
    done = loaded("editions", "move", "curso-same", "--version", "1", "--dry-run", "--json")
    assert "Traceback" not in done.stderr
    if done.returncode == 0:
        told = json.loads(done.stdout)
        assert (told["changes"], told["affected"], told["is_done"]) == ([], 0, False)

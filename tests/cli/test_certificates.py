"""What a certificate asks for, and the keys that sign, from the command line."""

import json

import pytest

from tests.cli.answers import misused, refused


def edition_of(program) -> str:
    listed = json.loads(program.did("editions", "list", "--json"))
    return next(one["edition"] for one in listed if "facilitada" in one["edition"])


def test_what_a_certificate_asks_for_is_said_by_addresses(with_demo):
    edition = edition_of(with_demo)
    asked = ["--modules", "fundamentos, marco-juridico", "--approval", "--json"]

    said = json.loads(with_demo.did("editions", "certificate", edition, *asked))

    assert said["modules"] == ["fundamentos", "marco-juridico"]
    assert said["by"] == "approval"


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (["--modules", "nothing"], "There is no “nothing” here"),
        ([], "one module or activity"),
        (["--items", "fundamentos-cuestionario"], "how many hours"),
    ],
)
def test_what_makes_no_certificate_is_refused(with_demo, asked, says):
    done = with_demo("editions", "certificate", edition_of(with_demo), *asked)

    refused(done)
    assert says in done.stderr


def test_hours_are_a_number_above_nothing(with_demo):
    edition = edition_of(with_demo)

    misused(
        with_demo("editions", "certificate", edition, "--modules", "fundamentos", "--hours", "0")
    )


def test_keys_are_made_and_listed(migrated):
    assert json.loads(migrated.did("keys", "list", "--json")) == []
    first = json.loads(migrated.did("keys", "rotate", "--json"))
    second = json.loads(migrated.did("keys", "rotate", "--json"))

    listed = json.loads(migrated.did("keys", "list", "--json"))

    assert [one["public"] for one in listed] == [first["public"], second["public"]]
    assert [one["retired_at"] is None for one in listed] == [False, True]
    assert "current" in migrated.did("keys", "list")

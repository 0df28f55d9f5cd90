"""The keys that sign certificates."""

from collections.abc import Iterator

import click

from coursehub.certificates.actions import rotate as rotate_key
from coursehub.certificates.queries import signing_keys
from coursehub.cli.opening import answer, as_json, opened
from coursehub.foundation.database import writing


@click.group()
def keys() -> None:
    """The keys that sign certificates: public ones are published for ever."""


@keys.command("list")
@as_json
def list_keys(wants_json: bool) -> None:
    """Print every key that ever signed."""
    with opened():
        listed = [
            {
                "key": one.name,
                "public": one.public,
                "made_at": one.made_at.isoformat(),
                "retired_at": one.retired_at and one.retired_at.isoformat(),
            }
            for one in signing_keys()
        ]

    def lines() -> Iterator[str]:
        for one in listed:
            yield f"{one['key']}: {one['public']}, {one['retired_at'] or 'current'}"

    answer(wants_json, listed, lines)


@keys.command()
@as_json
def rotate(wants_json: bool) -> None:
    """Sign with a new key from now on; what the old ones signed can still be checked."""
    with opened(), writing():
        made = rotate_key()
        name, public = made.name, made.public
    answer(
        wants_json,
        {"key": name, "public": public},
        lambda: iter([f"{name}: {public}. Copy keys/ of the data folder to your backup."]),
    )

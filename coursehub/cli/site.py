"""What the site is made of: its settings and its addresses."""

from collections.abc import Iterator

import click

from coursehub.cli.opening import answer, as_json, opened, settings_at_hand
from coursehub.foundation.access import routes_of


@click.command()
@as_json
def settings(wants_json: bool) -> None:
    """Print every setting with its value, its default and what it does; secrets are masked."""
    listed = settings_at_hand().listed()

    def lines() -> Iterator[str]:
        for one in listed:
            yield f"{one['name']}={one['value']}"
            yield f"    {one['says']}"
            yield f"    default: {one['default'] or '(empty)'}"

    answer(wants_json, listed, lines)


@click.command()
@as_json
def routes(wants_json: bool) -> None:
    """Print every address with its methods and the rule that guards it."""
    with opened() as app:
        listed = routes_of(app)

    def lines() -> Iterator[str]:
        for one in listed:
            yield f"{'/'.join(one['methods']):10} {one['rule']:60} {one['access']}"

    answer(wants_json, listed, lines)

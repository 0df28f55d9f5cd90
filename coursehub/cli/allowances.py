"""More time or more attempts in every quiz, for someone who needs them."""

import click

from coursehub.cli.opening import answer, as_json, opened
from coursehub.cli.people import account_at
from coursehub.foundation.database import writing
from coursehub.quizzes import actions
from coursehub.quizzes.rules import Allowance


@click.command()
@click.argument("email")
@click.option(
    "--more-time", type=click.IntRange(0, 300), default=0, help="Per cent of a quiz's time limit."
)
@click.option("--more-attempts", type=click.IntRange(0, 20), default=0)
@click.option("--note", default="", help="Why, for the Secretariat; shown to nobody else.")
@as_json
def allow(email: str, more_time: int, more_attempts: int, note: str, wants_json: bool) -> None:
    """Give someone more time or more attempts in every quiz; both 0 takes it back.

    It holds for attempts that start from now on.
    """
    with opened(), writing():
        person_id = account_at(email).person_id
        actions.give_allowance(person_id, Allowance(more_time, more_attempts), note)
    made = {"person": person_id, "more_time_percent": more_time, "more_attempts": more_attempts}
    told = f"{email}: {more_time} % more time, {more_attempts} more attempts in every quiz."
    answer(wants_json, made, lambda: iter([told]))

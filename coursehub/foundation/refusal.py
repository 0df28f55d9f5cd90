"""Saying no, with a reason a person can read."""

from collections.abc import Callable

from sqlalchemy.exc import IntegrityError

from coursehub.foundation.database import db

MOST_TRIES = 4


class Refused(Exception):
    """The request made sense but a rule says no. The reason is shown to the person who asked."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def refuse_if(reason: str | None) -> None:
    if reason:
        raise Refused(reason)


def flush_or_refuse(add: Callable[[], object], why_not: Callable[[], str | None]) -> None:
    """Do what `add` does and write it now, in a savepoint.

    If a constraint objects, the savepoint is undone and the rule asked again: it can now see what
    it lost to. If that has gone meanwhile and the rule says nothing, there is room: try again.
    """
    for tries_left in reversed(range(MOST_TRIES)):
        try:
            _flush(add)
        except IntegrityError:
            refuse_if(why_not())
            if not tries_left:
                raise
        else:
            return


def _flush(add: Callable[[], object]) -> None:
    with db.session.begin_nested():
        add()
        db.session.flush()

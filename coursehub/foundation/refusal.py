"""Saying no, with a reason a person can read."""

from collections.abc import Callable

from sqlalchemy.exc import IntegrityError

from coursehub.foundation.database import db


class Refused(Exception):  # noqa: N818 - an outcome, not an error
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
    it lost to.
    """
    try:
        with db.session.begin_nested():
            add()
            db.session.flush()
    except IntegrityError:
        refuse_if(why_not())
        raise

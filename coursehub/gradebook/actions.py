"""Choosing how an edition is graded, and deciding in place of a mark."""

from collections.abc import Iterable
from dataclasses import dataclass

from coursehub.foundation.clock import now
from coursehub.foundation.database import db
from coursehub.foundation.refusal import refuse_if
from coursehub.gradebook.models import GradeDecision, GradingScheme
from coursehub.gradebook.queries import Book
from coursehub.gradebook.rules import Json, Work, reaches, why_not_scheme
from coursehub.learning.actions import earn


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to hold for someone's work, or without a `work` for their whole grade.

    No share means excused or, with `withdraws`, that what was earned holds again.
    """

    person_id: int
    work: Work | None
    share: float | None
    withdraws: bool = False


def choose_scheme(person_id: int, book: Book, scheme: Json) -> None:
    """Grade an edition by this scheme from now on. Refused with the reason."""
    refuse_if(why_not_scheme(scheme, book.works))
    if scheme == book.scheme and book.chosen_at:
        return  # pressed twice
    row = GradingScheme(
        edition_id=book.reading.edition_id, scheme=scheme, person_id=person_id, chosen_at=now()
    )
    db.session.add(row)


def decide(person_id: int, book: Book, wishes: Iterable[Wish], reason: str) -> int:
    """Record what is to hold in place of marks, with the reason; how many decisions that were.

    Work that is decided to be enough is completed by it; nothing is ever uncompleted here.
    """
    moment = now()
    decided = 0
    for wish in wishes:
        db.session.add(
            GradeDecision(
                edition_id=book.reading.edition_id,
                person_id=wish.person_id,
                item_id=wish.work.item_id if wish.work else None,
                share=wish.share,
                is_withdrawn=wish.withdraws,
                reason=reason,
                decided_by=person_id,
                decided_at=moment,
            )
        )
        decided += 1
        if wish.work and wish.share is not None and reaches(wish.share, wish.work.pass_share):
            item = {"id": wish.work.item_id, "kind": wish.work.kind, "state": "ready"}
            earn(wish.person_id, book.reading, item, moment)
    return decided

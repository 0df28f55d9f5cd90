"""Adding an answer among others, so that neither its place nor its row tells when it came.

A row that is added alone is the newest one: its place in the file, or the number of the
transaction that wrote it, would say so, and the list of who has answered has an order too. So each
new row is written together with others of the same survey, taken out for it, in an order of chance
and under new keys. What a database says of the newest row, it says of all of these.
"""

import random
import secrets

from sqlalchemy import delete, insert, select

from coursehub.foundation.database import db
from coursehub.surveys.models import Response
from coursehub.surveys.rules import Json

# A survey of so many answers is written anew as a whole; of a larger one this many, drawn by lot.
MIXED_WITH = 49
chance = random.SystemRandom()


def mix_in(edition_id: int, item_id: int, code: str | None, answers: Json) -> None:
    """Keep an answer. Others of the survey must wait meanwhile: whoever calls holds its tally."""
    pivot = secrets.token_hex(16)
    others = (
        select(Response.key)
        .where(Response.edition_id == edition_id, Response.item_id == item_id)
        .order_by(Response.key < pivot, Response.key)  # keys are random: so is what comes next
        .limit(MIXED_WITH)
    )
    taken = delete(Response).where(Response.key.in_(others.scalar_subquery()))
    rows = db.session.execute(taken.returning(Response.code, Response.answers))
    known = [(row.code, row.answers) for row in rows]
    mixed = [*known, (code, answers)]
    chance.shuffle(mixed)
    db.session.execute(
        insert(Response),
        [
            {
                "key": secrets.token_hex(16),
                "edition_id": edition_id,
                "item_id": item_id,
                "code": code,
                "answers": answers,
            }
            for code, answers in mixed
        ],
    )

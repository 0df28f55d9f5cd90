"""Keeps questions in banks: what is new or reads differently becomes a version, the rest stays."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import delete, insert, select, update

from coursehub.content.formats.banks import with_known_ids, words_of
from coursehub.content.formats.findings import fingerprint_of
from coursehub.content.models import Bank, BankQuestion, BankTag, BankVersion, QuestionState
from coursehub.content.queries import find_bank
from coursehub.foundation.clock import now
from coursehub.foundation.database import db

Json = dict[str, Any]
Known = Mapping[str, tuple[int, int, QuestionState, Json]]  # row, number, state, what it says
BATCH = 400


@dataclass
class Kept:
    """How many questions were new to a bank, read differently, or were known as they are."""

    new: int = 0
    changed: int = 0
    same: int = 0


def bank_for(course_id: int | None, key: str, title: Mapping[str, str]) -> Bank:
    """The bank with this name, locked until the unit of work ends; it is made if there is none."""
    bank = find_bank(course_id, key, locks=True)
    if bank is None:
        bank = Bank(course_id=course_id, key=key, title=dict(title), created_at=now())
        db.session.add(bank)
        db.session.flush()
    return bank


def keep(
    bank: Bank, questions: Iterable[Json], states: Mapping[str, QuestionState] | None = None
) -> Kept:
    """Make these the newest versions in a bank; without `states` what is known keeps its own.

    The same question twice is one version: nothing happens the second time.
    """
    kept, rest = Kept(), iter(questions)
    while batch := list(islice(rest, BATCH)):
        known = _known(bank.id, [one["id"] for one in batch])
        _keep_new(bank.id, [one for one in batch if one["id"] not in known], states or {}, kept)
        for question in batch:
            if question["id"] in known:
                _keep_known(question, known, states, kept)
    return kept


def _known(bank_id: int, keys: Sequence[str]) -> Known:
    rows = db.session.execute(
        select(
            BankQuestion.key,
            BankQuestion.id,
            BankQuestion.number,
            BankQuestion.state,
            BankVersion.question,
        )
        .join(
            BankVersion,
            (BankVersion.question_id == BankQuestion.id)
            & (BankVersion.number == BankQuestion.number),
        )
        .where(BankQuestion.bank_id == bank_id, BankQuestion.key.in_(keys))
    )
    return {key: (row, number, state, said) for key, row, number, state, said in rows}


def _keep_new(
    bank_id: int, questions: list[Json], states: Mapping[str, QuestionState], kept: Kept
) -> None:
    if not questions:
        return
    rows = [
        {
            "bank_id": bank_id,
            "key": one["id"],
            "number": 1,
            "state": states.get(one["id"], QuestionState.READY),
            "words": words_of(one),
        }
        for one in questions
    ]
    made = db.session.execute(
        insert(BankQuestion).returning(BankQuestion.key, BankQuestion.id), rows
    )
    ids: dict[str, int] = {key: row for key, row in made}  # noqa: C416 - a row is no pair
    db.session.execute(insert(BankVersion), [_version(ids[one["id"]], 1, one) for one in questions])
    _tag((ids[one["id"]], one) for one in questions)
    kept.new += len(questions)


def _version(question_id: int, number: int, question: Json) -> Json:
    return {
        "question_id": question_id,
        "number": number,
        "question": question,
        "fingerprint": fingerprint_of(question),
        "made_at": now(),
    }


def _tag(questions: Iterable[tuple[int, Json]]) -> None:
    rows = [
        {"question_id": row, "tag": tag}
        for row, question in questions
        for tag in dict.fromkeys(question["tags"])
    ]
    if rows:
        db.session.execute(insert(BankTag), rows)


def _keep_known(
    question: Json, known: Known, states: Mapping[str, QuestionState] | None, kept: Kept
) -> None:
    row, number, state, before = known[question["id"]]
    question = with_known_ids(question, before)
    wanted = state if states is None else states.get(question["id"], QuestionState.READY)
    if question == before:
        kept.same += 1
    else:
        kept.changed += 1
        number += 1
        db.session.execute(insert(BankVersion), [_version(row, number, question)])
        db.session.execute(delete(BankTag).where(BankTag.question_id == row))
        _tag([(row, question)])
    if question != before or wanted != state:
        changes = {"number": number, "state": wanted, "words": words_of(question)}
        db.session.execute(update(BankQuestion).where(BankQuestion.id == row).values(changes))


def newest_in(bank_id: int) -> Iterator[tuple[str, QuestionState, Json]]:
    """Every question of a bank as it is now, in the order in which the bank came to know them."""
    rows = db.session.execute(
        select(BankQuestion.key, BankQuestion.state, BankVersion.question)
        .join(
            BankVersion,
            (BankVersion.question_id == BankQuestion.id)
            & (BankVersion.number == BankQuestion.number),
        )
        .where(BankQuestion.bank_id == bank_id)
        .order_by(BankQuestion.id)
    )
    yield from ((key, state, said) for key, state, said in rows)

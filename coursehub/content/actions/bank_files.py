"""Banks between a course's files and the database, both ways."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import insert, select, update

from coursehub.content.actions.banks import bank_for, keep, newest_in
from coursehub.content.formats import yaml_files
from coursehub.content.formats.banks import BankFile, written_bank
from coursehub.content.formats.course import CourseFolder, Module, bank_file
from coursehub.content.formats.questions import as_data
from coursehub.content.models import (
    Bank,
    BankQuestion,
    BankVersion,
    CourseVersion,
    Item,
    QuestionState,
    VersionQuestion,
)
from coursehub.content.queries import banks_of
from coursehub.foundation.database import db

Json = dict[str, Any]
Said = dict[str, tuple[str, Json]]  # by id the state and what a question says


def keep_banks(version: CourseVersion, course: CourseFolder, items: Mapping[str, int]) -> None:
    """Take the banks of the files into the database, and note which quiz uses which question."""
    for name, file in course.banks.items():
        bank = bank_for(version.course_id, name, file.title.root)
        bank.title = dict(file.title.root)
        said = _said(file)
        states = {key: QuestionState(state) for key, (state, _question) in said.items()}
        keep(bank, (question for _state, question in said.values()), states)
        _retire(bank, said)
    if rows := list(_uses(version, course, items)):
        db.session.execute(insert(VersionQuestion), rows)


def changed_banks(course_id: int, contents: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of a course's banks that say something else than the banks do now."""
    changed = {}
    for bank in banks_of(course_id):
        name = bank_file(bank.key)
        before = _said(_read(contents[name])) if name in contents else {}
        rows = [
            (key, state.value, question)
            for key, state, question in newest_in(bank.id)
            # What was taken out of the file is retired here, and does not come back.
            if key in before or state != QuestionState.RETIRED
        ]
        if rows and {key: (state, question) for key, state, question in rows} != before:
            changed[name] = written_bank(bank.title, rows).encode()
    return changed


def _read(content: bytes) -> BankFile:
    return BankFile.model_validate(yaml_files.read(content.decode()).value)


def _said(file: BankFile) -> Said:
    states = {
        **dict.fromkeys(file.drafts, QuestionState.DRAFT.value),
        **dict.fromkeys(file.retired, QuestionState.RETIRED.value),
    }
    return {
        question.id or "": (
            states.get(question.id or "", QuestionState.READY.value),
            as_data(question),
        )
        for question in file.questions
    }


def _retire(bank: Bank, said: Said) -> None:
    """What an earlier file had and this one has no more; what came by the site alone stays."""
    from_files = select(Item.key).where(Item.course_id == bank.course_id)
    db.session.execute(
        update(BankQuestion)
        .where(
            BankQuestion.bank_id == bank.id,
            BankQuestion.key.in_(from_files),
            BankQuestion.key.not_in(list(said)),
            BankQuestion.state != QuestionState.RETIRED,
        )
        .values(state=QuestionState.RETIRED)
        .execution_options(synchronize_session=False)
    )


def _uses(
    version: CourseVersion, course: CourseFolder, items: Mapping[str, int]
) -> Iterator[dict[str, int]]:
    """A row for each question of a bank in each quiz: the version pinned there, or the newest."""
    used = [(one, module) for module in course.modules for one in module.used.items()]
    known = (
        _versions(version.course_id, list(course.banks))
        if any(uses for (_n, uses), _m in used)
        else {}
    )
    for (name, uses), module in used:
        for use in uses.values():
            numbers = known[use.key]
            yield {
                "version_id": version.id,
                "item_id": items[_id_of(module, name)],
                "bank_version_id": numbers[use.version or max(numbers)],
            }


def _id_of(module: Module, name: str) -> str:
    return module.activities[name].id or ""


def _versions(course_id: int, banks: list[str]) -> dict[str, dict[int, int]]:
    """The rows of every version of a course's questions, by id and number."""
    found: dict[str, dict[int, int]] = {}
    rows = db.session.execute(
        select(BankQuestion.key, BankVersion.number, BankVersion.id)
        .join(BankQuestion, BankQuestion.id == BankVersion.question_id)
        .join(Bank, Bank.id == BankQuestion.bank_id)
        .where(Bank.course_id == course_id, Bank.key.in_(banks))
    )
    for key, number, row in rows:
        found.setdefault(key, {})[number] = row
    return found

"""No column that refers to a person is forgotten when somebody asks to see it, or to be erased."""

from sqlalchemy import JSON, Column, Enum, String

from coursehub.accounts.rules import PERSONAL, Erasure, tables_of
from coursehub.foundation.database import metadata

# Courses, their texts and the States: whoever adds a table says here that it is about nobody, or
# names its columns in PERSONAL.
ABOUT_NOBODY = {
    "assignment_stored_files",
    "bank_questions",
    "bank_tags",
    "bank_versions",
    "banks",
    "certificate_rules",
    "countries",
    "course_versions",
    "courses",
    "editions",
    "exports",
    "held_files",
    "institutions",
    "items",
    "printouts",
    "quiz_regrades",
    "quiz_statistics",
    "renditions",
    "search_entries",
    "signing_keys",
    "sources",
    "version_files",
    "version_lessons",
    "version_pages",
    "version_activities",
    # Answers of which nobody knows whose they are.
    "survey_responses",
    "survey_tallies",
    "version_questions",
}
# Names of things that hold what people told us, in tables that name no person.
TELLING = {"jobs.arguments", "jobs.last_error", "sign_in_failures.email_key"}


def points_to_a_person(column: Column) -> bool:
    return any(key.column.table.name == "people" for key in column.foreign_keys)


def holds_words(column: Column) -> bool:
    return isinstance(column.type, (String, JSON)) and not isinstance(column.type, Enum)


def columns_about_people() -> set[str]:
    """Columns that point to a person, and all words that stand in a row beside such a column."""
    return {
        str(column)
        for table in metadata.tables.values()
        if any(map(points_to_a_person, table.columns))
        for column in table.columns
        if points_to_a_person(column) or holds_words(column)
    }


def test_every_column_that_refers_to_a_person_is_named_with_what_becomes_of_it():
    assert columns_about_people() | TELLING == set(PERSONAL)


def test_every_table_says_whether_it_is_about_people():
    about_people = {name.partition(".")[0] for name in PERSONAL}

    assert about_people.isdisjoint(ABOUT_NOBODY)
    assert about_people | ABOUT_NOBODY == set(metadata.tables)


def test_no_table_that_is_about_nobody_points_to_a_person():
    for name in ABOUT_NOBODY:
        assert not any(map(points_to_a_person, metadata.tables[name].columns)), name


def test_what_can_never_be_changed_holds_nothing_that_would_have_to_be_erased(app):
    """Facts and acceptances refuse UPDATE and DELETE, so whoever is erased cannot stand in them."""
    for table in ("facts", "acceptances", "quiz_corrections"):
        kept = {what for name, what in PERSONAL.items() if name.startswith(f"{table}.")}
        assert kept == {Erasure.STAYS}


def test_a_table_is_erased_whole_or_stays_whole():
    assert tables_of(Erasure.ERASED).isdisjoint(tables_of(Erasure.STAYS))

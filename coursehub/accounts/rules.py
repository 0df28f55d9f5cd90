"""Who may do what to accounts, and which roles cover which things."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from coursehub.accounts.models import Role, Scope, Viewer
from coursehub.foundation.language import _

MOST_FAILURES = 10
FAILURE_MINUTES = 15
# No longer than the shortest life of a link: whoever asks in another's name so often that no more
# letters are sent leaves links in their mailbox that work.
LETTER_MINUTES = 30
MOST_LETTERS = 5
SECOND_PRESS_SECONDS = 60


class Erasure(StrEnum):
    """What happens to a column when a person is erased."""

    STAYS = "points to a row without personal data, or says nothing about a person"
    ERASED = "is erased"


def _all(erasure: Erasure, table: str, columns: str) -> dict[str, Erasure]:
    return {f"{table}.{column}": erasure for column in columns.split()}


# Every column that refers to a person, whatever feature it belongs to: what an export has to
# contain and an erasure to go through. A test fails for a column that is missing here.
PERSONAL: Mapping[str, Erasure] = {
    **_all(Erasure.STAYS, "people", "merged_into"),
    **_all(
        Erasure.ERASED,
        "accounts",
        "person_id email email_key password_hash name latin_name country_code institution position "
        "language time_zone",
    ),
    **_all(Erasure.ERASED, "sessions", "person_id token_hash device"),
    **_all(Erasure.ERASED, "tickets", "person_id token_hash email email_key details"),
    **_all(Erasure.ERASED, "sign_in_failures", "email_key"),
    **_all(Erasure.ERASED, "jobs", "arguments last_error"),
    **_all(Erasure.STAYS, "role_grants", "person_id granted_by scope_id"),
    **_all(Erasure.STAYS, "acceptances", "person_id document version language"),
    **_all(Erasure.STAYS, "enrolments", "person_id"),
    **_all(Erasure.STAYS, "facts", "person_id event_id rule details"),
    **_all(Erasure.ERASED, "bookmarks", "person_id"),
    **_all(Erasure.STAYS, "quiz_attempts", "person_id key plan results language"),
    **_all(Erasure.ERASED, "quiz_answers", "person_id question device event_id fields"),
    **_all(Erasure.ERASED, "quiz_late_answers", "person_id question device event_id fields"),
    **_all(Erasure.STAYS, "quiz_corrections", "person_id question correction reason"),
    **_all(Erasure.STAYS, "quiz_marks", "person_id question part levels marked_by"),
    **_all(Erasure.ERASED, "quiz_comments", "person_id text"),
    **_all(Erasure.STAYS, "grading_schemes", "person_id scheme"),
    **_all(Erasure.ERASED, "grade_decisions", "person_id decided_by reason"),
    **_all(Erasure.ERASED, "accommodations", "person_id note"),
    **_all(Erasure.ERASED, "survey_participations", "person_id"),
    **_all(Erasure.ERASED, "survey_named_responses", "person_id answers"),
    **_all(Erasure.ERASED, "certificate_names", "person_id name"),
    **_all(Erasure.STAYS, "certificate_approvals", "person_id approved_by"),
    **_all(Erasure.STAYS, "certificate_batches", "person_id edition"),
    # What is printed but the name: anybody who has the code can go on checking the rest.
    **_all(
        Erasure.STAYS,
        "certificates",
        "person_id code edition course language title modules activities issuer reason pdf_sha256",
    ),
    **_all(Erasure.ERASED, "certificate_holders", "person_id name credential payload"),
    **_all(Erasure.ERASED, "assignment_drafts", "person_id text links changed_in"),
    **_all(Erasure.ERASED, "assignment_files", "person_id key name claimed_sha256 sha256 kind"),
    **_all(Erasure.STAYS, "assignment_submissions", "person_id key text_sha256"),
    **_all(Erasure.ERASED, "assignment_contents", "person_id text links files"),
    **_all(Erasure.STAYS, "assignment_marks", "person_id marked_by points"),
    **_all(Erasure.ERASED, "assignment_comments", "person_id comments"),
    **_all(Erasure.STAYS, "peer_reviews", "person_id points"),
    **_all(Erasure.ERASED, "peer_comments", "person_id comments"),
    **_all(Erasure.ERASED, "saved_comments", "person_id text"),
}


def tables_of(erasure: Erasure) -> set[str]:
    """The tables whose personal columns have this in store."""
    return {name.partition(".")[0] for name, what in PERSONAL.items() if what is erasure}


def holds(viewer: Viewer, *roles: Role, **things: object) -> bool:
    """Whether the viewer has one of the roles for the site or for one of the things.

    A thing is named by its scope: `holds(viewer, Role.INSTRUCTOR, course=number, edition=number)`.
    """
    covered = {(Scope(scope), str(thing)) for scope, thing in things.items() if thing is not None}
    return any(
        grant.role in roles
        and (grant.scope == Scope.SITE or (grant.scope, grant.scope_id) in covered)
        for grant in viewer.grants
    )


def why_not_sign_in(failures: int) -> str | None:
    """The reason no password is tried for an address any more, or None."""
    if failures < MOST_FAILURES:
        return None
    return _(
        "There have been too many attempts with this address. Wait %(minutes)s minutes, "
        "or ask for a link by email: it works now.",
        minutes=FAILURE_MINUTES,
    )


def why_not_sign_up(sign_up: str) -> str | None:
    """The reason nobody can create an account by themselves, or None."""
    if sign_up == "open":
        return None
    return _("Accounts are created by invitation. Write to the Secretariat if you need one.")


def why_not_create_account(taken_keys: Collection[str], email_key: str) -> str | None:
    """The reason there cannot be an account with this address, or None."""
    if email_key not in taken_keys:
        return None
    return _("There is already an account with this address. Sign in with it.")


def why_not_grant(*, is_held: bool) -> str | None:
    """The reason someone cannot be given a role, or None."""
    return _("This person holds this role already.") if is_held else None


def why_not_end_grant(*, is_held: bool, is_last_administrator: bool) -> str | None:
    """The reason a role cannot be taken away, or None."""
    if not is_held:
        return _("This person does not hold this role.")
    return why_not_lose(is_last_administrator=is_last_administrator)


def why_not_lose(*, is_last_administrator: bool) -> str | None:
    """The reason the site cannot do without someone, or None."""
    if not is_last_administrator:
        return None
    return _("This is the last administrator of the site. Give that role to someone else first.")

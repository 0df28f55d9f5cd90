"""Finding people, their sessions and the links mailed to them."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, bindparam, func, or_, select, text

from coursehub.accounts.formats import email_key, fingerprint
from coursehub.accounts.models import (
    Account,
    Grant,
    Person,
    Purpose,
    Role,
    RoleGrant,
    Scope,
    Session,
    SignInFailure,
    Ticket,
    Viewer,
)
from coursehub.accounts.rules import (
    FAILURE_MINUTES,
    LETTER_MINUTES,
    SECOND_PRESS_SECONDS,
    Erasure,
    tables_of,
)
from coursehub.documents.queries import current_version
from coursehub.foundation.clock import now
from coursehub.foundation.database import UtcDateTime, db, metadata

DOCUMENTS = ("privacidad", "condiciones")
SECRETS = ("password_hash", "token_hash")
SITE_ADMINISTRATOR = Grant(Role.ADMINISTRATOR, Scope.SITE)

# Asked on every page of everyone signed in: one statement, whatever roles they hold.
VIEWER = text("""
    SELECT sessions.id AS session_id, accounts.person_id, accounts.name, accounts.language,
           accounts.time_zone, accounts.country_code, accounts.is_demo,
           role_grants.role, role_grants.scope, role_grants.scope_id
      FROM sessions
      JOIN accounts ON accounts.person_id = sessions.person_id
      LEFT JOIN role_grants
        ON role_grants.person_id = accounts.person_id AND role_grants.ended_at IS NULL
     WHERE sessions.token_hash = :token_hash
       AND sessions.ended_at IS NULL AND sessions.expires_at > :moment
""").bindparams(bindparam("moment", type_=UtcDateTime()))


def load_viewer(token: str) -> Viewer | None:
    """Whoever is signed in with this token, with the roles they hold, or None."""
    given = {"token_hash": fingerprint(token), "moment": now()}
    rows = db.session.execute(VIEWER, given).all()
    if not rows:
        return None
    first = rows[0]
    return Viewer(
        person_id=first.person_id,
        name=first.name,
        language=first.language,
        time_zone=first.time_zone,
        country=first.country_code,
        is_demo=bool(first.is_demo),
        grants=frozenset(
            Grant(Role(row.role), Scope(row.scope), row.scope_id) for row in rows if row.role
        ),
        token=token,
        session_id=first.session_id,
    )


def find_account(email: str) -> Account | None:
    """The account with this address, however it is written."""
    return db.session.scalar(select(Account).where(Account.email_key == email_key(email)))


def account_of(person_id: int) -> Account | None:
    return db.session.get(Account, person_id)


def accounts_of(people: Collection[int]) -> dict[int, Account]:
    """The accounts of several people, by person; who was erased has none."""
    rows = db.session.scalars(select(Account).where(Account.person_id.in_(people)))
    return {account.person_id: account for account in rows}


def taken_keys(email: str) -> list[str]:
    rows = select(Account.email_key).where(Account.email_key == email_key(email))
    return list(db.session.scalars(rows))


def failures_lately(email: str) -> int:
    """How many wrong passwords were tried for an address in the last minutes."""
    since = now() - timedelta(minutes=FAILURE_MINUTES)
    failures = select(func.count()).where(
        SignInFailure.email_key == email_key(email), SignInFailure.failed_at > since
    )
    return db.session.scalar(failures) or 0


def letters_lately(email: str) -> int:
    """How many links were mailed to an address in the last minutes, and can still be used."""
    since = now() - timedelta(minutes=LETTER_MINUTES)
    # Who makes a link to a new address useless may have no mailbox there: those always count.
    is_alive = and_(Ticket.used_at.is_(None), Ticket.voided_at.is_(None))
    counts = or_(is_alive, Ticket.purpose == Purpose.CHANGE_EMAIL)
    letters = select(func.count()).where(
        Ticket.email_key == email_key(email), Ticket.created_at > since, counts
    )
    return db.session.scalar(letters) or 0


def find_ticket(token: str, purpose: Purpose) -> Ticket | None:
    """The mailed link, if it was made for this, still holds and was not used, or only just now.

    On a slow line people press twice, and it is the second answer that reaches them.
    """
    moment = now()
    just_now = moment - timedelta(seconds=SECOND_PRESS_SECONDS)
    return db.session.scalar(
        select(Ticket).where(
            Ticket.token_hash == fingerprint(token),
            Ticket.purpose == purpose,
            Ticket.voided_at.is_(None),
            Ticket.expires_at > moment,
            or_(Ticket.used_at.is_(None), Ticket.used_at > just_now),
        )
    )


def sessions_of(person_id: int) -> list[Session]:
    """The browsers in which someone is signed in, the latest first."""
    open_ones = select(Session).where(
        Session.person_id == person_id, Session.ended_at.is_(None), Session.expires_at > now()
    )
    return list(db.session.scalars(open_ones.order_by(Session.began_at.desc(), Session.id.desc())))


def find_session(session_id: int, viewer: Viewer) -> Session | None:
    """One of the viewer's own sessions."""
    own = select(Session).where(Session.id == session_id, Session.person_id == viewer.person_id)
    return db.session.scalar(own)


def accounts_listed() -> list[tuple[Account, list[Grant]]]:
    """Every account with the roles held, in the order of the addresses."""
    held: dict[int, list[Grant]] = {}
    open_ones = select(RoleGrant).where(RoleGrant.ended_at.is_(None)).order_by(RoleGrant.id)
    for row in db.session.scalars(open_ones):
        held.setdefault(row.person_id, []).append(Grant(row.role, row.scope, row.scope_id))
    accounts = db.session.scalars(select(Account).order_by(Account.email_key))
    return [(account, held.get(account.person_id, [])) for account in accounts]


def holds_role(person_id: int, grant: Grant) -> bool:
    return (
        db.session.scalar(select(RoleGrant.id).where(*is_grant_held(person_id, grant))) is not None
    )


def is_grant_held(person_id: int, grant: Grant) -> tuple[ColumnElement[bool], ...]:
    """What is true of the row of a role that someone holds."""
    return (
        RoleGrant.person_id == person_id,
        RoleGrant.role == grant.role,
        RoleGrant.scope == grant.scope,
        RoleGrant.scope_id == grant.scope_id,
        RoleGrant.ended_at.is_(None),
    )


def is_last_administrator(numbers: Collection[int]) -> bool:
    """Whether the site would have no administrator without the person of these numbers.

    The grants are locked: of two administrators who end each other's role, the second waits.
    """
    grants = (
        select(RoleGrant.person_id)
        .join(Account, Account.person_id == RoleGrant.person_id)
        .where(
            RoleGrant.role == SITE_ADMINISTRATOR.role,
            RoleGrant.scope == SITE_ADMINISTRATOR.scope,
            RoleGrant.ended_at.is_(None),
        )
        .order_by(RoleGrant.id)
        .with_for_update(of=RoleGrant)
    )
    administrators = set(db.session.scalars(grants))
    return bool(administrators) and administrators <= set(numbers)


def numbers_of(person_id: int) -> list[int]:
    """A person's number and those that were merged into it."""
    own = select(Person.id).where(or_(Person.id == person_id, Person.merged_into == person_id))
    return list(db.session.scalars(own.order_by(Person.id)))


def about(
    table: FromClause, numbers: Collection[int], keys: Collection[str]
) -> ColumnElement[bool]:
    """Whether a row of a table that PERSONAL names is about someone: by number or by address.

    A table without such a column raises: whoever adds one must say how its rows are found.
    """
    known = {"person_id": numbers, "email_key": keys}
    conditions = [table.c[name].in_(those) for name, those in known.items() if name in table.c]
    if not conditions:
        raise LookupError(f"nothing in {table} says whom a row is about")
    return or_(*conditions)


def copy_of(person_id: int) -> dict[str, list[dict[str, Any]]]:
    """All that is stored about someone, by table, as PERSONAL declares, without secrets.

    Jobs are left out: what waits there is a letter about to be sent, and its link is a secret.
    """
    numbers = numbers_of(person_id)
    own = select(Account.email_key).where(Account.person_id.in_(numbers))
    keys = list(db.session.scalars(own))
    copied = {}
    everywhere = tables_of(Erasure.ERASED) | tables_of(Erasure.STAYS)
    for name in sorted(everywhere - {"jobs", "people"}):
        table = metadata.tables[name]
        columns = [column for column in table.columns if column.name not in SECRETS]
        rows = select(*columns).where(about(table, numbers, keys))
        ordered = rows.order_by(*table.primary_key.columns)
        copied[name] = [dict(row._mapping) for row in db.session.execute(ordered)]
    return copied


def documents_to_accept() -> tuple[tuple[str, str], ...]:
    """The documents everyone agrees to, each with the version that holds today."""
    return tuple((document, current_version(document)) for document in DOCUMENTS)


def has_demo_accounts() -> bool:
    """Whether anyone could sign in with a password that is known to everyone."""
    return db.session.scalar(select(Account.person_id).where(Account.is_demo).limit(1)) is not None

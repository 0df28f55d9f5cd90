"""People and editions for trying CourseHub out; each says plainly that it is invented."""

from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from coursehub.accounts.actions import create_person
from coursehub.accounts.models import Grant, Role, Scope, Viewer
from coursehub.accounts.queries import documents_to_accept, find_account, has_demo_accounts
from coursehub.catalogue.actions import announce_edition, create_edition
from coursehub.catalogue.models import Edition, Format
from coursehub.catalogue.queries import find_edition
from coursehub.catalogue.rules import State, state_of
from coursehub.certificates.actions import ask_for
from coursehub.certificates.models import IssuedBy
from coursehub.content.models import CourseVersion
from coursehub.content.queries import find_course, latest_version
from coursehub.enrolment.actions import enrol
from coursehub.foundation.clock import now
from coursehub.foundation.database import db
from coursehub.learning.actions import complete, reach
from coursehub.learning.queries import find_reading
from coursehub.learning.rules import counts, items_of

PASSWORD = "una-clave-solo-de-prueba"  # noqa: S105 - known to everyone on purpose
COURSE = "introduccion-prevencion-genocidio"
ASKED_FOR = ("fundamentos", "marco-juridico")
ZONE = "America/Lima"
SEATS = 60
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Someone invented, as the sign-in list shows them."""

    email: str
    role: str
    country: str
    language: str
    name: str


PEOPLE = [
    DemoPerson(
        "participante.pe@example.org", "learner", "PE", "es", "Participante de demostración, Perú"
    ),
    DemoPerson(
        "participante.br@example.org", "learner", "BR", "pt", "Participante de demonstração, Brasil"
    ),
    DemoPerson(
        "participant.pa@example.org", "learner", "PA", "en", "Demonstration participant, Panama"
    ),
    DemoPerson(
        "docente.py@example.org", "instructor", "PY", "es", "Docente de demostración, Paraguay"
    ),
    DemoPerson("secretaria@example.org", "secretariat", "AR", "es", "Secretaría de demostración"),
    DemoPerson(
        "administracion@example.org", "administrator", "AR", "es", "Administración de demostración"
    ),
]


def accounts_listed() -> list[dict[str, str]]:
    """Every demo account with its password, for the sign-in list and for scripts."""
    return [asdict(person) | {"password": PASSWORD} for person in PEOPLE]


def has_all_demo() -> bool:
    """Whether there is nothing left to load: the people, and an edition that can be joined."""
    return has_demo_accounts() and _open_edition() is not None


def load_demo(password_hash: str) -> None:
    """Create the demo people and keep one edition open for enrolment; what exists stays."""
    version = latest_version(COURSE)
    if version is None:
        return
    edition = _open_edition() or _new_edition(version)
    for person in PEOPLE:
        if find_account(person.email) is None:
            number = _create(person, password_hash)
            if person.country == "BR":
                _half_way(number, edition)
    _coming_edition(version)


def _create(person: DemoPerson, password_hash: str) -> int:
    return create_person(
        person.email,
        person.name,
        person.language,
        country=person.country,
        password_hash=password_hash,
        is_demo=True,
        accepted=documents_to_accept(),
        grants=_grants(person.role),
    )


def _grants(role: str) -> list[Grant]:
    if role == Role.LEARNER:
        return []
    course = find_course(COURSE)
    if role == Role.INSTRUCTOR and course is not None:
        return [Grant(Role.INSTRUCTOR, Scope.COURSE, str(course.id))]
    return [Grant(Role(role), Scope.SITE)]


def _open_edition() -> Edition | None:
    edition = find_edition(_slug(now()))
    is_open = edition is not None and state_of(edition, now()) == State.OPEN
    return edition if is_open else None


def _slug(moment: datetime) -> str:
    return f"introduccion-{moment.astimezone(ZoneInfo(ZONE)):%Y-%m}"


def _new_edition(version: CourseVersion) -> Edition:
    today = now().astimezone(ZoneInfo(ZONE)).date()
    edition = find_edition(_slug(now())) or create_edition(
        COURSE,
        _slug(now()),
        version=version.number,
        format=Format.SELF_PACED,
        starts_on=today - 7 * DAY,
        ends_on=today + 120 * DAY,
        zone=ZONE,
        opens_local=datetime.combine(today - 14 * DAY, time(9)),
        closes_local=datetime.combine(today + 60 * DAY, time(18)),
        seats=SEATS,
    )
    announce_edition(edition)
    ask_for(edition, ASKED_FOR, (), IssuedBy.RULE, None)
    return edition


def _coming_edition(version: CourseVersion) -> None:
    """A facilitated edition that opens in thirty days and begins in ninety, one for each year."""
    first = now().astimezone(ZoneInfo(ZONE)).date() + 90 * DAY
    slug = f"introduccion-facilitada-{first:%Y}"
    if find_edition(slug) is not None:
        return
    edition = create_edition(
        COURSE,
        slug,
        version=version.number,
        format=Format.FACILITATED,
        starts_on=first,
        ends_on=first + 56 * DAY,
        zone=ZONE,
        opens_local=datetime.combine(first - 60 * DAY, time(9)),
        closes_local=datetime.combine(first - 14 * DAY, time(18)),
        seats=30,
    )
    announce_edition(edition)


def _half_way(person_id: int, edition: Edition) -> None:
    """Let someone have read the first lessons, so that there is progress to be seen."""
    enrol(person_id, edition)
    db.session.flush()
    reading = find_reading(Viewer(person_id=person_id), edition.slug, "pt")
    assert reading is not None  # noqa: S101 - they have just taken a place
    lessons = [item for _, item in items_of(reading.outline) if counts(item)]
    for item in lessons[:2]:
        complete(person_id, reading, item)
    for item in lessons[2:3]:
        reach(person_id, edition.id, item["id"])

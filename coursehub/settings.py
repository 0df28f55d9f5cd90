"""Every setting, its type, its default and what it does. Nothing else reads the environment."""

import ipaddress
import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

PROJECT = Path(__file__).parent.parent
PREFIX = "COURSEHUB_"
THREADS = 16  # of a server process


class BadSetting(ValueError):
    """A setting that cannot be used; the message is one line and says what to do."""


def setting(says: str, default: object = MISSING, *, secret: bool = False) -> Any:
    return field(default=default, metadata={"says": says, "secret": secret})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The environment, read once. Relative paths are relative to the project."""

    secret_key: str = setting(
        "signs cookies and mailed links; at least 32 characters", "", secret=True
    )
    public_url: str = setting(
        "the site's own address: mailed links are made from it, never from the Host header",
        "http://127.0.0.1:8000",
    )
    data_dir: Path = setting("everything the program writes", PROJECT / "var")
    database_url: str = setting(
        "postgresql://…; without it an SQLite file in the data folder", "", secret=True
    )
    smtp_url: str = setting(
        "smtp://user:password@host:port or smtps://…; "
        "without it letters go to outbox/ in the data folder",
        "",
        secret=True,
    )
    mail_from: str = setting("the sender of letters", "CourseHub <no-reply@coursehub.invalid>")
    contact_email: str = setting(
        "shown on the contact page and in letters", "secretaria@coursehub.invalid"
    )
    sign_up: str = setting(
        "open: anyone may create an account; invited: only staff create them", "open"
    )
    default_language: str = setting("spoken where nothing else is known", "es")
    proxies: int = setting("how many reverse proxies stand in front and may be believed", 0)
    sign_in_limit: str = setting("sign-in requests from one address", "300 per 15 minutes")
    sign_up_limit: str = setting("sign-up requests from one address", "100 per hour")
    most_upload_bytes: int = setting("a request body larger than this is refused", 1_000_000)
    work_in_server: bool = setting("run background jobs in a thread of the server", True)
    log_level: str = setting("DEBUG, INFO, WARNING or ERROR", "INFO")
    testing: bool = setting("for the test suite only", False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Settings as the environment gives them. BadSetting names the variable that is wrong."""
        given: dict[str, Any] = {
            f.name: _read(f, environment[PREFIX + f.name.upper()])
            for f in fields(cls)
            if environment.get(PREFIX + f.name.upper())
        }
        settings = cls(**given)
        settings.check()
        if unknown := sorted(_unknown(environment)):
            raise BadSetting(
                f"{unknown[0]} is no setting of this version. See them all: coursehub settings"
            )
        return settings

    def check(self) -> None:
        for name, is_usable, demand in self._demands():
            if not is_usable:
                raise BadSetting(f"{PREFIX}{name} must {demand}")

    def _demands(self) -> Iterator[tuple[str, bool, str]]:
        is_address = _is_url(self.public_url, "http", "https")
        yield "PUBLIC_URL", is_address, "look like https://courses.example.org"
        is_database = _is_url(self.database_url, "postgresql", "postgresql+psycopg", host=False)
        says = "look like postgresql://user:password@host:port/database"
        yield "DATABASE_URL", is_database or not self.database_url, says
        is_post = _is_url(self.smtp_url, "smtp", "smtps")
        yield "SMTP_URL", is_post or not self.smtp_url, "look like smtp://host:port"
        is_sender = ADDRESS.fullmatch(parseaddr(self.mail_from)[1]) and self.mail_from.isprintable()
        yield "MAIL_FROM", bool(is_sender), "look like Name <name@example.org>"
        is_contact = ADDRESS.fullmatch(self.contact_email) is not None
        yield "CONTACT_EMAIL", is_contact, "look like name@example.org"
        is_enough = self.most_upload_bytes >= LEAST_UPLOAD_BYTES
        yield "MOST_UPLOAD_BYTES", is_enough, f"be {LEAST_UPLOAD_BYTES} or more"
        yield "SIGN_UP", self.sign_up in ("open", "invited"), "be open or invited"
        is_spoken = self.default_language in LANGUAGES
        yield "DEFAULT_LANGUAGE", is_spoken, f"be one of {', '.join(LANGUAGES)}"
        is_long = len(self.secret_key) >= 32
        yield "SECRET_KEY", is_long or not self.secret_key, "have at least 32 characters"
        yield "LOG_LEVEL", self.log_level in LEVELS, f"be one of {', '.join(LEVELS)}"
        for name in ("sign_in_limit", "sign_up_limit"):
            is_limit = LIMIT.fullmatch(getattr(self, name)) is not None
            yield name.upper(), is_limit, "look like 300 per 15 minutes"

    @property
    def is_secure(self) -> bool:
        return self.public_url.startswith("https:")

    @property
    def database(self) -> str:
        if self.database_url:
            return self.database_url.replace("postgresql://", "postgresql+psycopg://", 1)
        return f"sqlite:///{self.data_dir.absolute() / 'coursehub.sqlite'}"

    def make_data_dir(self) -> None:
        """Make the data folder, unless it is there; nobody else on the machine may look into it."""
        # People's addresses lie in it, and letters with links that let their owners in.
        self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)

    def why_not_serve(self) -> str | None:
        """The reason a production server must not start with these settings."""
        if not self.secret_key:
            random_text = "$(python3 -c 'import secrets; print(secrets.token_hex(32))')"
            return (
                f"{PREFIX}SECRET_KEY is not set. Set it to a long random text, for instance: "
                f"export {PREFIX}SECRET_KEY={random_text}"
            )
        if self.public_url == type(self).public_url:
            return (
                f"{PREFIX}PUBLIC_URL is not set. Set it to the site's own address, for instance: "
                f"export {PREFIX}PUBLIC_URL=https://courses.example.org"
            )
        if not self.is_secure and not is_loopback(urlsplit(self.public_url).hostname or ""):
            # Cookies would be sent without TLS too, and whoever listens on the line has them.
            return (
                f"{PREFIX}PUBLIC_URL must begin with https://, unless it is an address of this "
                "machine alone, such as http://127.0.0.1:8000"
            )
        return None

    def listed(self) -> list[dict[str, str]]:
        """Every setting for people: name, value (secrets masked), default, what it does."""
        return [
            {
                "name": PREFIX + f.name.upper(),
                "value": _shown(f, getattr(self, f.name)),
                "default": str(f.default),
                "says": f.metadata["says"],
            }
            for f in fields(self)
        ]


LANGUAGES = ("es", "pt", "en")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
# What the project's own commands read beside the settings.
TOOLS = frozenset({"COURSEHUB_TEST_POSTGRES", "COURSEHUB_CHROMIUM", "COURSEHUB_NO_SKIPS"})
LEAST_UPLOAD_BYTES = 10_000
ADDRESS = re.compile(r"[^\s<>@\"(),:;]+@[^\s<>@\"(),:;]+")
LIMIT = re.compile(r"[1-9]\d* per ([1-9]\d* )?(second|minute|hour|day)s?")


def is_loopback(host: str) -> bool:
    """Whether a host can be reached from its own machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _unknown(environment: Mapping[str, str]) -> set[str]:
    known = {PREFIX + f.name.upper() for f in fields(Settings)} | TOOLS
    return {
        name for name, value in environment.items() if name.startswith(PREFIX) and value
    } - known


def _is_url(text: str, *schemes: str, host: bool = True) -> bool:
    """Whether this is an address of one of the schemes, with a host, or at least a path."""
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - reading it is what tells whether it is a port
    except ValueError:
        return False
    is_one_word = not re.search(r"[\s<>\"]", text)
    names = bool(parts.hostname) if host else len(parts.path) > 1
    return is_one_word and parts.scheme in schemes and names


def _read(f: Field[Any], text: str) -> object:
    if f.type is bool:
        if text.lower() not in ("0", "1", "no", "yes", "false", "true"):
            raise BadSetting(f"{PREFIX}{f.name.upper()} must be yes or no")
        return text.lower() in ("1", "yes", "true")
    if f.type is int:
        if not text.isascii() or not text.isdigit():
            raise BadSetting(f"{PREFIX}{f.name.upper()} must be a whole number")
        return int(text)
    return Path(text).absolute() if f.type is Path else text


def _shown(f: Field[Any], value: object) -> str:
    return "••••" if f.metadata["secret"] and value else str(value)

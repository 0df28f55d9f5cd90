"""Every setting, its type, its default and what it does. Nothing else reads the environment."""

from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

PROJECT = Path(__file__).parent.parent
PREFIX = "COURSEHUB_"


class BadSetting(ValueError):
    """A setting that cannot be used; the message is one line and says what to do."""


def setting(says: str, default: object = MISSING, *, secret: bool = False) -> Any:
    return field(default=default, metadata={"says": says, "secret": secret})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The environment, read once. Relative paths are relative to the project."""

    secret_key: str = setting("signs cookies and mailed links; at least 32 characters", "", secret=True)
    public_url: str = setting(
        "the site's own address: mailed links are made from it, never from the Host header",
        "http://127.0.0.1:8000",
    )
    data_dir: Path = setting("everything the program writes", PROJECT / "var")
    database_url: str = setting(
        "postgresql://…; without it an SQLite file in the data folder", "", secret=True
    )
    smtp_url: str = setting(
        "smtp://user:password@host:port or smtps://…; without it letters go to outbox/ in the data folder",
        "",
        secret=True,
    )
    mail_from: str = setting("the sender of letters", "CourseHub <no-reply@coursehub.invalid>")
    contact_email: str = setting("shown in every footer's contact page", "secretaria@coursehub.invalid")
    sign_up: str = setting("open: anyone may create an account; invited: only staff create them", "open")
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
        given = {
            f.name: _read(f, environment[PREFIX + f.name.upper()])
            for f in fields(cls)
            if environment.get(PREFIX + f.name.upper())
        }
        settings = cls(**given)
        settings.check()
        return settings

    def check(self) -> None:
        address = urlsplit(self.public_url)
        if address.scheme not in ("http", "https") or not address.hostname:
            raise BadSetting(f"{PREFIX}PUBLIC_URL must look like https://courses.example.org")
        if self.sign_up not in ("open", "invited"):
            raise BadSetting(f"{PREFIX}SIGN_UP must be open or invited")
        if self.default_language not in LANGUAGES:
            raise BadSetting(f"{PREFIX}DEFAULT_LANGUAGE must be one of {', '.join(LANGUAGES)}")
        if self.secret_key and len(self.secret_key) < 32:
            raise BadSetting(f"{PREFIX}SECRET_KEY is shorter than 32 characters")

    @property
    def is_secure(self) -> bool:
        return self.public_url.startswith("https:")

    @property
    def database(self) -> str:
        if self.database_url:
            return self.database_url.replace("postgresql://", "postgresql+psycopg://", 1)
        return f"sqlite:///{self.data_dir.absolute() / 'coursehub.sqlite'}"

    def why_not_serve(self) -> str | None:
        """The reason a production server must not start with these settings."""
        if not self.secret_key:
            return (
                f"{PREFIX}SECRET_KEY is not set. Set it to a long random text, for instance: "
                f"export {PREFIX}SECRET_KEY=$(python3 -c 'import secrets; print(secrets.token_hex(32))')"
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


def _read(f: Field[Any], text: str) -> object:
    if f.type is bool or f.type == "bool":
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

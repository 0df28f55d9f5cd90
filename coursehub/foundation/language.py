"""Which language to speak, in a request and out of one, and how dates and sizes are written in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_time, get_timezone_name
from babel.numbers import format_decimal
from flask import Flask, g, has_request_context, request
from flask_babel import Babel, force_locale, gettext, lazy_gettext, ngettext
from flask_login import current_user

from coursehub.settings import LANGUAGES, PROJECT, Settings

COOKIE = "language"
NAMES = {"es": "Español", "pt": "Português", "en": "English"}
LOCALES = {code: Locale.parse(tag) for code, tag in (("es", "es_419"), ("pt", "pt_BR"), ("en", "en_GB"))}


def _(message: str, **values: object) -> str:
    """Translate now. Use where the reader's language is known."""
    return str(gettext(message, **values))


def _n(one: str, many: str, num: int, **values: object) -> str:
    """Translate now, in the plural form that `num` takes."""
    return str(ngettext(one, many, num, **values))


def _l(message: str) -> str:
    """Translate when shown. Use where code runs before there is a reader: form labels."""
    return lazy_gettext(message)  # type: ignore[no-any-return]


def language() -> str:
    """The language being spoken: `es`, `pt` or `en`."""
    spoken = getattr(g, "_speaking", None)
    if spoken is None:
        spoken = g._speaking = _choose()
    return str(spoken)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak another language for a while: in a letter, a job or a printed page."""
    before = getattr(g, "_speaking", None)
    g._speaking = code
    try:
        with force_locale(code):
            yield
    finally:
        g._speaking = before


def _choose() -> str:
    if not has_request_context():
        return g.default_language if "default_language" in g else LANGUAGES[0]
    wishes = (request.args.get("lang"), getattr(current_user, "language", None), request.cookies.get(COOKIE))
    for wish in wishes:
        if wish in LANGUAGES:
            return str(wish)
    # Someone whose browser names none of the three is answered in the site's language.
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def day(moment: date | datetime, zone: str | None = None) -> str:
    """7 de junio de 2026."""
    if isinstance(moment, datetime) and zone:
        moment = moment.astimezone(ZoneInfo(zone))
    return format_date(moment, "long", locale=LOCALES[language()])


def day_and_time(moment: datetime, zone: str) -> str:
    """7 de junio de 2026, 16:00 (hora de Paraguay): always with the zone's name."""
    local = moment.astimezone(ZoneInfo(zone))
    locale = LOCALES[language()]
    clock = format_time(local, "HH:mm", locale=locale)
    if language() == "pt":
        clock = clock.replace(":", "h")
    return f"{format_date(local, 'long', locale=locale)}, {clock} ({zone_name(zone)})"


def zone_name(zone: str) -> str:
    """The zone as people of that place call it: hora de Paraguay."""
    return get_timezone_name(ZoneInfo(zone), width="long", locale=LOCALES[language()], zone_variant="generic")


def decimal(number: float, digits: int = 1) -> str:
    return format_decimal(round(number, digits), locale=LOCALES[language()])


def size(in_bytes: int) -> str:
    """12 KB, 4,2 MB: decimal thousands, as phones and contracts count."""
    if in_bytes < 1_000_000:
        return f"{max(1, round(in_bytes / 1000))} KB"
    return f"{decimal(in_bytes / 1_000_000)} MB"


def month(moment: date) -> str:
    return format_datetime(moment, "MMM", locale=LOCALES[language()])


def init_app(app: Flask, settings: Settings) -> None:
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(PROJECT / "translations")
    app.config["BABEL_DEFAULT_LOCALE"] = settings.default_language
    Babel(app, locale_selector=language)
    app.jinja_env.globals.update(
        day=day, day_and_time=day_and_time, zone_name=zone_name, size=size, decimal=decimal
    )

    @app.context_processor
    def tongue() -> dict[str, object]:
        return {"language": language(), "languages": NAMES}

"""Which language to speak, in a request and out of one, and how it writes dates and sizes."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache, lru_cache
from gettext import NullTranslations
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global
from babel.dates import (
    format_date,
    format_skeleton,
    format_time,
    get_timezone_location,
)
from babel.numbers import format_decimal
from babel.support import Translations
from flask import Flask, current_app, g, has_app_context, has_request_context, request
from flask_babel import Babel, LazyString, force_locale
from flask_login import current_user

from coursehub.settings import LANGUAGES, PROJECT, Settings

COOKIE = "language"
META_ZONES, ZONE_ALIASES = get_global("meta_zones"), get_global("zone_aliases")
NAMES = {"es": "Español", "pt": "Português", "en": "English"}
LOCALES = {
    code: Locale.parse(tag) for code, tag in (("es", "es_419"), ("pt", "pt_BR"), ("en", "en_GB"))
}


def _(message: str, **values: object) -> str:
    """Translate now. Use where the reader's language is known."""
    said = _catalogue(language()).gettext(message)
    return said % values if values else said


def _n(one: str, many: str, num: int, **values: object) -> str:
    """Translate now, in the plural form that `num` takes."""
    return _catalogue(language()).ngettext(one, many, num) % {"num": num, **values}


def _l(message: str) -> str:
    """Translate when shown. Use where code runs before there is a reader: form labels."""
    return LazyString(_, message)  # type: ignore[no-any-return]


@cache  # a page asks a hundred times
def _catalogue(code: str) -> NullTranslations:
    return Translations.load(PROJECT / "translations", [code])


def language() -> str:
    """The language being spoken: `es`, `pt` or `en`, in which messages are written."""
    if not has_app_context():  # a rule asked by itself
        return "en"
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
    site: str = current_app.extensions["coursehub"].default_language
    if not has_request_context():
        return site
    wishes = (
        request.args.get("lang"),
        getattr(current_user, "language", None),
        request.cookies.get(COOKIE),
    )
    for wish in wishes:
        if wish in LANGUAGES:
            return str(wish)
    # Someone whose browser names none of the three is answered in the site's language.
    return request.accept_languages.best_match(LANGUAGES) or site


def language_name(code: str) -> str:
    """Portugués: the language as the reader calls it, inside a sentence."""
    return str(LOCALES[language()].languages[code])


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
    # Not babel.dates.get_timezone_name: for a zone without summer time it says "hora de verano".
    zone = ZONE_ALIASES.get(zone, zone)
    is_argentine = zone.startswith("America/Argentina/")  # missing in Babel's table
    names = LOCALES[language()].meta_zones.get(
        "Argentina" if is_argentine else META_ZONES.get(zone), {}
    )
    name = names.get("long", {}).get("generic") or names.get("long", {}).get("standard")
    return _inside_a_sentence(name) if name else _city(zone)


def zone_label(zone: str) -> str:
    """The zone in a list to choose from: Asunción (hora de Paraguay)."""
    city, name = _city(zone), zone_name(zone)
    return city if city == name else f"{city} ({name})"


def _inside_a_sentence(name: str) -> str:
    # Babel writes “Horário de Brasília” and “Hora de Acre”, but “hora de Paraguay”.
    return name if language() == "en" else name[:1].lower() + name[1:]


def _city(zone: str) -> str:
    if zone == "UTC":
        return zone
    city = get_timezone_location(ZoneInfo(zone), locale=LOCALES[language()], return_city=True)
    return str(city.rpartition("/")[2])


def decimal(number: float, digits: int = 1, code: str | None = None) -> str:
    return _written(round(number, digits), LOCALES[code or language()])


@lru_cache(maxsize=4096)
def _written(number: float, locale: Locale) -> str:
    # Shares and points are few and come again and again; writing one takes Babel some 30 µs.
    return str(format_decimal(number, locale=locale))


def size(in_bytes: int, code: str | None = None) -> str:
    """12 KB, 4,2 MB: decimal thousands, as phones and contracts count."""
    if in_bytes < 1_000_000:
        return f"{max(1, round(in_bytes / 1000))} KB"
    return f"{decimal(in_bytes / 1_000_000, code=code)} MB"


def month_and_year(moment: date) -> str:
    """Marzo de 2027, as it stands inside a sentence."""
    return format_skeleton("yMMMM", moment, locale=LOCALES[language()])


def init_app(app: Flask, settings: Settings) -> None:
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(PROJECT / "translations")
    app.config["BABEL_DEFAULT_LOCALE"] = settings.default_language
    Babel(app, locale_selector=language)
    app.jinja_env.globals.update(
        # Translations are text, never HTML: templates escape them like any other.
        _=_,
        gettext=_,
        ngettext=_n,
        day=day,
        day_and_time=day_and_time,
        month_and_year=month_and_year,
        zone_name=zone_name,
        size=size,
        decimal=decimal,
        language_name=language_name,
    )

    @app.context_processor
    def tongue() -> dict[str, object]:
        return {"language": language(), "languages": NAMES}

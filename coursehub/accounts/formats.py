"""Forms of what identifies people: addresses folded, names in Latin letters, tokens, browsers."""

import hashlib
import unicodedata

# Zones of the States of the Network and of those who work with them; an account may keep another.
TIME_ZONES = (
    "America/Argentina/Buenos_Aires",
    "America/Asuncion",
    "America/Bogota",
    "America/Cancun",
    "America/Caracas",
    "America/Costa_Rica",
    "America/El_Salvador",
    "America/Guatemala",
    "America/Guayaquil",
    "America/Havana",
    "America/La_Paz",
    "America/Lima",
    "America/Managua",
    "America/Manaus",
    "America/Mexico_City",
    "America/Montevideo",
    "America/New_York",
    "America/Noronha",
    "America/Panama",
    "America/Punta_Arenas",
    "America/Rio_Branco",
    "America/Santiago",
    "America/Santo_Domingo",
    "America/Sao_Paulo",
    "America/Tegucigalpa",
    "America/Tijuana",
    "Europe/Brussels",
    "Europe/Lisbon",
    "Europe/Madrid",
    "Europe/Warsaw",
    "Europe/Zurich",
    "Pacific/Easter",
    "Pacific/Galapagos",
    "UTC",
)

LETTERS = ("Lu", "Ll", "Lt", "Lo")

Marks = tuple[tuple[str, str], ...]

# The first mark found counts: Edge calls itself Chrome too, and Chrome Safari.
BROWSERS: Marks = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS: Marks = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def email_key(email: str) -> str:
    """The address folded, so that ÁNA@example.org and ána@example.org are one person."""
    folded = unicodedata.normalize("NFKC", email).casefold()
    return unicodedata.normalize("NFKC", folded).strip()


def fingerprint(token: str) -> str:
    """What is stored of a token: enough to recognise it, useless to whoever reads the database."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_latin(name: str) -> bool:
    """Whether every letter of the name is Latin: certificates have fonts for no others."""
    letters = [c for c in unicodedata.normalize("NFKC", name) if unicodedata.category(c) in LETTERS]
    return all(unicodedata.name(letter, "").startswith("LATIN") for letter in letters)


def device(user_agent: str) -> str:
    """Firefox, Android: what a person recognises a browser by; empty if it does not say."""
    names = (_first(BROWSERS, user_agent), _first(SYSTEMS, user_agent))
    return ", ".join(name for name in names if name)


def _first(known: Marks, user_agent: str) -> str:
    return next((name for mark, name in known if mark in user_agent), "")

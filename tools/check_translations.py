"""Fails unless every text of the program stands, finished, in the catalogue of each language."""

import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

PROJECT = Path(__file__).resolve().parent.parent
LANGUAGES = ("es", "pt", "en")
KEYWORDS = {"_": None, "_l": None, "_n": (1, 2), "gettext": None, "ngettext": (1, 2)}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


def main() -> int:
    texts = extracted()
    problems = [line for code in LANGUAGES for line in problems_of(code, texts)]
    print("\n".join(problems) or f"{len(texts)} texts in {', '.join(LANGUAGES)}.")
    return int(bool(problems))


def extracted() -> set[str]:
    """The id of every text the code and templates show; of plurals, the singular."""
    with (PROJECT / "babel.cfg").open() as config:
        methods, options = parse_mapping_cfg(config)
    found = extract_from_dir(PROJECT, methods, options, keywords=KEYWORDS)
    return {text[0] if isinstance(text, tuple) else text for _, _, text, _, _ in found}


def problems_of(code: str, texts: set[str]) -> list[str]:
    path = PROJECT / "translations" / code / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return [f"{code}: there is no catalogue"]
    with path.open("rb") as source:
        catalogue = read_po(source, locale=code)
    known = {message.id[0] if message.pluralizable else message.id for message in catalogue} - {""}
    missing = [f"{code}: missing: {text}" for text in sorted(texts - known)]
    unused = [f"{code}: not in the code: {text}" for text in sorted(known - texts)]
    obsolete = [f"{code}: obsolete: {text}" for text in catalogue.obsolete]
    return missing + unused + obsolete + [f"{code}: {line}" for line in unfinished(catalogue)]


def unfinished(catalogue: Catalog) -> list[str]:
    found = ((message.id, why_not(message, catalogue)) for message in catalogue if message.id)
    return [f"{reason}: {text}" for text, reason in found if reason]


def why_not(message: Message, catalogue: Catalog) -> str | None:
    ids, strings = forms(message.id), forms(message.string)
    if message.fuzzy:
        return "fuzzy"
    if not all(strings) or (message.pluralizable and len(strings) != catalogue.num_plurals):
        return "not translated"
    wanted = set(PLACEHOLDER.findall(" ".join(ids)))
    if any(set(PLACEHOLDER.findall(string)) - wanted for string in strings):
        return "unknown placeholder"
    if wanted - set(PLACEHOLDER.findall(" ".join(strings))):
        return "lost placeholder"
    return None


def forms(text: object) -> tuple[str, ...]:
    """A text as its forms: one, or with plurals several."""
    return tuple(map(str, text)) if isinstance(text, list | tuple) else (str(text or ""),)


if __name__ == "__main__":
    sys.exit(main())

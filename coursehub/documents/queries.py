"""Finding the site's own texts. Each file is read and rendered once in a process's life."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from coursehub.documents.formats import split_front_matter
from coursehub.foundation import richtext

TEXTS = Path(__file__).parent / "texts"


@dataclass(frozen=True, slots=True)
class Document:
    """A text of the site in one language; `version` is empty where nobody has to agree to it."""

    slug: str
    language: str
    title: str
    summary: str
    version: str
    html: str


@cache
def slugs() -> list[str]:
    """The addresses of all texts."""
    return sorted({path.name.split(".")[0] for path in TEXTS.glob("*.md")})


def find_document(slug: str, language: str) -> Document | None:
    """The text with this address, or None if there is none."""
    # The slug comes from an address: never make a path of it unseen, nor remember whatever it is.
    return _read(slug, language) if slug in slugs() else None


@cache
def _read(slug: str, language: str) -> Document:
    head, body = split_front_matter((TEXTS / f"{slug}.{language}.md").read_text(encoding="utf-8"))
    return Document(
        slug=slug,
        language=language,
        title=head["title"],
        summary=head.get("summary", ""),
        version=head.get("version", ""),
        html=richtext.render(body),
    )


def current_version(slug: str) -> str:
    """The version of the privacy notice or the terms that holds today."""
    document = find_document(slug, "es")
    if document is None or not document.version:
        raise LookupError(f"{slug} is no document that people agree to")
    return document.version

"""Markdown files with a few `key: value` lines on top, and the words that are filled in late."""

from urllib.parse import quote

from markupsafe import escape

CONTACT = "{contact_email}"


def split_front_matter(text: str) -> tuple[dict[str, str], str]:
    """The head as words and the rest as Markdown. ValueError if the head does not end."""
    if not text.startswith("---\n"):
        return {}, text
    head, separator, body = text[4:].partition("\n---\n")
    if not separator:
        raise ValueError("the front matter does not end with ---")
    pairs = (line.partition(":") for line in head.splitlines() if line.strip())
    return {key.strip(): value.strip().strip('"') for key, _, value in pairs}, body


def with_contact(html: str, email: str) -> str:
    """The HTML with the site's address in its text and, where the token is a link, in its links."""
    linked = html.replace(quote(CONTACT), quote(email, safe="@"))
    return linked.replace(CONTACT, escape(email))

"""Compiles the translators' catalogues into what the program reads."""

import secrets

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from coursehub.settings import PROJECT


def compile_catalogues() -> None:
    """Compile every catalogue that is newer than its compiled form."""
    for source in (PROJECT / "translations").glob("*/LC_MESSAGES/*.po"):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as text:
            catalogue = read_po(text)
        half_made = compiled.with_name(f".{secrets.token_hex(6)}")  # two may compile at once
        with half_made.open("wb") as target:
            write_mo(target, catalogue)
        half_made.replace(compiled)

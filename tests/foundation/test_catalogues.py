"""Translators' catalogues become what the program reads, when they are newer."""

import gettext
import os

import pytest

from coursehub.foundation import catalogues

HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'


@pytest.fixture
def source(tmp_path, monkeypatch):
    monkeypatch.setattr(catalogues, "PROJECT", tmp_path)
    path = tmp_path / "translations" / "es" / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    path.write_text(f'{HEAD}msgid "Year"\nmsgstr "Año"\n', encoding="utf-8")
    return path


def said(source, text: str) -> str:
    with source.with_suffix(".mo").open("rb") as compiled:
        return gettext.GNUTranslations(compiled).gettext(text)


def test_a_catalogue_is_compiled(source):
    catalogues.compile_catalogues()

    assert said(source, "Year") == "Año"
    assert {path.name for path in source.parent.iterdir()} == {"messages.po", "messages.mo"}


def test_only_a_newer_catalogue_is_compiled_again(source):
    catalogues.compile_catalogues()
    before = source.with_suffix(".mo").stat()
    catalogues.compile_catalogues()
    assert source.with_suffix(".mo").stat().st_mtime_ns == before.st_mtime_ns

    source.write_text(f'{HEAD}msgid "Year"\nmsgstr "El año"\n', encoding="utf-8")
    os.utime(source, (before.st_mtime + 5, before.st_mtime + 5))
    catalogues.compile_catalogues()
    assert said(source, "Year") == "El año"

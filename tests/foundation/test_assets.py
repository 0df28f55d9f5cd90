"""Style sheets, scripts and fonts: compressed once, kept for ever, and nothing else besides."""

import gzip
import re
from dataclasses import replace

import brotli
import pytest

from coursehub.foundation import assets


@pytest.fixture
def names(database, built):
    return assets.collect(database)


@pytest.fixture
def fetch(visitor):
    def get(address, **headers):
        with visitor.get(address, headers=headers) as response:
            response.get_data()
            return response

    return get


def test_every_asset_a_page_names_is_there_and_kept_for_ever(visitor, fetch):
    page = visitor.get("/").text
    named = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page))

    assert named
    for address in named:
        assert assets.FINGERPRINTED.search(address), address
        response = fetch(address)
        assert response.status_code == 200
        assert "immutable" in response.headers["Cache-Control"]
        assert int(re.search(r"max-age=(\d+)", response.headers["Cache-Control"])[1]) > 30_000_000


@pytest.mark.parametrize(
    ("accepted", "encoding", "open_"),
    [("br, gzip", "br", brotli.decompress), ("gzip", "gzip", gzip.decompress), ("", None, bytes)],
)
def test_the_style_sheet_is_sent_as_it_was_compressed_at_the_start(
    names, fetch, database, accepted, encoding, open_
):
    response = fetch(f"/static/{names[assets.BUNDLE]}", **{"Accept-Encoding": accepted})

    stored = (database.data_dir / "static" / names[assets.BUNDLE]).read_bytes()
    assert response.content_encoding == encoding
    assert open_(response.data) == stored
    assert "Accept-Encoding" in response.headers["Vary"]


def test_no_other_site_may_read_an_asset(names, fetch):
    response = fetch(f"/static/{names[assets.BUNDLE]}", Origin="https://evil.example")

    assert "Access-Control-Allow-Origin" not in response.headers


def test_everything_a_style_sheet_loads_is_there_under_its_own_name(names, database):
    folder = database.data_dir / "static"
    loaded = {
        address
        for name in names.values()
        if name.endswith(".css")
        for address in re.findall(r"url\((/[^)]+)\)", (folder / name).read_text())
    }

    assert loaded
    for address in loaded:
        assert (folder / address.removeprefix("/static/")).is_file(), address


@pytest.mark.parametrize(
    "address",
    [
        "/static/css/site.css",
        "/static/../coursehub.sqlite",
        "/static/%2e%2e/coursehub.sqlite",
        "/static/..%2fcoursehub.sqlite",
        "/static//etc/passwd",
        "/static/",
        "/static",
        "/static/css/",
    ],
)
def test_nothing_else_can_be_fetched_from_the_data_folder(fetch, address):
    assert fetch(address).status_code == 404


def test_collecting_again_changes_nothing(names, database):
    manifest = database.data_dir / "static" / "manifest.json"
    before = manifest.stat().st_mtime_ns

    assert assets.collect(database) == names
    assert manifest.stat().st_mtime_ns == before


def test_what_has_changed_gets_another_name_and_the_old_one_stays(
    database, tmp_path, monkeypatch, names
):
    here = replace(database, data_dir=tmp_path)
    old = assets.collect(here)
    monkeypatch.setattr(assets, "_bootstrap", lambda: b"body { color: black }")

    new = assets.collect(here)

    assert new[assets.BUNDLE] != old[assets.BUNDLE]
    for name in (new[assets.BUNDLE], old[assets.BUNDLE]):
        assert (tmp_path / "static" / name).exists()
    assert {k: v for k, v in new.items() if k != assets.BUNDLE} == {
        k: v for k, v in old.items() if k != assets.BUNDLE
    }
    assert not list((tmp_path / "static").rglob(".*"))

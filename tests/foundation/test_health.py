"""Whoever watches the site learns whether it lives and whether it can work."""

from dataclasses import replace

from coursehub.app import create_app
from tests.foundation.broken import app_without_database


def test_a_site_that_works_says_so(visitor, statements):
    with statements() as seen:
        assert visitor.get("/healthz").json == {"status": "ok"}
    assert seen == []
    assert visitor.get("/readyz").json == {"status": "ok"}


def test_a_site_without_its_database_lives_but_is_not_ready(app, database):
    away = app_without_database(database).test_client()

    assert away.get("/healthz").status_code == 200
    ready = away.get("/readyz")
    assert ready.status_code == 503
    assert "127.0.0.1" not in ready.text


def test_a_site_whose_database_was_never_migrated_is_not_ready(app, database, tmp_path):
    empty = replace(database, data_dir=tmp_path, database_url="")

    assert create_app(empty).test_client().get("/readyz").status_code == 503

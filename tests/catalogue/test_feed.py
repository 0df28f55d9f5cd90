"""The feed of new editions, as readers of feeds fetch it."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest

from coursehub.foundation.clock import now
from tests import make

ATOM = "{http://www.w3.org/2005/Atom}"
DAY = timedelta(days=1)


def edition_of(version, **given):
    return make.edition(course_id=version.course_id, version_id=version.id, **given)


def feed(visitor, language: str) -> ElementTree.Element:
    response = visitor.get(f"/courses/feed.atom?lang={language}")
    assert response.status_code == 200
    assert response.mimetype == "application/atom+xml"
    return ElementTree.fromstring(response.data)  # noqa: S314 - our own feed


def texts(feed: ElementTree.Element, name: str) -> list[str]:
    return [entry.findtext(ATOM + name) for entry in feed.iter(f"{ATOM}entry")]


@pytest.mark.parametrize("language", ["es", "pt", "en"])
def test_the_feed_announces_each_edition_once_in_its_language(visitor, language):
    version = make.offer("a-course", title="Memory & <justice>")
    edition_of(version, slug="first", announced_at=now() - 2 * DAY)
    edition_of(version, slug="second", announced_at=now() - DAY)
    edition_of(version, slug="secret", announced_at=None)
    edition_of(version, slug="tomorrow", announced_at=now() + DAY)

    root = feed(visitor, language)

    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == language
    assert [one.rpartition("=")[2] for one in texts(root, "id")] == ["second", "first"]
    assert all("Memory & <justice>" in title for title in texts(root, "title"))
    assert root.findtext(f"{ATOM}id")
    assert root.findtext(f"{ATOM}updated")


def test_an_entry_keeps_its_id_in_every_language(visitor):
    edition_of(make.offer())

    assert texts(feed(visitor, "es"), "id") == texts(feed(visitor, "pt"), "id")


def test_an_entry_leads_to_its_editions_page(visitor):
    edition_of(make.offer("a-course"), slug="an-edition")

    link = feed(visitor, "en").find(f"{ATOM}entry/{ATOM}link").get("href")

    assert link.endswith("/courses/a-course?edition=an-edition&lang=en")
    assert visitor.get(link[link.index("/courses") :]).status_code == 200


def test_an_address_without_a_language_is_always_in_the_sites_own(visitor):
    response = visitor.get("/courses/feed.atom", headers={"Accept-Language": "en"})

    assert b'xml:lang="es"' in response.data
    assert b'xml:lang="es"' in visitor.get("/courses/feed.atom?lang=%3Cscript%3E").data


def test_a_feed_without_news_is_well_formed(visitor):
    assert texts(feed(visitor, "en"), "id") == []


def test_a_reader_that_has_the_feed_gets_it_only_when_it_is_new(visitor):
    version = make.offer()
    edition_of(version, announced_at=now() - DAY)
    first = visitor.get("/courses/feed.atom")
    known = {
        "If-None-Match": first.headers["ETag"],
        "If-Modified-Since": first.headers["Last-Modified"],
    }

    assert visitor.get("/courses/feed.atom", headers=known).status_code == 304

    edition_of(version)
    assert visitor.get("/courses/feed.atom", headers=known).status_code == 200


@pytest.mark.parametrize("many", [1, 40])
def test_the_feed_asks_the_database_once(visitor, statements, many):
    version = make.offer()
    for _ in range(many):
        edition_of(version)

    with statements() as seen:
        root = feed(visitor, "es")

    assert len(seen) == 1
    assert len(texts(root, "id")) == min(many, 30)

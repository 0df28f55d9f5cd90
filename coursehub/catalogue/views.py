"""The catalogue, as a page with filters in its address and as a feed of new editions."""

from flask import Blueprint, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from coursehub.catalogue.formats import Entry, Feed, atom
from coursehub.catalogue.queries import News, announced_editions, offered_courses
from coursehub.catalogue.rules import CHOICES, known_filters
from coursehub.foundation.access import public
from coursehub.foundation.addresses import whole_address
from coursehub.foundation.language import _, day, language, month_and_year, speaking
from coursehub.settings import LANGUAGES

bp = Blueprint("catalogue", __name__)


@bp.get("/courses")
@public
def list_courses() -> ResponseReturnValue:
    filters = known_filters(request.args)
    listing = offered_courses(language(), filters, request.args.get("after", ""))
    return render_template(
        "catalogue/pages/courses.html", listing=listing, filters=filters, choices=CHOICES
    )


@bp.get("/courses/feed.atom")
@public
def feed() -> ResponseReturnValue:
    asked = request.args.get("lang", "")
    # Readers of feeds send no wishes of their own: an address is always in the same language.
    code = asked if asked in LANGUAGES else current_app.extensions["coursehub"].default_language
    with speaking(code):
        news = _feed(announced_editions(code), code)
    answer = Response(atom(news), mimetype="application/atom+xml")
    answer.last_modified = news.updated_at
    answer.add_etag(weak=True)  # the same text may be sent compressed or not
    return answer.make_conditional(request)


def _feed(news: list[News], code: str) -> Feed:
    return Feed(
        id=whole_address("catalogue.feed", lang=code),
        title=_("New editions of courses"),
        author=_("Latin American Network for Genocide and Mass Atrocity Prevention"),
        address=whole_address("catalogue.feed", lang=code),
        page=whole_address("catalogue.list_courses", lang=code),
        language=code,
        entries=[_entry(one, code) for one in news],
    )


def _entry(one: News, code: str) -> Entry:
    edition, course = one.edition, one.course
    assert edition.announced_at is not None  # noqa: S101 - the query has asked for that
    where = {"slug": one.course_slug, "edition": edition.slug, "lang": code}
    return Entry(
        # The edition's address in every language: a reader of two feeds sees it once.
        id=whole_address("enrolment.show_course", slug=one.course_slug, edition=edition.slug),
        title=_(
            "%(course)s: edition of %(month)s",
            course=course["title"],
            month=month_and_year(edition.starts_on),
        ),
        summary=_(
            "From %(start)s to %(end)s. %(summary)s",
            start=day(edition.starts_on),
            end=day(edition.ends_on),
            summary=course["summary"],
        ),
        address=whole_address("enrolment.show_course", **where),
        language=course["language"],
        at=edition.announced_at,
    )

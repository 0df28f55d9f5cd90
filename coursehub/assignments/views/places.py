"""Where the pages of assignments stand: how each is found, drawn and named."""

from typing import Any

from flask import Blueprint, render_template, url_for
from flask.wrappers import Response
from flask_login import current_user

from coursehub.assignments import queries
from coursehub.assignments.formats import TYPES
from coursehub.assignments.queries import Times
from coursehub.assignments.rules import Json, late_policy, out_of, out_of_all
from coursehub.foundation import storage
from coursehub.foundation.access import found
from coursehub.foundation.language import language
from coursehub.foundation.pages import FILE_POLICY
from coursehub.learning.queries import Reading, find_reading, find_taught

bp = Blueprint("assignments", __name__)

# The edition, the module and its item in the reader's language, and what the file says.
Place = tuple[Reading, Json, Json, Json]


def find_place(edition: str, slug: str) -> Place:
    """An assignment for those who read the edition."""
    return _found(found(find_reading(current_user, edition, language())), slug)


def find_taught_place(edition: str, slug: str) -> Place:
    """An assignment for those who teach the edition."""
    return _found(found(find_taught(current_user, edition, language())), slug)


def _found(reading: Reading, slug: str) -> Place:
    module, item = found(reading.find_open("assignment", slug))
    return reading, module, item, found(queries.find_assignment(reading.version_id, item["id"]))


def address(what: str, place: Place, **more: Any) -> str:
    reading, _module, item, _shown = place
    return url_for(f".{what}", edition=reading.edition, assignment=item["slug"], **more)


def drawn(name: str, place: Place, times: Times, **more: Any) -> str:
    """A page of an assignment, with what all of them say of it."""
    reading, module, item, shown = place
    return render_template(
        f"assignments/pages/{name}.html",
        reading=reading,
        module=module,
        item=item,
        assignment=shown,
        times=times,
        base=url_for("learning.show_course", edition=reading.edition),
        late_policy=late_policy(shown),
        out_of=out_of,
        out_of_all=out_of_all,
        **more,
    )


def file_answer(file: Json, name: str) -> Response:
    """A file that somebody handed in: to be saved, never to be run or shown as a page of ours."""
    kind = TYPES[file["kind"]]
    answer = storage.send(file["sha256"], kind, as_attachment=True, download_name=name)
    answer.headers["Content-Security-Policy"] = FILE_POLICY
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer

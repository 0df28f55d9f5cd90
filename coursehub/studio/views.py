"""The door for those who teach: their editions, and who takes part in each."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from coursehub.foundation.access import found, guarded, signed_in
from coursehub.foundation.language import language
from coursehub.learning.queries import completions_in, editions_read_as_staff, find_taught
from coursehub.learning.rules import may_teach
from coursehub.studio.queries import participants_of
from coursehub.studio.rules import page_of

bp = Blueprint("studio", __name__)


@bp.get("/studio")
@signed_in
def show_studio() -> ResponseReturnValue:
    taught = editions_read_as_staff(current_user, language())
    return render_template("studio/pages/studio.html", taught=taught)


@bp.get("/studio/editions/<edition>")
@guarded(may_teach)
def show_people(edition: str) -> ResponseReturnValue:
    reading = found(find_taught(current_user, edition, language()))
    everyone = participants_of(reading.edition_id, language())
    wanted, after = request.args.get("q", "")[:200], request.args.get("after", "")[:400]
    people, following = page_of(everyone, wanted, after)
    completed = completions_in(reading.edition_id, [one.person_id for one in people])
    return render_template(
        "studio/pages/people.html",
        reading=reading,
        everyone=everyone,
        people=[(one, reading.progress(completed.get(one.person_id, {}))) for one in people],
        wanted=wanted,
        following=following,
    )

"""Help, privacy notice, terms, support: the same for everyone, signed in or not."""

from datetime import date

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from coursehub.documents.formats import with_contact
from coursehub.documents.queries import find_document
from coursehub.foundation import richtext
from coursehub.foundation.access import found, public
from coursehub.foundation.language import day, language

bp = Blueprint("documents", __name__)


@bp.get("/help", defaults={"slug": "ayuda"})
@bp.get("/help/<slug>")
@public
def show_document(slug: str) -> ResponseReturnValue:
    document = found(find_document(slug, language()))
    html = with_contact(document.html, current_app.extensions["coursehub"].contact_email)
    return render_template(
        "documents/pages/document.html",
        document=document,
        html=richtext.safe(html),
        dated=day(date.fromisoformat(document.version)) if document.version else "",
    )

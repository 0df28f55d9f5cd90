"""What people take away: tagged PDFs and one page that needs nothing else."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from coursehub.content.formats.markup_tree import Element, tree
from coursehub.content.models import Item, Printout
from coursehub.foundation import storage
from coursehub.foundation.database import db
from coursehub.foundation.jobs import Job
from coursehub.settings import PROJECT
from tests.content.stage import CODES, FIRST, append, change, course, give_ids, sync, told
from tests.content.test_rendering import Strict

FLAGSHIP = PROJECT / "course_content" / "introduccion-prevencion-genocidio"
Files = dict[tuple[str, str, str], bytes]


@pytest.fixture
def path(app, tmp_path) -> Path:
    return course(tmp_path)


def printed(path: Path, run_jobs) -> Files:
    """The files made of a folder, by item, language and form."""
    sync(path)
    while run_jobs():
        pass
    db.session.expire_all()
    assert db.session.scalars(select(Job.last_error).where(Job.last_error.is_not(None))).all() == []
    rows = db.session.execute(
        select(Item.key, Printout).join(Printout, Printout.item_id == Item.id)
    )
    return {(key, row.language, row.form): storage.get(row.sha256) for key, row in rows}


def text_of(pdf: bytes) -> str:
    """The words of a PDF in the order in which they are read."""
    said = "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return " ".join(said.replace("-\n", "").replace("\u00ad", "").split())


def title_of(pdf: bytes) -> str:
    found = re.search(rb"<dc:title>.*?<rdf:li[^>]*>(.*?)</rdf:li>", pdf, re.DOTALL)
    return found[1].decode()


def assert_accessible(pdf: bytes, language: str) -> None:
    """Tagged, in a language, with a title: PDF/UA-1."""
    assert pdf.startswith(b"%PDF-1.7")
    for mark in (b"/MarkInfo", b"/StructTreeRoot", b"/DisplayDocTitle true", b"pdfuaid:part>1<"):
        assert mark in pdf
    assert f"/Lang({language})".encode() in pdf
    assert title_of(pdf)


def assert_needs_nothing(page: bytes) -> Element:
    """Nothing is fetched from elsewhere, and every link within leads somewhere, once."""
    text = page.decode()
    root = tree(text.partition("<body>")[2])
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    for link in root.find_all("a"):
        href = link.attributes["href"]
        assert href.startswith("https://") or href[1:] in ids, href
    for tag in ("img", "source", "track", "link", "script", "audio", "video"):
        for element in root.find_all(tag):
            assert tag == "img", tag
            assert element.attributes["src"].startswith("data:image/")
    assert "@import" not in text
    assert "url(" not in text
    return root


def test_a_module_is_printed_whole_and_by_lessons_in_every_language(path, run_jobs):
    made = printed(path, run_jobs)
    assert set(made) == {
        (key, code, form)
        for code in CODES
        for key, form in (
            ("leccion-1", "pdf"),
            ("leccion-2", "pdf"),
            ("m01", "pdf"),
            ("m01", "html"),
            ("m02", "pdf"),
            ("m02", "html"),
        )
    }
    for (_, language, form), content in made.items():
        if form == "pdf":
            assert_accessible(content, language)
        else:
            assert_needs_nothing(content)


def test_a_pdf_says_all_that_the_lesson_says(path, run_jobs):
    said = text_of(printed(path, run_jobs)["leccion-1", "es", "pdf"])
    for words in (
        "Lección 1 (es)",
        "Todo lo que cabe",
        "La comisión de estudio se reúne",
        "Nombre Número Centro",
        "Una nota Con peso y un enlace",
        "Su institución ¿Qué falta?",
        "Término Una definición.",
        "Un rectángulo Elaboración propia",
        "Una voz 3 minutos",
        "La guía (PDF",
        "Una cita.",
    ):
        assert words in said
    assert said.count("La fuente de la nota.") == 1


def test_on_paper_the_equivalent_stands_before_the_hard_passage_and_says_so(path, run_jobs):
    said = text_of(printed(path, run_jobs)["leccion-1", "es", "pdf"])
    order = ["El pasaje es duro.", "Sin el caso", "Lo mismo, de otro modo.", "El caso Este pasaje"]
    places = [said.index(words) for words in [*order, "Los hechos."]]
    assert places == sorted(places)
    assert "puede omitir este pasaje" in said


def test_the_one_page_form_is_unfolded_but_for_the_hard_passage(path, run_jobs):
    root = assert_needs_nothing(printed(path, run_jobs)["m01", "es", "html"])
    folded = [one for one in root.find_all("details") if "open" not in one.attributes]
    assert [one.classes for one in folded] == [{"ch-det", "ch-case"}]
    assert len(list(root.find_all("details"))) == 4


def test_notes_of_several_lessons_on_one_page_do_not_meet(path, run_jobs):
    for code in CODES:
        change(path / "modules/m02/module.yaml", "- planned", "- lesson: otra\n- planned") if (
            code == "es"
        ) else None
        minutes = "minutes: 5\n" if code == "es" else ""
        head = f"---\ntitle: Otra\nsummary: Algo.\n{minutes}---\n"
        text = "\nUna cosa.[^1]\n\nVéase la [primera](lesson:leccion-2).\n\n[^1]: Otra fuente.\n"
        (path / f"modules/m02/otra.{code}.md").write_text(head + text)
        append(path / f"modules/m02/leccion-2.{code}.md", "\nDicho.[^1]\n\n[^1]: Una fuente.\n")
    give_ids(path)
    root = assert_needs_nothing(printed(path, run_jobs)["m02", "es", "html"])
    ids = {one.attributes.get("id") for one in root.find_all("li")}
    assert {"otra-fn-1", "leccion-2-fn-1"} <= ids
    hrefs = [one.attributes["href"] for one in root.find_all("a")]
    assert hrefs.count("#l-leccion-2") == 2


def test_what_is_not_translated_is_printed_in_the_source_language(path, run_jobs):
    (path / FIRST.replace(".es.", ".pt.")).unlink()
    pdf = printed(path, run_jobs)["leccion-1", "pt", "pdf"]
    assert_accessible(pdf, "es")


def test_letters_that_no_typeface_has_do_not_keep_a_lesson_from_being_printed(path, run_jobs):
    words = ["🌱", "李", "مرحبا", "e\u0323\u0301", "\u200fx", "ꞌ ʼ g̃ ɨ", "﷽"]
    change(path / FIRST, "Con **peso**", " ".join(f"**{one}** `{one}`" for one in words))
    made = printed(path, run_jobs)
    assert made["leccion-1", "es", "pdf"].startswith(b"%PDF")
    page = made["m01", "es", "html"].decode()
    assert all(one in page for one in words)


def test_what_typst_would_take_for_commands_is_printed_as_it_stands(path, run_jobs):
    words = ['#panic("x")', "$x$ @y _a_ \\u{41}", '"); #read("/etc/x")', "\\", "#{1+1}", "]"]
    change(path / FIRST, "Con **peso**", " ".join(f"``{one} ``" for one in words))
    change(path / FIRST, ":::note Una nota", f":::note {words[0]} {words[2]}")
    change(path / FIRST, "title: La guía", f"title: '{words[1]}'")
    said = text_of(printed(path, run_jobs)["leccion-1", "es", "pdf"])
    assert all(one in said for one in words)
    assert f"{words[0]} {words[2]}" in said


def test_the_same_version_gives_the_same_files(path, run_jobs, tmp_path):
    first = printed(path, run_jobs)
    change(path / "course.yaml", "hours: 10", "hours: 11")
    assert printed(path, run_jobs) == first


def test_the_flagship_is_printed_in_three_languages(app, run_jobs):
    made = printed(FLAGSHIP, run_jobs)
    assert len([key for key in made if key[2] == "html"]) == 2 * 3
    assert len([key for key in made if key[2] == "pdf"]) == (7 + 2) * 3
    for (_, language, form), content in made.items():
        if form == "pdf":
            assert_accessible(content, language)
        else:
            assert_needs_nothing(content)
            reader = Strict()
            reader.feed(content.decode().partition("<main>")[2].partition("</main>")[0])
            assert reader.open == []


@pytest.mark.parametrize(
    "folder", sorted((PROJECT / "course_content").glob("*/")), ids=lambda path: path.name
)
def test_the_real_courses_hold_to_the_format(folder):
    assert told(folder) == []

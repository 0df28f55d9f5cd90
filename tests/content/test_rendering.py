"""A lesson's stored HTML: every element of the format, and nothing that could run or be broken."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from coursehub.content.formats.findings import Findings
from coursehub.content.formats.folder import open_folder, read_course
from coursehub.content.formats.lessons import read_lesson
from coursehub.content.formats.markup_tree import VOID, Element, tree
from coursehub.content.formats.rendering import Rendered, render
from coursehub.content.formats.terms import Glossary, glossary
from coursehub.foundation import richtext
from tests.content.stage import FIRST, SECOND, append, change, course, give_ids


@pytest.fixture(scope="module")
def drawn(tmp_path_factory) -> Rendered:
    return draw(course(tmp_path_factory.mktemp("course")))


@pytest.fixture(scope="module")
def page(drawn) -> Element:
    return tree(drawn.html)


def draw(path: Path, file: str = FIRST, language: str = "es") -> Rendered:
    """The lesson of a file as it would be stored."""
    read = read_course(open_folder(path, Findings()), Findings())
    lessons = {one.file: one for _, _, found in read.lessons() for one in found.values()}
    return render(lessons[file], glossary(read.terms, language), read.media)


def one(page: Element, tag: str, name: str = "") -> Element:
    """The first element with a tag and a class."""
    return next(found for found in page.find_all(tag) if not name or name in found.classes)


def test_every_block_carries_its_id_once(drawn, page, tmp_path):
    ids = re.findall(r' id="([a-z]-[a-z0-9]{5})"', drawn.html)
    written = re.findall(
        r"^\{#([a-z0-9-]+)\}", (course(tmp_path) / FIRST).read_text(), re.MULTILINE
    )
    assert ids == written


def test_a_table_scrolls_by_itself_and_aligns_by_classes(drawn, page):
    scroll = one(page, "div", "ch-scroll")
    assert (scroll.attributes["tabindex"], scroll.attributes["role"]) == ("0", "region")
    assert scroll.attributes["aria-label"] == "Tabla: Todo lo que cabe"
    assert [cell.classes for cell in scroll.find_all("th")] == [
        {"text-left"},
        {"text-right"},
        {"text-center"},
    ]
    assert all(cell.attributes["scope"] == "col" for cell in scroll.find_all("th"))
    assert "style=" not in drawn.html


def test_notes_lead_there_and_back(drawn, page):
    notes = one(page, "section", "ch-notes")
    assert [item.attributes["id"] for item in notes.find_all("li")] == ["fn-1"]
    assert "La fuente de la nota." in notes.text
    calls = [next(mark.find_all("a")) for mark in page.find_all("sup")]
    assert [call.attributes["href"] for call in calls] == ["#fn-1", "#fn-1"]
    assert [call.attributes["id"] for call in calls] == ["fnref-1", "fnref-1-1"]
    back = [link for link in notes.find_all("a") if "ch-back" in link.classes]
    assert [(link.attributes["href"], link.attributes["aria-label"]) for link in back] == [
        ("#fnref-1", "Volver al texto 1"),
        ("#fnref-1-1", "Volver al texto 1 (2)"),
    ]


def test_callouts_say_what_they_are(page):
    for name in ("note", "important"):
        callout = one(page, "div", f"ch-callout-{name}")
        assert callout.attributes["role"] == "note"
        assert one(callout, "p", "ch-callout-t").text


def test_what_to_think_about_is_a_named_section(page):
    think = one(page, "section", "ch-think")
    title = one(think, "p", "ch-think-t")
    assert think.attributes["aria-labelledby"] == title.attributes["id"]
    assert title.text == "Su institución"


def test_a_hard_passage_is_announced_folded_and_followed_by_its_equivalent(page):
    assert "El pasaje es duro." in one(page, "div", "ch-alert-note").text
    case, equivalent = one(page, "details", "ch-case"), one(page, "details", "ch-equivalent")
    assert one(case, "summary").text == "El caso"
    assert "open" not in case.attributes
    order = list(page.find_all("details"))
    assert order.index(case) + 1 == order.index(equivalent)


def test_unfolded_for_paper_a_hard_passage_stays_folded(drawn):
    opened = tree(str(richtext.opened(drawn.html)))
    folded = [found for found in opened.find_all("details") if "open" not in found.attributes]
    assert [found.classes for found in folded] == [{"ch-det", "ch-case"}]
    assert len(list(opened.find_all("details"))) > 1


def test_a_figure_has_text_credit_and_room(page):
    figure = one(page, "figure", "ch-fig")
    picture = one(figure, "img").attributes
    assert picture["alt"] == 'Un rectángulo "negro" & llano.'
    assert (picture["width"], picture["height"], picture["loading"]) == ("40", "30", "lazy")
    assert re.fullmatch(r"media/[0-9a-f]{16}/figura\.svg", picture["src"])
    assert one(figure, "span", "ch-credit").text == "Elaboración propia"
    assert "Un rectángulo" in one(figure, "figcaption").text


def test_terms_with_definitions_are_a_list(page):
    assert one(page, "dl").attributes["id"].startswith("d-")
    assert one(page, "dt").text == "Término"


def test_a_download_says_its_kind_and_weight(page):
    link = one(one(page, "p", "ch-download"), "a")
    assert link.attributes["download"] == "guia.pdf"
    assert re.fullmatch(r"La guía \(PDF, .+\)", link.text)


@pytest.mark.parametrize("kind", ["audio", "video"])
def test_a_recording_loads_nothing_before_the_click(page, kind):
    player = one(page, kind)
    assert player.attributes["preload"] == "none"
    assert "controls" in player.attributes
    track = one(player, "track").attributes
    assert (track["kind"], track["srclang"], track["label"]) == ("captions", "es", "Español")
    around = next(f for f in page.find_all("figure") if player in f.children)
    assert "minutos" in one(around, "figcaption").text
    assert one(around, "span", "ch-credit").text == "CourseHub"


def test_a_video_has_a_lighter_file_and_its_sound(page):
    video = next(f for f in page.find_all("figure") if any(f.find_all("video")))
    links = [link.text for link in one(video, "span", "ch-vopts").find_all("a")]
    assert [text.split(" (")[0] for text in links] == ["Versión liviana", "Solo audio"]


def test_addresses_lead_on_from_the_lesson(page):
    hrefs = [link.attributes["href"] for link in page.find_all("a")]
    assert "leccion-2" in hrefs
    assert "https://www.un.org/" in hrefs
    assert not any(href.startswith(("/", "lesson:", "media/guia")) for href in hrefs)


def test_a_term_is_linked_where_it_first_stands(drawn, page):
    links = [link for link in page.find_all("a") if "ch-term" in link.classes]
    assert [(link.text, link.attributes["href"]) for link in links] == [
        ("comisión de estudio", "#g-study-commission")
    ]
    (term, block), *others = drawn.terms
    assert (term, others) == ("study-commission", [])
    assert f'id="{block}"' in drawn.html.partition("ch-term")[0]


def test_no_term_is_linked_in_headings_or_links(tmp_path):
    path = course(tmp_path)
    glossed = "\n## Parte\n\n[La parte](https://www.un.org/) y [parte]{.nolink}.\n\nUna parte.\n"
    append(path / SECOND, glossed.replace("## Parte", "## Parte y parte"))
    give_ids(path)
    html = draw(path, SECOND).html
    links = re.findall(r'(\w+ )<a class="ch-term" href="#g-part">(\w+)</a>', html)
    assert links == [("Una ", "parte")]


def test_what_says_that_a_word_is_no_term_is_shown_nowhere(tmp_path):
    path = course(tmp_path)
    note = "Dicho.[^9]\n\n[^9]: [Parte]{.nolink} y fin.\n"
    append(path / SECOND, f"\n## La [parte]{{.nolink}}\n\n{note}")
    give_ids(path)
    html = draw(path, SECOND).html
    assert "La parte</h2>" in html
    assert "Parte y fin." in html
    assert "nolink" not in html


def test_a_term_is_found_with_capitals_without_accents_and_as_alias(tmp_path):
    path = course(tmp_path)
    change(path / FIRST, "La comisión de estudio se", "Las COMISIONES de\nestudio se")
    change(path / FIRST, "Este párrafo de prueba habla", "Texto de prueba; comisión, de estudio")
    html = draw(path).html
    assert ">comisión de estudio</a>" in html or ">COMISIONES de" in html
    assert html.count("#g-study-commission") == 1


def test_headings_are_the_table_of_contents(drawn):
    assert [text for _, text in drawn.toc] == ["Parte 1", "Todo lo que cabe"]


def test_search_knows_the_words_of_every_block(drawn):
    bodies = " ".join(entry.body for entry in drawn.entries)
    for words in ("Con peso y un enlace", "Un rectángulo", "La guía", "¿Qué falta?"):
        assert words in bodies
    assert ".nolink" not in bodies


def test_a_quotation_mark_in_a_title_breaks_nothing(tmp_path):
    path = course(tmp_path)
    change(path / FIRST, "title: La guía", "title: 'La \"guía\" <b>&'")
    change(path / FIRST, ":::note Una nota", ':::note Una "nota" <b>&')
    html = draw(path).html
    assert 'La "guía" &lt;b&gt;&amp; (PDF' in html
    assert 'Una "nota" &lt;b&gt;&amp;' in html


PIECES = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&colon;alert(1))",
    '[x](https://a.b/"onclick=alert(1) ")',
    '[x](https://a.b "t\\" onclick=\\"x")',
    "<https://a.b/>",
    "[x]: https://a.b 'y'",
    "[x]",
    "| a | b |\n|:-:|--:|\n| 1 | <b onclick=x> |",
    "Term\n: Definition",
    "^[x] [^1]",
    "[^1]: note",
    "> q",
    "1. a\n   - b",
    "## h",
    "***x** y*",
    "`<b>`",
    "```html\n<script>\n```",
    ':::note <b>T" onclick=x\nx\n:::',
    ":::think T\nx\n:::",
    ":::case T\n- a\n:::",
    "a\\\nb  \nc",
    "&lt;b&gt; &amp; &#0; &#x202e;",
    "~~x~~",
    "---",
]
TEXTS = st.lists(
    st.one_of(st.sampled_from(PIECES), st.text(st.characters(codec="utf-8"), max_size=30)),
    max_size=8,
)


class Strict(HTMLParser):
    """Reads HTML and fails where an element is not closed in its place."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        for name, value in attrs:
            assert not name.startswith("on"), name
            assert name != "style"
            assert "script:" not in (value or "").lower() or name not in ("href", "src")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.sampled_from(["\n\n", "\n", " "]))
def test_whatever_is_written_what_is_stored_is_clean_and_well_formed(pieces, between):
    findings = Findings()
    text = "---\ntitle: T\nsummary: S\n---\n" + between.join(pieces) + "\n"
    lesson = read_lesson(text, "x.es.md", "x", "es", findings)
    assume(lesson and not any("no id" not in one.message for one in findings))
    html = render(lesson, Glossary({}), {}).html
    reader = Strict()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    assert reader.seen <= richtext.TAGS
    assert richtext.clean(html) == html

"""What is read from files of questions, and what nothing in them can do."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursehub.questions.formats.reading import read_questions
from coursehub.questions.formats.spreadsheet_writing import xlsx_of

QUIZ = '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n{}\n</quiz>'


def read(text: str | bytes):
    return read_questions(text if isinstance(text, bytes) else text.encode(), "es")


def only(text: str | bytes) -> dict:
    done = read(text)
    assert done.refused == []
    return done.taken[0].question


def why(text: str | bytes) -> tuple[str, str]:
    done = read(text)
    assert done.taken == []
    return done.refused[0].where, done.refused[0].why


def xml(kind: str, inside: str, text: str = "¿Cuál?") -> str:
    asked = f'<questiontext format="html"><text><![CDATA[{text}]]></text></questiontext>'
    return QUIZ.format(f'<question type="{kind}">{asked}{inside}</question>')


def test_gift_weights_make_single_and_multiple_choices():
    single = only("::A::¿Cuál?{=sí ~%50%casi ~%-100%no}")
    assert [one.get("credit") for one in single["answers"]] == [None, 0.5, None]
    several = only("¿Cuáles?{~%50%a ~%50%b ~%-100%c}")
    assert (several["type"], [one["right"] for one in several["answers"]]) == (
        "multiple_choice",
        [True, True, False],
    )


def test_comments_inside_texts_go_and_what_stands_between_them_stays():
    text = "a<!-- <b>x</b> --> < b <!--[if gte mso 9]><xml/><![endif]--> y <!-- z"
    question = only(xml("essay", "", text))
    assert question["text"] == {"es": "a < b y z"}


def test_what_was_changed_is_said():
    done = read("¿Cuál?{=[html]<b>sí</b><img src\\='a.png' alt\\='mapa'> ~%-100%no}")
    assert done.taken[0].question["answers"][0]["text"] == {"es": "sí[mapa]"}
    assert done.as_json()["changed"] == [
        {"title": "¿Cuál?", "what": "points taken off for wrong answers dropped"},
        {"title": "¿Cuál?", "what": "HTML reduced to plain text (b)"},
        {"title": "¿Cuál?", "what": "images dropped (a.png)"},
    ]


def test_comments_name_ids_and_tags_and_categories_become_tags():
    text = "$CATEGORY: $course$/top/Módulo 1/Carta\n\n// [id:q-carta] [tag:derecho]\n¿Sí?{T}\n"
    question = only(text)
    assert (question["id"], question["tags"]) == ("q-carta", ["derecho", "Módulo 1/Carta"])


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("\n\n¿Cuál?{=a ~b\n", 3, "braces"),
        ("Un texto.\n\n¿Sí?{T}", 1, "description"),
        ("¿Cuántos?{#muchos}", 1, "not a number"),
        ("¿Cuál?{~a ~b}", 1, "no answer is right"),
        ("¿Cuál?{a =b}", 1, "begins with"),
        ("::T::¿Cuál es {1:SHORTANSWER:=a}?", 1, "Cloze"),
        ("¿Cuál?{=a -> b}", 1, "at least 2"),
    ],
)
def test_malformed_gift_is_refused_with_its_line(text, line, reason):
    refusal = read(text).refused[0]
    assert refusal.where == f"line {line}"
    assert reason in refusal.why


def test_moodle_types_that_we_lack_are_refused_by_name_and_line():
    where, reason = why(xml("coderunner", ""))
    assert (where, reason.split(":")[0]) == ("line 3", "coderunner")


def test_a_cloze_is_read_with_its_gaps():
    text = "La capital es {2:SHORTANSWER:=Lima#Sí~%50%Callao} y tiene {1:NM:=10:1} {:MC:=a~b}."
    cloze = only(xml("cloze", "", text))
    assert [gap["points"] for gap in cloze["gaps"]] == [2.0, 1.0, 1.0]
    assert cloze["gaps"][0]["accepted"][0]["feedback"] == {"es": "Sí"}
    assert cloze["points"] == 4.0
    assert cloze["text"]["es"].count("[[g-") == 3


def test_units_files_and_essays_are_read():
    numeric = only(
        xml(
            "numerical",
            '<answer fraction="100"><text>2</text><tolerance>0.1</tolerance></answer>'
            "<units><unit><multiplier>1</multiplier><unit_name>m</unit_name></unit><unit>"
            "<multiplier>100</multiplier><unit_name>cm</unit_name></unit></units>",
        )
    )
    assert [unit["factor"] for unit in numeric["units"]] == [1.0, 0.01]
    upload = only(
        xml(
            "essay",
            "<responseformat>noinline</responseformat><attachments>2</attachments>"
            "<filetypeslist>.pdf,.docx</filetypeslist>",
        )
    )
    assert (upload["type"], upload["most_files"], upload["kinds"]) == ("file", 2, ["pdf", "docx"])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("¿Cuál?\nA) a\nB) b\n", "ANSWER"),
        ("¿Cuál?\nA) a\nB) b\nANSWER: C\n", "names no answer"),
        ("¿Cuál?\nA) a\nANSWER: A\n", "at least two"),
    ],
)
def test_malformed_aiken_is_refused_with_its_line(text, reason):
    good = "¿Bien?\nA. sí\nB. no\nANSWER: A\n\n"
    done = read(good + text)
    assert len(done.taken) == 1
    assert done.refused[0].where == "line 6"
    assert reason in done.refused[0].why


TABLE = "what;type;right;text es;text pt\n"


def test_a_table_is_read_whatever_divides_it_and_in_its_languages():
    rows = "question;single_choice;;¿Cuál?;Qual?\nanswer;;yes;Sí;Sim\nanswer;;;No;Não\n"
    for table in (
        TABLE + rows,
        (TABLE + rows).replace(";", ","),
        (TABLE + rows).replace(";", "\t"),
    ):
        question = only(table)
        assert question["text"] == {"es": "¿Cuál?", "pt": "Qual?"}
        assert [one["right"] for one in question["answers"]] == [True, False]


def test_a_wrong_row_is_refused_with_its_line():
    rows = "question;single_choice;;¿Cuál?;\nanswer;;perhaps;Sí;\nanswer;;;No;\n"
    refusal = read(TABLE + rows).refused[0]
    assert refusal.where == "line 2"
    assert "line 3: “perhaps”" in refusal.why


BOMB = '<!DOCTYPE q [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("  \n\ufeff", "empty"),
        (f'<?xml version="1.0"?>{BOMB}<quiz>&b;</quiz>', "DOCTYPE"),
        (QUIZ.format('<question type="truefalse">'), "malformed XML"),
        ("<quiz>" * 5000, "malformed XML"),
        ('<?xml version="1.0"?><opml/>', "XML <opml>"),
        ('{"questions": [{"a": 1}]}', "JSON"),
        ("name,date,place\na,b,c\n", "CSV without the columns"),
        ("%PDF-1.7", "PDF"),
        ("<!--" + "<!-- -->" * 5000, "unknown kind"),
    ],
)
def test_what_is_no_file_of_questions_is_refused_as_a_whole(text, reason):
    assert reason in why(text)[1]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252", "utf-8"])
def test_encodings_and_line_ends_are_recognised(encoding):
    text = "// comentario\r\n::Señal::¿Qué señal?{=año ~niño}\r\n\r\n¿Y él?{T}\r\n"
    done = read(text.encode(encoding))
    assert [one.question["text"]["es"] for one in done.taken] == ["¿Qué señal?", "¿Y él?"]
    assert bool(done.remarks) == (encoding == "cp1252")


def packed(names: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in names.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_bombs_in_workbooks_are_refused():
    bomb = packed({"xl/workbook.xml": b"<a/>", "xl/worksheets/sheet1.xml": b" " * 50_000_000})
    assert "too large" in why(bomb)[1]
    entities = packed({"xl/workbook.xml": BOMB.encode() + b"<workbook/>"})
    assert "DOCTYPE" in why(entities)[1]
    assert "damaged" in why(packed({"xl/workbook.xml": b"<a>"}))[1]
    assert "ZIP" in why(packed({"a.txt": b""}))[1]
    assert "damaged" in why(b"PK\x03\x04" + b"x" * 50)[1]


def test_a_text_that_looks_like_a_formula_stays_a_text():
    question = only("¿Cuál?{T}") | {"text": {"es": "=1+1"}}
    assert only(xlsx_of([question]))["text"] == {"es": "=1+1"}


ATTACKS = {
    "tags that never end": lambda n: xml("cloze", "", "<a" * n),
    "comments that never end": lambda n: xml("cloze", "", "<!--a>" * n),
    "gaps that never end": lambda n: xml("cloze", "", "{1:A:" * n),
    "a brace and spaces": lambda n: "{" + " " * n,
    "empty lines": lambda n: "x" + "\n" * n,
    "commas": lambda n: "," * n,
    "a DOCTYPE that never ends": lambda n: "<!A" + "a" * n,
    "comments before nothing": lambda n: "<!--a-->" * n,
    "a name that never ends": lambda n: "// [id:" + " " * n + "\n{T}",
    "signs of answers": lambda n: "a{" + "=~" * n,
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_is_made_to_take_hours_is_refused_at_once(attack):
    """At this size anything that grows with the square of it would not come to an end."""
    assert read(ATTACKS[attack](300_000)).taken == []


def test_a_hundred_thousand_questions_are_read():
    done = read("\n\n".join(f"::P{n}::¿Es {n} par?{{T}}" for n in range(100_000)))
    assert (len(done.taken), done.refused) == (100_000, [])


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=300),
        st.text(alphabet="{}=~#:->%\\\n TFab<>/&;", max_size=200).map(str.encode),
        st.text(alphabet="{}=~#:->%\\\n <>/&;1SAM", max_size=200).map(
            lambda text: xml("cloze", "", text.replace("]]>", "")).encode()
        ),
        st.text(max_size=100).map(lambda text: f"what,type,text es\nquestion,{text}".encode()),
    )
)
def test_nothing_breaks_the_reader(content):
    done = read(content)
    assert done.taken or done.refused or not content.strip(b"$CATEGORY:/ \n") or done.kind

"""What people write is shown; what would run is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursehub.foundation import richtext


def test_markdown_becomes_html_with_tables_footnotes_and_definitions():
    html = richtext.render(
        "Uno[^1]\n\n| a | b |\n|:-:|---|\n| 1 | 2 |\n\nTérmino\n: Definición\n\n[^1]: Nota"
    )
    assert '<th class="text-center" scope="col">a</th>' in html
    assert "<dt>Término</dt>" in html
    assert "Nota" in html


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "<img src=x onerror=alert(1)>",
        "![x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](//evil.example)",
    ],
)
def test_what_would_run_is_taken_out(attack):
    html = richtext.render(attack).replace("&lt;", "‹")
    assert "<script" not in html
    assert "javascript:" not in html.replace("[x](javascript:", "")
    assert "<img src=x" not in html
    assert "data:text/html" not in html.replace("](data:text/html", "")


@given(st.text(max_size=200))
def test_the_two_cleaners_agree_that_clean_is_clean(text):
    once = richtext.clean(text)
    assert richtext.clean(once) == once

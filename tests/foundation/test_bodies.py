"""A body that is too large is refused however it is sent, and before anything is done with it."""

import io

import pytest

LIMIT = 1_000_000
FORM = {"content_type": "application/x-www-form-urlencoded", "method": "POST"}


def in_pieces(body: bytes) -> dict:
    """A request without a length, as servers hand over what came in chunks."""
    stream = {
        "wsgi.input": io.BytesIO(body),
        "wsgi.input_terminated": True,
        "HTTP_TRANSFER_ENCODING": "chunked",
    }
    return {"environ_overrides": stream, **FORM}


def test_a_form_sent_in_pieces_is_read(visitor):
    answer = visitor.open("/language", **in_pieces(b"language=pt&next=/courses"))

    assert (answer.status_code, answer.location) == (303, "/courses")


@pytest.mark.parametrize("address", ["/sign-in", "/sign-up", "/password"])
@pytest.mark.parametrize(
    "sent",
    [
        {"data": {"email": (io.BytesIO(b"x"), "a.txt"), "name": (io.BytesIO(b"x"), "b.txt")}},
        {"json": {"email": 5, "name": {"a": 1}, "password": [1]}},
        {"json": [1, 2]},
        {"json": "x"},
    ],
    ids=["files", "numbers", "list", "text"],
)
def test_what_is_no_text_is_as_if_nothing_was_typed(visitor, address, sent):
    given = {key: dict(value) if key == "data" else value for key, value in sent.items()}
    if "data" in given:  # a stream is read once
        given["data"] = {name: (io.BytesIO(b"x"), file) for name, (_, file) in sent["data"].items()}

    assert visitor.post(address, **given).status_code == 422


@pytest.mark.parametrize("size", [LIMIT + 1, 3 * LIMIT])
def test_a_form_sent_in_pieces_is_refused_when_it_is_too_large_never_cut_off(visitor, size):
    body = b"language=pt&next=/courses&x=".ljust(size, b"a")

    assert visitor.open("/language", **in_pieces(body)).status_code == 413


@pytest.mark.parametrize("sent", ["whole", "in pieces"])
def test_a_form_of_very_many_fields_is_refused_before_they_are_told_apart(visitor, sent):
    body = b"next=/courses&" + b"a&" * 100_000
    given = in_pieces(body) if sent == "in pieces" else {"data": body, **FORM}

    assert visitor.open("/language", **given).status_code == 413

"""Files are stored once under what they contain, and nothing reaches out of their folder."""

import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import request

from coursehub.foundation import storage

CONTENT = b"0123456789" * 1000
KEY = hashlib.sha256(CONTENT).hexdigest()


def files_of(app) -> list[str]:
    folder = app.extensions["coursehub"].data_dir / "files"
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_bytes_come_back_under_the_fingerprint_of_what_they_are(app):
    assert storage.put(CONTENT) == KEY
    assert storage.get(KEY) == CONTENT


def test_the_same_bytes_are_stored_once(app):
    storage.put(CONTENT)
    before = files_of(app)

    storage.put(CONTENT)

    assert files_of(app) == before


def test_a_file_of_any_size_is_stored_under_the_key_it_comes_with(app, tmp_path):
    source = tmp_path / "Película ñ.mp4"
    source.write_bytes(CONTENT * 200)
    key = hashlib.sha256(CONTENT * 200).hexdigest()

    storage.put_file(source, key)
    storage.put_file(source, key)

    assert len(storage.get(key)) == len(CONTENT) * 200
    assert all(len(name) == 64 for name in files_of(app))


def test_many_who_store_the_same_at_once_leave_one_whole_file(app):
    content = b"at once" * 100_000

    def put(_: int) -> str:
        with app.app_context():
            return storage.put(content)

    with ThreadPoolExecutor(8) as writers:
        (key,) = set(writers.map(put, range(8)))

    assert storage.get(key) == content
    assert all(len(name) == 64 for name in files_of(app))


@pytest.mark.parametrize(
    "key",
    [
        "",
        "..",
        "../../etc/passwd",
        "/etc/passwd",
        f"{'../' * 20}etc/passwd",
        KEY.upper(),
        KEY[:-1],
        KEY + "0",
        f"{KEY[:-1]}/",
        f"{KEY[:-1]}\0",
        "٠" * 64,
        "0" * 64,
    ],
)
def test_a_name_that_is_no_key_is_nowhere(app, key, tmp_path):
    with app.test_request_context():
        for ask in (
            storage.get,
            lambda name: storage.copy_to(name, tmp_path / "copy"),
            lambda name: storage.send(name, "video/mp4"),
        ):
            with pytest.raises(FileNotFoundError):
                ask(key)
    assert list(tmp_path.iterdir()) == []


def test_a_stored_file_is_copied_whole(app, tmp_path):
    storage.copy_to(storage.put(CONTENT), tmp_path / "copy")

    assert (tmp_path / "copy").read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("asked", "status", "expected"),
    [
        ("bytes=0-9", 206, CONTENT[:10]),
        ("bytes=9990-", 206, CONTENT[-10:]),
        ("bytes=-5", 206, CONTENT[-5:]),
        ("bytes=20000-", 416, None),
        (None, 200, CONTENT),
    ],
)
def test_a_part_of_a_stored_file_can_be_asked_for(app, asked, status, expected):
    key = storage.put(CONTENT)
    headers = {"Range": asked} if asked else {}

    with app.test_request_context(headers=headers):
        try:
            answer = storage.send(key, "video/mp4")
        except Exception as error:
            answer = error.get_response(request.environ)
        answer.direct_passthrough = False
        assert answer.status_code == status
        assert expected is None or answer.get_data() == expected
        answer.close()

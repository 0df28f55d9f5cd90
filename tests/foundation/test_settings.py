"""Settings are read once, checked at the start, and say what is wrong with them."""

from pathlib import Path

import pytest

from coursehub.settings import BadSetting, Settings

KEY = "0123456789abcdef" * 4
URL = "https://courses.example.org"


def read(**given: str) -> Settings:
    return Settings.from_environment({f"COURSEHUB_{name.upper()}": v for name, v in given.items()})


def test_without_any_setting_everything_is_embedded():
    settings = read()

    assert settings.database.startswith("sqlite:////")
    assert settings.smtp_url == ""
    assert settings.work_in_server


def test_a_server_without_a_secret_key_refuses_and_says_what_to_type():
    reason = read(public_url=URL).why_not_serve()

    assert reason is not None
    assert "COURSEHUB_SECRET_KEY is not set" in reason
    assert "export COURSEHUB_SECRET_KEY=" in reason
    assert "\n" not in reason


def test_a_server_that_does_not_know_its_address_refuses_and_says_what_to_type():
    reason = read(secret_key=KEY).why_not_serve()

    assert reason is not None
    assert "COURSEHUB_PUBLIC_URL is not set" in reason
    assert "export COURSEHUB_PUBLIC_URL=" in reason


def test_a_server_with_a_key_and_an_address_may_start():
    assert read(secret_key=KEY, public_url=URL).why_not_serve() is None


@pytest.mark.parametrize("url", ["http://courses.example.org", "http://10.0.0.7:8000"])
def test_a_server_without_tls_refuses_because_cookies_would_travel_in_the_open(url):
    reason = read(secret_key=KEY, public_url=url).why_not_serve()

    assert reason is not None
    assert "COURSEHUB_PUBLIC_URL must begin with https://" in reason
    assert "\n" not in reason


@pytest.mark.parametrize("url", ["http://localhost:9000", "http://127.0.0.2", "http://[::1]:9000"])
def test_a_server_for_its_own_machine_alone_needs_no_tls(url):
    assert read(secret_key=KEY, public_url=url).why_not_serve() is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("secret_key", "short"),
        ("public_url", "courses.example.org"),
        ("public_url", "ftp://courses.example.org"),
        ("public_url", "https://"),
        ("public_url", "http://[::1"),
        ("public_url", "https://a b"),
        ("public_url", "https://courses.example.org:99999/"),
        ("database_url", "postgresql://host:port/courses"),
        ("database_url", "postgresql://"),
        ("smtp_url", "smtp://user:password@host:abc"),
        ("mail_from", "nonsense"),
        ("mail_from", "CourseHub <a@example.org>\nBcc: b@example.org"),
        ("contact_email", "<script>"),
        ("most_upload_bytes", "0"),
        ("sign_up", "perhaps"),
        ("default_language", "fr"),
        ("proxies", "one"),
        ("proxies", "-1"),
        ("proxies", "٣"),
        ("most_upload_bytes", "1e6"),
        ("work_in_server", "maybe"),
        ("testing", "2"),
        ("log_level", "LOUD"),
        ("sign_in_limit", "many"),
        ("database_url", "mysql://db/courses"),
        ("smtp_url", "mail.example.org"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(name, value):
    with pytest.raises(BadSetting, match=f"^COURSEHUB_{name.upper()} ") as refused:
        read(**{name: value})

    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "expected"), [("yes", True), ("1", True), ("TRUE", True), ("no", False), ("0", False)]
)
def test_yes_and_no_are_understood(text, expected):
    assert read(work_in_server=text).work_in_server is expected


@pytest.mark.parametrize("name", ["secrt_key", "redis_url"])
def test_a_setting_that_there_is_not_is_refused_rather_than_passed_over(name):
    with pytest.raises(BadSetting, match=f"^COURSEHUB_{name.upper()} is no setting"):
        read(**{name: "x"})


def test_an_empty_setting_is_none():
    assert read(proxies="", secret_key="") == read()


def test_a_folder_is_where_the_program_was_started_not_where_it_stands(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)

    assert read(data_dir="files").data_dir == tmp_path / "files"
    assert read(data_dir="/srv/files").data_dir == Path("/srv/files")


def test_a_postgresql_address_chooses_its_driver():
    url = "postgresql://red:secret@db/courses"

    assert read(database_url=url).database == "postgresql+psycopg://red:secret@db/courses"


def test_the_list_for_people_shows_no_secret():
    listed = read(secret_key=KEY, smtp_url="smtp://red:geheim@mail.example.org").listed()

    shown = {line["name"]: line["value"] for line in listed}
    assert KEY not in str(listed)
    assert "geheim" not in str(listed)
    assert shown["COURSEHUB_SECRET_KEY"] == "••••"
    assert all(line["says"] for line in listed)

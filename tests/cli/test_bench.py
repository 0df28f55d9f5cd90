"""The measured course can be made on every day there is."""

from datetime import UTC, date, datetime, timedelta

from coursehub.cli.bench_data import COURSE, _edition
from coursehub.foundation.database import writing
from tests import make


def test_the_measured_edition_can_be_made_on_the_29th_of_february(app, clock):
    clock(datetime(2028, 2, 29, 12, tzinfo=UTC))
    make.offer(COURSE)

    with writing():
        edition = _edition()
        assert edition.starts_on == date(2028, 2, 29)
        assert edition.ends_on == date(2028, 2, 29) + timedelta(days=365)

"""What clocks somewhere show, as a moment."""

from datetime import UTC, datetime

import pytest

from coursehub.foundation.clock import instant, now


def test_now_is_in_utc():
    assert now().tzinfo is UTC


@pytest.mark.parametrize(
    ("local", "zone", "expected"),
    [
        ("2026-06-07 16:00", "America/Asuncion", "2026-06-07 19:00"),
        ("2026-01-15 09:00", "America/Santiago", "2026-01-15 12:00"),
        ("2026-07-15 09:00", "America/Santiago", "2026-07-15 13:00"),
        ("2026-04-04 23:30", "America/Santiago", "2026-04-05 02:30"),  # shown twice: the first
        ("2026-06-07 16:00", "UTC", "2026-06-07 16:00"),
    ],
)
def test_a_local_time_is_one_moment(local, zone, expected):
    moment = instant(datetime.fromisoformat(local), zone)

    assert moment == datetime.fromisoformat(expected).replace(tzinfo=UTC)

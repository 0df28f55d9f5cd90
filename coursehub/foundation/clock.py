"""The only place that reads the time, so that a test can set it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    return datetime.now(UTC)


def instant(local: datetime, zone: str) -> datetime:
    """The moment at which clocks in `zone` show `local` (naive); of two such moments the first."""
    return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)

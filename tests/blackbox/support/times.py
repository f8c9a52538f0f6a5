"""Times as the API writes them."""

from datetime import datetime, timezone


def instant(text):
    """Milliseconds since 1970 of "2026-02-03T10:25:00.000Z"."""
    moment = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)
    return round(moment.timestamp() * 1000)

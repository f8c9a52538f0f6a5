"""How long listeners were refused: from the first answer that failed to the next that did not."""

import time
from collections import defaultdict


class Weather:
    """Notes every request by channel: what it wanted ("like", "comment", "read"), and of which part of Redis. Many people ask at
    once and ask again at once when they are refused, so the next success is found within some 50 ms."""

    def __init__(self):
        self._failing, self._last_ok, self.outages = {}, defaultdict(float), []
        self.slowest = 0.0
        self.failed = 0

    def note(self, kind, where, began, ok):
        now, channel = time.monotonic(), (kind, where)
        self.slowest = max(self.slowest, now - began)
        if ok:
            self._last_ok[channel] = now
            if (since := self._failing.pop(channel, None)) is not None:
                self.outages.append((kind, where, since, now))
            return
        self.failed += 1
        # One that waited long had others succeed beside it.
        self._failing.setdefault(channel, max(began, self._last_ok[channel]))

    def bad(self):
        """What is refused at this moment."""
        return sorted({kind for kind, _ in self._failing})

    def longest(self, kind):
        return max((until - since for outage, _, since, until in self.outages if outage == kind), default=0.0)

    def ended(self):
        """When the last outage was over, or 0."""
        return max((until for *_, until in self.outages), default=0.0)

    def clear(self):
        self.outages.clear()
        self.slowest, self.failed = 0.0, 0

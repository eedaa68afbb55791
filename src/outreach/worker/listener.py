"""Listens for new mail in a thread and on a connection of its own; without it the timetable asks regularly."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from typing import Final

from outreach.errors import NotOffered, OutreachError
from outreach.ports import Doorbell

#: Seconds between two looks at whether to stop.
_LOOK: Final = 1.0
#: Seconds before a broken connection is made again: doubled each time, or a provider takes us for an attack.
FIRST_WAIT: Final = 5.0
LONGEST_WAIT: Final = 900.0
#: Seconds after which a connection counts as good, and the next break as the first one.
_GOOD_AFTER: Final = 300.0


class Listener:
    """Rings whenever the mailbox says that mail has come, and once when it has connected: mail may have come before.

    ``tell`` hears once that a server does not offer it. All else is found out by fetching, too, and told there.
    """

    def __init__(
        self,
        doorbell: Callable[[], Doorbell],
        ring: Callable[[], None],
        tell: Callable[[str], None],
        *,
        first_wait: float = FIRST_WAIT,
        jitter: random.Random | None = None,
    ) -> None:
        self._doorbell = doorbell
        self._ring = ring
        self._tell = tell
        self._first_wait = first_wait
        self._jitter = jitter or random.Random()
        self._wanted = threading.Event()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="listener", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def listen(self, wanted: bool) -> None:
        """Listen from now on, or do not: only the one who polls the mailbox does."""
        if wanted:
            self._wanted.set()
        else:
            self._wanted.clear()

    def stop(self) -> None:
        """Stop within a second or, in the middle of connecting, be left behind."""
        self._ended.set()
        self._wanted.set()
        self._thread.join(timeout=5 * _LOOK)

    def _run(self) -> None:
        wait = self._first_wait
        while self._wanted.wait() and not self._ended.is_set():
            try:
                lasted = self._listen_once()
            except NotOffered as problem:
                self._tell(str(problem))
                return
            except OutreachError:
                lasted = 0.0
            if self._ended.is_set():
                return
            wait = self._first_wait if lasted >= _GOOD_AFTER else wait
            self._ended.wait(wait * self._jitter.uniform(0.8, 1.2))
            wait = min(2 * wait, LONGEST_WAIT)

    def _listen_once(self) -> float:
        """One connection, until it breaks or nobody wants it any more; how many seconds it was good for."""
        seconds = 0.0
        with self._doorbell() as doorbell:
            self._ring()
            try:
                while self._wanted.is_set() and not self._ended.is_set():
                    if doorbell.wait(_LOOK):
                        self._ring()
                    seconds += _LOOK
            except OutreachError:
                pass
        return seconds

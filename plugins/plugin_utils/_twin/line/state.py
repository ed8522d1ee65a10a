# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What one production line says about itself. Pure but for the clock that is passed in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..hooks import Hooks

QUALITIES = ("good", "uncertain", "bad")

# At the first start a line has been in its state for this long. [assumed]
FIRST_DWELL_S = 3600.0


class Line:
    """The state of one line; times are real seconds since the epoch, as the gates compare them with real time.

    Args:
        name: the line's id.
        source: its ``state_source`` (type opcua).
        hooks: the world.
        state: what ``dump`` gave, or None.
        clock: real time.
    """

    def __init__(
        self,
        name: str,
        source: Mapping[str, Any],
        hooks: Hooks,
        state: Mapping[str, Any] | None,
        clock: Callable[[], float],
    ) -> None:
        self.name = name
        self.source = source
        self._hooks = hooks
        self._clock = clock
        self._map = {str(key): str(value) for key, value in (source.get("state_map") or {}).items()}
        self._down = False
        if state is None:
            stopped = {str(value) for value in source.get("stopped_values") or []}
            start = next((key for key, value in self._map.items() if value in stopped), next(iter(self._map), "0"))
            state = {"key": start, "since": clock() - FIRST_DWELL_S, "quality": "good", "stale_since": None}
        self._key = str(state["key"])
        self._since = float(state["since"])
        self._quality = str(state["quality"])
        self._stale_since: float | None = state["stale_since"]

    def set(self, args: Mapping[str, Any]) -> None:
        """Change what the line says.

        Args:
            args: ``state`` (a value or a key of state_map), ``quality`` (good, uncertain, bad), ``stale`` (seconds
                since the source last spoke, True for an hour, False to speak again), ``dwell_s`` (seconds since it
                came into its state; 0 when the state changes). Missing ones stay as they are.

        Raises:
            ValueError: for a state or quality that does not exist.
        """
        now = self._clock()
        key, since = self._key, self._since
        if args.get("state") is not None:
            key = self._find(str(args["state"]))
            since = now if key != self._key else since
        if args.get("dwell_s") is not None:
            since = now - float(args["dwell_s"])
        quality = str(args.get("quality") or self._quality)
        if quality not in QUALITIES:
            raise ValueError(f"quality is one of {', '.join(QUALITIES)}, not {quality}")
        stale = args.get("stale")
        if stale is not None:
            age = 3600.0 if stale is True else float(stale)
            self._stale_since = now - age if age else None
        self._key, self._since, self._quality = key, since, quality
        self._hooks.journal("change", write=True, **self.summary())

    def _find(self, wanted: str) -> str:
        for key, value in self._map.items():
            if wanted in (value, key):
                return key
        raise ValueError(f"line {self.name} has no state {wanted!r}; it has {', '.join(self._map.values())}")

    @property
    def value(self) -> int | str:
        """What the state node holds: a key of state_map, as a number where all keys are numbers."""
        if all(key.lstrip("-").isdigit() for key in self._map):
            return int(self._key)
        return self._key

    @property
    def quality(self) -> str:
        """Give good, uncertain or bad."""
        return self._quality

    @property
    def since(self) -> float:
        """Give when the line came into its state."""
        return self._since

    @property
    def source_time(self) -> float:
        """Give when the source last spoke: this second, or long ago when stale."""
        return self._stale_since if self._stale_since is not None else float(int(self._clock()))

    @property
    def down(self) -> bool:
        """True while the fault ``drop`` holds: the server answers nothing good."""
        return self._down

    def summary(self) -> dict[str, Any]:
        """Give what ``state`` shows of the line."""
        return {
            "state": self._map.get(self._key, self._key),
            "value": self.value,
            "since": self._since,
            "quality": self._quality,
            "stale": self._stale_since is not None,
        }

    def tick(self, now: float) -> None:
        """Nothing happens by itself on a line: its state is set."""

    def dump(self) -> dict[str, Any]:
        """Give the state to keep."""
        return {
            "key": self._key,
            "since": self._since,
            "quality": self._quality,
            "stale_since": self._stale_since,
        }

    def inject(self, fault: str, args: Mapping[str, Any]) -> None:
        """``drop``: the line's nodes answer BadNotConnected, as when the controller behind the server is off."""
        if fault not in {"drop", "none"}:
            raise ValueError(f"a line knows the fault drop, not {fault}")
        self._down = fault == "drop"

    def read(self, what: str) -> None:
        """Journal one read by a client."""
        self._hooks.journal("request", write=False, service="read", node=what)

    def written(self, what: str) -> None:
        """Journal an attempt to write: it is refused, and must never be made."""
        self._hooks.journal("request", write=True, service="write", node=what, refused=True)

# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers of a switch that mean "nothing was typed", told apart from those after which something may be bound."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import OtedgeError, PeerError

_LOOK = "Look at the switch, then run again: a run goes on from what it finds."


class NotEntered(PeerError):
    """The switch did not open its configuration mode; no line was typed."""


class NotArmed(PeerError):
    """Our revert timer does not run and no binding was typed; one that is pending is somebody else's.

    Args:
        message: what the switch answered.
        fix: what to do.
        missing: True where this switch cannot give the timer at all, False where somebody is in the way.
    """

    def __init__(self, message: str, *, fix: str = "", missing: bool = False, **details: Any) -> None:
        super().__init__(message, fix=fix, **details)
        self.missing = missing


@contextmanager
def named(shell: object) -> Iterator[None]:
    """See to it that every failure names the switch and says what to do.

    Args:
        shell: the session; its ``name`` is what messages call the switch.
    """
    switch = str(getattr(shell, "name", ""))
    try:
        yield
    except OtedgeError as exc:
        if switch and switch not in exc.message:
            exc.message = f"Switch {switch}: {exc.message}"
        exc.fix = exc.fix or _LOOK
        raise

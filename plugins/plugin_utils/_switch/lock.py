# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run at a time for one switch: a lock on this controller, which a run that dies gives back by itself.

A run from another controller is seen by its revert timer, and by the bindings read again right before they are swapped.
A configuration that somebody has locked on the switch itself is waited for.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import OtedgeError, RefusedError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.hooks import Locks
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.platforms import Shell
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.refusals import NotEntered

WAIT_S = 120.0
_POLL_S = 0.2
# How long a configuration that somebody has locked is waited for, and how often it is asked.
HELD_S = 20.0
_ASK_S = 1.0
_HOLDER = re.compile(r"\buser\s+'?([^'\s]+)'?(?:.*?\bterminal\s+'?([^'\s.]+))?")


@contextmanager
def only_run(folder: str, switch: str, wait_s: float = WAIT_S, called: str = "") -> Iterator[None]:
    """Hold the lock of one switch.

    Args:
        folder: where locks are kept; made where it is missing.
        switch: host and port.
        wait_s: how long to wait for another run.
        called: how messages name the switch, where not by host and port.

    Raises:
        RefusedError: another run still works on this switch; the message names its process.
        OtedgeError: the lock cannot be made.
    """
    called = called or switch
    path = os.path.join(folder, f"switch-{hashlib.sha256(switch.encode()).hexdigest()[:16]}.lock")
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as exc:
        raise OtedgeError(
            f"The lock {path} of switch {called} cannot be made: {exc.strerror}.", fix="Check ANSIBLE_HOME."
        ) from exc
    try:
        _take(handle, called, time.monotonic() + wait_s)
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        # The file stays: another run may be waiting on it.
        os.close(handle)


def _take(handle: int, switch: str, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                holder = os.pread(handle, 20, 0).decode("ascii", "replace").strip()
                raise RefusedError(
                    f"Another run works on switch {switch} (process {holder or 'unknown'}). Nothing was written.",
                    fix="Wait until it has ended, then run again.",
                ) from None
            time.sleep(_POLL_S)
        else:
            return


def enter_of(driver: object) -> dict[str, Any]:
    """Give how configuration mode is entered where the platform has another word for doing it alone."""
    command = driver.lock_command if isinstance(driver, Locks) else ""
    return {"enter": command} if command else {}


def configure(shell: Shell, lines: Sequence[str], wait_s: float | None = None, **how: Any) -> None:
    """Type configuration lines; where somebody has locked the configuration, wait until it is free.

    Args:
        shell: an open session.
        lines: as Shell.configure.
        wait_s: how long to wait at most; HELD_S where it is not given.
        how: as Shell.configure.

    Raises:
        NotEntered: it stays locked; the message names who holds it. No line was typed.
        PeerError, TalkError: as Shell.configure.
    """
    deadline = time.monotonic() + (HELD_S if wait_s is None else wait_s)
    while True:
        try:
            shell.configure(lines, **how)
        except NotEntered as exc:
            if "locked" not in exc.message.lower():
                raise
            if time.monotonic() >= deadline:
                found = _HOLDER.search(exc.message)
                who = f"user {found[1]}" + (f" on terminal {found[2]}" if found[2] else "") if found else "somebody"
                raise NotEntered(
                    f"The configuration is locked by {who}: {exc.message}",
                    fix="Wait until they have left configuration mode ('show configuration lock'), then run again.",
                ) from exc
            time.sleep(_ASK_S)
        else:
            return

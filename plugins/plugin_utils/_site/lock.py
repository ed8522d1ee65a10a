# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Let the site go at the end of a run: a lock of a host that is gone by then could never be told from a live one."""

from __future__ import annotations

import fcntl
import multiprocessing
import os
import socket
from pathlib import Path
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import RecordsError
from ansible_collections.otedge.endpoint.plugins.module_utils._evidence import lock_state, process_start, read_lock


def release_lock(records: str, pid: int) -> bool:
    """Remove the site lock if it is the controlling process's own, or of a process of this host that is gone.

    Args:
        records: the records folder.
        pid: the controlling process.

    Returns:
        True if a lock was removed. The lock of another live run, or of another host, stays.

    Raises:
        RecordsError: the lock cannot be read or removed.
    """
    folder = Path(records)
    if not read_lock(records):
        return False
    try:
        guard = os.open(folder / "lock.guard", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(guard, fcntl.LOCK_EX)
            if not may_release(read_lock(records), pid):
                return False
            (folder / "lock.json").unlink(missing_ok=True)
        finally:
            os.close(guard)
    except OSError as exc:
        raise RecordsError(
            f"Cannot remove {folder / 'lock.json'}: {exc.strerror}.", fix="Check the owner of the records folder."
        ) from exc
    return True


def may_release(lock: dict[str, Any], pid: int) -> bool:
    """Say whether the controlling process ``pid`` may remove this lock; a worker without its run may not."""
    parent = multiprocessing.parent_process()
    if parent is not None and pid == os.getppid() != parent.pid:
        return False
    if not lock or lock.get("host") != socket.gethostname():
        return False
    alive = process_start(int(lock.get("pid", 0)))
    return not alive or alive != lock.get("start") or lock["pid"] == pid


def seen_lock(records: str) -> dict[str, Any]:
    """Give {held, mine, lock} as it stands now."""
    lock, mine, held = lock_state(records)
    return {"held": held, "mine": mine, "lock": {key: lock[key] for key in sorted(lock)}}

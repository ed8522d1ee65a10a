# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a command and measure all of it, processes included that it leaves behind in the background.

A persistent connection of Ansible is such a process: nobody waits for it, so the usage of ansible-playbook lacks it.
Such processes become children of this one, are ended when the command has ended, and count.

Usage: python tests/bench/whole.py RESULT.json COMMAND ...
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36


def _children() -> list[int]:
    return [int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()]


def main() -> int:
    """Run, end what was left, write {"wall_s", "cpu_s", "memory_mib"}."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    start = time.perf_counter()
    status = subprocess.run(sys.argv[2:], check=False).returncode
    wall = time.perf_counter() - start
    while left := _children():
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
            with suppress(ChildProcessError):
                os.waitpid(pid, 0)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    result = {"wall_s": wall, "cpu_s": used.ru_utime + used.ru_stime, "memory_mib": used.ru_maxrss / 1024}
    Path(sys.argv[1]).write_text(json.dumps(result), encoding="utf-8")
    return status


if __name__ == "__main__":
    sys.exit(main())

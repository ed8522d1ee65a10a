# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a command and kill it, without a chance to clean up, once the simulated site's journal shows a given event.

Usage: python tests/lab/kill_at.py RUN_DIR --where KEY=PATTERN [--where ...] [--timeout SECONDS] -- COMMAND...
Exit code 0: the event was seen and the command was killed. 3: the command ended first. 4: time-out.
"""

from __future__ import annotations

import argparse
import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path


def matches(line: str, conditions: dict[str, str]) -> bool:
    """True if every named field of the journal line holds its pattern."""
    event = json.loads(line)
    return all(key in event and re.search(pattern, str(event[key])) for key, pattern in conditions.items())


def main() -> int:
    """Follow the journal from its present end until the event, then kill the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run_dir", type=Path)
    parser.add_argument("--where", action="append", required=True, metavar="KEY=PATTERN")
    parser.add_argument("--timeout", type=float, default=240)
    split = sys.argv.index("--")
    options = parser.parse_args(sys.argv[1:split])
    command = sys.argv[split + 1 :]
    conditions = dict(item.split("=", 1) for item in options.where)
    with (options.run_dir / "journal.jsonl").open(encoding="utf-8") as journal:
        journal.seek(0, 2)
        process = subprocess.Popen(command, stdout=sys.stdout, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + options.timeout
        rest = ""
        while time.monotonic() < deadline:
            rest += journal.read()
            *lines, rest = rest.split("\n")
            if any(matches(line, conditions) for line in lines if line):
                # Only the controlling process: its workers become orphans, as after a controller's crash.
                process.send_signal(signal.SIGKILL)
                process.wait()
                return 0
            if process.poll() is not None:
                return 3
            time.sleep(0.02)
        process.kill()
        process.wait()
        return 4


if __name__ == "__main__":
    sys.exit(main())

# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ask the simulated site's journal what nobody may claim without it.

Usage: python tests/lab/journal.py RUN_DIR last                 the number of the last line
       python tests/lab/journal.py RUN_DIR writes [--after N]   every write since line N; exit 1 if there is one
       python tests/lab/journal.py RUN_DIR flows-held           exit 1 if a flow was cut before its PC's conversion
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def read(run_dir: Path, after: int = 0) -> list[dict[str, Any]]:
    """Give the journal's lines with a number above ``after``."""
    with (run_dir / "journal.jsonl").open(encoding="utf-8") as journal:
        lines = [json.loads(line) for line in journal]
    return [line for line in lines if line["n"] > after]


def writes(lines: Iterable[dict[str, Any]], peer: str = "") -> list[dict[str, Any]]:
    """Give the lines by which a client changed a peer; ``peer`` narrows to peers that start with it."""
    by_clients = ("request", "revert_timer")
    return [line for line in lines if line["write"] and line["peer"].startswith(peer) and line["kind"] in by_clients]


def cut_flows(lines: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give the flow lines that deny a declared flow of a PC that had not begun its conversion."""
    gone: set[str] = set()
    cut = []
    for line in lines:
        if line["kind"] == "boot" and line.get("into") == "installing":
            gone.add(line["peer"].removeprefix("pc:"))
        if line["kind"] == "flow" and not line["permit"] and line["station"] not in gone:
            cut.append(line)
    return cut


def main() -> int:
    """Read the command line and answer."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run_dir", type=Path)
    parser.add_argument("question", choices=["last", "writes", "flows-held"])
    parser.add_argument("--after", type=int, default=0)
    parser.add_argument("--peer", default="")
    options = parser.parse_args()
    lines = read(options.run_dir, options.after)
    if options.question == "last":
        print(lines[-1]["n"] if lines else options.after)
        return 0
    found = writes(lines, options.peer) if options.question == "writes" else cut_flows(lines)
    for line in found:
        print(json.dumps(line, sort_keys=True))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

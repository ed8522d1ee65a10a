# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure the claims of the design and print them as a table. Nothing is asserted: machines differ.

Wall and CPU are seconds; CPU and memory (MiB, of the largest process) are of this collection's side of the talk, where
the row is a whole playbook run of everything it started. Requests are those that reached the peer; of a switch, lines
typed in exec mode + in configuration mode, and CPU ms of one switch.

Usage: python tests/bench/run.py [plan] [compile] [proof] [ums] [switches] [site] [pcs], all of them without a name.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pcs

ROOT = Path(__file__).resolve().parents[2]
CASES = {
    "plan": "cases.py",
    "compile": "cases.py",
    "proof": "cases.py",
    "ums": "ums_cases.py",
    "switches": "switches.py",
}
COLUMNS = ("work", "target", "wall", "cpu", "each", "memory", "requests")
STATION = "l1-hmi1"
Row = dict[str, Any]


def environment(run: Path) -> dict[str, str]:
    """Give the environment in which this checkout is the collection."""
    collections = os.environ.get("ANSIBLE_COLLECTIONS_PATH", str(ROOT / ".cache/cp"))
    return {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": collections,
        "ANSIBLE_COLLECTIONS_PATH": collections,
        "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
        "OTEDGE_RUN_DIR": str(run),
        "KEEP": "1",
    }


def case(name: str, env: dict[str, str]) -> list[Row]:
    """Run one case in a process of its own."""
    script = str(Path(__file__).with_name(CASES[name]))
    done = subprocess.run([sys.executable, script, name], env=env, capture_output=True, text=True, check=False)
    sys.stderr.write(done.stderr[-2000:] if not done.returncode else "")
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        return [{"work": f"{name}: FAILED, {reason[:80]}", "target": ""}]
    rows: list[Row] = json.loads(done.stdout)
    return rows


def command(work: str, target: str, argv: list[str], env: dict[str, str], log: Path) -> Row:
    """Run a command and everything it starts; give its row."""
    start = time.perf_counter()
    with log.open("ab") as output:
        child = subprocess.Popen(argv, cwd=ROOT, env=env, stdout=output, stderr=output)
        try:
            _pid, status, used = os.wait4(child.pid, 0)
        except BaseException:
            child.terminate()
            raise
    child.returncode = os.waitstatus_to_exitcode(status)
    note = f": FAILED, exit code {child.returncode}" if child.returncode else ""
    return {
        "work": work + note,
        "target": target,
        "wall_s": time.perf_counter() - start,
        "cpu_s": used.ru_utime + used.ru_stime,
        "memory_mib": used.ru_maxrss / 1024,
        "failed": bool(child.returncode),
    }


def journal(run: Path, after: int = 0) -> list[dict[str, Any]]:
    """Give the simulated site's journal above a line number."""
    with (run / "journal.jsonl").open(encoding="utf-8") as lines:
        return [line for line in map(json.loads, lines) if line["n"] > after]


def site(env: dict[str, str], run: Path, log: Path) -> list[Row]:
    """Roll the lab's site out, once more, and assess one of its PCs."""
    rollout = [str(ROOT / "tests/lab/rollout.sh")]
    play = [str(Path(sys.executable).parent / "ansible-playbook"), "-i", "inventories/lab/hosts.yml"]
    rows: list[Row] = []
    try:
        rows.append(command("whole rollout of inventories/lab on a fresh simulated site", "360 s", rollout, env, log))
        if rows[0]["failed"]:
            return rows
        seen = journal(run)[-1]["n"]
        rows.append(command("the same rollout again", "no write", rollout, env, log))
        writes = [line for line in journal(run, seen) if line["write"] and line["kind"] in ("request", "revert_timer")]
        rows[-1]["requests"] = f"{len(writes)} writes"
        seen = journal(run)[-1]["n"]
        assess = [*play, "-i", str(run / "inventory"), "otedge.endpoint.assess", "--limit", STATION]
        rows.append(command(f"full assessment of one PC ({STATION})", "40 requests", assess, env, log))
        asked = [line for line in journal(run, seen) if line["kind"] == "request" and line["peer"] == f"pc:{STATION}"]
        rows[-1]["requests"] = len(asked)
    finally:
        stop = [*play, "otedge.endpoint.site_twin", "-e", f"site_twin_run_dir={run}", "-e", "site_twin_state=stopped"]
        command("stop", "", stop, env, log)
    return rows


def table(rows: list[Row]) -> str:
    """Give the rows as text, each column as wide as its widest cell."""
    cells = [("Work", "Target", "Wall s", "CPU s", "Each ms", "MiB", "Requests")]
    for row in rows:
        numbers = [row.get(key) for key in ("wall_s", "cpu_s", "each_ms", "memory_mib")]
        shown = [
            "" if value is None else f"{value:.{digits}f}" for value, digits in zip(numbers, (2, 2, 0, 0), strict=True)
        ]
        cells.append((row["work"], row["target"], *shown, str(row.get("requests", ""))))
    widths = [max(len(line[column]) for line in cells) for column in range(len(COLUMNS))]
    lines = [
        "  ".join(
            cell.ljust(width) if column < 2 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in cells
    ]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


def main() -> int:
    """Measure everything, one after the other, and print the table."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the simulated site is stopped then, too
    known = [*CASES, "site", "pcs"]
    asked = sys.argv[1:] or known
    unknown = sorted(set(asked) - set(known))
    if unknown:
        sys.stderr.write(f"There is no {', '.join(unknown)}; there are {', '.join(known)}.\n")
        return 2
    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="otedge-bench-") as folder:
        run, log = Path(folder) / "twin", Path(folder) / "log"
        env = environment(run)
        rows = [row for name in CASES if name in asked for row in case(name, env)]
        rows += site(env, run, log) if "site" in asked else []
        rows += pcs.rows(command, env, log) if "pcs" in asked else []
        failed = any("FAILED" in row["work"] or "WRONG" in row["work"] for row in rows)
        if failed and log.exists():
            sys.stderr.write(log.read_text(encoding="utf-8", errors="replace")[-4000:])
    load = f"{os.cpu_count()} CPUs; load average {before:.1f} before, {os.getloadavg()[0]:.1f} after."
    sys.stdout.write(f"{table(rows)}\n\n{load}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make a records folder with the stored plan and its releases, right in everything but the one named flaw.

Usage: python tests/lab/flawed.py RECORDS KEYS TARGET FLAW [--station STATION]
"""

from __future__ import annotations

import argparse
import copy
import hashlib
import json
import subprocess
import time
from pathlib import Path
from typing import Any

from sign import SIDES, make_keys

FLAWS = (
    "none", "unsigned", "same-key", "wrong-namespace", "wrong-role", "expired", "other-plan", "changed-plan",
    "other-port", "other-serial", "stop",
)  # fmt: skip
HOUR = 3600


def plan_hash(plan: dict[str, Any]) -> str:
    """Give the SHA-256 over the canonical form of a plan."""
    return hashlib.sha256(
        json.dumps(plan, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    ).hexdigest()


def planned(stored: dict[str, Any], flaw: str, station: str) -> dict[str, Any]:
    """Give the plan that is signed: the stored one, or one that assumed something else of the station."""
    plan = copy.deepcopy(stored)
    if flaw == "other-port":
        plan["stations"][station]["port"] = "GigabitEthernet1/0/20"
    if flaw == "other-serial":
        plan["stations"][station]["expect"]["serial"] = "S-OF-ANOTHER-PC"
    return plan


def document(plan: dict[str, Any], flaw: str, side: str) -> dict[str, Any]:
    """Give one release document, valid since an hour and for two more unless that is the flaw."""
    shift = -3 * HOUR if flaw == "expired" and side == "it" else 0
    times = {"not_before": -HOUR, "not_after": 2 * HOUR}
    return {
        "plan_hash": plan_hash({**plan, "site": "elsewhere"} if flaw == "other-plan" else plan),
        "site": plan["site"],
        "role": "ot" if flaw == "wrong-role" else side,
        "signer": SIDES[side],
        **{
            key: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + offset + shift))
            for key, offset in times.items()
        },
        "waivers": [],
    }


def release(target: Path, keys: Path, plan: dict[str, Any], flaw: str) -> None:
    """Write both documents and sign them."""
    folder = target / "releases"
    folder.mkdir(parents=True, exist_ok=True)
    for side in SIDES:
        path = folder / f"{plan_hash(plan)[:12]}-{side}.json"
        path.write_text(json.dumps(document(plan, flaw, side)), encoding="utf-8")
        key = keys / ("ot" if flaw == "same-key" else side)
        namespace = f"otedge-release-{'ot' if flaw == 'wrong-namespace' else side}"
        if flaw != "unsigned":
            command = ["ssh-keygen", "-q", "-Y", "sign", "-f", str(key), "-n", namespace, str(path)]
            subprocess.run(command, check=True)


def main() -> None:
    """Read the command line and make the folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("records", type=Path)
    parser.add_argument("keys", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("flaw", choices=FLAWS)
    parser.add_argument("--station", default="")
    options = parser.parse_args()
    plan = planned(json.loads((options.records / "plan.json").read_text()), options.flaw, options.station)
    options.target.mkdir(mode=0o700, parents=True)
    make_keys(options.target, options.keys)
    release(options.target, options.keys, plan, options.flaw)
    if options.flaw == "same-key":
        allowed = options.target / "allowed_signers"
        ot, it = allowed.read_text(encoding="utf-8").splitlines()
        allowed.write_text(f"{ot}\n{' '.join([*it.split()[:2], *ot.split()[2:]])}\n", encoding="utf-8")
    if options.flaw == "changed-plan":
        plan["budget"]["convert_minutes"] = 1
    if options.flaw == "stop":
        (options.target / "stop").touch()
    (options.target / "plan.json").write_text(json.dumps(plan), encoding="utf-8")


if __name__ == "__main__":
    main()

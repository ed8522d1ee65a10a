# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's two signers: make throw-away keys, then sign the drafts of the stored plan, once as OT and once as IT.

On a real site two people do this by hand, with their own keys, after reading the plan.

Usage: python tests/lab/sign.py keys|sign RECORDS KEYS [--waive station=reason ...]
"""

from __future__ import annotations

import argparse
import json
import subprocess
from pathlib import Path

SIDES = {"ot": "ot@plant-a", "it": "it@plant-a"}


def make_keys(records: Path, keys: Path) -> None:
    """Make one key a side, if there is none yet, and bind each to its namespace in allowed_signers."""
    keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    records.mkdir(parents=True, exist_ok=True, mode=0o700)
    lines = []
    for side, identity in SIDES.items():
        private = keys / side
        if not private.exists():
            subprocess.run(
                ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", identity, "-f", str(private)], check=True
            )
        public = private.with_suffix(".pub").read_text(encoding="utf-8").split()
        lines.append(f'{identity} namespaces="otedge-release-{side}" {public[0]} {public[1]}')
    (records / "allowed_signers").write_text("\n".join(lines) + "\n", encoding="utf-8")


def sign(records: Path, keys: Path, waivers: dict[str, str]) -> list[Path]:
    """Sign every unsigned draft; the OT release carries the waivers."""
    signed = []
    for side in SIDES:
        for draft in sorted((records / "releases").glob(f"*-{side}.json")):
            signature = draft.with_name(draft.name + ".sig")
            if signature.exists():
                continue
            document = json.loads(draft.read_text(encoding="utf-8"))
            if side == "ot":
                document["waivers"] = [
                    {"gate": "backup", "station": station, "reason": reason}
                    for station, reason in sorted(waivers.items())
                ]
            draft.write_text(json.dumps(document, indent=2, sort_keys=True) + "\n", encoding="utf-8")
            command = [
                "ssh-keygen",
                "-q",
                "-Y",
                "sign",
                "-f",
                str(keys / side),
                "-n",
                f"otedge-release-{side}",
                str(draft),
            ]
            subprocess.run(command, check=True)
            signed.append(draft)
    return signed


def main() -> None:
    """Read the command line and do it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=["keys", "sign"])
    parser.add_argument("records", type=Path)
    parser.add_argument("keys", type=Path)
    parser.add_argument("--waive", action="append", default=[], metavar="STATION=REASON")
    options = parser.parse_args()
    make_keys(options.records, options.keys)
    if options.step == "sign":
        for path in sign(options.records, options.keys, dict(item.split("=", 1) for item in options.waive)):
            print(f"signed {path}")


if __name__ == "__main__":
    main()

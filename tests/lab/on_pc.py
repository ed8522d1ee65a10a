# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a command on a PC of the simulated site, as anybody with its password could, past everything of the product.

Usage: python tests/lab/on_pc.py RUN_DIR STATION COMMAND
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import winrm


def main() -> int:
    """Run it, print what it said, give its exit code."""
    run_dir, station, command = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    login = json.loads((run_dir / "site.json").read_text(encoding="utf-8"))["stations"][station]
    reached = json.loads((run_dir / "inventory/host_vars" / f"{station}.yml").read_text(encoding="utf-8"))
    address = f"http://{reached['ansible_host']}:{reached['ansible_port']}/wsman"
    session = winrm.Session(address, auth=(login["ansible_user"], login["ansible_password"]), transport="ntlm")
    said = session.run_cmd(command)
    sys.stdout.write(said.std_out.decode("utf-8", "replace"))
    sys.stderr.write(said.std_err.decode("utf-8", "replace"))
    return int(said.status_code)


if __name__ == "__main__":
    sys.exit(main())

# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Type lines on a switch of the simulated site, as anybody with its password could, past everything of the product.

Usage: python tests/lab/on_switch.py RUN_DIR SWITCH LINE ...
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import paramiko

SECONDS = 10


def typed(channel: paramiko.Channel, line: str) -> str:
    """Type one line and give what came back, once the switch asks for the next one."""
    channel.sendall(f"{line}\n".encode())
    said, end = "", time.monotonic() + SECONDS
    while not said.rstrip().endswith(("#", ">")):
        if time.monotonic() > end:
            raise TimeoutError(f"no answer to {line!r} but {said!r}")
        time.sleep(0.02)
        while channel.recv_ready():
            said += channel.recv(4096).decode("utf-8", "replace")
    return said


def main() -> int:
    """Type them in configuration mode; 1 if the switch took one for wrong."""
    run_dir, switch, lines = Path(sys.argv[1]), sys.argv[2], sys.argv[3:]
    login = json.loads((run_dir / "site.json").read_text(encoding="utf-8"))["switches"][switch]
    reached = json.loads((run_dir / "inventory/host_vars" / f"{switch}.yml").read_text(encoding="utf-8"))
    with paramiko.SSHClient() as client:
        client.load_host_keys(reached["switch_known_hosts"])
        client.connect(
            reached["ansible_host"],
            reached["ansible_port"],
            login["ansible_user"],
            login["ansible_password"],
            allow_agent=False,
            look_for_keys=False,
        )
        channel = client.invoke_shell(width=200)
        said = "".join(typed(channel, line) for line in ("", "configure terminal", *lines, "end"))
    print(said)
    return int(any(word in said for word in ("%", "Invalid", "ERROR")))


if __name__ == "__main__":
    sys.exit(main())

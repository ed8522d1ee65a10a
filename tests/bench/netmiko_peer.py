# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same list on the same switches with plain Netmiko: send_config_set in a pool of threads, then save.

Usage: python tests/bench/netmiko_peer.py JOB.json; the job is {"ports", "user", "password", "known_hosts", "lines",
"threads"}.
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from netmiko import ConnectHandler


def main() -> int:
    """Configure all of them; an error ends the run."""
    job = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))

    def configure(port: int) -> None:
        with ConnectHandler(
            device_type="cisco_xe",
            host="127.0.0.1",
            port=port,
            username=job["user"],
            password=job["password"],
            ssh_strict=True,
            system_host_keys=False,
            alt_host_keys=True,
            alt_key_file=job["known_hosts"],
        ) as switch:
            switch.send_config_set(job["lines"], error_pattern=r"^% ?\w")
            switch.save_config()

    with ThreadPoolExecutor(job["threads"]) as pool:
        list(pool.map(configure, job["ports"]))
    return 0


if __name__ == "__main__":
    sys.exit(main())

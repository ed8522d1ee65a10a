# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The overlay inventory: given after the site's own, it points every host at its simulated peer.

It is written as JSON, which is YAML, and holds no secret.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from .store import write_private

LOOPBACK = "127.0.0.1"


def build(site: dict[str, Any], endpoints: dict[str, Any], run_dir: str, started: float) -> dict[str, Any]:
    """Give the overlay's files: {relative path: content}. Pure.

    Args:
        site: site.json.
        endpoints: {"stations": {name: port}, "switches": {name: port}, "ums": {"name", "port", "ca_path"},
            "lines": {id: endpoint}}.
        run_dir: the folder of this twin.
        started: when it was started first, seconds since the epoch.
    """
    files: dict[str, Any] = {}
    for name, port in endpoints["stations"].items():
        files[f"host_vars/{name}.yml"] = {
            "ansible_host": LOOPBACK,
            "ansible_port": port,
            "ansible_connection": "winrm",
            **_login(name, (site.get("stations") or {}).get(name) or {}, run_dir),
        }
    for name, port in endpoints["switches"].items():
        own = ((site.get("switches") or {}).get(name) or {}).get("ansible_host")
        files[f"host_vars/{name}.yml"] = {
            "ansible_host": LOOPBACK,
            "ansible_port": port,
            "switch_known_hosts": f"{run_dir}/known_hosts",
            # Lists are judged for the switch's own address, not for the loopback port it answers on.
            **({"switch_address": own} if own else {}),
        }
    ums = endpoints["ums"]
    if ums["name"]:
        files[f"host_vars/{ums['name']}.yml"] = {
            "ums_host": LOOPBACK,
            "ums_port": ums["port"],
            "ums_ca_path": ums["ca_path"],
        }
    lines = copy.deepcopy(site.get("lines") or {})
    for name, endpoint in endpoints["lines"].items():
        lines[name]["state_source"]["endpoint"] = endpoint
    hosts = [path.removeprefix("host_vars/").removesuffix(".yml") for path in files]
    files["group_vars/all.yml"] = {
        "site_lines": lines,
        "site_records": f"{run_dir}/records",
        "site_twin_overlay": run_dir,
        "site_twin_started": int(started),
    }
    files["hosts.yml"] = {"all": {"hosts": {name: {} for name in sorted(hosts)}}}
    return files


def _login(name: str, station: dict[str, Any], run_dir: str) -> dict[str, Any]:
    """Give how a PC is logged in to: sealed NTLM over HTTP unless its `winrm` overrides say otherwise."""
    winrm = (station.get("twin_pc_overrides") or {}).get("winrm") or {}
    if not winrm.get("https"):
        return {"ansible_winrm_scheme": "http", "ansible_winrm_transport": "ntlm"}
    pair = {}
    if winrm.get("certificate"):
        pair = {
            "ansible_winrm_cert_pem": f"{run_dir}/pki/pc-{name}-client.pem",
            "ansible_winrm_cert_key_pem": f"{run_dir}/pki/pc-{name}-client.key",
        }
    return {
        "ansible_winrm_scheme": "https",
        "ansible_winrm_transport": "certificate" if pair else "ntlm",
        "ansible_winrm_ca_trust_path": f"{run_dir}/pki/pc-{name}.pem",
        **pair,
    }


def write(folder: Path, files: dict[str, Any]) -> None:
    """Write the overlay, each file by rename."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(path, json.dumps(content, indent=2, sort_keys=True) + "\n")

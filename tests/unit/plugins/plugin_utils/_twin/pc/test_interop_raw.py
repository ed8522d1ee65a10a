# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ansible's own raw against the simulated PCs: it wraps every command in PowerShell, so one without has to say so."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.pc.machine import Machine
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.pc.server import PcServer
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.pc.tls import make_tls

pytest.importorskip("winrm")
USER, PASSWORD = "svc-rollout", "lab-only-l1-op1"


def test_raw_runs_a_command_in_every_way_a_pc_lets_in(pc: Callable[..., Machine], tmp_path: Path) -> None:
    tls = make_tls(tmp_path, "l1-op1")
    basic = {"overrides": {"winrm": {"basic": True, "allow_unencrypted": True}}}
    certificate = {"overrides": {"winrm": {"certificate": True}}}
    files = {"ansible_winrm_cert_pem": str(tls.client_certificate_path)}
    files["ansible_winrm_cert_key_pem"] = str(tls.client_key_path)
    ways: dict[str, tuple[PcServer, dict[str, Any]]] = {
        "sealed": (PcServer(pc("win7_x64"), USER, PASSWORD), {"transport": "ntlm"}),
        "plain": (PcServer(pc(**basic), USER, PASSWORD), {"transport": "plaintext"}),
        "https-ntlm": (PcServer(pc("win11_x64"), USER, PASSWORD, tls=tls), {"transport": "ntlm"}),
        "https-basic": (PcServer(pc(**basic), USER, PASSWORD, tls=tls), {"transport": "ssl"}),
        "certificate": (PcServer(pc(**certificate), USER, PASSWORD, tls=tls), {"transport": "certificate", **files}),
        "no-powershell": (PcServer(pc("es7_x64"), USER, PASSWORD), {"transport": "ntlm"}),
    }
    hosts: dict[str, Any] = {}
    try:
        for name, (server, more) in ways.items():
            server.start()
            scheme = "https" if name.startswith(("https", "cert")) else "http"
            own = {key: value for key, value in more.items() if key != "transport"}
            hosts[name] = {
                "ansible_port": server.port,
                "ansible_winrm_scheme": scheme,
                "ansible_winrm_transport": more["transport"],
                **own,
            }
        found = raw(tmp_path, hosts, str(tls.certificate_path))
    finally:
        for server, _more in ways.values():
            server.stop()
    refused = found.pop("no-powershell")
    assert refused["rc"] == 1
    assert "is not recognized as an internal or external command" in refused["stderr"]
    assert {name: (one["rc"], one["stdout"]) for name, one in found.items()} == {
        name: (0, "L1-OP1\r\n") for name in ways if name != "no-powershell"
    }


def raw(folder: Path, hosts: dict[str, Any], ca_path: str) -> dict[str, Any]:
    login = {"ansible_connection": "winrm", "ansible_host": "127.0.0.1", "ansible_winrm_ca_trust_path": ca_path}
    login |= {"ansible_user": USER, "ansible_password": PASSWORD}
    inventory = folder / "hosts.json"
    inventory.write_text(json.dumps({"all": {"hosts": hosts, "vars": login}}), encoding="utf-8")
    config = folder / "ansible.cfg"
    config.touch()
    tree = folder / "tree"
    clean = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
    done = subprocess.run(
        [sys.executable, "-m", "ansible", "adhoc", "all", "-i", str(inventory), "-m", "raw", "-a", "hostname",
         "-f", "6", "--tree", str(tree)],
        env={**clean, "ANSIBLE_CONFIG": str(config), "ANSIBLE_HOME": str(folder / "home"), "NO_PROXY": "*"},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert tree.is_dir(), done.stderr
    return {path.name: json.loads(path.read_text(encoding="utf-8")) for path in tree.iterdir()}

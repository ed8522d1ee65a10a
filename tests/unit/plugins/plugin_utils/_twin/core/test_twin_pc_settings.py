# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the inventory says about a PC reaches the simulated one, and its overlay says how to log in."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin import overlay
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.config import ConfigError, parse

LOGIN = {"ansible_user": "svc", "ansible_password": "lab-only", "station_mac": "00:1B:1B:00:11:01"}
ENDPOINTS = {"stations": {"l1-op1": 5001}, "switches": {}, "ums": {"name": ""}, "lines": {}}


def site(**more: Any) -> dict[str, Any]:
    staging = {"site_staging": {"converter": {"url": "http://ums/osc.msi", "sha256": "AB" * 32}}}
    return {"stations": {"l1-op1": {**LOGIN, **more}}, "site_vars": staging}


def test_a_kind_gives_profile_and_overrides() -> None:
    pc = parse(site(twin_pc_kind="softplc", twin_pc_overrides={"maker": "other"})).stations["l1-op1"].pc
    assert (pc["model"], pc["overrides"]["maker"]) == ("win10_iot", "other")
    assert pc["overrides"]["drivers"] == ["TcRte", "TcIo"]
    assert parse(site()).stations["l1-op1"].pc["model"] == "win10_x64"
    with pytest.raises(ConfigError, match="twin_pc_kind 'toaster' is not known"):
        parse(site(twin_pc_kind="toaster"))


def test_only_the_expected_package_is_the_converter() -> None:
    assert parse(site()).stations["l1-op1"].pc["converter_sha256"] == "ab" * 32


@pytest.mark.parametrize(
    ("winrm", "scheme", "transport", "files"),
    [
        ({}, "http", "ntlm", set()),
        ({"https": True}, "https", "ntlm", {"ansible_winrm_ca_trust_path"}),
        (
            {"https": True, "certificate": True},
            "https",
            "certificate",
            {"ansible_winrm_ca_trust_path", "ansible_winrm_cert_pem", "ansible_winrm_cert_key_pem"},
        ),
    ],
)
def test_the_overlay_says_how_to_log_in(winrm: dict[str, bool], scheme: str, transport: str, files: set[str]) -> None:
    built = overlay.build(site(twin_pc_overrides={"winrm": winrm}), ENDPOINTS, "/run", 0.0)
    found = built["host_vars/l1-op1.yml"]
    assert (found["ansible_winrm_scheme"], found["ansible_winrm_transport"]) == (scheme, transport)
    assert {key for key in found if key.startswith("ansible_winrm_c")} == files

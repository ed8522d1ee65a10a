# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the PC is connected to (pure): adapters, peers, open ports, routes, firewall; and the converter's files."""

from __future__ import annotations

import re
from typing import Any

from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import network, registry
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import readers as r
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.answers import Answers
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.converter import READS as CONVERTER_READS
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.converter import state_from
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.readers import Unreadable
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.work import searched

_PROFILES = {"domain": "DomainProfile", "private": "StandardProfile", "public": "PublicProfile"}


def adapters(answers: Answers) -> list[dict[str, Any]]:
    """Give the network adapters."""
    return network.adapters(r.rows(answers, "adapters"), answers.rows.get("addresses"))


def predicted_mac(answers: Answers) -> str:
    """Give the MAC the PC will probably come back under."""
    mac, _certain = network.predict_unit_mac(adapters(answers))
    if not mac:
        raise Unreadable("no network adapter was found")
    return mac


def connections(answers: Answers) -> list[dict[str, Any]]:
    """Give established connections to other machines."""
    if _netstat(answers):
        return r.bounded(network.netstat(answers.text["netstat"]))
    return r.bounded(network.connections(r.rows(answers, "connections")))


def listening(answers: Answers) -> list[dict[str, Any]]:
    """Give the ports that are open on the PC."""
    if _netstat(answers):
        return r.bounded(network.netstat_listening(answers.text["netstat"]))
    return r.bounded(network.listening(r.rows(answers, "connections")))


def _netstat(answers: Answers) -> bool:
    return "TCP" in answers.text.get("netstat", "")


def routes(answers: Answers) -> list[dict[str, Any]]:
    """Give the active IPv4 routes."""
    if found := network.route_print(answers.text.get("routes", "")):
        return r.bounded(found)
    return r.bounded(network.route_table(r.rows(answers, "route_table")))


def persistent_routes(answers: Answers) -> list[dict[str, Any]]:
    """Give the routes that somebody set to stay; Windows keeps one in a value's name: "to,mask,gateway,metric"."""
    found = []
    for name in r.values(answers, "persistent_routes"):
        parts = name.split(",")
        if len(parts) >= 3:
            metric = r.as_number(parts[3]) if len(parts) > 3 else None
            found.append({"to": parts[0], "mask": parts[1], "gateway": parts[2], "metric": metric})
    return sorted(found, key=str)


def firewall(answers: Answers) -> dict[str, Any]:
    """Give, for each profile, whether the firewall is on and what a policy demands."""
    policy: dict[str, bool | None] = {}
    # A search shows each key that has the value.
    for key, values in _policies(answers).items():
        demanded = [_flag(data) for name, data in values.items() if name.lower() == "enablefirewall"]
        policy[key.rpartition("\\")[2].lower()] = demanded[0] if demanded else None
    found = {}
    for name, profile in _PROFILES.items():
        number = r.optional_number(answers, f"firewall_{name}", "EnableFirewall")
        found[name] = {"on": None if number is None else number != 0, "policy": policy.get(profile.lower())}
    if all(item["on"] is None for item in found.values()):
        raise Unreadable("the firewall does not say whether it is on")
    return found


def _policies(answers: Answers) -> dict[str, dict[str, str]]:
    return registry.parse(searched(answers, "firewall_policy"))


def _flag(data: str) -> bool | None:
    match = re.fullmatch(r"0x([0-9a-f]{1,8})", data.strip(), re.IGNORECASE)
    return int(match[1], 16) != 0 if match else None


def converter(answers: Answers) -> dict[str, Any]:
    """Give the state of the converter's files."""
    return state_from({name: r.text(answers, name) for name in CONVERTER_READS}).as_dict()

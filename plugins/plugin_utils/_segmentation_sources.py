# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where segmentation_check learns what switches hold: saved configurations, or what switch_acl_info has read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.access_list import OPEN, AccessList, Opaque
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.check import Held
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Address, Rule, rules_from
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.vlan_lists import VlanList
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.collect import plain
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.drivers import driver_for, netmiko_type
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.platforms import Driver
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.state import IPV4, Config, Interface


@dataclass(frozen=True)
class Source:
    """One switch as it was read; ``bound_only``: interfaces without a list are not told."""

    switch: str
    driver: Driver
    config: Config
    bound_only: bool = False

    def held(self, interface: str, way: str = "in", only: Address | None = None) -> Held | None:
        """Give what an interface holds in one direction; None where the interface is not in what was read."""
        name = self.driver.interface_name(interface)
        port = self.config.interfaces.get(name)
        if port is None:
            return Held(self.switch, name, None, OPEN, only=only) if self.bound_only else None
        bound = port.lists.get(way)
        known = self.config.find(bound)
        return Held(self.switch, port.name, bound, self.config.effective(bound), known.opaque if known else (), only)


@dataclass(frozen=True)
class Read:
    """What was read: ``missing`` says of each switch that was not why; ``whole`` that every switch was asked for."""

    sources: Mapping[str, Source]
    missing: Mapping[str, str]
    whole: bool = False

    def ports(
        self, stations: Mapping[str, Mapping[str, Any]], at: Mapping[str, VlanList], asked: Collection[str] = ()
    ) -> tuple[dict[str, Held], list[str]]:
        """Give what holds for each station, and the stations of which nothing is known although it was to be.

        Those are the ones whose interface is missing on a switch that was read, and those on a switch that nobody read
        where every switch, or this station, was asked for. A switch without an answer speaks for itself.

        Args:
            stations: of the model, by name.
            at: station to the VLAN list it is segmented by instead of its port's.
            asked: stations that have to be looked at, as far as anything was read.
        """
        held: dict[str, Held] = {}
        expected: list[str] = []
        for name, station in stations.items():
            vlan = at.get(name)
            switch, interface = (vlan.switch, vlan.interface) if vlan else (station.get("switch"), station.get("port"))
            source = self.sources.get(str(switch))
            if source is None:
                looked = self.whole or (name in asked and bool(self.sources))
                expected += [name] if looked and str(switch) not in self.missing else []
                continue
            expected.append(name)
            only = Address.of(str(station["address"])) if vlan else None
            found = source.held(str(interface), only=only) if interface else None
            if found is not None:
                held[name] = found
        return held, sorted(set(expected) - set(held))

    def vlans(self, lists: Iterable[VlanList]) -> dict[tuple[str, str], Held]:
        """Give what VLAN interfaces hold, by list and direction."""
        found: dict[tuple[str, str], Held] = {}
        for one in lists:
            source = self.sources.get(one.switch)
            for way in one.directions:
                held = source.held(one.interface, way) if source else None
                if held is not None:
                    found[one.id, way] = held
        return found


def read_switches(configs: Mapping[str, Any], live: str | None, task_vars: Mapping[str, Any]) -> Read:
    """Take files, and what a task before registered on each switch.

    Args:
        configs: switch to a file with its running configuration.
        live: name of the variable that switch_acl_info registered; None to look at no switch but those of ``configs``.
        task_vars: of the task.

    Raises:
        InputError: a switch that is not in the inventory, a file that cannot be read, no such platform, an empty name.
    """
    if live is not None and not live.strip():
        raise InputError(
            "The option live is empty: no switch would be looked at.",
            fix="Give the name of the variable that switch_acl_info registered, or leave live out.",
        )
    sources = {str(name): _file(str(name), Path(str(path)), task_vars) for name, path in configs.items()}
    missing: dict[str, str] = {}
    for switch in _switches(task_vars) if live else ():
        if switch in sources:
            continue
        result = plain(task_vars["hostvars"][switch].get(live))
        missing_because = _no_answer(result, str(live))
        if missing_because:
            missing[switch] = missing_because
        else:
            sources[switch] = Source(switch, _driver(switch, task_vars), _registered(switch, result), True)
    return Read(sources, missing, bool(live))


def _switches(task_vars: Mapping[str, Any]) -> Sequence[str]:
    return sorted(task_vars.get("groups", {}).get("site_switches", []))


def _driver(switch: str, task_vars: Mapping[str, Any]) -> Driver:
    if switch not in _switches(task_vars):
        raise InputError(f"{switch} is no switch of the inventory.", fix="Name a host of the group site_switches.")
    platform = str(task_vars["hostvars"][switch].get("ansible_network_os") or "cisco.ios.ios")
    return driver_for(netmiko_type(platform))


def _file(switch: str, path: Path, task_vars: Mapping[str, Any]) -> Source:
    driver = _driver(switch, task_vars)
    try:
        return Source(switch, driver, driver.parse_config(path.read_text(encoding="utf-8", errors="replace")))
    except OSError as exc:
        raise InputError(
            f"Cannot read {path} of {switch}: {exc.strerror}.", fix="Give a saved configuration on the controller."
        ) from exc


def _no_answer(result: Any, name: str) -> str:
    """Say why a registered result tells nothing of its switch, or ""; what is not known never counts as fine."""
    if not isinstance(result, Mapping):
        return f"it has no result {name}: the task did not run on it"
    for key in ("unreachable", "failed", "skipped"):
        if result.get(key):
            said = " ".join(str(result.get("msg") or "").split())
            return f"its task was {key}" + (f": {said}" if said else "")
    for key in ("lists", "bindings"):
        if not isinstance(result.get(key), list):
            return f"{name} holds no {key}: switch_acl_info has to gather lists and bindings, of every name"
    if result.get("names") or result.get("missing"):
        return f"{name} was read for some names only"
    return ""


def _registered(switch: str, result: Mapping[str, Any]) -> Config:
    """Read the lists and bindings of switch_acl_info for IPv4, which is what rules are compiled for."""
    lists: dict[str, AccessList] = {}
    ports: dict[str, dict[str, str]] = {}
    try:
        for item in result["lists"]:
            if item["family"] == IPV4:
                doubtful = list(item["opaque"]) or ([] if item["understood"] else ["(a line was not understood)"])
                entries: tuple[Rule | Opaque, ...] = (*rules_from(item["rules"]), *map(Opaque, doubtful))
                lists[item["name"]] = AccessList(item["name"], "extended", entries)
        for item in result["bindings"]:
            if item["family"] == IPV4:
                ports.setdefault(item["interface"], {})[item["direction"]] = item["list"]
    except (KeyError, TypeError, AttributeError) as exc:
        raise InputError(
            f"What was registered on {switch} is not the result of switch_acl_info: {exc!r}.",
            fix="Register otedge.endpoint.switch_acl_info of this collection's version.",
        ) from exc
    return Config(lists, {name: Interface(name, found) for name, found in ports.items()})

# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bring the lists of one site switch to what is wanted, hitless and self-reverting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.switch_acl import SPEC
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import (
    ANY,
    ANY6,
    BITS,
    Address,
    Rule,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.time_box import rules_in_force
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.history import entries_of
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.records import read_plan
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.times import from_epoch
from ansible_collections.otedge.endpoint.plugins.plugin_utils._swap_action import (
    UNDO_GATES,
    Errand,
    SwapAction,
    closed_gates,
    nothing_wanted,
    require_minutes,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.drivers import driver_for
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.give_back import bound_before, ours_since
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.log_mode import permit_and_log
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.plan import Wanted
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.platforms import Driver
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.state import IPV4, IPV6

PHASES = ("before", "after", "island")
# No rules of ours: the port is given back. Not "none", which leaves a port alone.
ABSENT = "absent"
LOG_MODE = "log_and_permit"
_LAST = Rule("deny", log=True, remark="everything else is denied and logged")
# What shuts IPv6 on a station's port: the rules of a plan are of IPv4.
_SHUT = Wanted(
    "",
    "in",
    "",
    (Rule("deny", src=ANY6, dst=ANY6, log=True, remark="no IPv6 from this port"),),
    family=IPV6,
    no_discovery=True,
)


class ActionModule(SwapAction):
    """See the documentation of the module switch_acl."""

    SPEC = SPEC

    def perform(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Read, guard, decide, write, report."""
        planned = options.get("phases") is not None
        if planned and not options.get("plan_hash"):
            # The gates have to judge the plan whose rules are written, not one stored in the meantime.
            options = {**options, "plan_hash": read_plan(str(options["site_records"]))[1]}
        switch = str(task_vars.get("inventory_hostname", ""))
        target = self.target(options, task_vars)
        driver = driver_for(target.device_type)
        wanted = self._planned(options, switch, driver) if planned else _given(options["bindings"])
        if options["mode"] == LOG_MODE:
            wanted = [_logging(want) for want in wanted]
        require_minutes(options, driver)
        if not wanted:
            return nothing_wanted()

        def gates(names: Sequence[str]) -> dict[str, dict[str, Any]]:
            return self._gates(options, task_vars, names) if planned else {}

        result = self.swap(options, task_vars, Errand(target, driver, wanted, strict=not planned, gates=gates))
        # Of a station with two lists both have to be in force.
        waiting = {entry["name"] for entry in result["bindings"] if self.check_mode and not entry["in_place"]}
        in_force = [entry for entry in result["bindings"] if entry["name"] not in waiting]
        phases = options.get("phases") or {}
        # A list that enforces nothing within its VLAN contains nobody, and is no phase of one station.
        loose = {entry["name"] for entry in in_force if entry.get("enforced") is False}
        phases = {name: phase for name, phase in phases.items() if phase == ABSENT or name not in loose}
        if options["mode"] == LOG_MODE:
            # What only logs is no phase: whoever asks for a contained or converted station must not take it for one.
            phases = {name: phase for name, phase in phases.items() if phase == ABSENT}
        result["phases"] = {entry["name"]: phases[entry["name"]] for entry in in_force if entry["name"] in phases}
        return result

    def _planned(self, options: Mapping[str, Any], switch: str, driver: Driver) -> list[Wanted]:
        """Take the rules of the stored plan for the stations on this switch."""
        plan, _hash = read_plan(str(options["site_records"]))
        undone = ABSENT in options["phases"].values()
        entries = list(entries_of(str(options["site_records"]), switch)) if undone else []
        before, ours = bound_before(entries), ours_since(entries)
        wanted: list[Wanted] = []
        for station, phase in sorted(options["phases"].items()):
            if phase in (None, "none"):
                continue
            if phase not in (*PHASES, ABSENT):
                known = ", ".join((*PHASES, ABSENT, "none"))
                raise InputError(f"Phase {phase!r} of {station} is unknown.", fix=f"Use one of: {known}.")
            found = plan["stations"].get(station)
            if found is None:
                raise InputError(f"The plan does not know station {station}.", fix="Run the play plan again.")
            if found["switch"] != switch:
                continue
            if phase == ABSENT:
                port = driver.interface_name(found["port"])
                had = before.get((port, "in"))
                wanted.append(
                    Wanted(found["port"], "in", station, address=found.get("address"), absent=True, restore=had)
                )
                if (port, _SHUT.way) in ours:
                    had = before.get((port, _SHUT.way))
                    wanted.append(replace(_SHUT, interface=port, name=station, rules=(), absent=True, restore=had))
                continue
            rules = _closed(rules_in_force(found["rules"][phase], from_epoch(self.clock())), station)
            wanted.append(Wanted(found["port"], "in", station, rules, found.get("address")))
            if options["deny_ipv6"]:
                wanted.append(replace(_SHUT, interface=found["port"], name=station))
        return wanted

    def _gates(
        self, options: dict[str, Any], task_vars: dict[str, Any], names: Sequence[str]
    ) -> dict[str, dict[str, Any]]:
        """Give the closed gates of these stations; giving a port back asks for fewer."""
        undone = [name for name in names if options["phases"].get(name) == ABSENT]
        others = [name for name in names if name not in undone]
        checked = self.check_gates(options, task_vars, others, converting=False) if others else {}
        if undone:
            checked |= self.check_gates(options, task_vars, undone, UNDO_GATES)
        return closed_gates(checked)


def _given(bindings: Sequence[Mapping[str, Any]]) -> list[Wanted]:
    """Read bindings from the task."""
    return [
        Wanted(
            item["interface"],
            item["direction"],
            item["name"],
            _closed(_rules(item), item["name"]),
            item.get("address"),
            family=item["family"],
            no_discovery=item["allow_no_neighbor_discovery"],
        )
        for item in bindings
    ]


def _rules(item: Mapping[str, Any]) -> tuple[Rule, ...]:
    """Read the rules of a binding; ``any`` is of the binding's family.

    Raises:
        InputError: a rule or the address is of the other family, or cannot be read.
    """
    name, family = item["name"], item["family"]
    rules = tuple(_rule(rule, family, f"rule {number} of {name}") for number, rule in enumerate(item["rules"], 1))
    if any(rule.family != family for rule in rules):
        raise InputError(
            f"The binding {name} is of {family}, and not all of its rules are.",
            fix="Set its family, and write one binding a family.",
        )
    address = item.get("address")
    if address and Address.of(address).bits != BITS[family]:
        raise InputError(
            f"The binding {name} is of {family}, and its address {address} is not.",
            fix=f"Give the {family} address behind the interface, or leave it out.",
        )
    return rules


def _rule(rule: Mapping[str, Any], family: str, which: str) -> Rule:
    """Read one rule; what cannot be read is named by its place."""
    try:
        return Rule.from_dict({"family": IPV6, **rule} if family == IPV6 else rule)
    except InputError as exc:
        raise InputError(f"In {which}: {exc.message}", fix=exc.fix, **exc.details) from exc


def _closed(rules: tuple[Rule, ...], name: str) -> tuple[Rule, ...]:
    """End a list in an explicit, logged last rule; a list without rules would permit everything.

    Raises:
        InputError: there are no rules.
    """
    if not rules:
        raise InputError(
            f"The rules of {name} are empty: an empty list permits everything.",
            fix="Give at least one rule; to permit everything, say so: {action: permit}.",
        )
    every = ANY if rules[0].family == IPV4 else ANY6
    whole = Rule(rules[-1].action, src=every, dst=every)
    return rules if rules[-1].match == whole else (*rules, replace(_LAST, src=every, dst=every))


def _logging(want: Wanted) -> Wanted:
    """Make a binding log what it will deny."""
    return want if want.absent else replace(want, rules=permit_and_log(want.rules), logging=True)

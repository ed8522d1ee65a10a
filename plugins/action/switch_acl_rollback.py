# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bind the previous lists of one site switch again, by the same swap that put the present ones there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.switch_acl_rollback import SPEC
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import BITS, Address
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.history import entries_of
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.records import read_plan
from ansible_collections.otedge.endpoint.plugins.plugin_utils._swap_action import (
    UNDO_GATES,
    Errand,
    SwapAction,
    closed_gates,
    nothing_wanted,
    require_minutes,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.drivers import driver_for
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.previous import (
    ROLLBACK,
    Ask,
    going_back,
    last_changes,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.state import IPV4, SwitchState
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.wanted import Wanted


class ActionModule(SwapAction):
    """See the documentation of the module switch_acl_rollback."""

    SPEC = SPEC

    def perform(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Find the lists to go back to, and swap."""
        records, planned = options.get("site_records"), options.get("stations") is not None
        switch = str(task_vars.get("inventory_hostname", ""))
        target = self.target(options, task_vars)
        driver = driver_for(target.device_type)
        require_minutes(options, driver)
        items = _stations(options, switch) if planned else options["bindings"]
        _require_lists(items, known=bool(records))
        if not items:
            return nothing_wanted()
        last = last_changes(entries_of(str(records), switch)) if records else {}
        wanted = [_wanted(item, driver.interface_name(item["interface"])) for item in items]
        asks = {
            want.place: Ask(item.get("from") or "", item.get("to") or "", last.get(want.place))
            for want, item in zip(wanted, items, strict=True)
        }

        def resolve(state: SwitchState, want: Wanted) -> Wanted:
            return going_back(state, want, asks[want.place])

        def gates(names: Sequence[str]) -> dict[str, dict[str, Any]]:
            return closed_gates(self.check_gates(options, task_vars, names, UNDO_GATES)) if planned else {}

        errand = Errand(target, driver, wanted, not planned, gates, {ROLLBACK: True}, resolve)
        # Whatever phase a station had by the plan, its port does not say so any more.
        return {**self.swap(options, task_vars, errand), "phases": {}}


def _stations(options: Mapping[str, Any], switch: str) -> list[dict[str, Any]]:
    """Take the ports of the stored plan for the stations on this switch."""
    planned = read_plan(str(options["site_records"]))[0]["stations"]
    unknown = sorted(set(options["stations"]) - set(planned))
    if unknown:
        raise InputError(
            f"The plan does not know station {', '.join(unknown)}.", fix="Correct stations, or use bindings."
        )
    return [
        {"interface": planned[name]["port"], "direction": "in", "name": name, "address": planned[name].get("address")}
        for name in sorted(set(options["stations"]))
        if planned[name]["switch"] == switch
    ]


def _wanted(item: Mapping[str, Any], interface: str) -> Wanted:
    """Read one binding.

    Raises:
        InputError: its address cannot be read, or is of the other family.
    """
    address, family = item.get("address"), item.get("family") or IPV4
    if address and Address.of(address).bits != BITS[family]:
        raise InputError(
            f"The binding {item['name']} is of {family}, and its address {address} is not.",
            fix=f"Give the {family} address behind the interface, or leave it out.",
        )
    return Wanted(interface, item["direction"], item["name"], address=address, family=family, again=True)


def _require_lists(items: Sequence[Mapping[str, Any]], *, known: bool) -> None:
    """Refuse bindings of which neither list is named, where no evidence can tell what their last change was."""
    unnamed = [str(item["name"]) for item in items if not (item.get("from") or item.get("to"))]
    if unnamed and not known:
        raise InputError(
            f"Which list {', '.join(unnamed)} shall go back from is not said.",
            fix="Give from (the list that has to go) or to (the one that has to come), or site_records with the"
            " evidence; else a second run would go back again.",
        )

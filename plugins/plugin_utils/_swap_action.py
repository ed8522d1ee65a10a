# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Base of the actions that swap lists on a switch: one run at a time, guards, gates, evidence around the swap."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from ansible import constants as C  # noqa: N812 - its usual name
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.module_utils._evidence import require_running
from ansible_collections.otedge.endpoint.plugins.plugin_utils._gated import GatedAction, GateResult
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Address
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.counters import NOTE
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.drivers import require_platform
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.ensure import Gates, Manner, ensure_bindings
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.give_back import BINDING, resolved
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.guards import UNJUDGED, Protection
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.lock import only_run
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.platforms import Driver
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.session import SwitchSession, Target
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.state import SwitchState
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.wanted import Wanted
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch_action import SwitchAction

# The way back must be open outside a window, after a release has ended and while a line runs.
UNDO_GATES = ("lock", "stop")


@dataclass(frozen=True)
class Errand:
    """What an action wants of one switch.

    ``strict``: one binding that cannot be made stops all. ``gates`` gives the closed gates of names that are about to
    be written. ``told`` goes into the evidence besides the bindings, ``resolve``
    fills in what a binding needs of the switch's state.
    """

    target: Target
    driver: Driver
    wanted: Sequence[Wanted]
    strict: bool = True
    gates: Gates = lambda names: {}
    told: Mapping[str, Any] = field(default_factory=dict)
    resolve: Callable[[SwitchState, Wanted], Wanted] = resolved


class SwapAction(SwitchAction, GatedAction):
    """An action that swaps lists; see ``swap``."""

    def swap(self, options: Mapping[str, Any], task_vars: Mapping[str, Any], errand: Errand) -> dict[str, Any]:
        """Read, guard, decide, write, report; one run at a time.

        Args:
            options: of SWITCH_CONNECTION and SWAP_OPTIONS; ``site_records`` where evidence is kept.
            task_vars: of the task.
            errand: what is wanted.

        Returns:
            What ensure_bindings() gives.
        """
        target, driver = errand.target, errand.driver
        records = options.get("site_records")

        def before_write() -> None:
            # A long swap outlives a killed run by nothing but the answer it is waiting for.
            if records:
                require_running(str(records))

        def connect() -> SwitchSession:
            return SwitchSession(target, before_write)

        alone = (
            nullcontext()
            if self.check_mode
            else only_run(
                os.path.join(C.config.get_config_value("ANSIBLE_HOME"), "otedge"), target.endpoint, called=target.name
            )
        )
        with alone:
            manner = self._manner(options, task_vars, errand)
            shell = connect()
            try:
                require_platform(driver, shell, target.name, target.device_type)
                return _warned(ensure_bindings(driver, shell, connect, errand.wanted, manner), target.name)
            finally:
                shell.close()

    def _manner(self, options: Mapping[str, Any], task_vars: Mapping[str, Any], errand: Errand) -> Manner:
        started = time.monotonic()
        protection = Protection(
            flows=tuple(
                {key: value for key, value in flow.items() if value is not None} for flow in options["protect"]
            ),
            management_address=options.get("management_address"),
            switch_address=_plain_address(
                self._templar.template(task_vars.get("switch_address")) or errand.target.host
            ),
            own_user=errand.target.user,
            allow_no_revert_timer=options["allow_no_revert_timer"],
            allow_reload_timer=options["allow_reload_timer"],
            allow_no_routing=options["allow_no_routing"],
        )
        records, switch = options.get("site_records"), str(task_vars.get("inventory_hostname", ""))

        def acting(names: Sequence[str], data: dict[str, Any]) -> AbstractContextManager[dict[str, Any]]:
            if not records:
                return _no_records()
            return self.acting(str(records), switch, BINDING, {"stations": list(names), **data, **errand.told})

        return Manner(
            protection,
            options.get("revert_minutes"),
            self.check_mode,
            errand.strict,
            errand.gates,
            acting,
            elapsed=lambda: time.monotonic() - started,
            resolve=errand.resolve,
        )


def _warned(result: dict[str, Any], switch: str) -> dict[str, Any]:
    """Warn of bindings of which the guard of the management path proves nothing: their notes alone are read by few."""
    texts = [
        f"Switch {switch}, {row['interface']}: {note}."
        for row in result["bindings"]
        for note in row.get("notes", ())
        if row["changed"] and note.startswith(UNJUDGED)
    ]
    return {**result, "warnings": texts} if texts else result


def nothing_wanted() -> dict[str, Any]:
    """Give the result of a task that wants nothing of its switch, which then is not called at all."""
    return {
        "changed": False,
        "bindings": [],
        "lists": {},
        "saved": False,
        "removed": [],
        "refused": {},
        "phases": {},
        "counters": {"before": {}, "after": {}, "note": NOTE},
        "unused": {},
        "revert_timer": "none",
    }


def closed_gates(checked: Mapping[str, Mapping[str, GateResult]]) -> dict[str, dict[str, Any]]:
    """Give the closed gates of the stations that have any, as results show them."""
    return {
        name: {gate: result.as_dict() for gate, result in results.items() if not result.open}
        for name, results in checked.items()
        if not all(result.open for result in results.values())
    }


def require_minutes(options: Mapping[str, Any], driver: Driver) -> None:
    """Refuse a revert timer that the platform does not take, or that is not longer than what is waited for a session.

    Raises:
        InputError: one of them.
    """
    minutes = options.get("revert_minutes")
    low, high = driver.minutes
    if minutes is not None and not low <= minutes <= high:
        raise InputError(
            f"revert_minutes is {minutes}.", fix=f"The timer of {driver.family} takes {low} to {high} minutes."
        )
    shortest = 60 * int(minutes or max(low, 2))
    if options["timeout"] >= shortest:
        raise InputError(
            f"The timeout of {options['timeout']} s is not shorter than the revert timer of {shortest} s.",
            fix="Lower timeout, or raise revert_minutes.",
        )


def _plain_address(host: str) -> str | None:
    """Give the switch's address for the management guard, if the inventory names one and not a host name."""
    try:
        return str(Address.of(host)).partition("/")[0]
    except InputError:
        return None


@contextmanager
def _no_records() -> Iterator[dict[str, Any]]:
    yield {}

# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looking at one switch: asks for what was wanted and nothing else, and writes nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import PeerError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.access_list import AccessList
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.counters import NOTE, plain, read_hits, unused
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.guards import timer_is_ours
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.hooks import TellsRoom
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.inventory import (
    SYSTEM,
    binding_rows,
    list_row,
    obstacles,
    own,
    unsaved,
    wanted_names,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.platforms import Driver, Shell
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.state import Config, SwitchState

_KEYS = ("lists", "missing", "bindings", "open", "counters", "unused", "resources", "timer", "startup_equal")
_NOTHING: Mapping[str, Any] = dict.fromkeys((*_KEYS, "unsaved", "obstacles"))


def look(driver: Driver, shell: Shell, gather: Collection[str], names: Sequence[str] = ()) -> dict[str, Any]:
    """Read what is wanted of a switch.

    Args:
        driver: the platform.
        shell: an open session.
        gather: of the choices of switch_acl_info.
        names: only these lists; where nothing else needs the configuration, each is read by itself, so that the time
            depends on them and not on what else the switch holds.

    Returns:
        The keys of switch_acl_info; None for what was not asked.

    Raises:
        PeerError: the switch does not show its configuration to this user.
    """
    wants = set(gather)
    state = _read(driver, shell, wants, names)
    running = state.running if state else None
    found: dict[str, Any] = dict(_NOTHING)
    if "lists" in wants:
        lists, missing = _lists(driver, shell, running, names)
        rows = [list_row(one, running) for one in lists]
        found |= {"lists": sorted(rows, key=lambda row: (row["name"], row["family"])), "missing": missing}
    if running and "bindings" in wants:
        bindings = [row for row in binding_rows(running) if not names or row["list"] in names]
        found |= {"bindings": bindings, "open": [row for row in bindings if row["open"]]}
    if "counters" in wants:
        hits = read_hits(driver, shell, names or _counted(running))
        found |= {"counters": {"lists": plain(hits), "note": NOTE}, "unused": unused(hits)}
    if "resources" in wants:
        found["resources"] = _resources(driver, shell)
    if state and "saved" in wants:
        differences = unsaved(state)
        found |= {"startup_equal": not differences, "unsaved": differences}
    if "timer" in wants:
        found["timer"] = _timer(driver, shell, state if "obstacles" in wants else None)
    if state and "obstacles" in wants:
        found["obstacles"] = obstacles(state)
    return found


def _read(driver: Driver, shell: Shell, wants: set[str], names: Sequence[str]) -> SwitchState | None:
    """Read as much of the state as is needed; None for none of it."""
    if not (wants & {"bindings", "saved", "obstacles"} or (not names and wants & {"lists", "counters"})):
        return None
    if "obstacles" in wants:
        state = driver.read_state(shell)
    else:
        startup = driver.read_startup(shell) if "saved" in wants else Config()
        state = SwitchState(driver.read_running(shell), startup)
    if not state.running.interfaces:
        needs = state.unfit[1] if state.unfit else "give this user the right to read the running configuration"
        raise PeerError(f"The switch shows no configuration to user {shell.user!r}.", fix=f"To go on: {needs}.")
    return state


def _lists(
    driver: Driver, shell: Shell, running: Config | None, names: Sequence[str]
) -> tuple[list[AccessList], list[str]]:
    if running:
        return wanted_names(running.lists, names)
    read = {name: driver.read_list(shell, name) for name in names}
    return [one for one in read.values() if one], sorted(name for name, one in read.items() if one is None)


def _counted(running: Config | None) -> list[str]:
    """Give the lists whose counters are read where none are named: those that are bound, and ours."""
    if running is None:
        return []
    bound = {name for port in running.interfaces.values() for name in port.lists.values()}
    ours = {name for name in running.lists if own(name)}
    return sorted(name for name in bound | ours if not SYSTEM.fullmatch(name))


def _resources(driver: Driver, shell: Shell) -> dict[str, Any]:
    room = driver.hardware_room(shell) if isinstance(driver, TellsRoom) else None
    numbers = {"used": room.used, "maximum": room.maximum, "free": room.free} if room else {}
    told = {"used": None, "maximum": None, "free": None, **numbers}
    return {**told, "messages": [line.strip() for line in driver.hardware_errors(shell)]}


def _timer(driver: Driver, shell: Shell, state: SwitchState | None) -> dict[str, Any]:
    """Say whether a revert timer is pending and whose it is; one of ours is left by a run that was cut."""
    timer = state.timer if state else driver.read_timer(shell)
    if timer is None:
        return {"pending": False, "user": None, "text": None, "ours": False}
    # Which lists are there decides whose it is only beside the configuration; else the user alone does.
    ours = timer_is_ours(state, shell.user) if state else bool(shell.user) and timer.user == shell.user
    return {"pending": True, "user": timer.user or None, "text": timer.text, "ours": ours}

# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Services by command: sc; and what both it and WMI do to a service.

[documented] codes of Win32_Service methods and of sc; [assumed] its layout.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .cmd import Command, Context, Result, arguments, lines

if TYPE_CHECKING:
    from .machine import Machine

MISSING = 1060
_MODES = {"automatic": "Auto", "auto": "Auto", "manual": "Manual", "demand": "Manual", "disabled": "Disabled"}
# These keep a PC reachable and running: [documented] they refuse to be stopped.
_FIXED = ("rpcss", "dcomlaunch", "eventlog", "plugplay", "samss")


def find(machine: Machine, name: str) -> dict[str, Any] | None:
    """Give the row of a service or driver by its name."""
    for kind in ("Win32_Service", "Win32_SystemDriver"):
        for row in machine.instances("root\\cimv2", kind):
            if str(row["Name"]).lower() == name.lower():
                return row
    return None


def control(machine: Machine, name: str, verb: str) -> int:
    """Start or stop a service: 0, or the code of Win32_Service."""
    row = find(machine, name)
    if row is None:
        return 21
    running = row["State"] == "Running"
    if verb == "start":
        if running:
            return 10
        if row["StartMode"] == "Disabled":
            return 14
    elif not running or name.lower() in _FIXED:
        return 5
    _note(machine, name, State="Running" if verb == "start" else "Stopped", Started=verb == "start")
    return 0


def change_mode(machine: Machine, name: str, mode: str) -> int:
    """Change how a service starts: 0, or the code of Win32_Service."""
    if mode.lower() not in _MODES or find(machine, name) is None:
        return 21
    _note(machine, name, StartMode=_MODES[mode.lower()])
    return 0


def _note(machine: Machine, name: str, **values: Any) -> None:
    machine.services.setdefault(name.lower(), {}).update(values)
    machine.changed("service", name=name, **values)


def _sc(context: Context, text: str) -> Result:
    machine, words = context.machine, arguments(text)
    verb = words[0].lower() if words else ""
    if verb in ("query", "queryex") and len(words) < 2:
        rows = [row for row in machine.instances("root\\cimv2", "Win32_Service") if row["State"] == "Running"]
        return Result(0, "".join(_state(row) for row in rows))
    row = find(machine, words[1]) if len(words) > 1 else None
    if row is None:
        text = "The specified service does not exist as an installed service."
        return Result(MISSING, lines(f"[SC] EnumQueryServicesStatus:OpenService FAILED {MISSING}:", "", text, ""))
    return _sc_known(context, verb, words, row)


def _sc_known(context: Context, verb: str, words: list[str], row: dict[str, Any]) -> Result:
    machine = context.machine
    if verb in ("query", "queryex"):
        return Result(0, _state(row))
    if verb == "qc":
        number = {"Auto": "2   AUTO_START", "Manual": "3   DEMAND_START", "Disabled": "4   DISABLED"}
        mode = number.get(str(row["StartMode"]), "0   BOOT_START")
        body = [f"SERVICE_NAME: {row['Name']}", f"        START_TYPE         : {mode}"]
        return Result(0, lines("[SC] QueryServiceConfig SUCCESS", "", *body))
    if verb in ("start", "stop"):
        code = {0: 0, 10: 1056, 14: 1058, 5: 1062}[control(machine, words[1], verb)]
        return Result(code, _state(find(machine, words[1]) or row) if not code else lines(f"[SC] FAILED {code}:"))
    if verb == "config" and "start=" in words[:-1]:
        change_mode(machine, words[1], words[words.index("start=") + 1])
        return Result(0, lines("[SC] ChangeServiceConfig SUCCESS"))
    return Result(1639, lines("ERROR:  Unrecognized command"))


def _state(row: dict[str, Any]) -> str:
    shown = "4  RUNNING" if row["State"] == "Running" else "1  STOPPED"
    return lines("", f"SERVICE_NAME: {row['Name']}", f"        STATE              : {shown}", "")


SERVICES: dict[str, Command] = {"sc": _sc}

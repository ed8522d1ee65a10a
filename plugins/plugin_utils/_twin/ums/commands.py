# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Resource D8 of IMI v3: commands to devices (reference ums-imi-v3, section 6)."""

from __future__ import annotations

from typing import Any

from .accounts import OF_COMMAND
from .call import Call, api_object
from .errors import ImiError
from .kinds import Row
from .store import UmsStore


def run(call: Call) -> Any:
    """D8: one call, many devices, HTTP 200 even if some fail, entries in another order than asked [documented]."""
    command = call.query.get("command", "")
    if command not in OF_COMMAND:
        raise ImiError("ITG-0A003", command=command)
    call.demand(OF_COMMAND[command])
    rows = [_receiver(call.store, entry) for entry in call.body_list()]
    for row in rows:
        call.demand_object("tc", row)
    execution = call.store.new_execution()
    if command == "wakeup" and call.store.faults.hits("extra_wol"):
        rows += [row for row in call.store.devices.values() if row not in rows][:1]
    refused = call.store.faults.hits("command_fails")
    entries = [_execute(call.store, command, row, refused) for row in rows]
    call.store.random.shuffle(entries)
    return {"CommandExecList": [{"execID": execution, **entry} for entry in entries]}


def _receiver(store: UmsStore, entry: Any) -> Row:
    one, kind = api_object(entry)
    if kind != "tc":
        raise ImiError("ITG-0A004")
    row = store.devices.get(one)
    if row is None:
        raise ImiError("ITG-0A001", status=400, id=one)  # the whole call [assumed]
    if row["bin"]:
        raise ImiError("ITG-0A018")
    return row


def _execute(store: UmsStore, command: str, row: Row, refused: bool) -> dict[str, Any]:
    now = store.hooks.now()
    entry = {
        "id": row["id"],
        "mac": row["mac"],
        "exectime": str(int(now * 1000)),  # a string here, a number for delete [documented]
        "message": "OK",
        "state": "SUCCESS",
    }
    # A magic packet: success even for a device that never had an address [recorded].
    if command != "wakeup" and not row["lastIP"]:
        return {**entry, "message": "Found no IP address for device", "state": "FAILED"}  # [recorded]
    if refused or (command != "wakeup" and not row["online"]):
        return {**entry, "message": "Device does not answer", "state": "FAILED"}  # text [assumed]
    store.life.command(row, command)  # accepted, not done: it takes its time [documented]
    if command == "tcreset2facdefs":
        entry["mac"] = ""  # missing in the manual's example, empty on real servers [recorded]
    return entry

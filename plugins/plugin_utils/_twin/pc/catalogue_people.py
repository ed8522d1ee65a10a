# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who uses a simulated PC and what starts for them: accounts, sessions, autostart, tasks, installed packages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from .catalogue_system import app_path
from .cim import Embedded, Reference
from .schema import CIMV2
from .schema_more import TASKS

if TYPE_CHECKING:
    from .catalogue import Catalogue
    from .machine import Machine

Row = dict[str, Any]
DOMAIN_SID = "S-1-5-21-1004336348-1177238915-682003330"
OPERATOR_SID = f"{DOMAIN_SID}-1001"
_NAMES = "useraccount group userprofile startupcommand product groupuser logonsession loggedonuser"
CLASSES = frozenset((CIMV2, f"win32_{name}") for name in _NAMES.split())
# Tasks every Windows has: name, path, program.
_TASKS = (
    ("ScheduledDefrag", "\\Microsoft\\Windows\\Defrag\\", "%windir%\\system32\\defrag.exe", "-c"),
    ("SynchronizeTime", "\\Microsoft\\Windows\\Time Synchronization\\", "%windir%\\system32\\sc.exe",
     "start w32time task_started"),
    ("SR", "\\Microsoft\\Windows\\SystemRestore\\", "%windir%\\system32\\rundll32.exe",
     "/d srrstr.dll,ExecuteScheduledSPPCreation"),
)  # fmt: skip


def sessions(catalogue: Catalogue) -> list[Row]:
    """Sessions as `query user` lists them: {user, session, id, state, idle, type, rdp_from?}; nobody: none."""
    given = catalogue.overrides.get("sessions")
    if given is not None:
        return [{"session": "", "id": 2, "state": "Active", "idle": "none", "type": 10, **one} for one in given]
    user = catalogue.machine.console_user
    plain = {"user": user, "session": "console", "id": 1, "state": "Active", "idle": "none", "type": 2}
    return [plain] if user else []


def users(catalogue: Catalogue) -> list[Row]:
    """Local accounts: {name, rid, admin, disabled}."""
    machine = catalogue.machine
    found = [
        {"name": "Administrator", "rid": 500, "admin": True, "disabled": True},
        {"name": "Guest", "rid": 501, "admin": False, "disabled": True},
        {"name": machine.console_user or "operator", "rid": 1001, "admin": False, "disabled": False},
        {"name": machine.user, "rid": 1002, "admin": True, "disabled": False},
    ]
    extra = catalogue.overrides.get("users") or []
    named = {str(one["name"]).lower() for one in extra}
    kept = [one for one in found if str(one["name"]).lower() not in named]
    more = [{"rid": 1100 + at, "admin": False, "disabled": False, **one} for at, one in enumerate(extra)]
    return [*kept, *more]


def rows(catalogue: Catalogue, machine: Machine) -> dict[tuple[str, str], list[Row]]:
    """Instances of these classes."""
    found: dict[tuple[str, str], list[Row]] = {
        (CIMV2, "win32_useraccount"): [_account(machine, one) for one in users(catalogue)],
        (CIMV2, "win32_group"): [
            {"Name": "Administrators", "Domain": machine.hostname, "SID": "S-1-5-32-544", "LocalAccount": True}
        ],
        (CIMV2, "win32_userprofile"): [
            {
                "SID": OPERATOR_SID,
                "LocalPath": f"C:\\Users\\{machine.console_user or 'operator'}",
                "Loaded": bool(sessions(catalogue)),
                "Special": False,
                "LastUseTime": datetime(2026, 1, 5, 6, 0, tzinfo=UTC),
            }
        ],
        (CIMV2, "win32_startupcommand"): _startup(catalogue),
        (CIMV2, "win32_product"): [_product(number, one) for number, one in enumerate(_packages(catalogue))],
        (CIMV2, "win32_groupuser"): [_member(machine, one) for one in users(catalogue) if one["admin"]],
    }
    found |= _logons(catalogue, machine)
    return found


def tasks(catalogue: Catalogue) -> list[Row]:
    """Tasks that were there before anybody came: {name, path, command, arguments, user, enabled}."""
    found = [{"name": a, "path": b, "command": c, "arguments": d, "user": "SYSTEM"} for a, b, c, d in _TASKS]
    extra = catalogue.overrides.get("tasks") or []
    return found + [{"path": "\\", "arguments": "", "user": "SYSTEM", **one} for one in extra]


def task_rows(catalogue: Catalogue, machine: Machine) -> list[Row]:
    """Instances of MSFT_ScheduledTask, made ones included."""
    made = []
    for one in machine.tasks.values():
        command, _sep, arguments = str(one["command"]).strip().partition(" ")
        made.append(
            {"name": one["name"], "path": "\\", "command": command, "arguments": arguments, "user": one["user"]}
        )
    return [
        {
            "TaskName": one["name"],
            "TaskPath": one["path"],
            "URI": f"{one['path']}{one['name']}",
            "State": 3 if one.get("enabled", True) else 1,
            "Author": one.get("author", "Microsoft Corporation"),
            "Actions": [
                Embedded(
                    TASKS, "MSFT_TaskExecAction", {"Execute": one["command"], "Arguments": one["arguments"] or None}
                )
            ],
        }
        for one in [*tasks(catalogue), *made]
    ]


def _account(machine: Machine, one: Row) -> Row:
    return {
        "Name": one["name"],
        "Caption": f"{machine.hostname}\\{one['name']}",
        "Domain": machine.hostname,
        "FullName": one.get("full_name", ""),
        "SID": f"{DOMAIN_SID}-{one['rid']}",
        "SIDType": 1,
        "AccountType": 512,
        "Disabled": bool(one["disabled"]),
        "LocalAccount": True,
        "Lockout": False,
        "Status": "Degraded" if one["disabled"] else "OK",
    }


def _member(machine: Machine, one: Row) -> Row:
    return {
        "GroupComponent": Reference(CIMV2, "Win32_Group", {"Domain": machine.hostname, "Name": "Administrators"}),
        "PartComponent": Reference(CIMV2, "Win32_UserAccount", {"Domain": machine.hostname, "Name": one["name"]}),
    }


def _logons(catalogue: Catalogue, machine: Machine) -> dict[tuple[str, str], list[Row]]:
    logons: list[Row] = [{"LogonId": "999", "LogonType": 0, "AuthenticationPackage": "Negotiate"}]
    who: list[Row] = []
    for number, one in enumerate(sessions(catalogue)):
        logon = str(186422 + 4096 * number)
        stamp = datetime.fromtimestamp(machine.boot.boot_time, UTC)
        logons.append({"LogonId": logon, "LogonType": one["type"], "StartTime": stamp, "AuthenticationPackage": "NTLM"})
        account = {"Domain": one.get("domain", machine.hostname), "Name": one["user"]}
        who.append(
            {
                "Antecedent": Reference(CIMV2, "Win32_Account", account),
                "Dependent": Reference(CIMV2, "Win32_LogonSession", {"LogonId": logon}),
            }
        )
    return {(CIMV2, "win32_logonsession"): logons, (CIMV2, "win32_loggedonuser"): who}


def _startup(catalogue: Catalogue) -> list[Row]:
    found = [
        {"Name": one["name"], "Command": f'"{app_path(one)}"', "Location": "Common Startup", "User": "Public"}
        for one in catalogue.apps
    ]
    return found + [
        {
            "Name": one["name"],
            "Command": one["command"],
            "Location": one.get("location", "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run"),
            "User": one.get("user", "Public"),
        }
        for one in catalogue.overrides.get("autostart") or []
    ]


def _packages(catalogue: Catalogue) -> list[Row]:
    return [one for one in catalogue.overrides.get("software") or [] if one.get("msi")]


def _product(number: int, one: Row) -> Row:
    return {
        "IdentifyingNumber": f"{{00000000-0000-4000-8000-{number:012d}}}",
        "Name": one["name"],
        "Vendor": str(one.get("publisher", "plant")),
        "Version": str(one.get("version", "4.2.1")),
    }

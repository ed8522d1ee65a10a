# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who works at the PC and what it shows them (pure): sessions, autologon, shell, autostart, shares, remote desktop."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import readers as r
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import registry
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.answers import Answers
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.readers import Unreadable

# Header and words are localised; the order of the columns is not, and a disconnected session has no name.
_SESSION = re.compile(
    r"^[ >](?P<user>\S.{0,40}?)(?:\s{2,}|(?<=.{20})\s)\s*(?:(?P<session>\S*[^\W\d]\S*)\s+)?"
    r"(?P<id>[0-9]{1,6})\s+(?P<state>\S+)\s+"
    r"(?P<idle>\S+)\s+(?P<since>\S.*)$"
)
_IDLE = re.compile(r"^(?:(?:(?P<days>[0-9]{1,5})\+)?(?P<hours>[0-9]{1,2}):)?(?P<minutes>[0-9]{1,5})$")
_ACTIONS = {0: "restart shell", 1: "restart device", 2: "shut down", 3: "nothing"}
_SHARES = {0: "disk", 1: "printer", 2: "device", 3: "ipc"}
_RUN = (
    ("run", "Run", "native"), ("run_once", "RunOnce", "native"),
    ("run_32", "Run", "32-bit"), ("run_once_32", "RunOnce", "32-bit"),
)  # fmt: skip


def rdp_enabled(answers: Answers) -> bool:
    """Say whether remote desktop connections are accepted."""
    return bool(r.registry_number("rdp", "fDenyTSConnections")(answers) == 0)


def rdp_nla(answers: Answers) -> bool:
    """Say whether remote desktop lets nobody see the logon screen before he has logged on."""
    return bool(r.registry_number("rdp_nla", "UserAuthentication")(answers) == 1)


def autologon(answers: Answers) -> bool:
    """Say whether Windows logs somebody on by itself; the password beside it is never read."""
    return r.optional_text(answers, "autologon", "AutoAdminLogon") == "1"


def autologon_account(answers: Answers) -> dict[str, str]:
    """Give the account that autologon uses, or that logged on last."""
    user = r.optional_text(answers, "autologon_user", "DefaultUserName")
    if not user:
        raise Unreadable("no account is kept for the logon")
    return {"user": user, "domain": r.optional_text(answers, "autologon_domain", "DefaultDomainName") or ""}


def autologon_password(answers: Answers) -> bool:
    """Say whether a logon password lies readable in the registry; its value never leaves the PC."""
    said = r.text(answers, "autologon_password").strip()
    # "none" is also what a key that may not be read gives: its neighbours must have been readable.
    if said == "none" and r.optional_text(answers, "userinit", "Userinit") is None:
        raise Unreadable("the key of the logon could not be read")
    if said not in ("stored", "none"):
        raise Unreadable("the PC gave no clear answer")
    return said == "stored"


def sessions(answers: Answers) -> list[dict[str, Any]]:
    """Give who is logged on: [{user, session, id, state, idle_minutes, since}]; state and since in the PC's words."""
    shown = r.text(answers, "sessions")
    found = [_session(match) for line in shown.splitlines() if (match := _SESSION.match(line))]
    # Nobody there: "No User exists for *", in whatever language.
    if not found and "*" not in shown:
        said = " ".join(shown.split())
        raise Unreadable(f"'query user' gave no sessions: {said[:200] or 'nothing'}")
    return r.bounded(sorted(found, key=lambda item: (int(item["id"]), item["user"])))


def _session(match: re.Match[str]) -> dict[str, Any]:
    idle = _IDLE.match(match["idle"])
    minutes = 0  # "none" and "." mean: less than a minute
    if idle:
        minutes = (int(idle["days"] or 0) * 24 + int(idle["hours"] or 0)) * 60 + int(idle["minutes"])
    return {
        "user": match["user"].strip(),
        "session": match["session"] or "",
        "id": int(match["id"]),
        "state": match["state"],
        "idle_minutes": minutes,
        "since": match["since"].strip(),
    }


def policy_shell(answers: Answers) -> str:
    """Give the shell a policy sets for everybody; empty where none does."""
    return r.optional_text(answers, "shell_policy", "Shell") or ""


def of_users(answers: Answers, command: str, *, alone: bool = True) -> Iterator[tuple[str, registry.Keys]]:
    """Give each loaded account's SID with what the command showed.

    Only the hives of accounts that are logged on are loaded. ``alone``: there is no other source for this field, so
    with nobody logged on it is not readable.
    """
    if answers.users is None:
        raise Unreadable(answers.reasons.get(command, "not asked"))
    if alone and not answers.users:
        raise Unreadable("nobody is logged on, and only then what belongs to an account can be read")
    for sid in answers.users:
        yield sid, r.keys(answers, f"{command}.{sid}")


def user_shells(answers: Answers) -> list[dict[str, str]]:
    """Give the shells that single accounts have of their own."""
    found = []
    for sid, shown in of_users(answers, "user_shell"):
        for values in shown.values():
            found += [{"sid": sid, "shell": data} for name, data in values.items() if name.lower() == "shell" and data]
    return found


def launcher(answers: Answers) -> list[dict[str, str]]:
    """Give the shells that Shell Launcher starts, by account; empty where this Windows has no Shell Launcher."""
    if "launcher" in answers.absent:
        return []
    return r.listed("launcher", _launched)(answers)


def _launched(row: dict[str, Any]) -> dict[str, str]:
    return {
        "sid": r.as_text(row.get("Sid")),
        "shell": r.as_text(row.get("Shell")),
        "action": r.named(_ACTIONS, row.get("DefaultAction")),
    }


def assigned_access(answers: Answers) -> bool:
    """Say whether a kiosk is set up by Assigned Access."""
    # The key alone exists on many PCs; a kiosk has profiles or configurations below it.
    return len(r.keys(answers, "assigned_access")) > 1


def autostart(answers: Answers) -> list[dict[str, str]]:
    """Give what starts at logon: Run and RunOnce of both views and of the loaded accounts, common startup folder."""
    found = []
    for command, place, view in _RUN:
        for values in r.keys(answers, command).values():
            found += [_start(name, data, place, view) for name, data in values.items() if data]
    for sid, shown in of_users(answers, "user_run", alone=False):
        for values in shown.values():
            found += [_start(name, data, "Run", sid) for name, data in values.items() if data]
    for line in r.text(answers, "startup_folder").splitlines():
        if line.strip() and line.strip().lower() != "desktop.ini":
            found.append(_start(line.strip(), "", "startup folder", "common"))
    return r.bounded(sorted(found, key=lambda item: (item["place"], item["scope"], item["name"])))


def _start(name: str, command: str, place: str, scope: str) -> dict[str, str]:
    return {"name": name, "command_line": command, "place": place, "scope": scope}


def share(row: dict[str, Any]) -> dict[str, str]:
    """Give one share that is not one of Windows' own."""
    return {
        "name": r.as_text(row.get("Name")),
        "path": r.as_text(row.get("Path")),
        "kind": r.named(_SHARES, row.get("Type")),
    }


def mapped_drives(answers: Answers) -> list[dict[str, str]]:
    """Give the network drives of the loaded accounts: [{sid, drive, path, user}]."""
    found = []
    for sid, shown in of_users(answers, "user_drives"):
        for key, values in shown.items():
            lower = {name.lower(): data for name, data in values.items()}
            if path := lower.get("remotepath"):
                drive = key.rpartition("\\")[2]
                found.append({"sid": sid, "drive": drive, "path": path, "user": _account(lower.get("username"))})
    return sorted(found, key=lambda item: (item["sid"], item["drive"]))


def _account(data: str | None) -> str:
    # Windows keeps the number 0 where the drive uses the account's own name.
    return "" if not data or re.fullmatch(r"0(?:x0)?", data) else data

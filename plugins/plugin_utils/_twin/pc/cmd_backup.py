# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Backups and copies: wbadmin, robocopy, net use (windows-wsman-cim section 6).

[documented] exit code 0 of wbadmin, the bit mask of robocopy, no wbadmin on embedded images; [assumed] its other codes
and its texts; a share that another account may write is out of reach of a remote logon (second hop).
"""

from __future__ import annotations

import re
from typing import Any

from .cmd import Command, Context, Result, arguments, lines
from .texts import say

HEAD = lines("wbadmin 1.0 - Backup command-line tool", "(C) Copyright Microsoft Corporation. All rights reserved.", "")
FAILED = 0xFFFFFFFD  # -3
GIB = 1024**3


def shares(context: Context) -> dict[str, dict[str, Any]]:
    """Network shares of the site: {path in lower case: {user, password, machine_account}}."""
    own = context.machine.overrides.get("network_shares") or {}
    return {str(path).lower().rstrip("\\"): dict(one or {}) for path, one in own.items()}


def target_error(context: Context, path: str, needed: int = 0) -> str:
    """Say why a target cannot be written, an empty text when it can."""
    machine = context.machine
    if not path.startswith("\\\\"):
        drive = path[:2].upper()
        if not machine.files.is_dir(drive):
            return "The system cannot find the path specified."
        room = machine.volume_free(drive)
        return "There is not enough space on the disk." if needed and room < needed else ""
    root = "\\".join(path.split("\\")[:4]).lower()
    share = shares(context).get(root)
    if share is None:
        return "The network path was not found."
    used = root in machine.extras.get("network_uses", [])
    if used or (context.system and share.get("machine_account")):
        return ""
    return "Access is denied."


def _wbadmin(context: Context, text: str) -> Result:
    machine, words = context.machine, arguments(text)
    if machine.profile.embedded or machine.profile.family == "xp":
        return Result(1, "", lines(say(machine, "unknown", "wbadmin")))
    lowered = [word.lower() for word in words]
    if lowered[:2] == ["start", "backup"]:
        return _backup(context, words)
    if lowered[:2] == ["get", "versions"]:
        return _versions(context, words)
    if lowered[:2] == ["get", "status"]:
        running = any(one["done"] > machine.hooks.now() for one in machine.extras.get("backups", []))
        return Result(0, HEAD + lines("There is an operation currently running." if running else "No operation runs."))
    return Result(FAILED, HEAD + lines("ERROR - Command incomplete or invalid."))


def _option(words: list[str], name: str) -> str:
    found = [word.partition(":")[2] for word in words if word.lower().startswith(f"-{name.lower()}:")]
    return found[0] if found else ""


def _backup(context: Context, words: list[str]) -> Result:
    machine = context.machine
    target = _option(words, "backupTarget")
    if not target or "-quiet" not in [word.lower() for word in words]:
        return Result(FAILED, HEAD + lines("ERROR - The backup target is missing, or the question was not answered."))
    used = machine.catalogue.disk - machine.free_bytes()
    problem = target_error(context, target, used)
    if target[:2].upper() == "C:":
        problem = "The backup storage location is invalid: it is included in the backup."
    if problem:
        return Result(FAILED, HEAD + lines("Retrieving volume information...", f"ERROR - {problem}"))
    seconds = float(machine.overrides.get("backup_seconds", 2.0))
    started = machine.local_time()
    entry = {
        "target": target,
        "at": started.strftime("%m/%d/%Y %I:%M %p").lstrip("0"),
        "id": machine.utc_time().strftime("%m/%d/%Y-%H:%M"),
        "critical": "-allcritical" in [word.lower() for word in words],
        "done": machine.hooks.now() + seconds,
    }
    machine.extras.setdefault("backups", []).append(entry)
    machine.changed("backup", target=target, critical=entry["critical"])
    text = lines(
        "Retrieving volume information...",
        f"This will back up (EFI System Partition),(C:) to {target}.",
        f"The backup operation to {target} is starting.",
        "Creating a shadow copy of the volumes specified for backup...",
        "Creating a backup of volume (C:), copied (100%).",
        "Summary of the backup operation:",
        "------------------",
        "",
        "The backup operation successfully completed.",
        "The backup of volume (C:) completed successfully.",
    )
    return Result(0, HEAD + text, "", seconds)


def _versions(context: Context, words: list[str]) -> Result:
    machine, target = context.machine, _option(words, "backupTarget")
    found = [one for one in machine.extras.get("backups", []) if one["done"] <= machine.hooks.now()]
    found = [one for one in found if not target or one["target"].lower() == target.lower()]
    if not found:
        return Result(FAILED, HEAD + lines("ERROR - No backup was found."))
    body = []
    for one in found:
        kind = "Network Share" if one["target"].startswith("\\\\") else "Fixed Disk"
        everything = "Volume(s), File(s), Application(s), Bare Metal Recovery, System State"
        body += [
            f"Backup time: {one['at']}",
            f"Backup target: {kind} labeled {one['target']}",
            f"Version identifier: {one['id']}",
            f"Can recover: {everything if one['critical'] else 'Volume(s), File(s)'}",
            "",
        ]
    return Result(0, HEAD + lines(*body))


def _robocopy(context: Context, text: str) -> Result:
    machine, words = context.machine, arguments(text)
    plain = [word for word in words if not word.startswith("/")]
    switches = {word.lower() for word in words if word.startswith("/")}
    if machine.profile.family == "xp":
        return Result(1, "", lines(say(machine, "unknown", "robocopy")))
    if len(plain) < 2:
        return Result(16, lines("ERROR : No Destination Directory Specified."))
    source, target = context.path(plain[0]), plain[1].rstrip("\\")
    target = target if target.startswith("\\\\") else context.path(target)
    if not machine.files.is_dir(source):
        return _log(context, words, 16, f"ERROR 2 (0x00000002) Accessing Source Directory {source}\\")
    problem = target_error(context, target)
    if problem:
        return _log(context, words, 16, f"ERROR 5 (0x00000005) Creating Destination Directory {target}\\ {problem}")
    copied = skipped = 0
    for entry in machine.files.below(source):
        rest = entry["path"][len(source) :]
        if rest.count("\\") > 1 and not switches & {"/e", "/s", "/mir"}:
            continue
        if entry.get("dir"):
            machine.files.make_dir(target + rest)
            continue
        if plain[2:] and not any(_named(one, rest) for one in plain[2:]):
            continue
        kept = machine.files.file(target + rest)
        if kept is not None and {**kept, "path": ""} == {**entry, "path": ""}:
            skipped += 1
            continue
        machine.files.make_dir((target + rest).rpartition("\\")[0])
        machine.files.put(target + rest, entry)
        copied += 1
    machine.files.make_dir(target)
    if copied:
        machine.changed("file", path=target, source=source, operation="robocopy", count=copied)
    total = copied + skipped
    return _log(context, words, 1 if copied else 0, f"   Files : {total:>9}{copied:>10}{skipped:>10}         0")


def _named(pattern: str, path: str) -> bool:
    wanted = re.escape(pattern.lower()).replace("\\*", ".*").replace("\\?", ".")
    return re.fullmatch(wanted, path.lower().rpartition("\\")[2]) is not None


def _log(context: Context, words: list[str], code: int, row: str) -> Result:
    body = lines("-" * 79, "   ROBOCOPY     ::     Robust File Copy for Windows", "-" * 79, "", row, "")
    name = next((word[5:] for word in words if word.lower().startswith("/log:")), "")
    if not name:
        return Result(code, body)
    if not context.machine.write_file(context.path(name), {"text": body}, "robocopy"):
        return Result(16, lines("ERROR 3 (0x00000003) Opening Log File"))
    return Result(code, lines("", f" Log File : {name}"))


def _net_use(context: Context, words: list[str]) -> Result:
    machine = context.machine
    uses: list[str] = machine.extras.setdefault("network_uses", [])
    path = next((word.lower().rstrip("\\") for word in words if word.startswith("\\\\")), "")
    lowered = [word.lower() for word in words]
    if not path:
        if not uses:
            return Result(0, lines("New connections will be remembered.", "", "There are no entries in the list.", ""))
        return Result(0, lines("Status       Local     Remote", *(f"OK                     {one}" for one in uses)))
    if "/delete" in lowered or "/d" in lowered:
        if path not in uses:
            return Result(2, "", lines("The network connection could not be found."))
        uses.remove(path)
        return Result(0, lines(f"{path} was deleted successfully."))
    return _connect(context, path, words)


def _connect(context: Context, path: str, words: list[str]) -> Result:
    share = shares(context).get(path)
    if share is None:
        return Result(2, "", lines("System error 53 has occurred.", "", "The network path was not found."))
    user = next((word[6:] for word in words if word.lower().startswith("/user:")), "")
    given = [word for word in words if not word.startswith(("/", "\\\\")) and word[1:] != ":"]
    password = context.stdin.strip() if "*" in given else (given[0] if given else "")
    if not user or user.lower() != str(share.get("user", "")).lower() or password != str(share.get("password", "")):
        return Result(2, "", lines("System error 5 has occurred.", "", "Access is denied."))
    context.machine.extras["network_uses"].append(path)
    return Result(0, lines(say(context.machine, "done")))


def _net(context: Context, text: str) -> Result:
    words = arguments(text)
    verb = words[0].lower() if words else ""
    if verb == "use":
        return _net_use(context, words[1:])
    if verb in ("start", "stop") and len(words) > 1:
        code = context.machine.service_control(words[1], verb)
        good = {0: f"The {words[1]} service was {'started' if verb == 'start' else 'stopped'} successfully."}
        return Result(2 if code else 0, lines(good[0]) if not code else "", lines("The service name is invalid."))
    if verb == "localgroup" and len(words) > 1:
        rows = context.machine.instances("root\\cimv2", "Win32_GroupUser")
        names = [one["PartComponent"].keys["Name"] for one in rows]
        return Result(
            0, lines(f"Alias name     {words[1]}", "Members", "", "-" * 79, *names, say(context.machine, "done"))
        )
    return Result(1, "", lines("The syntax of this command is:", "", "NET [ LOCALGROUP | START | STOP | USE ]"))


BACKUP: dict[str, Command] = {"wbadmin": _wbadmin, "robocopy": _robocopy, "net": _net}

# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Windows fields out of the answers (pure): edition, support, time, updates, disk protection, runtimes, browsers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import identity, network, registry
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import readers as r
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.answers import Answers
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.hardware import system_drive
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.readers import Unreadable
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.parsing import parse_time

# First matching release of the vendor's table of .NET Framework 4 releases, highest first.
_DOTNET = (
    (533320, "4.8.1"), (528040, "4.8"), (461808, "4.7.2"), (461308, "4.7.1"), (460798, "4.7"), (394802, "4.6.2"),
    (394254, "4.6.1"), (393295, "4.6"), (379893, "4.5.2"), (378675, "4.5.1"), (378389, "4.5"),
)  # fmt: skip
_BROWSERS = {
    "Google Chrome": "chrome", "Microsoft Edge": "edge", "Mozilla Firefox": "firefox", "Chromium": "chromium",
    "Opera": "opera",
}  # fmt: skip


def local_time(answers: Answers) -> str:
    """Give the PC's wall clock with its offset, ISO 8601."""
    row = r.first_row(answers, "os")
    moment, offset = parse_time(row.get("LocalDateTime")), r.as_number(row.get("CurrentTimeZone"))
    if moment is None or offset is None:
        raise Unreadable("LocalDateTime or CurrentTimeZone is empty on this PC")
    try:
        return network.local_clock(moment, offset).isoformat()
    except OverflowError as exc:
        raise Unreadable("LocalDateTime is no time of this world") from exc


def clock_skew(answers: Answers) -> dict[str, float]:
    """Give by how many seconds the PC's clock is ahead of the controller's, and how sure that is."""
    moment = parse_time(r.first_row(answers, "os").get("LocalDateTime"))
    if moment is None or answers.asked_at is None:
        raise Unreadable("the PC's time was not read")
    return {
        "seconds": round(moment.timestamp() - answers.asked_at, 1),
        "uncertainty": round(answers.round_trip / 2, 1),
    }


def free_memory(value: Any) -> int | None:
    """Give bytes: Windows counts in KB."""
    number = r.as_number(value)
    return number * 1024 if number is not None else None


def locale(value: Any) -> str:
    """Give the locale's hexadecimal id, four digits."""
    return r.as_text(value).lower()


def languages(answers: Answers) -> list[str]:
    """Give the installed languages of the user interface."""
    found = r.texts(r.first_row(answers, "os").get("MUILanguages"))
    if not found:
        raise Unreadable("MUILanguages is empty on this PC")
    return found


def display_version(answers: Answers) -> str:
    """Give the release's name, such as 22H2; older releases have a number only."""
    for command, name in (("display_version", "DisplayVersion"), ("release_id", "ReleaseId")):
        if found := r.optional_text(answers, command, name):
            return found
    raise Unreadable("this Windows has no release name")


def embedded(answers: Answers) -> bool:
    """Say whether this is an embedded edition."""
    edition = r.optional_text(answers, "edition_id", "EditionID")
    caption = str(r.first_row(answers, "os").get("Caption") or "")
    marks = " ".join((edition or "", caption)).lower()
    if "embedded" in marks or "posready" in marks or bool(r.keys(answers, "embedded")):
        return True
    if not edition or not caption:
        raise Unreadable("this Windows does not say which edition it is")
    return False


def embedded_product(answers: Answers) -> str:
    """Give the embedded product's name as Windows keeps it."""
    found = r.values(answers, "embedded")
    if name := found.get("product") or found.get("productname"):
        return name
    if r.optional_number(answers, "posready", "Installed") == 1:
        return "POSReady"
    raise Unreadable("this is no embedded product that names itself")


def hotfixes(answers: Answers) -> list[str]:
    """Give the ids of installed updates; not all updates are listed by Windows."""
    found = r.rows(answers, "hotfixes")
    names = {identity.clean(row.get("HotFixID")).upper() for row in found} - {""}
    if found and not names:
        raise Unreadable("HotFixID is empty on this PC")
    return sorted(names)


def last_update(answers: Answers) -> str:
    """Give the day of the newest listed update, ISO 8601."""
    days = [day for row in r.rows(answers, "hotfixes") if (day := _installed_on(row.get("InstalledOn")))]
    if not days:
        raise Unreadable("no update says when it was installed")
    return max(days)


def _installed_on(value: Any) -> str:
    # m/d/yyyy whatever the language, yyyymmdd, or a FILETIME in hexadecimal (older Windows).
    shown = r.as_text(value)
    for form in ("%m/%d/%Y", "%Y%m%d"):
        try:
            return datetime.strptime(shown, form).date().isoformat()
        except ValueError:
            continue
    return registry.filetime_day(shown)


def bitlocker(answers: Answers) -> str:
    """Give 'off', 'on', 'unknown' or 'not_installed' for the system volume."""
    if "encryption" in answers.absent:
        return "not_installed"
    drive = system_drive(answers)
    for row in r.rows(answers, "encryption"):
        if str(row.get("DriveLetter") or "").upper() == drive:
            return _protection(row)
    raise Unreadable(f"Windows does not list {drive} among the volumes that can be encrypted")


def encrypted_volume(row: dict[str, Any]) -> dict[str, str]:
    """Give one volume that BitLocker could encrypt; an empty name is a volume without letter."""
    return {"name": r.as_text(row.get("DriveLetter")).upper(), "protection": _protection(row)}


def _protection(row: Mapping[str, Any]) -> str:
    return {"0": "off", "1": "on"}.get(str(row.get("ProtectionStatus")), "unknown")


def filters(answers: Answers) -> dict[str, Any]:
    """Give what is known of write filters: drivers that run, UWF now and after the next start, its volumes."""
    found: dict[str, Any] = {"drivers": r.filter_drivers(answers), "uwf": None, "uwf_next": None, "volumes": []}
    if "uwf" not in answers.absent:
        row = r.first_row(answers, "uwf")
        found["uwf"], found["uwf_next"] = (r.as_bool(row.get(f"{name}Enabled")) for name in ("Current", "Next"))
        found["volumes"] = _protected(answers) if "uwf_volumes" in answers.rows else None
    return found


def _protected(answers: Answers) -> list[dict[str, Any]]:
    # One entry is this session's, another the next one's.
    rows = [row for row in answers.rows["uwf_volumes"] if r.as_bool(row.get("CurrentSession")) is not False]
    found = [{"name": r.as_text(row.get("DriveLetter")), "protected": r.as_bool(row.get("Protected"))} for row in rows]
    return sorted(found, key=str)


def antivirus(row: dict[str, Any]) -> dict[str, Any]:
    """Give one product; productState is not documented: bits 12-15 tell on, bits 4-7 tell outdated (observed)."""
    state = r.as_number(row.get("productState"))
    return {
        "name": r.as_text(row.get("displayName")),
        "on": None if state is None else (state >> 12) & 0xF == 1,
        "outdated": None if state is None else (state >> 4) & 0xF == 1,
    }


def powershell(answers: Answers) -> str:
    """Give the engine's version; the newer key wins."""
    for command in ("powershell_3", "powershell_1"):
        if found := r.optional_text(answers, command, "PowerShellVersion"):
            return found
    raise Unreadable("PowerShell is not installed")


def dotnet(answers: Answers) -> list[str]:
    """Give the installed versions of .NET Framework from 3.5 on."""
    found = ["3.5"] if r.optional_number(answers, "dotnet_35", "Install") == 1 else []
    release = r.optional_number(answers, "dotnet_4", "Release")
    if release is not None:
        found.append(next((name for least, name in _DOTNET if release >= least), f"4 (release {release})"))
    return found


def browsers(answers: Answers) -> list[dict[str, str]]:
    """Give the installed browsers: Internet Explorer by its key, the others by what is installed."""
    found = set()
    old = r.optional_text(answers, "ie", "svcVersion") or r.optional_text(answers, "ie_old", "Version")
    if old:
        found.add(("internet explorer", old))
    shown = "\n".join(r.text(answers, name) for name in ("software", "software_32"))
    for product in registry.installed(shown):
        for title, name in _BROWSERS.items():
            if product["name"].startswith(title) and "WebView" not in product["name"]:
                found.add((name, product["version"]))
    return [{"name": name, "version": version} for name, version in sorted(found)]


def java(answers: Answers) -> list[dict[str, str]]:
    """Give the installed Java versions of both registry views."""
    found = set()
    for command, view in (("java", "native"), ("java_32", "32-bit")):
        for key, values in r.keys(answers, command).items():
            lower = {name.lower(): data for name, data in values.items()}
            if version := lower.get("currentversion"):
                found.add((key.rpartition("\\")[2], version, view))
    return [{"kind": kind, "version": version, "view": view} for kind, version, view in sorted(found)]

# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What runs and is installed (pure): software, processes, services, tasks, printers, data sources, OPC servers."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import readers as r
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import registry
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.answers import Answers
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.people import of_users
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.readers import Unreadable
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.parsing import as_list

_TASK = re.compile(r"(?:<!--\s*(?P<name>\\.*?)\s*-->\s*)?(?P<xml><Task\b[^>]*>.*?</Task>)", re.DOTALL)
_CATEGORY = re.compile(r"CLSID\\(\{[0-9A-F-]{36}\})\\.*\\(\{63D5F43[02]-[0-9A-F-]{27}\})", re.IGNORECASE)
_CATEGORIES = {"0": "DA 1", "2": "DA 2"}


def software(answers: Answers) -> list[dict[str, str]]:
    """Give what is installed for everybody, both registry views."""
    if not r.keys(answers, "software"):
        raise Unreadable("the Uninstall key gave nothing, which no Windows does")
    r.keys(answers, "software_32")  # half a list would hide what holds a PC on Windows
    return r.bounded(registry.installed(answers.text["software"] + "\n" + answers.text["software_32"]))


def user_software(answers: Answers) -> list[dict[str, str]]:
    """Give what is installed for single accounts."""
    found = []
    for sid, _shown in of_users(answers, "user_software"):
        found += [{**product, "sid": sid} for product in registry.installed(answers.text[f"user_software.{sid}"])]
    return r.bounded(found)


def process(row: dict[str, Any]) -> dict[str, Any]:
    """Give one process."""
    return {
        "name": r.as_text(row.get("Name")),
        "pid": r.as_number(row.get("ProcessId")),
        "parent": r.as_number(row.get("ParentProcessId")),
        "session": r.as_number(row.get("SessionId")),
        "path": r.as_text(row.get("ExecutablePath")),
        "command_line": r.as_text(row.get("CommandLine")),
        "started": r.as_time(row.get("CreationDate")),
        "memory_bytes": r.as_number(row.get("WorkingSetSize")),
    }


def running(answers: Answers) -> list[str]:
    """Give the names of running services."""
    found = []
    for row in r.rows(answers, "services"):
        if row.get("State") is None or not row.get("Name"):
            raise Unreadable("a service does not say which it is, or whether it runs")
        if str(row["State"]).lower() == "running":
            found.append(str(row["Name"]))
    return sorted(found)


def service(row: dict[str, Any]) -> dict[str, Any]:
    """Give one service that runs or starts by itself."""
    return {
        "name": r.as_text(row.get("Name")),
        "title": r.as_text(row.get("DisplayName")),
        "state": r.as_text(row.get("State")).lower(),
        "start": r.as_text(row.get("StartMode")).lower(),
        "command_line": r.as_text(row.get("PathName")),
        "account": r.as_text(row.get("StartName")),
        "pid": r.as_number(row.get("ProcessId")),
    }


def tasks(answers: Answers) -> list[dict[str, Any]]:
    """Give the scheduled tasks: [{name, enabled, commands, user}], those of Windows' own folder left out."""
    shown = answers.text.get("schtasks", "")
    if "<Task" in shown or "tasks" not in answers.rows:
        found = _from_xml(r.text(answers, "schtasks"))
    else:
        found = [_task(row) for row in r.rows(answers, "tasks")]
    own = [item for item in found if not item["name"].lower().startswith("\\microsoft\\windows\\")]
    return r.bounded(sorted(own, key=lambda item: str(item["name"])))


def _task(row: dict[str, Any]) -> dict[str, Any]:
    state = r.as_number(row.get("State"))
    principal = row.get("Principal")
    who = principal if isinstance(principal, dict) else {}
    actions = [item for item in as_list(row.get("Actions")) if isinstance(item, dict)]
    shown = [_command(item.get("Execute"), item.get("Arguments"), item.get("ClassId")) for item in actions]
    return {
        "name": r.as_text(row.get("TaskPath")) + r.as_text(row.get("TaskName")),
        "enabled": None if state is None else state != 1,
        "commands": [command for command in shown if command],
        "user": r.as_text(who.get("UserId") or who.get("GroupId")),
    }


def _command(execute: Any, arguments: Any, class_id: Any) -> str:
    program = f"{r.as_text(execute)} {r.as_text(arguments)}".strip()
    return program or (f"COM handler {r.as_text(class_id)}" if r.as_text(class_id) else "")


def _from_xml(shown: str) -> list[dict[str, Any]]:
    if not shown.strip():
        raise Unreadable("schtasks showed nothing")
    found = [_from_element(match["name"] or "", match["xml"]) for match in _TASK.finditer(shown)]
    if not found and "<Tasks" not in shown:
        raise Unreadable(f"schtasks showed no XML: {' '.join(shown.split())[:100]}")
    return found


def _from_element(name: str, xml: str) -> dict[str, Any]:
    try:
        root = ElementTree.fromstring(xml)
    except ElementTree.ParseError:
        # It exists, and nobody can say what it does.
        return {"name": name, "enabled": None, "commands": [], "user": ""}

    def inside(*path: str) -> list[ElementTree.Element]:
        return root.findall("/".join(f"{{*}}{part}" for part in path))

    def first(*path: str) -> str:
        return next((r.as_text(item.text) for item in inside(*path)), "")

    actions = [
        _command(*(item.findtext(f"{{*}}{part}") for part in ("Command", "Arguments", "ClassId")))
        for item in inside("Actions", "*")
    ]
    return {
        "name": name or first("RegistrationInfo", "URI"),
        "enabled": first("Settings", "Enabled").lower() != "false",
        "commands": [command for command in actions if command],
        "user": first("Principals", "Principal", "UserId") or first("Principals", "Principal", "GroupId"),
    }


def printers(answers: Answers) -> list[dict[str, Any]]:
    """Give the printers of the PC with their ports; those that print to a file are left out."""
    hosts: dict[str, str] | None = None
    if "printer_ports" in answers.text:
        hosts = {}
        for key, values in r.keys(answers, "printer_ports").items():
            lower = {name.lower(): data for name, data in values.items()}
            if host := lower.get("hostname") or lower.get("ipaddress"):
                hosts[key.rpartition("\\")[2].lower()] = host
    return r.listed("printers", _printer(hosts))(answers)


def _printer(hosts: dict[str, str] | None) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def build(row: dict[str, Any]) -> dict[str, Any]:
        port = r.as_text(row.get("PortName"))
        return {
            "name": r.as_text(row.get("Name")),
            "driver": r.as_text(row.get("DriverName")),
            "port": port,
            "address": None if hosts is None else hosts.get(port.lower(), ""),
            "network": r.as_bool(row.get("Network")),
            "default": r.as_bool(row.get("Default")),
            "shared": r.as_bool(row.get("Shared")),
        }

    return build


def user_printers(answers: Answers) -> list[dict[str, str]]:
    """Give the network printers that single accounts connected: [{sid, printer}]."""
    found = []
    for sid, shown in of_users(answers, "user_printers"):
        for key in shown:
            # ",,server,name" is how Windows writes \\server\name into a key.
            name = key.rpartition("\\")[2]
            if name.startswith(",,"):
                found.append({"sid": sid, "printer": name.replace(",", "\\")})
    return found


def odbc(answers: Answers) -> list[dict[str, str]]:
    """Give the data sources: [{name, driver, scope}]; how they log in is never read."""
    found = []
    for command, scope in (("odbc", "native"), ("odbc_32", "32-bit")):
        for values in r.keys(answers, command).values():
            found += [{"name": name, "driver": data, "scope": scope} for name, data in values.items() if data]
    for sid, shown in of_users(answers, "user_odbc", alone=False):
        for values in shown.values():
            found += [{"name": name, "driver": data, "scope": sid} for name, data in values.items() if data]
    return r.bounded(sorted(found, key=lambda item: (item["scope"], item["name"])))


def opc_servers(answers: Answers) -> list[dict[str, str]]:
    """Give the registered OPC DA servers: [{clsid, kinds, view}]."""
    found: dict[tuple[str, str], set[str]] = {}
    for command, view in (("opc", "native"), ("opc_32", "32-bit")):
        for line in searched(answers, command).splitlines():
            if match := _CATEGORY.search(line):
                kind = _CATEGORIES[match[2][8]]
                found.setdefault((match[1].upper(), view), set()).add(kind)
    return [
        {"clsid": clsid, "kinds": ", ".join(sorted(kinds)), "view": view}
        for (clsid, view), kinds in sorted(found.items())
    ]


def searched(answers: Answers, command: str) -> str:
    """Give what a search of the registry showed; an empty text where it found nothing."""
    shown = r.text(answers, command)
    # "End of search: 0 match(es) found.", in the language of the PC.
    if "HKEY_" not in shown and not re.search(r"(?<![0-9])0(?![0-9x])", shown):
        r.keys(answers, command)
        return ""
    return shown

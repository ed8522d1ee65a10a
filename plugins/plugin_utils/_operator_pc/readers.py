# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How each field of an assessment is read out of the answers (pure); every reader raises Unreadable with its reason."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import identity, network, registry
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.converter import READS as CONVERTER_READS
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.converter import state_from
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.reads import PORTS_CLASS, Answers
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.parsing import parse_time

_SECRET = re.compile(
    r"(?i)((?:pass(?:word|wd)?|pwd|secret|token|api[_-]?key)\s*[=:]\s*|/p(?:assword)?:)(\"[^\"]*\"|\S+)"
)


class Unreadable(Exception):  # noqa: N818 - not an error of the run: the field says available: false
    """The answers do not hold this field; the text is the reason."""


def redacted(value: Any) -> Any:
    """Give the value with everything that looks like a password in a text masked."""
    if isinstance(value, str):
        return _SECRET.sub(r"\1********", value)
    if isinstance(value, list):
        return [redacted(item) for item in value]
    if isinstance(value, dict):
        return {key: redacted(item) for key, item in value.items()}
    return value


def rows(answers: Answers, name: str) -> list[dict[str, Any]]:
    """Give a query's rows or raise Unreadable with its reason."""
    if name not in answers.rows:
        raise Unreadable(answers.reasons.get(name, "not asked"))
    return answers.rows[name]


def text(answers: Answers, name: str) -> str:
    """Give a command's output or raise Unreadable with its reason."""
    if name not in answers.text:
        raise Unreadable(answers.reasons.get(name, "not asked"))
    return answers.text[name]


def column(query: str, name: str, convert: Callable[[Any], Any] = identity.clean) -> Callable[[Answers], Any]:
    """Give a reader of the first row's column, converted; an empty value is unreadable."""

    def read(answers: Answers) -> Any:
        found = rows(answers, query)
        value = found[0].get(name) if found else None
        if value is None or (result := convert(value)) in ("", None):
            raise Unreadable(f"{name} is empty on this PC")
        return result

    return read


def as_number(value: Any) -> int | None:
    """Give a whole number, or None."""
    return int(value) if str(value).strip().lstrip("-").isdigit() else None


def first_digits(value: Any) -> int | None:
    """Give the first run of digits: OSArchitecture is localised."""
    match = re.search(r"\d+", str(value))
    return int(match[0]) if match else None


def as_time(value: Any) -> str | None:
    """Give a time as ISO 8601, or None."""
    moment = parse_time(value)
    return moment.isoformat() if moment else None


def over_cpus(name: str, pick: Callable[[list[int]], int]) -> Callable[[Answers], Any]:
    """Give a reader that folds a column over all processors."""

    def read(answers: Answers) -> int:
        numbers = [number for row in rows(answers, "cpu") if (number := as_number(row.get(name))) is not None]
        if not numbers:
            raise Unreadable(f"{name} is empty on this PC")
        return pick(numbers)

    return read


def local_time(answers: Answers) -> str:
    """Give the PC's wall clock with its offset, ISO 8601."""
    row = (rows(answers, "os") or [{}])[0]
    moment = parse_time(row.get("LocalDateTime"))
    if moment is None:
        raise Unreadable("LocalDateTime is empty on this PC")
    return network.local_clock(moment, as_number(row.get("CurrentTimeZone"))).isoformat()


def system_volume(name: str) -> Callable[[Answers], Any]:
    """Give a reader of a size of the volume Windows runs from."""

    def read(answers: Answers) -> int:
        drive = _system_drive(answers)
        for row in rows(answers, "volumes"):
            if str(row.get("DeviceID", "")).upper() == drive and (size := as_number(row.get(name))) is not None:
                return size
        raise Unreadable(f"{name} of volume {drive} is empty on this PC")

    return read


def _system_drive(answers: Answers) -> str:
    found = answers.rows.get("os") or [{}]
    return str(found[0].get("SystemDrive") or "C:").upper()


def registry_text(command: str, name: str) -> Callable[[Answers], Any]:
    """Give a reader of one registry value out of a command."""

    def read(answers: Answers) -> str:
        data = registry.value(text(answers, command), name)
        if not data:
            raise Unreadable(f"the registry value {name} does not exist on this Windows")
        return data

    return read


def embedded(answers: Answers) -> bool:
    """Say whether this is an embedded edition."""
    edition = registry.value(text(answers, "edition_id"), "EditionID") or ""
    caption = str((rows(answers, "os") or [{}])[0].get("Caption") or "")
    marks = " ".join((edition, caption)).lower()
    return "embedded" in marks or "posready" in marks or bool(registry.parse(text(answers, "embedded")))


def firmware(answers: Answers) -> str:
    """Give 'uefi' or 'bios'."""
    kind = registry.number(registry.value(text(answers, "firmware"), "PEFirmwareType"))
    if kind in (1, 2):
        return "uefi" if kind == 2 else "bios"
    found = rows(answers, "partitions")
    if not found:
        raise Unreadable("this Windows does not say it, and no partition was listed")
    return "uefi" if any(str(row.get("Type") or "").upper().startswith("GPT") for row in found) else "bios"


def secure_boot(answers: Answers) -> bool:
    """Say whether Secure Boot is on."""
    # The key does not exist where firmware or Windows do not support Secure Boot.
    return registry.number(registry.value(text(answers, "secure_boot"), "UEFISecureBootEnabled")) == 1


def bitlocker(answers: Answers) -> str:
    """Give 'off', 'on', 'unknown' or 'not_installed' for the system volume."""
    if "encryption" in answers.absent:
        return "not_installed"
    drive = _system_drive(answers)
    states = {"0": "off", "1": "on"}
    for row in rows(answers, "encryption"):
        if str(row.get("DriveLetter") or "").upper() == drive:
            return states.get(str(row.get("ProtectionStatus")), "unknown")
    return "off"


def write_filter(answers: Answers) -> bool:
    """Say whether UWF, EWF or FBWF would discard what is written."""
    drivers = [row for row in rows(answers, "filter_drivers") if str(row.get("State")).lower() == "running"]
    if drivers:
        return True
    if "uwf" in answers.absent:
        return False
    return any(str(row.get("CurrentEnabled")).lower() == "true" for row in rows(answers, "uwf"))


def on_bus(prefix: str) -> Callable[[Answers], Any]:
    """Give a reader of the devices whose id begins so."""

    def read(answers: Answers) -> list[dict[str, str]]:
        return network.devices(
            row for row in rows(answers, "devices") if str(row.get("DeviceID", "")).upper().startswith(prefix)
        )

    return read


def serial_ports(answers: Answers) -> list[dict[str, str]]:
    """Give the serial and parallel ports."""
    return network.devices(
        row for row in rows(answers, "devices") if str(row.get("ClassGuid") or "").lower() == PORTS_CLASS
    )


def software(answers: Answers) -> list[dict[str, str]]:
    """Give what is installed, both registry views."""
    native = text(answers, "software")
    if "HKEY_" not in native:
        raise Unreadable("the Uninstall key gave nothing, which no Windows does")
    return registry.installed(native + "\n" + answers.text.get("software_32", ""))


def adapters(answers: Answers) -> list[dict[str, Any]]:
    """Give the network adapters."""
    return network.adapters(rows(answers, "adapters"), answers.rows.get("addresses", []))


def connections(answers: Answers) -> list[dict[str, Any]]:
    """Give established connections to other machines."""
    if "connections" in answers.rows:
        return network.connections(answers.rows["connections"])
    if "TCP" not in text(answers, "netstat"):
        raise Unreadable(f"{answers.reasons.get('connections', 'no query')}, and netstat showed nothing")
    return network.netstat(text(answers, "netstat"))


def predicted_mac(answers: Answers) -> str:
    """Give the MAC the PC will probably come back under."""
    mac, _certain = network.predict_unit_mac(adapters(answers))
    if not mac:
        raise Unreadable("no network adapter was found")
    return mac


def hotfixes(answers: Answers) -> list[str]:
    """Give the ids of installed updates; not all updates are listed by Windows."""
    return sorted({identity.clean(row.get("HotFixID")).upper() for row in rows(answers, "hotfixes")} - {""})


def services(answers: Answers) -> list[str]:
    """Give the names of running services."""
    return sorted(str(row.get("Name")) for row in rows(answers, "services"))


def rdp_enabled(answers: Answers) -> bool:
    """Say whether remote desktop connections are accepted."""
    return registry.number(registry_text("rdp", "fDenyTSConnections")(answers)) == 0


def autologon(answers: Answers) -> bool:
    """Say whether Windows logs somebody on by itself; the password beside it is never read."""
    return registry.value(text(answers, "autologon"), "AutoAdminLogon") == "1"


def converter(answers: Answers) -> dict[str, Any]:
    """Give the state of the converter's files."""
    return state_from({name: text(answers, name) for name in CONVERTER_READS}).as_dict()

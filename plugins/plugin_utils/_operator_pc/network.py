# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Adapters, devices and connections out of the rows, and under which MAC the PC will come back (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.parsing import as_list

_WIRELESS = re.compile(r"wi-?fi|wireless|wlan|802\.11|drahtlos|sans fil", re.IGNORECASE)
_BUSES = {
    "PCI": "pci",
    "SD": "sdio",
    "SDIO": "sdio",
    "USB": "usb",
    "ROOT": "virtual",
    "SW": "virtual",
    "SWD": "virtual",
}
_RANK = {"pci": 0, "sdio": 1, "usb": 2, "other": 3, "virtual": 4}
_LOCAL = re.compile(r"^(127\.|0\.0\.0\.0$|::1$|::$|\[::|\*)")
_STATES_WITHOUT_PEER = frozenset({"0", ""})


def mac_text(value: Any) -> str:
    """Give a MAC as 12 hex digits in upper case, or an empty text."""
    digits = re.sub(r"[^0-9A-Fa-f]", "", str(value or "")).upper()
    return digits if len(digits) == 12 else ""


def bus_of(pnp_id: Any) -> str:
    """Give the bus class of a device: pci, sdio, usb, other or virtual."""
    return _BUSES.get(str(pnp_id or "").split("\\", 1)[0].upper(), "other")


def adapters(rows: Iterable[dict[str, Any]], addresses: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Join adapters with their addresses: [{mac, name, pnp_id, bus, wireless, connected, ip}], sorted by name."""
    by_index = {str(row.get("Index")): as_list(row.get("IPAddress")) for row in addresses}
    found = []
    for row in rows:
        mac = mac_text(row.get("MACAddress"))
        if not mac:
            continue
        label = str(row.get("NetConnectionID") or row.get("Name") or "").strip()
        found.append(
            {
                "mac": mac,
                "name": label,
                "pnp_id": str(row.get("PNPDeviceID") or ""),
                "bus": bus_of(row.get("PNPDeviceID")),
                "wireless": bool(_WIRELESS.search(f"{label} {row.get('Name') or ''}")),
                "connected": str(row.get("NetConnectionStatus")) == "2",
                "ip": [str(address) for address in by_index.get(str(row.get("Index")), [])],
            }
        )
    return sorted(found, key=lambda item: (item["name"], item["mac"]))


def predict_unit_mac(found: Sequence[dict[str, Any]]) -> tuple[str, bool]:
    """Predict the unit id after conversion: (MAC or "", certain).

    Rule of the installer: highest bus class (PCI, SDIO, USB, other), wired before wireless, then first by name. The
    name it sorts by is the one its own kernel gives, which Windows does not know: with two equal adapters the answer
    is a guess, and ``certain`` is False.
    """
    ranked = sorted(found, key=lambda item: (_RANK[item["bus"]], item["wireless"], item["name"], item["mac"]))
    if not ranked:
        return "", False
    best = ranked[0]
    rivals = [item for item in ranked if (item["bus"], item["wireless"]) == (best["bus"], best["wireless"])]
    return str(best["mac"]), len(rivals) == 1


def devices(rows: Iterable[dict[str, Any]]) -> list[dict[str, str]]:
    """Give [{id, name}], sorted by id."""
    found = [{"id": str(row.get("DeviceID") or ""), "name": str(row.get("Name") or "").strip()} for row in rows]
    return sorted(found, key=lambda item: item["id"])


def connections(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give established connections to other machines: [{address, protocol, port}], each once, sorted."""
    return _unique((str(row.get("RemoteAddress") or ""), str(row.get("RemotePort") or "")) for row in rows)


def netstat(text: str) -> list[dict[str, Any]]:
    """Read ``netstat -ano``; the state word is localised, a remote port other than 0 is not."""
    pairs = []
    for line in text.splitlines():
        words = line.split()
        if len(words) >= 4 and words[0].upper() == "TCP":
            address, _colon, port = words[2].rpartition(":")
            # English is by far the most common; TIME_WAIT and its like are no conversation any more.
            if words[3].upper().endswith(("_WAIT", "_WAIT1", "_WAIT2", "_WAIT_1", "_WAIT_2", "SYN_SENT")):
                continue
            pairs.append((address.strip("[]"), port))
    return _unique(pairs)


def _unique(pairs: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
    kept = {
        (address, int(port))
        for address, port in pairs
        if address and not _LOCAL.match(address) and port.isdigit() and port not in _STATES_WITHOUT_PEER
    }
    return [{"address": address, "protocol": "tcp", "port": port} for address, port in sorted(kept)]


def local_clock(moment: datetime, offset_minutes: int | None) -> datetime:
    """Give the PC's own wall clock: WinRM sends times as UTC, the offset comes beside them."""
    if offset_minutes is None or abs(offset_minutes) >= 24 * 60:
        return moment
    return moment.astimezone(timezone(timedelta(minutes=offset_minutes)))

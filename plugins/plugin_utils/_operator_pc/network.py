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
_CLOSING = ("_WAIT", "_WAIT1", "_WAIT2", "_WAIT_1", "_WAIT_2", "SYN_SENT")
_DIGITS = re.compile(r"[0-9]{1,7}")
_IPV4 = r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}"
_ADDRESS = re.compile(_IPV4)
# "On-link" is localised, and two words in some languages.
_ROUTE = re.compile(
    rf"^\s*(?P<to>{_IPV4})\s+(?P<mask>{_IPV4})\s+(?P<gateway>\S.*?)\s+(?P<interface>{_IPV4})\s+(?P<metric>[0-9]{{1,7}})\s*$"
)
# Loopback, multicast, broadcast: every PC has them.
_OWN_ROUTE = re.compile(r"^(?:127\.|22[4-9]\.|23[0-9]\.|255\.255\.255\.255$)")


def mac_text(value: Any) -> str:
    """Give a MAC as 12 hex digits in upper case, or an empty text."""
    digits = re.sub(r"[^0-9A-Fa-f]", "", str(value or "")).upper()
    return digits if len(digits) == 12 else ""


def bus_of(pnp_id: Any) -> str:
    """Give the bus class of a device: pci, sdio, usb, other or virtual."""
    return _BUSES.get(str(pnp_id or "").split("\\", 1)[0].upper(), "other")


def adapters(rows: Iterable[dict[str, Any]], addresses: Iterable[dict[str, Any]] | None) -> list[dict[str, Any]]:
    """Join adapters with their addresses, sorted by name.

    Gives [{mac, name, pnp_id, bus, wireless, connected, speed, ip, mask, gateway, dns, dhcp}]: ``speed`` in bit/s,
    ``ip`` and ``mask`` side by side, ``dhcp`` the server, "" for a fixed address. What the addresses would tell is None
    where they were not read.
    """
    known = None if addresses is None else list(addresses)
    if known is not None and any(row.get("Index") is None for row in known):
        known = None
    by_index = {str(row["Index"]): row for row in known or []}
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
                "connected": _connected(row.get("NetConnectionStatus")),
                "speed": _speed(row.get("Speed")),
                **_settings(None if known is None or row.get("Index") is None else by_index.get(str(row["Index"]), {})),
            }
        )
    return sorted(found, key=lambda item: (item["name"], item["mac"]))


def _connected(value: Any) -> bool | None:
    return None if value is None else str(value) == "2"


def _speed(value: Any) -> int | None:
    # 2^63-1 is what Windows says of an adapter without a link.
    shown = str(value)
    return int(shown) if re.fullmatch(r"[0-9]{1,18}", shown) else None


def _settings(row: dict[str, Any] | None) -> dict[str, Any]:
    names = {"ip": "IPAddress", "mask": "IPSubnet", "gateway": "DefaultIPGateway", "dns": "DNSServerSearchOrder"}
    if row is None:
        return {**dict.fromkeys(names), "dhcp": None}
    dhcp = str(row.get("DHCPEnabled")).lower() == "true"
    return {
        **{key: [str(item) for item in as_list(row.get(name)) if item] for key, name in names.items()},
        "dhcp": str(row.get("DHCPServer") or "?") if dhcp else "",
    }


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


def devices(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give [{id, name, problem}], sorted by id; ``problem`` is the device manager's code, 0 for none."""
    found = [
        {
            "id": str(row.get("DeviceID") or ""),
            "name": str(row.get("Name") or "").strip(),
            "problem": _problem(row.get("ConfigManagerErrorCode")),
        }
        for row in rows
    ]
    return sorted(found, key=lambda item: str(item["id"]))


def _problem(value: Any) -> int | None:
    return int(value) if re.fullmatch(r"[0-9]{1,9}", str(value)) else None


def connections(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give established connections to other machines: [{address, protocol, port}], each once, sorted."""
    return _unique((str(row.get("RemoteAddress") or ""), str(row.get("RemotePort") or "")) for row in rows)


def netstat(text: str) -> list[dict[str, Any]]:
    """Read the connections out of ``netstat -ano``; the state word is localised, a remote port other than 0 is not."""
    pairs = []
    for words in _lines(text, "TCP"):
        address, _colon, port = words[2].rpartition(":")
        # TIME_WAIT and its like are no conversation any more: English says so, and nobody owns them in any language.
        if words[3].upper().endswith(_CLOSING) or words[4:] == ["0"]:
            continue
        pairs.append((address.strip("[]"), port))
    return _unique(pairs)


def netstat_listening(text: str) -> list[dict[str, Any]]:
    """Read the open ports out of ``netstat -ano``: [{protocol, address, port, pid}], sorted."""
    found = set()
    for protocol in ("TCP", "UDP"):
        for words in _lines(text, protocol):
            if words[2].rpartition(":")[2] in ("0", "*"):
                address, _colon, port = words[1].rpartition(":")
                found.add((protocol.lower(), address.strip("[]"), port, words[-1]))
    return _open_ports(found)


def listening(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give the open TCP ports out of the rows of MSFT_NetTCPConnection, in the form of netstat_listening."""
    return _open_ports(
        ("tcp", str(row.get("LocalAddress") or ""), str(row.get("LocalPort")), str(row.get("OwningProcess")))
        for row in rows
        if str(row.get("State")) == "2"
    )


def _lines(text: str, protocol: str) -> list[list[str]]:
    found = [line.split() for line in text.splitlines()]
    return [words for words in found if len(words) >= 4 and words[0].upper() == protocol]


def _open_ports(found: Iterable[tuple[str, str, str, str]]) -> list[dict[str, Any]]:
    kept = {
        (protocol, address, int(port), int(pid) if _DIGITS.fullmatch(pid) else None)
        for protocol, address, port, pid in found
        if _DIGITS.fullmatch(port)
    }
    return [
        {"protocol": protocol, "address": address, "port": port, "pid": pid}
        for protocol, address, port, pid in sorted(kept, key=lambda item: (item[0], item[2], item[1], item[3] or 0))
    ]


def route_print(text: str) -> list[dict[str, Any]]:
    """Read ``route print -4``: [{to, mask, gateway, interface, metric}]; gateway "" where it is on the link itself."""
    found = []
    for line in text.splitlines():
        match = _ROUTE.match(line)
        if match and not _OWN_ROUTE.match(match["to"]):
            gateway = match["gateway"] if _ADDRESS.fullmatch(match["gateway"]) else ""
            found.append({**match.groupdict(), "gateway": gateway, "metric": int(match["metric"])})
    return sorted(found, key=lambda item: tuple(map(str, item.values())))


def route_table(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give the routes out of the rows of Win32_IP4RouteTable, in the form of route_print; ``interface`` is a number."""
    found = []
    for row in rows:
        to, metric = str(row.get("Destination") or ""), str(row.get("Metric1"))
        if _ADDRESS.fullmatch(to) and not _OWN_ROUTE.match(to):
            gateway = str(row.get("NextHop") or "")
            found.append(
                {
                    "to": to,
                    "mask": str(row.get("Mask") or ""),
                    "gateway": "" if gateway == "0.0.0.0" else gateway,
                    "interface": str(row.get("InterfaceIndex") or ""),
                    "metric": int(metric) if _DIGITS.fullmatch(metric) else None,
                }
            )
    return sorted(found, key=lambda item: tuple(map(str, item.values())))


def _unique(pairs: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
    kept = {
        (address, int(port))
        for address, port in pairs
        if address and not _LOCAL.match(address) and _DIGITS.fullmatch(port) and port not in _STATES_WITHOUT_PEER
    }
    return [{"address": address, "protocol": "tcp", "port": port} for address, port in sorted(kept)]


def local_clock(moment: datetime, offset_minutes: int | None) -> datetime:
    """Give the PC's own wall clock: WinRM sends times as UTC, the offset comes beside them."""
    if offset_minutes is None or abs(offset_minutes) >= 24 * 60:
        return moment
    return moment.astimezone(timezone(timedelta(minutes=offset_minutes)))

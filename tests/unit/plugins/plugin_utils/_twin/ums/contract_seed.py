# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A UMS with the objects of the manual's examples and of recorded ones (reference ums-imi-v3, section 13)."""

from __future__ import annotations

import threading
from typing import Any

LX, UD3, OS11 = "IGEL Universal Desktop LX", "IGEL Universal Desktop OS 3", "IGEL OS 11"


def _firmware(one: int, product: str, version: str) -> dict[str, Any]:
    return {"id": str(one), "product": product, "version": version}


FIRMWARES = [
    _firmware(1, OS11, "11.3.100.1"),
    _firmware(2, LX, "10.02.100.01"),
    _firmware(3, UD3, "10.02.100.01"),
    _firmware(4, LX, "10.02.120.01"),
    _firmware(6, LX, "10.03.100.rc2.01"),
    _firmware(19, LX, "10.04.100.01"),
    _firmware(21, LX, "10.05.100.01"),
    _firmware(32, OS11, "11.10.210.1"),
]
_BY_ID = {int(row["id"]): {"product": row["product"], "version": row["version"]} for row in FIRMWARES}
DETAILS_95 = {
    "productId": "UD3-LX 50cps", "deviceType": "IGEL M340C", "cpuSpeed": 1200, "memorySize": 1705, "flashSize": 1875,
    "osType": "IGEL Linux 10 (Kernel Version 4.10.17)", "biosDate": "12/16/2015", "totalUsagetime": "20",
    "totalUptime": "1500380741", "lastBoottime": "2017-07-18 14:25",
}  # fmt: skip
LOGIN = {
    "username": "jdoe", "loginresult": 0, "logintime": "2021-03-04 08:00:00.123", "logofftime": "",
    "logontype": "kerberos",
}  # fmt: skip
SEED: dict[str, Any] = {
    "version": "12.09.110",
    "accounts": [
        {"name": "reader", "password": "r", "rights": ["browse", "read"]},
        {"name": "nobody", "password": "n", "rights": []},
        {"name": "assigner", "password": "a", "rights": ["browse", "read", "assign", "move"]},
        {"name": "temporary", "password": "t"},
        {"name": "bremen", "password": "b", "below": ["PSIGEL/Bremen"]},
    ],
    "firmwares": FIRMWARES,
    "directories": [
        {"path": "Pool", "id": "15592"},
        {"path": "Pool/Sub", "id": "72327"},
        {"path": "New", "id": "50705", "rule": True},
        {"path": "New Directory", "id": "76462"},
        {"path": "New Directory/New Subdirectory", "id": "76863"},
        {"path": "Thrown away", "id": "50000", "bin": True},
        {"path": "USB", "id": "36150"},
        {"path": "PSIGEL", "id": "502"},
        {"path": "PSIGEL/Bremen", "id": "503"},
        {"path": "PSIGEL/Bremen/BR_HR", "id": "504"},
    ],
    "profile_directories": [
        {"path": "Benchmarks", "id": "20453"},
        {"path": "Standards", "id": "20707"},
        {"path": "Custom Partitions", "id": "20451"},
    ],
    "priority_profile_directories": [{"path": "Basic", "id": "72101"}],
    "profiles": [
        {"name": "Benchmark intern", "id": "6585", "directory": "Benchmarks", "firmware": _BY_ID[2]},
        {"name": "Benchmark extern", "id": "6592", "bin": True},
        *({"name": f"P{one}", "id": str(one)} for one in (529, 535, 537, 538)),
    ],
    "priority_profiles": [{"name": "Company Master Profile", "id": "72054", "firmware": _BY_ID[32]}],
    "attributes": [
        {"identifier": "country", "name": "Country", "type": "range", "allowed_values": ["DE", "US"]},
        {"identifier": "seat", "name": "Seat", "type": "string"},
        {"identifier": "locked", "name": "Locked", "imi": False},
    ],
    "devices": [
        {"mac": "00E0C514325B", "id": "95", "name": "ITC00E0C514325B", "firmware": _BY_ID[6],
         "last_ip": "172.30.92.26", "details": DETAILS_95},
        {"mac": "000BCA050027", "id": "47922", "name": "ITC000BCA050027", "firmware": _BY_ID[6],
         "last_ip": "172.30.91.87", "online": True, "details": {"productId": "UD2-LX 40acps"}, "logins": [LOGIN]},
        {"mac": "00E0C54DCB8E", "id": "27", "name": "Front Desk", "firmware": _BY_ID[21]},
        {"mac": "00E0C5080834", "id": "6899", "name": "UD10", "directory": "Pool", "bin": True},
        {"mac": "00E0C520986A", "id": "36115", "unit_id": "85641000E583142622", "name": "UDP", "directory": "USB",
         "firmware": _BY_ID[32], "last_ip": "172.30.92.30", "online": True,
         "adapters": [{"type": "lan", "mac": "00E0C520986A", "name": "enp1s0", "state": "up"}]},
        {"mac": "00E0C520986A", "id": "97856", "name": "Fixed"},
        {"mac": "005056930CAD", "id": "455", "name": "VM", "firmware": _BY_ID[19], "attributes": {"country": "DE"}},
        {"mac": "0A0000000001", "id": "577", "name": "BR-HR-01", "directory": "PSIGEL/Bremen/BR_HR"},
    ],
    "assignments": [
        {"profile": "P538", "device": "BR-HR-01"},
        {"profile": "P537", "directory": "PSIGEL/Bremen"},
        {"profile": "P529", "directory": "PSIGEL"},
        {"profile": "P535", "directory": "PSIGEL"},
    ],
    "views": [
        {"name": "At the front", "id": "900", "devices": ["Front Desk", "ITC000BCA050027"]},
        {"name": "UD3", "id": "901", "where": {"productId": "UD3-LX 50cps"}},
    ],
    "assets": [
        {"name": "Elite Keyboard", "id": "49067", "vendor": "Cherry", "device_id": "046a:0023",
         "device": "ITC000BCA050027", "categories": ["HID"], "details": {"bcdDevice": "2.20"}},
        {"name": "M105 Optical Mouse", "id": "49070", "vendor": "Logitech", "device_id": "046d:c077"},
    ],
    "asset_history": [
        {"asset": "Elite Keyboard", "device": "ITC000BCA050027", "event": "add_on_boot", "at": 1500380741000,
         "id": "26"}
    ],
}  # fmt: skip


class World:
    """What the UMS asks of the world: a clock that tests set, and a journal."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.lines: list[dict[str, Any]] = []
        self.time = 1_792_000_000.0
        self.woken: list[str] = []

    def journal(self, kind: str, write: bool = False, **data: Any) -> None:
        self.lines.append({"kind": kind, "write": write, **data})

    def now(self) -> float:
        return self.time

    def changed(self, name: str = "") -> None:
        pass

    def wake(self, mac: str) -> None:
        self.woken.append(mac)

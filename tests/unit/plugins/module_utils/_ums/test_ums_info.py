# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.info import describe, is_thin_client
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.model import Firmware, read_device
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.tree import Tree

A = "0A0000000001"


@pytest.mark.parametrize(
    ("product", "extra", "thin"),
    [
        ("IGEL OS 12", {"lastIP": "10.0.0.1"}, True),
        ("IGEL OS 11", {"isThinClientRegistered": "true"}, True),
        ("IGEL Universal Desktop LX", {"lastIP": "10.0.0.1"}, True),
        ("IGEL OS 12", {}, False),
        ("IGEL Unified Management Agent", {"lastIP": "10.0.0.1", "productId": "OSCW"}, False),
        ("IGEL Universal Desktop W7", {"lastIP": "10.0.0.1"}, False),
        ("", {"lastIP": "10.0.0.1"}, False),
    ],
)
def test_thin_client_needs_product_and_contact(product: str, extra: dict[str, str], thin: bool) -> None:
    assert is_thin_client(read_device({"id": "1", "mac": A, **extra}), product) is thin


def test_describe() -> None:
    devices = [
        read_device({"id": "2", "mac": A, "name": "b", "firmwareID": "9", "lastIP": "10.0.0.1", "online": "false"}),
        read_device({"id": "3", "mac": A, "name": "a", "firmwareID": "77", "parentID": "404"}),
        read_device({"id": "4", "mac": A, "movedToBin": True}),
    ]
    found = describe(devices, Tree([]), [Firmware("9", "IGEL OS 12", "12.9.0")], {"2": ["z", "y"]})
    assert [item["name"] for item in found] == ["a", "b"]
    assert found[0]["firmware"] is None and found[0]["directory"] is None and found[0]["profiles"] == []
    assert found[1] == {
        "id": "2",
        "unit_id": A,
        "mac": A,
        "name": "b",
        "directory": "",
        "directory_id": "-1",
        "firmware": {"product": "IGEL OS 12", "version": "12.9.0"},
        "last_ip": "10.0.0.1",
        "connected": True,
        "thin_client": True,
        "online": False,
        "profiles": ["y", "z"],
    }
    assert describe(devices, Tree([]), [])[0]["profiles"] is None

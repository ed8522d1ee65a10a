# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.services import ports_of, services_of


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (None, None),
        (443, ((443, 443),)),
        ("443", ((443, 443),)),
        ([443, 3389], ((443, 443), (3389, 3389))),
        (["5000-5010", 80], ((80, 80), (5000, 5010))),
        ([[1024, 65535]], ((1024, 65535),)),
    ],
)
def test_ports_as_a_site_writes_them(written: Any, read: object) -> None:
    assert ports_of(written) == read


@pytest.mark.parametrize("written", ["http", [443, "x"], [[1, 2, 3]], {"low": 1}, 70000])
def test_what_is_no_port_is_refused(written: Any) -> None:
    with pytest.raises(InputError):
        ports_of(written)


# ot-segmentation.md section 4
@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("igel_os12", [(6, ((8443, 8443),))]),
        ("winrm", [(6, ((5985, 5986),))]),
        ("dns", [(17, ((53, 53),)), (6, ((53, 53),))]),
        ("s7", [(6, ((102, 102),))]),
        ("opcua", [(6, ((4840, 4840),))]),
    ],
)
def test_named_services(name: str, parts: list[tuple[int, object]]) -> None:
    assert [(part.protocol, part.dst_ports) for part in services_of({"service": name})] == parts


def test_dhcp_starts_without_an_address() -> None:
    (dhcp,) = services_of({"service": "dhcp"})
    assert (dhcp.src_ports, dhcp.dst_ports, dhcp.any_to_any) == (((68, 68),), ((67, 67),), True)


def test_a_site_can_give_a_name_its_own_meaning() -> None:
    own = {"vnc": [{"protocol": "tcp", "ports": [5901]}], "recipe": {"protocol": "udp", "ports": [7000]}}
    assert services_of({"service": "vnc"}, own)[0].dst_ports == ((5901, 5901),)
    assert services_of({"service": "recipe"}, own)[0].protocol == 17


@pytest.mark.parametrize(
    "entry",
    [
        {"service": "telepathy"},
        {"protocol": "icmp", "ports": [1]},
        {"ports": [1]},
        # The ports would be passed over silently.
        {"service": "rdp", "ports": [3390]},
        {"service": "rdp", "protocol": "udp"},
    ],
)
def test_unclear_services_are_refused(entry: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        services_of(entry)

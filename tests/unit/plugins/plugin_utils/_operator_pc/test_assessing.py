# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whole assessments of the simulated PCs through Ansible's own winrm plugin: how many messages, and nothing written."""

from __future__ import annotations

import re
import tracemalloc
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import assess
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.answers import Gentle
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman import envelopes
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.client import WsmanClient
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.paging import Limits

# What a PC may truly not have; everything else the simulated ones have to tell.
OPTIONAL = {
    "system.version", "system.asset_tag", "os.service_pack", "os.display_version", "os.ubr", "os.embedded_product",
    "os.powershell", "firmware.secure_boot_cas", "access.console_user",
}  # fmt: skip


@pytest.mark.parametrize("model", ["win7_x64", "win7_x86", "es7_x64", "win10_x64"])
def test_a_full_assessment_takes_forty_messages_at_most(make_pc: Any, model: str) -> None:
    pc = make_pc(model)
    client = pc.client()
    found = assess.assess(client, "l1-op1", None, assess.gentle(busy_percent=90))
    unread = {key: item["reason"] for key, item in found["fields"].items() if not item["available"]}
    assert set(unread) - OPTIONAL == set()
    assert client.requests <= 37  # the login adds three: 40 in all
    assert pc.world.writes == []
    gates = {gate["code"]: gate["ok"] for gate in found["gates"]}
    assert (False not in gates.values()) is (model in ("win7_x64", "win10_x64"))
    assert found["fields"]["network.adapters"]["value"][0]["mac"] == "001B1B001101"
    assert {"address": "10.20.60.10", "protocol": "tcp", "port": 443} in found["fields"]["network.connections"]["value"]


def test_a_class_that_is_too_large_is_left_and_the_rest_is_read(make_pc: Any) -> None:
    many = [{"name": f"p{number}.exe"} for number in range(3000)]
    client = make_pc("win10_x64", processes=many).client()
    found = assess.assess(client, "l1-op1", ["processes", "services"], Gentle(limits=Limits(items=500)))
    reason = found["fields"]["processes.running"]["reason"]
    assert reason == "too many: Win32_Process gives more than 500 items"
    assert found["fields"]["services.running"]["available"]
    assert client.requests < 12


def test_a_password_in_the_registry_is_told_and_never_sent(make_pc: Any) -> None:
    pc = make_pc("win7_x64", registry={
        r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon": {"DefaultPassword": "geheim-7788"}
    })  # fmt: skip
    client = pc.client()
    seen: list[bytes] = []
    send = client.transport.send
    client.transport.send = lambda *parts, **named: seen.append(send(*parts, **named)) or seen[-1]
    found = assess.assess(client, "l1-op1", ["access"])
    assert found["fields"]["access.autologon_password_stored"]["value"] is True
    assert "geheim-7788" not in str(found)
    # Command output is base64; three alignments cover every position of the word in it.
    assert seen
    assert not [
        reply for reply in seen if any(mark in reply for mark in (b"geheim-7788", b"Z2VoZWltLTc3", b"dlaGVpbS03Nz"))
    ]


def test_a_pc_that_restarts_in_the_middle_leaves_what_was_read(make_pc: Any) -> None:
    pc = make_pc("win7_x64")
    client = pc.client()
    send, sent = client.transport.send, []

    def until_the_power_fails(*parts: Any, **named: Any) -> bytes:
        sent.append(1)
        if len(sent) == 15:
            pc.server.stop()
        return bytes(send(*parts, **named))

    client.transport.send = until_the_power_fails
    found = assess.assess(client, "l1-op1", sleep=lambda _seconds: None)["fields"]
    assert found["os.caption"]["available"]
    assert found["access.shell"]["available"]
    assert found["services.list"]["reason"].startswith("the PC went away while it was read:")
    assert len(sent) < 20


DENIED = {
    "deny_key": ({"key": r"HKLM\SOFTWARE\ODBC"}, {"software.odbc"}),
    "deny_namespace": ({"namespace": r"root\SecurityCenter2"}, {"antivirus.products"}),
    "clock_skew": ({"seconds": 7200}, set()),
}


@pytest.mark.parametrize("fault", DENIED)
def test_what_is_denied_costs_its_own_fields_only(make_pc: Any, fault: str) -> None:
    arguments, fields = DENIED[fault]
    pc = make_pc("win7_x64")
    with pc.world.lock:
        pc.machine.inject(fault, arguments)
    found = assess.assess(pc.client(), "l1-op1")["fields"]
    unread = {key for key, item in found.items() if not item["available"]} - OPTIONAL - {"cpu.load_percent"}
    assert unread == fields
    assert abs(found["os.clock_skew"]["value"]["seconds"] - (7200 if fault == "clock_skew" else 0)) < 3


@pytest.mark.parametrize("fault", ["invalid_char", "cut_reply", "expired_context", "busy", "truncated_xml"])
def test_an_odd_reply_costs_a_field_at_most(make_pc: Any, fault: str) -> None:
    pc = make_pc("win10_x64")
    client = pc.client()
    send, sent = client.transport.send, []

    def one_odd_reply(*parts: Any, **named: Any) -> bytes:
        sent.append(1)
        if len(sent) == 12:
            with pc.world.lock:
                pc.machine.inject(fault, {"count": 1})
        return bytes(send(*parts, **named))

    client.transport.send = one_odd_reply
    waits: list[float] = []
    found = assess.assess(client, "l1-op1", sleep=waits.append)["fields"]
    unread = {key for key, item in found.items() if not item["available"]} - OPTIONAL - {"cpu.load_percent"}
    assert len({found[key]["origin"].partition(".")[0] for key in unread}) <= 1
    assert bool(waits) is (fault == "busy")


class Endless:
    """A PC whose every class has 100,000 instances, made page by page."""

    address, timeout_s = "pc", 20
    row = (
        "<w:XmlFragment><Name>p</Name><CommandLine>c:\\x.exe -a</CommandLine><ProcessId>12</ProcessId></w:XmlFragment>"
    )

    def __init__(self) -> None:
        self.sent: list[str] = []

    def reset(self) -> None:
        pass

    def send(self, message: Any) -> bytes:
        text = message if isinstance(message, str) else message.decode()
        action = re.search(r"/(Enumerate|Pull|Release)<", text)
        number = re.search(r"<a:MessageID>([^<]*)", text)
        assert action
        assert number
        self.sent.append(action[1])
        first = action[1] == "Enumerate"
        items = f"<{'w' if first else 'n'}:Items>{self.row * (1 if first else 600)}</{'w' if first else 'n'}:Items>"
        context = f"<n:EnumerationContext>uuid:{len(self.sent)}</n:EnumerationContext>"
        body = "" if action[1] == "Release" else f"<n:{action[1]}Response>{context}{items}</n:{action[1]}Response>"
        soap, addressing = "http://www.w3.org/2003/05/soap-envelope", "http://schemas.xmlsoap.org/ws/2004/08/addressing"
        names = f'xmlns:s="{soap}" xmlns:a="{addressing}" xmlns:n="{envelopes.ENUMERATION}"'
        head = f"<s:Header><a:RelatesTo>{number[1]}</a:RelatesTo></s:Header>"
        return f'<s:Envelope {names} xmlns:w="urn:w">{head}<s:Body>{body}</s:Body></s:Envelope>'.encode()


def test_a_hundred_thousand_instances_are_not_kept() -> None:
    pc = Endless()
    tracemalloc.start()
    try:
        found = assess.assess(WsmanClient(pc), "l1-op1", ["processes", "services"])["fields"]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert {item["reason"].partition(":")[0] for item in found.values()} == {"too many"}
    # Ten pages each, and the PC is told that we stop.
    assert (len(pc.sent), pc.sent.count("Release")) == (22, 2)
    assert peak < 20 * 1024 * 1024

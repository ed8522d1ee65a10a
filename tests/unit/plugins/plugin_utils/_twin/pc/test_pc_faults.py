# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What goes wrong on the wire and in the provider, seen by clients that are not ours."""

from __future__ import annotations

import resource
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.pc import injections
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.pc.machine import Machine
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.pc.server import PcServer

winrm = pytest.importorskip("winrm")
pypsrp = pytest.importorskip("pypsrp.wsman")
USER, PASSWORD = "svc-rollout", "lab-only-l1-op1"
ENUM = "{http://schemas.xmlsoap.org/ws/2004/09/enumeration}"
WSMAN = "{http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd}"
ADDRESSING = "{http://schemas.xmlsoap.org/ws/2004/08/addressing}"
WMI = "http://schemas.microsoft.com/wbem/wsman/1/wmi/"
Serve = Callable[..., PcServer]


class Raw:
    """Envelopes written here, sent by pywinrm's transport: the replies are ours to read."""

    def __init__(self, server: PcServer, timeout: str = "PT20S", size: int = 153600) -> None:
        self.protocol = winrm.Protocol(
            f"http://127.0.0.1:{server.port}/wsman",
            transport="ntlm",
            username=USER,
            password=PASSWORD,
            operation_timeout_sec=3,
            read_timeout_sec=6,
        )
        self.timeout, self.size = timeout, size

    def send(self, action: str, uri: str, body: str, header: str = "") -> ET.Element:
        envelope = (
            '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="'
            f'{ADDRESSING[1:-1]}" xmlns:w="{WSMAN[1:-1]}" xmlns:n="{ENUM[1:-1]}"><s:Header>'
            f"<a:Action>{action}</a:Action><a:MessageID>uuid:1</a:MessageID><w:ResourceURI>{uri}</w:ResourceURI>"
            f"<w:MaxEnvelopeSize>{self.size}</w:MaxEnvelopeSize><w:OperationTimeout>{self.timeout}</w:OperationTimeout>"
            f"{header}</s:Header><s:Body>{body}</s:Body></s:Envelope>"
        )
        reply = self.protocol.send_message(envelope)
        return ET.fromstring(reply)

    def enumerate(self, wql: str, space: str = "root/cimv2") -> ET.Element:
        dialect = f"{WMI.removesuffix('wmi/')}WQL"
        body = (
            "<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>32000</w:MaxElements>"
            f'<w:Filter Dialect="{dialect}">{wql}</w:Filter></n:Enumerate>'
        )
        return self.send(f"{ENUM[1:-1]}/Enumerate", f"{WMI}{space}/*", body)

    def pull(self, reply: ET.Element, space: str = "root/cimv2") -> ET.Element:
        context = next(reply.iter(f"{ENUM}EnumerationContext")).text
        inner = f"<n:EnumerationContext>{context}</n:EnumerationContext><n:MaxElements>32000</n:MaxElements>"
        body = f"<n:Pull>{inner}</n:Pull>"
        return self.send(f"{ENUM[1:-1]}/Pull", f"{WMI}{space}/*", body)

    def transfer(self, verb: str, name: str, body: str = "", header: str = "", **selectors: str) -> ET.Element:
        keys = "".join(f'<w:Selector Name="{key}">{text}</w:Selector>' for key, text in selectors.items())
        keys = f"<w:SelectorSet>{keys}</w:SelectorSet>" if keys else ""
        action = f"http://schemas.xmlsoap.org/ws/2004/09/transfer/{verb}"
        return self.send(action, f"{WMI}root/cimv2/{name}", body, keys + header)


def code(caught: Any) -> int:
    return int(caught.value.wsman_fault_code)


def test_a_slow_provider_times_out_and_the_same_pull_gets_the_rest(serve: Serve) -> None:
    server = serve("win7_x64")
    client = Raw(server, timeout="PT0.3S")
    first = client.enumerate("select Name from Win32_Service")
    server.machine.inject("provider_delay", {"seconds": 0.5})
    with pytest.raises((winrm.exceptions.WSManFaultError, winrm.exceptions.WinRMOperationTimeoutError)):
        client.pull(first)
    assert next(client.pull(first).iter(f"{ENUM}Items"), None) is not None


def test_a_context_that_nobody_pulls_for_too_long_is_gone(serve: Serve, world: Any) -> None:
    client = Raw(serve("win7_x64"))
    first = client.enumerate("select Name from Win32_Service")
    world.time += 61
    with pytest.raises(winrm.exceptions.WSManFaultError) as caught:
        client.pull(first)
    assert code(caught) == 0x8033801C


@pytest.mark.parametrize(
    ("fault", "args", "text"),
    [
        ("status", {"status": 407}, "407"),
        ("status", {"status": 411}, "411"),
        ("status", {"status": 400}, "400"),
        ("busy", {}, "503"),
    ],
)
def test_answers_that_are_not_from_winrm(serve: Serve, fault: str, args: dict[str, int], text: str) -> None:
    server = serve()
    server.machine.inject(fault, args)
    with pytest.raises(winrm.exceptions.WinRMTransportError, match=text):
        Raw(server).enumerate("select Name from Win32_Service")


def test_envelopes_that_are_broken_in_one_place(serve: Serve) -> None:
    server = serve()
    client = Raw(server)
    wql = "select Name from Win32_ComputerSystem"
    server.machine.inject("truncated_xml", {})
    with pytest.raises(ET.ParseError):
        client.enumerate(wql)
    server.machine.inject("invalid_char", {})
    with pytest.raises(ET.ParseError):
        client.enumerate(wql)
    server.machine.inject("wrong_relates_to", {})
    assert "00000000" in (client.enumerate(wql).find(f".//{ADDRESSING}RelatesTo").text or "")  # type: ignore[union-attr]
    assert client.enumerate(wql).find(f".//{ADDRESSING}RelatesTo").text == "uuid:1"  # type: ignore[union-attr]


def test_an_item_that_is_larger_than_the_envelope(serve: Serve) -> None:
    server = serve()
    server.machine.inject("huge_item", {"bytes": 100_000})
    with pytest.raises(winrm.exceptions.WSManFaultError) as caught:
        Raw(server).enumerate("select Name from Win32_ComputerSystem")
    assert code(caught) == 0x80338035
    assert Raw(server, size=512000).enumerate("select Name from Win32_ComputerSystem") is not None


def test_an_expired_context_a_slow_line_and_a_socket_that_is_dropped_while_idle(serve: Serve) -> None:
    server = serve("win7_x64")
    client = Raw(server)
    first = client.enumerate("select Name from Win32_Service")
    server.machine.inject("expired_context", {})
    with pytest.raises(winrm.exceptions.WSManFaultError):
        client.pull(first)
    server.machine.inject("slow", {"bytes_per_second": 10_000})
    started = time.monotonic()
    client.enumerate("select Name from Win32_ComputerSystem")
    assert time.monotonic() - started > 0.05
    server.machine.inject("none", {})
    server.machine.inject("idle", {"seconds": 0.1})
    client.enumerate("select Name from Win32_ComputerSystem")
    time.sleep(0.3)
    with pytest.raises((winrm.exceptions.WinRMTransportError, OSError)):
        client.enumerate("select Name from Win32_ComputerSystem")


def test_rights_that_are_missing(serve: Serve) -> None:
    server = serve(overrides={"denied_namespaces": ["root/wmi"]})
    client = Raw(server)
    with pytest.raises(winrm.exceptions.WSManFaultError) as caught:
        client.enumerate("select Active from WmiMonitorID", "root/wmi")
    assert code(caught) == 5
    server.machine.inject("filtered_token", {})
    with pytest.raises(winrm.exceptions.WSManFaultError) as caught:
        client.enumerate("select Name from Win32_ComputerSystem")
    assert code(caught) == 5
    identify = '<i:Identify xmlns:i="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"/>'
    assert "Stack: 3.0" in ET.tostring(client.send("", "", identify), encoding="unicode")


def test_a_pc_that_restarts_in_the_middle_and_one_that_drops_off(serve: Serve, world: Any) -> None:
    server = serve()
    client = Raw(server)
    server.machine.inject("reboot_after", {"requests": 2})
    client.enumerate("select Name from Win32_ComputerSystem")
    with pytest.raises((winrm.exceptions.WinRMTransportError, OSError)):
        client.enumerate("select Name from Win32_ComputerSystem")
    with world.lock:
        assert server.machine.os_phase == "booting"
    other = serve()
    other.machine.inject("drop_after", {"requests": 1})
    with pytest.raises((winrm.exceptions.WinRMTransportError, OSError)):
        Raw(other).enumerate("select Name from Win32_ComputerSystem")
    assert other.machine.os_phase == "windows" and not other.machine.reachable


def test_more_connections_than_allowed_are_answered_503(serve: Serve) -> None:
    server = serve(overrides={"limits": {"connections": 1}})
    Raw(server).enumerate("select Name from Win32_ComputerSystem")
    kept = Raw(server)
    with pytest.raises(winrm.exceptions.WinRMTransportError, match="503"):
        for _number in range(3):
            Raw(server).enumerate("select Name from Win32_ComputerSystem")
            kept.enumerate("select Name from Win32_ComputerSystem")


def test_a_hundred_thousand_instances_are_made_as_they_are_pulled(serve: Serve) -> None:
    server = serve()
    client = Raw(server, size=512000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    reply = client.enumerate("select Index,Name,Payload from Twin_Bulk")
    seen = 1
    for _page in range(3):
        reply = client.pull(reply)
        seen += len(list(reply.iter(f"{WSMAN}XmlFragment")))
    assert 2000 < seen < 10_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40_000  # KiB


def test_windows_2003_puts_everything_into_the_first_reply_and_has_no_shell(serve: Serve) -> None:
    server = serve("posready2009")
    reply = Raw(server).enumerate("select Name from Win32_Process")
    assert len(list(reply.iter(f"{WSMAN}XmlFragment"))) > 5
    assert next(reply.iter(f"{WSMAN}EndOfSequence"), None) is not None
    with pytest.raises(winrm.exceptions.WSManFaultError) as caught:
        Raw(server).protocol.open_shell()
    assert code(caught) == 0x803381AC


def test_single_instances_are_read_written_and_deleted(serve: Serve, world: Any) -> None:
    server = serve()
    client = Raw(server)
    got = client.transfer(
        "Get", "Win32_Service", header="<w:FragmentTransfer>State</w:FragmentTransfer>", Name="Spooler"
    )
    assert got.find(f".//{WSMAN}XmlFragment/State").text == "Running"  # type: ignore[union-attr]
    space = f"{WMI}root/cimv2/Win32_LogicalDisk"
    body = f'<p:Win32_LogicalDisk xmlns:p="{space}"><p:VolumeName>SYSTEM</p:VolumeName></p:Win32_LogicalDisk>'
    client.transfer("Put", "Win32_LogicalDisk", body, DeviceID="C:")
    assert next(iter(server.machine.instances("root\\cimv2", "Win32_LogicalDisk")))["VolumeName"] == "SYSTEM"
    assert [one["what"] for one in world.writes() if one["kind"] == "change"] == ["instance"]
    pid = server.machine.jobs.start("cmd /c ping -n 9 127.0.0.1", "C:\\")
    client.transfer("Delete", "Win32_Process", Handle=str(pid))
    assert server.machine.jobs.running == []


@pytest.mark.parametrize(
    ("verb", "name", "selectors", "fault"),
    [
        ("Get", "Win32_Service", {"Colour": "red"}, 0x8033805B),
        ("Get", "Win32_UserAccount", {"Name": "operator"}, 0x8033805A),
        ("Get", "Win32_Service", {"Name": "nothing"}, 0x80338000),
        ("Delete", "Win32_Service", {"Name": "Spooler"}, 0x8004100C),
    ],
)
def test_selectors_that_do_not_fit(serve: Serve, verb: str, name: str, selectors: dict[str, str], fault: int) -> None:
    with pytest.raises(winrm.exceptions.WSManFaultError) as caught:
        Raw(serve()).transfer(verb, name, **selectors)
    assert code(caught) == fault


def test_long_output_comes_in_pages_within_the_envelope(serve: Serve) -> None:
    server = serve()
    server.machine.files.put("C:\\big.txt", {"text": "0123456789abcdef\r\n" * 30_000})
    client = Raw(server).protocol
    shell = client.open_shell(codepage=65001)
    started = client.run_command(shell, "type C:\\big.txt")
    out, _err, rc = client.get_command_output(shell, started)
    assert (len(out), rc) == (540_000, 0)


@pytest.mark.parametrize(
    ("fault", "args", "text"),
    [
        ("rtt", {"seconds": 9}, "not between"),
        ("status", {"status": 200}, "is none of"),
        ("nonsense", {}, "knows no fault"),
    ],
)
def test_faults_out_of_range_are_refused(
    pc: Callable[..., Machine], fault: str, args: dict[str, Any], text: str
) -> None:
    with pytest.raises(ValueError, match=text):
        pc().inject(fault, args)


def test_the_power_is_cut_behind_an_exact_command(pc: Callable[..., Machine], world: Any) -> None:
    for commands, files in ((1, {"a"}), (2, {"a", "b"}), (3, {"a", "b", "c"})):
        machine = pc()
        machine.inject("cut_after", {"commands": commands})
        machine.run("echo x> C:\\a& echo x> C:\\b& echo x> C:\\c& echo x> C:\\d", "C:\\", direct=False)
        assert {one for one in "abcd" if machine.files.file(f"C:\\{one}")} == files
        assert machine.os_phase == "off"


def test_every_fault_can_be_ended(pc: Callable[..., Machine]) -> None:
    machine = pc()
    values = {"seconds": 1, "bytes": 9, "bytes_per_second": 9, "key": "HKLM\\X", "namespace": "root\\wmi", "count": 1}
    for name in injections.NAMES:
        machine.inject(name, values)
    assert not machine.reachable
    machine.inject("none", {})
    assert machine.reachable and machine.faults == {}

# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Clients that are not ours against a running PC: pywinrm and pypsrp, so that no misunderstanding is shared."""

from __future__ import annotations

import http.client
import os
import socket
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.pc.server import PcServer

winrm = pytest.importorskip("winrm")
xmltodict = pytest.importorskip("xmltodict")
pypsrp = pytest.importorskip("pypsrp.wsman")
USER, PASSWORD = "svc-rollout", "lab-only-l1-op1"
ENUM = "{http://schemas.xmlsoap.org/ws/2004/09/enumeration}"
WSMAN = "{http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd}"
XSI_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
WMI = "http://schemas.microsoft.com/wbem/wsman/1/wmi/"
Serve = Callable[..., PcServer]


def protocol(server: PcServer, **more: Any) -> Any:
    values = {"transport": "ntlm", "username": USER, "password": PASSWORD, "operation_timeout_sec": 2, **more}
    return winrm.Protocol(f"http://127.0.0.1:{server.port}/wsman", read_timeout_sec=5, **values)


def wsman(server: PcServer, auth: str = "ntlm") -> Any:
    return pypsrp.WSMan(
        "127.0.0.1", port=server.port, username=USER, password=PASSWORD, ssl=False, auth=auth, encryption="always"
    )


def ask(client: Any, uri: str, wql: str = "", *, optimise: bool = True, elements: int = 32000) -> list[ET.Element]:
    """Enumerate as pypsrp does it: the replies, first to last."""
    body = ET.Element(f"{ENUM}Enumerate")
    if optimise:
        ET.SubElement(body, f"{WSMAN}OptimizeEnumeration")
        ET.SubElement(body, f"{WSMAN}MaxElements").text = str(elements)
    if wql:
        dialect = {"Dialect": "http://schemas.microsoft.com/wbem/wsman/1/WQL"}
        ET.SubElement(body, f"{WSMAN}Filter", dialect).text = wql
    replies = [client.enumerate(WMI + uri, body)]
    while next(replies[-1].iter(f"{WSMAN}EndOfSequence"), None) is None and (
        next(replies[-1].iter(f"{ENUM}EndOfSequence"), None) is None
    ):
        pull = ET.Element(f"{ENUM}Pull")
        ET.SubElement(pull, f"{ENUM}EnumerationContext").text = context(replies[-1])
        ET.SubElement(pull, f"{ENUM}MaxElements").text = str(elements)
        replies.append(client.pull(WMI + uri, pull))
    return replies


def context(reply: ET.Element) -> str:
    return next(reply.iter(f"{ENUM}EnumerationContext")).text or ""


def items(reply: ET.Element, space: str) -> list[ET.Element]:
    return list(next(reply.iter(f"{space}Items")))


def command(client: Any, line: str) -> tuple[str, str, int]:
    shell = client.open_shell(codepage=65001)
    started = client.run_command(shell, line)
    out, err, code = client.get_command_output(shell, started)
    client.cleanup_command(shell, started)
    client.close_shell(shell)
    return out.decode(), err.decode(), code


@pytest.mark.parametrize("model", ["win7_x64", "win10_x64"])
def test_pywinrm_runs_commands_over_a_sealed_session(serve: Serve, model: str) -> None:
    assert command(protocol(serve(model)), "echo äöü& exit 3") == ("äöü\r\n", "", 3)


def test_arguments_and_exit_codes_above_31_bit(serve: Serve) -> None:
    client = protocol(serve())
    shell = client.open_shell()
    started = client.run_command(shell, "certutil", ["-hashfile", "C:\\no", "SHA256"])
    assert client.get_command_output(shell, started)[2] == 0x80070002


@pytest.mark.parametrize("more", [{"password": "wrong"}, {"username": "someone"}, {"transport": "plaintext"}])
def test_other_accounts_and_basic_are_refused(serve: Serve, more: dict[str, str]) -> None:
    with pytest.raises((winrm.exceptions.InvalidCredentialsError, winrm.exceptions.WinRMTransportError)):
        protocol(serve(), **more).open_shell()


def test_each_pc_takes_its_own_password_only(serve: Serve, world: Any) -> None:
    first = serve()
    second = PcServer(serve().machine, USER, "another")
    second.start()
    try:
        assert command(protocol(first), "hostname")[2] == 0
        with pytest.raises(winrm.exceptions.InvalidCredentialsError):
            protocol(second).open_shell()
        assert command(protocol(second, password="another"), "hostname")[2] == 0
    finally:
        second.stop()


def test_unsealed_bodies_are_refused(serve: Serve) -> None:
    with pytest.raises((winrm.exceptions.InvalidCredentialsError, winrm.exceptions.WinRMTransportError)):
        protocol(serve(), message_encryption="never").open_shell()


@pytest.mark.parametrize("auth", ["ntlm", "negotiate"])
def test_pypsrp_pages_services_as_windows_does(serve: Serve, auth: str) -> None:
    replies = ask(wsman(serve("win7_x64"), auth), "root/cimv2/Win32_Service")
    assert len(items(replies[0], WSMAN)) == 1
    assert len(replies) >= 3
    contexts = [context(one) for one in replies[:-1]]
    assert len(set(contexts)) == len(contexts)
    assert next(replies[-1].iter(f"{ENUM}EnumerationContext"), None) is None
    found = items(replies[0], WSMAN) + [one for reply in replies[1:] for one in items(reply, ENUM)]
    names = {one.tag.rpartition("}")[2] for one in found}
    assert names == {"Win32_Service", "Win32_TerminalService"}
    assert len(found) > 60


def test_column_lists_come_as_fragments_with_nil_arrays_and_datetimes(serve: Serve) -> None:
    client = wsman(serve())
    wql = "select Caption,LastBootUpTime,CSDVersion,MUILanguages,Primary from Win32_OperatingSystem"
    (reply,) = ask(client, "root/cimv2/*", wql)
    (row,) = items(reply, WSMAN)
    assert row.tag == f"{WSMAN}XmlFragment"
    assert [one.tag for one in row] == ["Caption", "LastBootUpTime", "CSDVersion", "MUILanguages", "Primary"]
    assert row.find("LastBootUpTime/Datetime").text.endswith("Z")  # type: ignore[union-attr]
    assert row.find("CSDVersion").get(XSI_NIL) == "true"  # type: ignore[union-attr]
    assert row.findtext("Primary") == "true"
    assert next(reply.iter(f"{ENUM}EnumerationContext")).text is None


def test_whole_instances_are_qualified(serve: Serve) -> None:
    (reply,) = ask(wsman(serve()), "root/cimv2/*", "select * from Win32_OperatingSystem")
    (item,) = items(reply, WSMAN)
    space = f"{{{WMI}root/cimv2/Win32_OperatingSystem}}"
    assert item.tag == f"{space}Win32_OperatingSystem"
    moment = item.find(f"{space}LocalDateTime/{{http://schemas.dmtf.org/wbem/wscim/1/common}}Datetime")
    assert moment is not None


def test_without_optimisation_the_first_reply_holds_a_context_only(serve: Serve) -> None:
    replies = ask(wsman(serve()), "root/cimv2/Win32_BIOS", optimise=False)
    assert next(replies[0].iter(f"{WSMAN}Items"), None) is None
    assert len(replies) == 2
    assert len(items(replies[1], ENUM)) == 1


@pytest.mark.parametrize(
    ("model", "uri", "wql", "wmi"),
    [
        ("win10_x64", "root/cimv2/*", "select X from Win32_Nothing", 0x80041010),
        ("win10_x64", "root/nothing/*", "select X from Win32_BIOS", 0x8004100E),
        ("win7_x64", "root/standardcimv2/*", "select State from MSFT_NetTCPConnection", 0x8004100E),
        ("win10_x64", "root/standardcimv2/embedded/*", "select CurrentEnabled from UWF_Filter", 0x8004100E),
        ("win10_x64", "root/cimv2/*", "select SerialNummer from Win32_BIOS", 0x80041017),
        ("win10_x64", "root/cimv2/*", "selekt * from Win32_BIOS", 0x80041017),
    ],
)
def test_missing_classes_and_bad_queries_are_faults(serve: Serve, model: str, uri: str, wql: str, wmi: int) -> None:
    with pytest.raises(pypsrp.WSManFaultError) as caught:
        ask(wsman(serve(model)), uri, wql)
    assert caught.value.code == (0x80338000 if wmi != 0x80041017 else wmi)


def test_windows_7_allows_fifteen_operations_and_five_shells(serve: Serve) -> None:
    client = protocol(serve("win7_x64"))
    shell = client.open_shell()
    for _number in range(15):
        client.run_command(shell, "ver")
    with pytest.raises(winrm.exceptions.WSManFaultError) as caught:
        client.run_command(shell, "ver")
    assert caught.value.wsman_fault_code == 0x803381A6
    for _number in range(4):
        client.open_shell()
    with pytest.raises(winrm.exceptions.WSManFaultError) as caught:
        client.open_shell()
    assert caught.value.wsman_fault_code == 0x803381A5


def test_a_slow_command_times_out_receive_and_can_be_asked_again(serve: Serve, world: Any) -> None:
    client = protocol(serve(), operation_timeout_sec=1)
    shell = client.open_shell()
    started = client.run_command(shell, "ping -n 4 127.0.0.1")
    with pytest.raises(winrm.exceptions.WinRMOperationTimeoutError):
        client.get_command_output_raw(shell, started)
    world.time += 5
    assert client.get_command_output_raw(shell, started)[2] == 0


@pytest.mark.parametrize(("model", "told"), [("win7_x64", None), ("win10_x64", 0x80041010)])
def test_the_wmi_code_of_a_missing_class(serve: Serve, model: str, told: int | None) -> None:
    client = protocol(serve(model))
    header = client.build_wsman_header(f"{ENUM[1:-1]}/Enumerate", f"{WMI}root/cimv2/Win32_Nothing")
    header["env:Body"] = {"n:Enumerate": {}}
    with pytest.raises(winrm.exceptions.WSManFaultError) as caught:
        client.send_message(xmltodict.unparse({"env:Envelope": header}))
    assert caught.value.wsman_fault_code == 0x80338000
    assert caught.value.wmierror_code == told


def test_a_shell_that_is_gone_is_a_selector_fault(serve: Serve) -> None:
    client = protocol(serve())
    with pytest.raises(winrm.exceptions.WSManFaultError) as caught:
        client.run_command("00000000-0000-0000-0000-000000000000", "ver")
    assert caught.value.wsman_fault_code == 0x8033805B


def test_the_port_refuses_while_windows_is_down_and_live_sessions_are_cut(serve: Serve, world: Any) -> None:
    server = serve()
    port, client = server.port, protocol(server)
    shell = client.open_shell()
    with world.lock:
        server.machine.power_cut()
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", port), timeout=2)
    with pytest.raises(Exception, match=r"(?i)connection|aborted|refused"):
        client.run_command(shell, "ver")
    with world.lock:
        for _tick in range(40):
            world.time += 0.1
            server.machine.tick(world.time)
    assert command(protocol(server), "hostname")[0] == "L1-OP1\r\n"
    assert server.port == port


def test_answers_the_switch_port_denies_close_the_connection(serve: Serve, world: Any) -> None:
    server = serve()
    world.permitted = False
    with socket.create_connection(("127.0.0.1", server.port), timeout=2) as connection:
        assert connection.recv(10) == b""
    with world.lock:
        server.machine.inject("drop", {})
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", server.port), timeout=2)


def post(server: PcServer, body: bytes, **fields: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=3)
    connection.request("POST", "/wsman", body, {name.replace("_", "-"): value for name, value in fields.items()})
    return connection.getresponse()


def test_get_needs_keys_unless_there_is_one_instance(serve: Serve) -> None:
    client = wsman(serve())
    uri = f"{WMI}root/cimv2/Win32_LogicalDisk"
    selectors = pypsrp.SelectorSet()
    selectors.add_option("DeviceID", "C:")
    item = next(iter(client.get(uri, selector_set=selectors)))
    assert item.findtext(f"{{{uri}}}FileSystem") == "NTFS"
    assert len(client.get(f"{WMI}root/cimv2/Win32_OperatingSystem")) == 1
    with pytest.raises(pypsrp.WSManFaultError) as caught:
        client.get(f"{WMI}root/cimv2/Win32_Service")
    assert caught.value.code == 0x803380FA


def test_injected_faults_of_the_talk_strike_as_often_as_asked(serve: Serve, world: Any) -> None:
    server = serve()
    client = protocol(server)
    shell = client.open_shell()
    server.machine.inject("busy", {"count": 1})
    with pytest.raises(winrm.exceptions.WinRMTransportError, match="503"):
        client.run_command(shell, "ver")
    client.run_command(shell, "ver")
    server.machine.inject("cut_reply", {})
    with pytest.raises(Exception, match=r"(?i)broken|incomplete|length"):
        client.run_command(shell, "ver")
    assert command(protocol(server), "hostname")[2] == 0


def test_logins_leave_no_file_and_no_variable(serve: Serve, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert command(protocol(serve()), "hostname")[2] == 0
    assert list(tmp_path.iterdir()) == []
    assert "NTLM_USER_FILE" not in os.environ


def test_many_connections_at_once_each_keep_their_own_keys(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    # Client and PC share a process only here: the client must not walk through the environment that a login writes.
    monkeypatch.setattr("requests.utils.get_environ_proxies", lambda *_args, **_more: {})
    monkeypatch.setattr("requests.sessions.get_environ_proxies", lambda *_args, **_more: {})
    server = serve()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda number: command(protocol(server), f"echo {number}"), range(24)))
    assert found == [(f"{number}\r\n", "", 0) for number in range(24)]


@pytest.mark.parametrize(
    "data",
    [
        b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"POST /wsman HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        b"POST /wsman HTTP/1.1\r\nContent-Length: 999999999\r\n\r\n",
        b"POST /wsman HTTP/1.1\r\nAuthorization: Negotiate ====\r\n\r\n",
        b"POST /wsman HTTP/1.1\r\nAuthorization: Negotiate TlRMTVNTUAADAAAA\r\n\r\n",
        b"POST /other HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
    ],
)
def test_what_is_no_request_gets_a_4xx(serve: Serve, data: bytes) -> None:
    with socket.create_connection(("127.0.0.1", serve().port), timeout=3) as connection:
        connection.sendall(data)
        assert connection.recv(100).startswith(b"HTTP/1.1 4")


def test_bodies_on_a_socket_without_a_login(serve: Serve) -> None:
    server = serve()
    sealed = 'multipart/encrypted;protocol="application/HTTP-SPNEGO-session-encrypted";boundary="Encrypted Boundary"'
    assert post(server, b"x", Content_Type=sealed).status == 400
    answer = post(server, b"<a/>", Content_Type="application/soap+xml")
    assert answer.status == 401
    assert "Negotiate" in answer.headers.get_all("WWW-Authenticate", [])
    assert "Basic" not in str(answer.headers)


def test_identify_without_a_login_hides_the_version(serve: Serve) -> None:
    answer = post(serve("win7_x64"), b"<a/>", WSMANIDENTIFY="unauthenticated").read()
    assert b"OS: 0.0.0 SP: 0.0 Stack: 2.0" in answer


def test_an_answer_takes_no_delayed_acknowledgement(serve: Serve) -> None:
    client = protocol(serve())
    shell = client.open_shell()
    took = []
    for _number in range(10):
        started = time.monotonic()
        client.cleanup_command(shell, client.run_command(shell, "ver"))
        took.append((time.monotonic() - started) / 2)
    # A second send would wait 40 ms for an acknowledgement every time, so the quickest tells.
    assert min(took) < 0.035


def test_every_request_is_journaled_and_only_writes_are_writes(serve: Serve, world: Any) -> None:
    server = serve()
    command(protocol(server), "hostname")
    requests = [one for one in world.lines if one["kind"] == "request"]
    assert [one["operation"].split()[0] for one in requests] == ["Create", "Command", "Receive", "Signal", "Delete"]
    assert not any(one["write"] for one in world.lines)
    command(protocol(server), "mkdir C:\\ProgramData\\otedge")
    written = [one for one in world.lines if one["write"]]
    assert {one["kind"] for one in written} == {"request", "change"}
    assert "mkdir" in next(one["operation"] for one in written if one["kind"] == "request")

# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Replies in the forms of Windows 2003 (WinRM 1.1), 2008 R2 (2.0) and 2012 (3.0), and what other clients make of them.

The files in replies/ are written from the protocol notes, each in the form of its version, as whole envelopes.
"""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman import envelopes, parsing, values
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.client import WsmanClient, stack_of
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.faults import DroppedError, WsmanFault, from_reply
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.winrs import WinRS
from pypsrp.wsman import OptionSet, SelectorSet, WSMan
from winrm.exceptions import WinRMTransportError
from winrm.protocol import Protocol

REPLIES = Path(__file__).parent / "replies"
NAMES = sorted(path.stem for path in REPLIES.glob("*.xml"))
SIGNED = re.compile(r"<a:MessageID>([^<]+)<")


def text(name: str, message_id: str = "uuid:none") -> str:
    return (REPLIES / f"{name}.xml").read_text(encoding="utf-8").replace("@MESSAGE_ID@", message_id)


class Replay:
    """Sends the files one after the other, each as the answer to the message it gets; faults as faults."""

    address = "pc"
    timeout_s = 20

    def __init__(self, *names: str) -> None:
        self.names = list(names)
        self.sent: list[str] = []
        self.resets = 0

    def send(self, message: str) -> bytes:
        self.sent.append(message)
        signed = SIGNED.search(message)
        data = text(self.names.pop(0), signed[1] if signed else "").encode()
        fault = from_reply(parsing.parse(data))
        if fault is not None:
            raise fault
        return data

    def reset(self) -> None:
        self.resets += 1


def client(*names: str, **more: Any) -> WsmanClient:
    return WsmanClient(Replay(*names), sleep=lambda _seconds: None, **more)


QUERY = "select Name,State,PathName from Win32_Service"


def test_2003_all_at_once_with_a_subclass() -> None:
    rows = client("2003_services").enumerate("select * from Win32_Service")
    assert [(row["Name"], row["PathName"]) for row in rows] == [
        ("Alerter", None),
        ("ALG", "C:\\WINDOWS\\System32\\alg.exe"),
        ("TermService", "C:\\WINDOWS\\System32\\svchost.exe -k DComLaunch"),
    ]
    assert (rows[2]["EstimatedSessions"], rows[0]["InstallDate"]) == ("2", None)


def test_2008r2_pages_of_fragments() -> None:
    one = client("2008r2_services_1", "2008r2_services_2", "2008r2_services_3")
    rows = one.enumerate(QUERY, columns=("Name", "State", "PathName"))
    assert [row["Name"] for row in rows] == ["AeLookupSvc", "ALG", "AppIDSvc", "WwanSvc"]
    assert [row["PathName"] for row in rows][2:] == [None, ""]


def test_2008r2_an_empty_page_in_the_middle() -> None:
    rows = client("2008r2_whole_1", "2008r2_whole_2", "2008r2_whole_3").enumerate("select * from Win32_Service")
    assert [row["Name"] for row in rows] == ["AeLookupSvc", "TermService"]


def test_2008r2_times_numbers_arrays() -> None:
    (row,) = client("2008r2_os").enumerate("select Caption from Win32_OperatingSystem")
    typed = {
        "LastBootUpTime": ("datetime", "2013-03-09T03:06:39.500000+00:00"),
        "InstallDate": ("datetime", "2013-03-09T04:06:25+01:00"),
        "MUILanguages": ("string[]", ["en-US"]),
        "TotalVirtualMemorySize": ("uint64", 2**64 - 1),
        "PAEEnabled": ("boolean", False),
        "CSDVersion": ("string", None),
    }
    assert {name: values.convert(row[name], kind) for name, (kind, _value) in typed.items()} == {
        name: value for name, (_kind, value) in typed.items()
    }
    (row,) = client("2008r2_adapter").enumerate("select Index from Win32_NetworkAdapterConfiguration")
    assert [
        values.convert(row[name], "string[]") for name in ("IPAddress", "DNSServerSearchOrder", "DefaultIPGateway")
    ] == [
        ["10.20.1.11", "fe80::1"],
        ["10.20.1.1"],
        [],
    ]
    assert client("2008r2_none").enumerate("select Name from Win32_Tpm") == []


def test_2012_reference_embedded_interval() -> None:
    found = client("2012_get").get("Win32_Example", {"Name": "x"})
    assert found["Antecedent"] == {"class": "Win32_Service", "namespace": "root/cimv2", "keys": {"Name": "Spooler"}}
    assert found["Startup"] == {"ShowWindow": "1", "Title": None}
    assert values.convert(found["Uptime"], "interval") == 93784.5
    assert values.convert(found["When"], "datetime") == "2013-03-09T03:06:38.376625+00:00"
    assert values.convert(found["Day"], "datetime") == "2013-03-09T00:00:00+00:00"
    assert values.convert(found["Data"], "uint8[]") == [1, 255]


def test_2012_one_property_and_a_method() -> None:
    one = client("2012_fragment", "2012_invoke")
    assert one.get_property("Win32_OperatingSystem", "Version", {}) == "6.2.9200"
    assert "FragmentTransfer" in one.transport.sent[0]  # type: ignore[attr-defined]
    assert one.invoke("Win32_Process", "Create", [("CommandLine", "x")]) == {"ProcessId": "2460", "ReturnValue": 0}


@pytest.mark.parametrize(("name", "stack"), [("2003", (1, 1)), ("2008r2", (2, 0)), ("2012", (3, 0))])
def test_the_stack_switches_the_size_of_replies(name: str, stack: tuple[int, int]) -> None:
    one = client(f"{name}_identify", adapt=True)
    one.adapt_envelope()
    one.adapt_envelope()
    assert one.requests == 1
    assert one.max_envelope == (512000 if stack >= (3, 0) else 153600)
    assert stack_of("OS: 0.0.0 SP: 0.0") == (0, 0)


@pytest.mark.parametrize("shell", ["2008r2_shell", "2012_shell"])
def test_a_command_on_each_shell(shell: str) -> None:
    one = client(shell, "command", "2008r2_fault_timeout", "receive_running", "receive_done", "signal", "delete")
    with WinRS(one) as winrs:
        result = winrs.run("type x")
    assert (result.rc, result.stdout, result.stderr) == (
        3221225786,
        "\N{LATIN SMALL LETTER U WITH DIAERESIS} ok\r\n",
        "bad\r\n",
    )
    assert one.transport.names == []  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "numbers", "reaction", "fix"),
    [
        ("2003_fault_class", (0x80041010, 0x80041010), "missing", "class and namespace"),
        ("2008r2_fault_class", (0x80338000, 0x80041010), "missing", "class and namespace"),
        ("2012_fault_namespace", (0x80338000, 0x8004100E), "missing", "namespace"),
        ("2008r2_fault_denied", (5, 0), "denied", "LocalAccountTokenFilterPolicy"),
        ("2008r2_fault_timeout", (0x80338029, 0), "timed_out", "operation_timeout_sec"),
        ("2008r2_fault_operations", (0x803381A6, 0), "quota", "close other remote sessions"),
        ("2012_fault_shells", (0x803381A5, 0), "quota", "close other remote sessions"),
        ("2008r2_fault_policy", (0x803381AC, 0), "shell_disabled", "AllowRemoteShellAccess"),
    ],
)
def test_faults_of_each_version(name: str, numbers: tuple[int, int], reaction: str, fix: str) -> None:
    fault = from_reply(parsing.parse(text(name).encode()))
    assert fault is not None
    assert (fault.fault, fault.wmi) == numbers
    reactions = [one for one in ("missing", "denied", "timed_out", "quota", "shell_gone") if getattr(fault, one)]
    assert reaction in [*reactions, "shell_disabled"]
    assert getattr(fault, reaction)
    assert fix in fault.fix


def test_a_fault_says_what_it_says_once() -> None:
    reply = """<Envelope><Body><Fault><Reason><Text>The service cannot do it. Invalid class. </Text></Reason><Detail>
    <WSManFault Code="2150858752"><Message><ProviderFault><WSManFault Code="2147749904"><Message>Invalid class.
    </Message></WSManFault><ExtendedError>Provider CIMWin32</ExtendedError></ProviderFault></Message></WSManFault>
    </Detail></Fault></Body></Envelope>"""
    fault = from_reply(parsing.parse(reply.encode()))
    assert fault is not None
    assert fault.reason == "The service cannot do it. Invalid class. Provider CIMWin32"


def test_a_full_pc_is_asked_once_more_after_a_pause() -> None:
    pauses: list[float] = []
    one = WsmanClient(Replay("2008r2_fault_operations", "2008r2_none"), sleep=pauses.append)
    assert one.enumerate("select Name from Win32_Tpm") == []
    assert pauses == [5.0]
    with pytest.raises(WsmanFault, match="concurrent operations"):
        client("2008r2_fault_operations", "2008r2_fault_operations").enumerate("select Name from Win32_Tpm")


def test_a_method_is_not_repeated_on_a_full_pc() -> None:
    with pytest.raises(WsmanFault):
        client("2008r2_fault_operations", "2012_invoke").invoke("Win32_Process", "Create", [("CommandLine", "x")])


class OutOfStep(Replay):
    """Answers the first message as if it were another one."""

    def send(self, message: str) -> bytes:
        data = super().send(message)
        return data if self.resets else data.replace(SIGNED.search(message)[1].encode(), b"uuid:OTHER")  # type: ignore[index]


def test_the_answer_to_another_message_is_never_taken() -> None:
    transport = OutOfStep("2008r2_none", "2008r2_os")
    assert len(WsmanClient(transport).enumerate("select Caption from Win32_OperatingSystem")) == 1
    assert transport.resets == 1
    with pytest.raises(DroppedError, match="another message"):
        WsmanClient(OutOfStep("2012_invoke")).invoke("Win32_Process", "Create", [("CommandLine", "x")])


# A third opinion: the clients of other projects on the same replies, and their envelopes beside ours.


def psrp(*names: str) -> tuple[WSMan, list[ElementTree.Element]]:
    sent: list[ElementTree.Element] = []
    waiting = list(names)

    def send(message: bytes, **_more: Any) -> bytes:
        sent.append(ElementTree.fromstring(message))
        reply = text(waiting.pop(0), parsing.text_of(sent[-1], "MessageID"))
        if "<s:Fault>" in reply:
            raise _psrp_error(reply)
        return reply.encode()

    made = WSMan("pc", username="u", password="p", ssl=False)
    made.transport = SimpleNamespace(send=send, endpoint="http://pc:5985/wsman", close=lambda: None)
    return made, sent


def _psrp_error(reply: str) -> Exception:
    from pypsrp.exceptions import WinRMTransportError as PsrpError  # noqa: PLC0415

    return PsrpError("http", 500, reply)


@pytest.mark.parametrize("name", [name for name in NAMES if "fault" in name])
def test_pypsrp_reads_the_same_fault(name: str) -> None:
    ours = from_reply(parsing.parse(text(name).encode()))
    theirs = WSMan._parse_wsman_fault(text(name))
    assert ours is not None
    assert theirs.code == ours.fault


@pytest.mark.parametrize("name", [name for name in NAMES if "fault" not in name and "identify" not in name])
def test_pypsrp_takes_every_reply_as_an_answer(name: str) -> None:
    other, _sent = psrp(name)
    root = other.invoke("a", "r", None)
    assert parsing.first(root, "Body") is not None


def header(root: ElementTree.Element) -> dict[str, Any]:
    """What matters of a header: a flag, text or set by its qualified name."""
    found: dict[str, Any] = {}
    for one in next(item for item in root if parsing.local(item) == "Header"):
        name = parsing.local(one)
        if name in ("SelectorSet", "OptionSet"):
            found[name] = (one.tag, {item.get("Name"): item.text for item in one})
        elif name not in ("To", "MessageID", "SessionId", "OperationTimeout"):
            found[name] = (one.tag, "".join(one.itertext()), sorted(one.attrib.items()))
    return found


def test_our_header_is_that_of_pypsrp() -> None:
    other, sent = psrp("command")
    options, selectors = OptionSet(), SelectorSet()
    options.add_option("WINRS_SKIP_CMD_SHELL", "FALSE")
    selectors.add_option("ShellId", "S1")
    other.invoke(f"{envelopes.SHELL}/Command", envelopes.SHELL_URI, None, options, selectors, timeout=20)
    ours = envelopes.message(
        f"{envelopes.SHELL}/Command",
        envelopes.SHELL_URI,
        "",
        message_id="M",
        timeout_s=20,
        selectors={"ShellId": "S1"},
        options={"WINRS_SKIP_CMD_SHELL": "FALSE"},
    )
    assert header(ElementTree.fromstring(ours)) == header(sent[0])


def pywinrm(*names: str) -> tuple[Protocol, list[ElementTree.Element]]:
    sent: list[ElementTree.Element] = []
    waiting = list(names)

    def send(message: Any) -> bytes:
        sent.append(ElementTree.fromstring(message))
        reply = text(waiting.pop(0), parsing.text_of(sent[-1], "MessageID"))
        if "<s:Fault>" in reply:
            raise WinRMTransportError("http", 500, reply)
        return reply.encode()

    made = Protocol("http://pc:5985/wsman", transport="ntlm", username="u", password="p")
    made.transport = SimpleNamespace(send_message=send)
    return made, sent


def plain(root: ElementTree.Element) -> Any:
    return root.tag, (root.text or "").strip(), dict(root.attrib), [plain(one) for one in root]


def body(root: ElementTree.Element) -> Any:
    return [plain(one) for one in next(item for item in root if parsing.local(item) == "Body")]


def test_pywinrm_reads_and_writes_the_same_command() -> None:
    names = ["2012_shell", "command", "receive_running", "receive_done", "signal", "delete"]
    other, theirs = pywinrm(*names)
    shell = other.open_shell(codepage=65001, noprofile=True)
    started = other.run_command(shell, "type x")
    result = other.get_command_output(shell, started)
    other.cleanup_command(shell, started)
    other.close_shell(shell, close_session=False)
    one = client(*names)
    with WinRS(one) as winrs:
        ours = winrs.run("type x")
    assert (ours.stdout.encode(), ours.stderr.encode(), ours.rc) == result
    sent = [ElementTree.fromstring(message) for message in one.transport.sent]  # type: ignore[attr-defined]
    for mine, other_one in zip(sent, theirs, strict=True):
        assert [header(mine)[key][1] for key in ("Action", "ResourceURI")] == [
            header(other_one)[key][1] for key in ("Action", "ResourceURI")
        ]
        assert header(mine).get("SelectorSet") == header(other_one).get("SelectorSet")
        assert {k: v.upper() for k, v in header(mine).get("OptionSet", ("", {}))[1].items()} == {
            k: v.upper() for k, v in header(other_one).get("OptionSet", ("", {}))[1].items()
        }
    # Receive, Signal: the bodies too, element by element.
    assert [body(root) for root in sent[2:5]] == [body(root) for root in theirs[2:5]]

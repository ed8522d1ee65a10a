# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The client against replies in the shapes that Windows 2003, 2008 R2 and 2012 send."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree import ElementTree

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, PeerError, TalkError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.client import WsmanClient
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.faults import (
    DroppedError,
    TooMuchError,
    WsmanFault,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.paging import Limits
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.winrs import WinRS

ENVELOPE = (
    '<s:Envelope xml:lang="en-US" xmlns:s="http://www.w3.org/2003/05/soap-envelope"'
    ' xmlns:n="http://schemas.xmlsoap.org/ws/2004/09/enumeration"'
    ' xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"'
    ' xmlns:rsp="http://schemas.microsoft.com/wbem/wsman/1/windows/shell"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><s:Header/><s:Body>{}</s:Body></s:Envelope>'
)
SERVICE = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Service"
TIMED_OUT = WsmanFault("The operation timed out", code=0x80338029)


def reply(body: str) -> bytes:
    return ENVELOPE.format(body).encode()


def first(items: str, context: str = "", end: bool = False) -> bytes:
    done = "<w:EndOfSequence/>" if end else ""
    return reply(
        f"<n:EnumerateResponse><n:EnumerationContext>{context}</n:EnumerationContext><w:Items>{items}</w:Items>{done}"
        "</n:EnumerateResponse>"
    )


def page(items: str, context: str = "") -> bytes:
    more = f"<n:EnumerationContext>{context}</n:EnumerationContext>" if context else ""
    done = "" if context else "<n:EndOfSequence/>"
    return reply(f"<n:PullResponse>{more}<n:Items>{items}</n:Items>{done}</n:PullResponse>")


def fragment(name: str) -> str:
    return f'<w:XmlFragment><Name>{name}</Name><PathName xsi:nil="true"/></w:XmlFragment>'


def whole(name: str, kind: str = "Win32_Service") -> str:
    uri = SERVICE.replace("Win32_Service", kind)
    return f'<p:{kind} xmlns:p="{uri}" xsi:type="p:{kind}_Type"><p:Name>{name}</p:Name></p:{kind}>'


class FakeTransport:
    """Answers from a list; an exception in it is raised."""

    address = "pc"
    timeout_s = 20

    def __init__(self, *answers: bytes | Exception) -> None:
        self.answers = list(answers)
        self.sent: list[str] = []
        self.resets = 0

    def send(self, message: str) -> bytes:
        ElementTree.fromstring(message)
        self.sent.append(message)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def reset(self) -> None:
        self.resets += 1

    def asked(self) -> list[str]:
        return [re.sub(r".*/", "", re.findall(r"<a:Action[^>]*>([^<]+)", text)[0]) for text in self.sent]


def query(transport: FakeTransport, wql: str = "select Name,PathName from Win32_Service") -> list[dict[str, Any]]:
    return WsmanClient(transport).enumerate(wql)


def test_2003_puts_everything_into_the_first_reply() -> None:
    transport = FakeTransport(first(fragment("a") + fragment("b"), end=True))
    assert [row["Name"] for row in query(transport)] == ["a", "b"]
    assert transport.asked() == ["Enumerate"]


def test_2008r2_sends_one_item_first_then_pages_with_new_contexts() -> None:
    transport = FakeTransport(first(fragment("a"), "uuid:1"), page(fragment("b"), "uuid:2"), page(fragment("c")))
    assert [row["Name"] for row in query(transport)] == ["a", "b", "c"]
    assert [re.findall("uuid:[0-9]<", text) for text in transport.sent[1:]] == [["uuid:1<"], ["uuid:2<"]]


def test_2012_may_send_an_empty_page_although_more_follows() -> None:
    transport = FakeTransport(first("", "uuid:1"), page("", "uuid:2"), page(fragment("z")))
    assert [row["Name"] for row in query(transport)] == ["z"]


def test_whole_items_and_subclass_items_count_alike() -> None:
    transport = FakeTransport(first(whole("a"), "uuid:1"), page(whole("b", "Win32_TerminalService")))
    assert query(transport, "select * from Win32_Service") == [{"Name": "a"}, {"Name": "b"}]


def test_columns_are_there_also_when_the_pc_leaves_them_out() -> None:
    transport = FakeTransport(first("<w:XmlFragment><Name>a</Name></w:XmlFragment>", end=True))
    rows = WsmanClient(transport).enumerate("select Name,State from Win32_Service", columns=("Name", "State"))
    assert rows == [{"Name": "a", "State": None}]


def test_a_timed_out_pull_is_asked_again_with_its_context() -> None:
    transport = FakeTransport(first(fragment("a"), "uuid:1"), TIMED_OUT, page(fragment("b")))
    assert len(query(transport)) == 2
    assert transport.asked() == ["Enumerate", "Pull", "Pull"]


def test_a_read_is_tried_once_more_after_a_drop() -> None:
    transport = FakeTransport(
        first(fragment("a"), "uuid:1"), DroppedError("gone"), first(fragment("a"), "uuid:7"), page(fragment("b"))
    )
    assert [row["Name"] for row in query(transport)] == ["a", "b"]
    assert transport.resets == 1
    with pytest.raises(DroppedError):
        query(FakeTransport(DroppedError("gone"), DroppedError("gone")))


def test_a_method_call_is_never_repeated() -> None:
    transport = FakeTransport(DroppedError("gone"), reply(""))
    with pytest.raises(DroppedError):
        WsmanClient(transport).invoke("Win32_Process", "Create", [("CommandLine", "cmd /c exit")])
    assert len(transport.sent) == 1


def test_a_method_call_escapes_and_gives_its_result() -> None:
    uri = SERVICE.replace("Service", "Process")
    inside = "<p:ProcessId>77</p:ProcessId><p:ReturnValue>0</p:ReturnValue>"
    output = f'<p:Create_OUTPUT xmlns:p="{uri}">{inside}</p:Create_OUTPUT>'
    transport = FakeTransport(reply(output))
    result = WsmanClient(transport).invoke("Win32_Process", "Create", [("CommandLine", 'cmd /c "a && b <c>"')])
    assert result == {"ProcessId": "77", "ReturnValue": 0}
    assert "a &amp;&amp; b &lt;c&gt;" in transport.sent[0]


@pytest.mark.parametrize("limits", [Limits(pages=3), Limits(items=1), Limits(size=1500)])
def test_a_limit_releases_the_context(limits: Limits) -> None:
    pages = [page(fragment(str(number)), f"uuid:{number}") for number in range(2)]
    transport = FakeTransport(first("", "uuid:a"), *pages, reply(""))
    with pytest.raises(TooMuchError, match="did not finish.*fewer columns"):
        WsmanClient(transport).enumerate("select Name from Win32_Service", limits=limits)
    assert transport.asked()[-1] == "Release"
    assert "uuid:1<" in transport.sent[-1]


def test_an_endless_enumeration_ends_at_its_deadline() -> None:
    ticks: Iterator[float] = iter(range(0, 10_000, 100))
    transport = FakeTransport(*[first("", "uuid:a")] + [page("", "uuid:b")] * 20)
    with pytest.raises(PeerError, match="did not finish"):
        WsmanClient(transport, clock=lambda: next(ticks)).enumerate("select Name from Win32_Service")
    assert len(transport.sent) < 10


@pytest.mark.parametrize(
    ("fault", "missing", "denied"),
    [
        (WsmanFault("x", code=0x80338000), True, False),
        (WsmanFault("x", wmi=0x8004100E), True, False),
        (WsmanFault("x", wmi=0x80041010), True, False),
        (WsmanFault("x", code=5), False, True),
        (WsmanFault("x", wmi=0x80041003), False, True),
        (WsmanFault("x", code=0x80338035), False, False),
    ],
)
def test_faults_say_what_they_ask_of_us(fault: WsmanFault, missing: bool, denied: bool) -> None:
    assert (fault.missing, fault.denied) == (missing, denied)


def shell_reply(name: str, state: str = "", **streams: str) -> bytes:
    parts = "".join(
        f'<rsp:Stream Name="{key}" CommandId="C1">{base64.b64encode(text.encode()).decode()}</rsp:Stream>'
        for key, text in streams.items()
    )
    uri = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/CommandState"
    done = (
        f'<rsp:CommandState State="{uri}/{state}"><rsp:ExitCode>{name}</rsp:ExitCode></rsp:CommandState>'
        if state
        else ""
    )
    return reply(f"<rsp:ReceiveResponse>{parts}{done}</rsp:ReceiveResponse>")


CREATED = reply('<x><w:SelectorSet><w:Selector Name="ShellId">S1</w:Selector></w:SelectorSet></x>')
STARTED = reply("<rsp:CommandResponse><rsp:CommandId>C1</rsp:CommandId></rsp:CommandResponse>")


def test_a_command_collects_its_output_over_several_replies() -> None:
    transport = FakeTransport(
        CREATED,
        STARTED,
        TIMED_OUT,
        shell_reply("", stdout="one "),
        shell_reply("3221225786", "Done", stdout="two", stderr="three"),
        reply(""),
        reply(""),
    )
    with WinRS(WsmanClient(transport)) as shell:
        result = shell.run("type a & b")
    assert (result.rc, result.stdout, result.stderr) == (3221225786, "one two", "three")
    assert transport.asked() == ["Create", "Command", "Receive", "Receive", "Receive", "Signal", "Delete"]


def test_a_used_up_shell_is_made_anew_because_the_command_did_not_start() -> None:
    transport = FakeTransport(
        CREATED,
        WsmanFault("quota", code=0x803381A6),
        reply(""),
        CREATED,
        STARTED,
        shell_reply("0", "Done"),
        reply(""),
        reply(""),
    )
    with WinRS(WsmanClient(transport)) as shell:
        assert shell.run("ver").rc == 0
    assert transport.asked().count("Create") == 2


def test_a_command_is_never_repeated_after_a_drop() -> None:
    transport = FakeTransport(CREATED, DroppedError("gone"))
    with pytest.raises(DroppedError), WinRS(WsmanClient(transport)) as shell:
        shell.run("msiexec /i x.msi")
    assert transport.asked() == ["Create", "Command"]


def test_a_command_without_end_is_terminated() -> None:
    now: Callable[[], float] = iter(range(0, 100_000, 400)).__next__
    transport = FakeTransport(CREATED, STARTED, *[TIMED_OUT] * 3, reply(""), reply(""))
    with pytest.raises(PeerError, match="did not end within 600 s"), WinRS(WsmanClient(transport), clock=now) as shell:
        shell.run("pause")
    assert "Signal" in transport.asked()


@pytest.mark.parametrize("command", ["a\r\nb", "a\nb", "a\0b", "", "  ", "x" * 8192])
def test_lines_that_cmd_would_misread_are_refused(command: str) -> None:
    transport = FakeTransport()
    with pytest.raises(InputError):
        WinRS(WsmanClient(transport)).run(command)
    assert transport.sent == []


def test_input_is_sent_in_parts_and_ends() -> None:
    busy = WsmanFault("busy", code=170)
    transport = FakeTransport(
        CREATED, STARTED, busy, reply(""), reply(""), shell_reply("0", "Done"), reply(""), reply("")
    )
    pauses: list[float] = []
    with WinRS(WsmanClient(transport), sleep=pauses.append) as shell:
        shell.run("more", stdin="x" * 50_000)
    assert transport.asked() == ["Create", "Command", "Send", "Send", "Send", "Receive", "Signal", "Delete"]
    assert pauses == [5.0]
    assert ['End="true"' in text for text in transport.sent[2:5]] == [False, False, True]
    assert 'Name="WINRS_CONSOLEMODE_STDIN">FALSE' in transport.sent[1]
    assert max(map(len, transport.sent)) < 100_000


def test_a_program_is_started_without_cmd() -> None:
    transport = FakeTransport(CREATED, STARTED, shell_reply("0", "Done"), reply(""), reply(""))
    with WinRS(WsmanClient(transport), directory="C:\\A & B", codepage=437) as shell:
        shell.run_program(["reg", "query", "HKLM\\A B"])
    assert 'Name="WINRS_SKIP_CMD_SHELL">TRUE' in transport.sent[1]
    assert '>reg query "HKLM\\A B"<' in transport.sent[1]
    assert "<rsp:WorkingDirectory>C:\\A &amp; B<" in transport.sent[0]
    assert 'Name="WINRS_CODEPAGE">437' in transport.sent[0]


def raw_output(data: bytes) -> bytes:
    return shell_reply("0", "Done").replace(
        b"<rsp:CommandState",
        b'<rsp:Stream Name="stdout">' + base64.b64encode(data) + b"</rsp:Stream><rsp:CommandState",
    )


@pytest.mark.parametrize(
    ("pages", "data", "text", "warned"),
    [
        ({}, "gr\xfcn".encode(), "gr\xfcn", False),
        ({}, "gr\xfcn".encode("cp850"), "gr\xfcn", True),
        ({"oem_codepage": 437}, "gr\xfcn".encode("cp437"), "gr\xfcn", True),
        ({"codepage": 1252}, "gr\xfcn".encode("cp1252"), "gr\xfcn", False),
        ({"codepage": 1252}, b"gr\x81n", "gr\ufffdn", True),
    ],
)
def test_code_pages(pages: dict[str, int], data: bytes, text: str, warned: bool) -> None:
    client = WsmanClient(FakeTransport(CREATED, STARTED, raw_output(data), reply(""), reply("")))
    with WinRS(client, **pages) as shell:
        assert shell.run("type x").stdout == text
    assert bool(client.warnings) is warned


def test_unknown_code_pages_are_refused() -> None:
    with pytest.raises(InputError, match="code page 12345"):
        WinRS(WsmanClient(FakeTransport()), codepage=12345)


def test_no_secret_of_a_command_line_is_in_a_message() -> None:
    now: Callable[[], float] = iter(range(0, 100_000, 400)).__next__
    transport = FakeTransport(CREATED, STARTED, *[TIMED_OUT] * 3, reply(""), reply(""))
    with pytest.raises(PeerError) as caught, WinRS(WsmanClient(transport), clock=now) as shell:
        shell.run("net use x: secret-word")
    assert "'net'" in str(caught.value)
    assert "secret-word" not in str(caught.value)


def test_a_pc_that_is_gone_is_not_asked_to_tidy_up() -> None:
    transport = FakeTransport(CREATED, STARTED, TalkError("gone"))
    with pytest.raises(TalkError), WinRS(WsmanClient(transport)) as shell:
        shell.run("ver")
    assert transport.asked() == ["Create", "Command", "Receive"]


def test_the_time_left_is_the_time_asked_for() -> None:
    transport = FakeTransport(CREATED, STARTED, shell_reply("0", "Done"), reply(""), reply(""))
    with WinRS(WsmanClient(transport)) as shell:
        shell.run("ver", timeout_s=3)
    assert "PT2S" in transport.sent[2] or "PT3S" in transport.sent[2]


def test_a_put_changes_properties_once() -> None:
    uri = SERVICE
    transport = FakeTransport(
        reply(f'<p:Win32_Service xmlns:p="{uri}"><p:Name>a</p:Name></p:Win32_Service>'), reply("")
    )
    client = WsmanClient(transport)
    assert client.put("Win32_Service", {"Name": "a"}, {"StartMode": "Manual"}) == {"Name": "a"}
    assert "<m:StartMode>Manual</m:StartMode>" in transport.sent[0]
    client.delete("Win32_Service", {"Name": "a", "Flag": True})
    assert transport.asked() == ["Put", "Delete"]
    assert '<w:Selector Name="Flag">true</w:Selector>' in transport.sent[1]
    for call in (lambda one: one.put("X", {}, {}), lambda one: one.delete("X", {})):
        lost = FakeTransport(DroppedError("gone"))
        with pytest.raises(DroppedError):
            call(WsmanClient(lost))


def test_larger_replies_are_taken_back_where_they_are_refused() -> None:
    stack = "<x><ProductVersion>OS: 10.0.19045 SP: 0.0 Stack: 3.0</ProductVersion></x>"
    identified = reply(f"<IdentifyResponse>{stack}</IdentifyResponse>")
    transport = FakeTransport(
        first("", "uuid:1"),
        page("", "uuid:2"),
        identified,
        WsmanFault("too large", code=0x80338049),
        page(fragment("a")),
    )
    assert len(WsmanClient(transport, adapt=True).enumerate("select Name from X")) == 1
    sizes = [re.findall(r"MaxEnvelopeSize[^>]*>(\d+)", text) for text in transport.sent]
    assert sizes == [["153600"], ["153600"], [], ["512000"], ["153600"]]


def test_win32_product_is_refused_by_the_client_itself() -> None:
    client = WsmanClient(FakeTransport())
    for call in (
        lambda: client.enumerate("select Name from Win32_Product"),
        lambda: next(client.iterate("select Name from Win32_Product")),
        lambda: client.get("Win32_Product", {"Name": "x"}),
        lambda: client.invoke("Win32_Product", "Uninstall", selectors={"Name": "x"}),
        lambda: client.put("Win32_Product", {"Name": "x"}, {}),
        lambda: client.delete("CIM_Product", {"Name": "x"}),
    ):
        with pytest.raises(InputError, match="never asked"):
            call()
    assert client.requests == 0

# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What pywinrm and requests raise, told apart; a fake in the place of the connection plugin."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import requests
from ansible.errors import AnsibleConnectionFailure
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, OtedgeError, TalkError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman import adapter
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.faults import DroppedError, WsmanFault
from winrm.exceptions import InvalidCredentialsError, WinRMError, WinRMTransportError

FAULT = (
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"'
    ' xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"><s:Header><a:RelatesTo>uuid:M1</a:RelatesTo></s:Header>'
    "<s:Body><s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>w:X</s:Value></s:Subcode></s:Code>"
    '<s:Reason><s:Text xml:lang="en-US">{reason}</s:Text></s:Reason><s:Detail>{detail}</s:Detail></s:Fault></s:Body>'
    "</s:Envelope>"
)
WSMAN = "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault"
WMI_ERROR = "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/MSFT_WmiError"


def soap_fault(reason: str, detail: str) -> WinRMTransportError:
    return WinRMTransportError("http", 500, FAULT.format(reason=reason, detail=detail).encode())


class FakeProtocol:
    operation_timeout_sec = 20

    def __init__(self, answers: list[Any], endpoint: str, method: str) -> None:
        self.answers = answers
        self.transport = SimpleNamespace(
            endpoint=endpoint,
            auth_method=method,
            read_timeout_sec=30,
            encryption="keys",
            close_session=self.close,
            send_message=self.send_message,
        )
        self.closed = 0

    def close(self) -> None:
        self.closed += 1

    def send_message(self, message: bytes) -> bytes:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


class FakeConnection:
    transport = "winrm"

    def __init__(
        self, *answers: Any, transports: list[str] | None = None, endpoint: str = "http://pc:5985/wsman"
    ) -> None:
        self.protocol: Any = None
        self.shell_id: str | None = None
        self.shells_opened = 0
        self.transports = transports or ["ntlm"]
        self.made = FakeProtocol(list(answers), endpoint, self.transports[0])

    def get_option(self, name: str) -> Any:
        return {"transport": self.transports, "remote_addr": "pc", "remote_user": "svc"}[name]

    def _connect(self) -> None:
        if not self.shell_id:
            self.shells_opened += 1
            self.shell_id = "S1"
        self.protocol = self.made


def sent(*answers: Any) -> Any:
    transport = adapter.open_transport(FakeConnection(*answers))
    result: Any = None
    for _answer in answers:
        result = transport.send("<x/>")
    return result


def test_no_shell_is_opened_and_none_is_left_to_close() -> None:
    connection = FakeConnection(b"<x/>")
    transport = adapter.open_transport(connection)
    assert transport.send("<x/>") == b"<x/>"
    assert (connection.shells_opened, connection.shell_id) == (0, None)
    assert (transport.address, transport.timeout_s) == ("pc:5985", 20)


def test_with_several_transports_the_plugin_tries_them_itself() -> None:
    connection = FakeConnection(transports=["ntlm", "credssp"])
    adapter.open_transport(connection)
    assert connection.shells_opened == 1


@pytest.mark.parametrize(
    ("raised", "kind", "text"),
    [
        (InvalidCredentialsError("no"), TalkError, "rejected the credentials.*user svc, transport ntlm"),
        (WinRMTransportError("http", 400, ""), TalkError, "HTTP 400.*message_encryption"),
        (WinRMTransportError("http", 403, b"<html>denied</html>"), TalkError, "HTTP 403.*proxy"),
        (WinRMTransportError("http", 404, ""), TalkError, "HTTP 404.*ansible_winrm_path"),
        (WinRMTransportError("http", 407, ""), TalkError, "HTTP 407.*no_proxy"),
        (WinRMTransportError("http", 411, ""), TalkError, "HTTP 411.*proxy"),
        (WinRMTransportError("http", 413, ""), TalkError, "HTTP 413.*Send less"),
        (WinRMTransportError("http", 503, ""), TalkError, "HTTP 503.*busy"),
        (WinRMTransportError("http", 418, ""), TalkError, "HTTP 418.*ansible_port"),
        (requests.exceptions.ConnectTimeout("connect"), TalkError, "no connection within 30 s.*winrm quickconfig"),
        (requests.exceptions.ProxyError("Cannot connect"), TalkError, "behind a proxy.*no_proxy"),
        (requests.exceptions.SSLError("UNSUPPORTED_PROTOCOL"), TalkError, "TLS.*port 5985"),
        (requests.exceptions.SSLError("wrong version number"), TalkError, "TLS.*http port"),
        (RuntimeError("KRB_AP_ERR_SKEW: Clock skew too great"), TalkError, "clocks differ.*5 minutes"),
        (RuntimeError("Cannot find KDC for realm"), TalkError, "no domain controller"),
        (RuntimeError("Server not found in Kerberos database"), TalkError, "full name"),
        (
            PermissionError("Access denied: Server did not respond with NTLM challenge token"),
            TalkError,
            "rejected the credentials.*allow Negotiate",
        ),
        (requests.exceptions.ConnectionError("[Errno 111] Connection refused"), TalkError, "refused the connection"),
        (requests.exceptions.ConnectionError("[Errno 113] No route to host"), TalkError, "no route"),
        (requests.exceptions.ConnectionError("Name or service not known"), TalkError, "does not resolve"),
        (requests.exceptions.ReadTimeout("read"), TalkError, "did not answer in time"),
        (
            requests.exceptions.ChunkedEncodingError(
                "Connection broken: IncompleteRead(9 bytes read, 1 more expected)"
            ),
            TalkError,
            r"broke off: a reply ended in the middle\. Check the network",
        ),
        (
            requests.exceptions.ConnectionError("Connection aborted.", "RemoteDisconnected('Remote end closed')"),
            TalkError,
            r"broke off: it was closed without an answer\.",
        ),
        (requests.exceptions.ConnectionError("[Errno 104] reset by peer"), TalkError, r"broke off: it was reset\."),
        (requests.exceptions.SSLError("CERTIFICATE_VERIFY_FAILED"), TalkError, "TLS.*ca_trust_path"),
        (WinRMError("requested auth method is ntlm, but requests_ntlm is not installed"), TalkError, "requests_ntlm"),
    ],
)
def test_causes_at_the_first_message(raised: Exception, kind: type[OtedgeError], text: str) -> None:
    with pytest.raises(kind, match=text) as caught:
        sent(raised)
    assert not isinstance(caught.value, DroppedError)


@pytest.mark.parametrize(
    "raised",
    [
        InvalidCredentialsError("no"),
        WinRMTransportError("http", 400, ""),
        requests.exceptions.ConnectionError("Connection aborted., RemoteDisconnected"),
        requests.exceptions.ChunkedEncodingError("IncompleteRead(10 bytes read)"),
        RuntimeError("Invalid Message integrity Check (MIC) detected"),
        KeyError("Content-Type"),
    ],
)
def test_a_session_that_worked_is_told_as_dropped(raised: Exception) -> None:
    with pytest.raises(DroppedError):
        sent(b"<x/>", raised)


def test_after_a_reset_a_wrong_password_is_a_wrong_password_again() -> None:
    connection = FakeConnection(b"<x/>", InvalidCredentialsError("no"))
    transport = adapter.open_transport(connection)
    transport.send("<x/>")
    transport.reset()
    assert (connection.made.closed, connection.made.transport.encryption) == (1, None)
    with pytest.raises(TalkError, match="rejected"):
        transport.send("<x/>")


WMI = f'<m:MSFT_WmiError xmlns:m="{WMI_ERROR}"><m:error_Code>2147749904</m:error_Code></m:MSFT_WmiError>'


@pytest.mark.parametrize(
    ("detail", "numbers", "reaction"),
    [
        (f'<f:WSManFault xmlns:f="{WSMAN}" Code="2150858752"/>{WMI}', (0x80338000, 0x80041010), "missing"),
        (f'<f:WSManFault xmlns:f="{WSMAN}" Code="2150858752"/>', (0x80338000, 0), "missing"),
        # WinRM 1.1 puts the number of WMI where the others have their own.
        (f'<f:WSManFault xmlns:f="{WSMAN}" Code="2147749904"/>', (0x80041010, 0x80041010), "missing"),
        (
            f'<f:WSManFault xmlns:f="{WSMAN}" Code="2150859174"><f:Message><f:ProviderFault provider="WMI">'
            '<f:WSManFault Code="2147749902"/></f:ProviderFault></f:Message></f:WSManFault>',
            (0x803381A6, 0x8004100E),
            "missing",
        ),
        (f'<f:WSManFault xmlns:f="{WSMAN}" Code="2150858793"/>', (0x80338029, 0), "timed_out"),
        (f'<f:WSManFault xmlns:f="{WSMAN}" Code="5"/>', (5, 0), "denied"),
        (f'<f:WSManFault xmlns:f="{WSMAN}" Code="2150859180"/>', (0x803381AC, 0), "shell_disabled"),
        (f'<f:WSManFault xmlns:f="{WSMAN}" Code="170"/>', (0xAA, 0), "busy"),
        ("", (0, 0), ""),
    ],
)
def test_faults_keep_their_numbers(detail: str, numbers: tuple[int, int], reaction: str) -> None:
    with pytest.raises(WsmanFault) as caught:
        sent(soap_fault("Said the PC", detail))
    found = caught.value
    assert (found.fault, found.wmi, found.relates_to, found.subcode) == (*numbers, "uuid:M1", "w:X")
    assert "Said the PC" in str(found)
    assert not reaction or getattr(found, reaction)


def test_a_fault_means_that_the_login_was_fine() -> None:
    connection = FakeConnection(soap_fault("no", ""), InvalidCredentialsError("no"))
    transport = adapter.open_transport(connection)
    with pytest.raises(WsmanFault):
        transport.send("<x/>")
    with pytest.raises(DroppedError):
        transport.send("<x/>")


def test_kerberos_trouble_while_connecting_is_unreachable() -> None:
    connection = FakeConnection()

    def fail() -> None:
        raise AnsibleConnectionFailure("Kerberos auth failure for principal x: no KDC")

    connection._connect = fail  # type: ignore[method-assign]
    with pytest.raises(TalkError, match="no KDC"):
        adapter.open_transport(connection)
    assert connection.shell_id is None


def test_clear_text_is_refused_over_http_and_fine_over_https() -> None:
    with pytest.raises(TalkError, match="clear text"):
        adapter.open_transport(FakeConnection(transports=["basic"]))
    with pytest.raises(TalkError, match="clear text"):
        adapter.open_transport(FakeConnection(transports=["ssl"]))
    adapter.open_transport(FakeConnection(transports=["basic"], endpoint="https://pc:5986/wsman"))


def test_other_connections_and_a_missing_library_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="this host uses ssh"):
        adapter.open_transport(SimpleNamespace(transport="ssh"))
    monkeypatch.setattr(adapter, "LIBRARY_ERROR", ImportError("No module named winrm"))
    with pytest.raises(OtedgeError, match=r"pywinrm.*requirements\.txt"):
        adapter.open_transport(FakeConnection())

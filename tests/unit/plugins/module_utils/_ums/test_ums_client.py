# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, OtedgeError, TalkError
from ansible_collections.otedge.endpoint.plugins.module_utils._specs._ums_connection import UMS_CONNECTION
from ansible_collections.otedge.endpoint.plugins.module_utils._ums import client as client_file
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.client import UmsClient
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.connection import Connection
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.errors import UmsError, UmsUnavailable, refusal
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.resources import Ums
from ansible_collections.otedge.endpoint.tests.unit.plugins.module_utils._ums.fake_ums import (
    FakeUms,
    Server,
    error,
    write_certificate,
)


@pytest.fixture
def fake() -> FakeUms:
    return FakeUms()


@pytest.fixture
def server(fake: FakeUms) -> Iterator[Server]:
    running = Server(fake)
    yield running
    running.close()


def account(**changes: Any) -> Connection:
    options: dict[str, Any] = {"host": "127.0.0.1", "username": "svc-imi", "password": "pässwort", "timeout": 5}
    return Connection(**{**options, **changes})


def plain(server: Server, **options: Any) -> UmsClient:
    """Plain HTTP: the cookie is Secure, so this also proves that no cookie jar decides."""
    connection = account(**{key: options.pop(key) for key in ("password", "timeout") if key in options})
    return UmsClient(connection, base_url=f"http://127.0.0.1:{server.port}/umsapi/v3", **options)


@pytest.mark.parametrize("in_body", [True, False])
def test_session_from_login_to_logout(fake: FakeUms, server: Server, in_body: bool) -> None:
    fake.cookie_in_body = in_body
    with plain(server) as client:
        assert client.get("/thinclients", "list") == []
        assert len(fake.sessions) == 1
    assert fake.sessions == set()
    assert fake.log == [("POST", "/login"), ("GET", "/thinclients"), ("POST", "/logout")]
    assert fake.headers[1]["Cookie"].startswith("JSESSIONID=0")
    assert fake.headers[1]["Cookie"].count("JSESSIONID") == 1


def test_logout_also_after_an_error(fake: FakeUms, server: Server) -> None:
    with pytest.raises(ZeroDivisionError), plain(server):
        raise ZeroDivisionError
    assert fake.log[-1] == ("POST", "/logout")


def test_body_is_utf8_json(fake: FakeUms, server: Server) -> None:
    fake.devices["7"] = {"id": "7"}
    with plain(server) as client:
        client.put("/thinclients/7", {"comment": "Grüße"}, "update")
    assert fake.devices["7"]["comment"] == "Grüße"
    assert fake.headers[1]["Content-Type"] == "application/json; charset=utf-8"


def test_wrong_password_names_account_and_server(server: Server) -> None:
    with (
        pytest.raises(TalkError, match="as svc-imi: the credentials are not accepted") as caught,
        plain(server, password="wrong-one"),
    ):
        pass
    assert "wrong-one" not in str(caught.value)
    assert "administrator" in caught.value.fix


@pytest.mark.parametrize("call", ["get", "put", "delete"])
def test_lost_session_logs_in_once_and_repeats(fake: FakeUms, server: Server, call: str) -> None:
    key = fake.add_device("0A0000000001")
    with plain(server) as client:
        fake.sessions.clear()
        if call == "get":
            assert len(client.get("/thinclients", "list")) == 1
        elif call == "put":
            client.put(f"/thinclients/{key}", {"site": "x"}, "update")
            assert fake.devices[key]["site"] == "x"
        else:
            client.delete(f"/thinclients/{key}/deletetcoffline", "delete")
            assert not fake.devices
    assert [item for item in fake.log if item[1] == "/login"] == [("POST", "/login")] * 2


def test_lost_session_never_repeats_a_create(fake: FakeUms, server: Server) -> None:
    firmware = fake.add_firmware("IGEL OS 12", "12.9.0")
    with plain(server) as client:
        fake.sessions.clear()
        with pytest.raises(UmsError, match="session was lost") as caught:
            Ums(client).create_device({"mac": "0A0000000001", "firmwareID": firmware, "name": ""}, "a")
    assert caught.value.error_code == "ITG-0B004"
    assert not fake.devices
    assert fake.log.count(("PUT", "/thinclients")) == 1


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (error(400, "ITG-0A006"), UmsError, "the directory is not empty"),
        (error(401, "ITG-0B005"), UmsError, "access is denied"),
        (error(400, "ITG-0C001"), UmsError, "a licence is missing"),
        (error(418, "ITG-0Z999"), UmsError, "it refused"),
        (error(500, "ITG-FF002"), UmsUnavailable, "its database failed"),
        ((503, {"oops": 1}), UmsUnavailable, "it is not available"),
        ((500, ["?"]), UmsUnavailable, "an internal error"),
        ((302, None), UmsError, "it sends us to another address"),
    ],
)
def test_refusals_are_typed_by_code_and_never_show_the_servers_words(
    fake: FakeUms, server: Server, answer: tuple[int, Any], kind: type[UmsError], words: str
) -> None:
    with plain(server) as client:
        fake.fail.append(answer)
        with pytest.raises(kind, match=words) as caught:
            client.get("/thinclients", "list the devices")
    assert caught.value.__class__ is kind
    assert "Cannot list the devices on http://127.0.0.1" in str(caught.value)
    shown = str(caught.value) + str(caught.value.as_failure())
    assert "secret" not in shown and "schiefgegangen" not in shown
    assert caught.value.as_failure()["status"] == answer[0]


def test_other_web_servers_are_told_apart(fake: FakeUms, server: Server) -> None:
    fake.raw = b"<html>hello</html>"
    with pytest.raises(TalkError, match="holds no session"), plain(server):
        pass


def test_answer_that_is_no_json(fake: FakeUms, server: Server) -> None:
    with plain(server) as client:
        fake.raw = b"<html>hello</html>"
        with pytest.raises(UmsError, match="not JSON"):
            client.get("/thinclients", "list")
        fake.raw = None


def test_closed_port_says_refused() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (
        pytest.raises(TalkError, match=f"127.0.0.1:{port}: the connection failed .*refused") as caught,
        UmsClient(account(port=port)),
    ):
        pass
    assert "8443" in caught.value.fix


def test_silent_server_times_out() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        base = f"http://127.0.0.1:{silent.getsockname()[1]}/umsapi/v3"
        with pytest.raises(TalkError, match="no answer within 1 s"), UmsClient(account(timeout=1), base_url=base):
            pass


def test_tls_trust(fake: FakeUms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own, key = write_certificate(tmp_path, "ums")
    other, _key = write_certificate(tmp_path, "other")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(own))
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own, key)
    server = Server(fake, context)
    try:
        for wrong in (str(other), None):
            with (
                pytest.raises(TalkError, match="certificate is not trusted .*verify failed") as caught,
                UmsClient(account(port=server.port, ca_path=wrong)),
            ):
                pass
            assert "ca_path" in caught.value.fix
        for trust in ({"ca_path": str(own)}, {"validate_certs": False}):
            with UmsClient(account(port=server.port, **trust)) as client:
                assert client.get("/thinclients", "list") == []
    finally:
        server.close()


def test_tls_that_breaks_is_not_called_distrust(tmp_path: Path) -> None:
    with socket.socket() as cut:
        cut.bind(("127.0.0.1", 0))
        cut.listen()

        def answer() -> None:
            peer, _address = cut.accept()
            peer.recv(1)
            peer.sendall(b"HTTP/1.1 400 no TLS here\r\n\r\n")
            peer.close()

        threading.Thread(target=answer, daemon=True).start()
        with (
            pytest.raises(TalkError, match="the connection failed") as caught,
            UmsClient(account(port=cut.getsockname()[1])),
        ):
            pass
    assert "certificate" not in str(caught.value)


def test_missing_ca_file() -> None:
    with pytest.raises(InputError, match="/nowhere/ca.pem .ca_path. does not exist"):
        UmsClient(account(ca_path="/nowhere/ca.pem"))
    with pytest.raises(InputError, match="ca_path. cannot be used: .*certificate") as caught:
        UmsClient(account(ca_path=__file__))
    assert "as PEM" in caught.value.fix


def test_missing_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_file, "REQUESTS_ERROR", ImportError("no requests"))
    with pytest.raises(OtedgeError, match="library requests is missing") as caught:
        UmsClient(account())
    assert "requirements.txt" in caught.value.fix


def test_guard_stops_writes_and_not_reads(fake: FakeUms, server: Server) -> None:
    def refuse() -> None:
        raise InputError("stop")

    with plain(server, before_write=refuse) as client:
        assert client.get("/thinclients", "list") == []
        for write in (
            lambda: client.put("/thinclients", {}, "create"),
            lambda: client.delete("/thinclients/7/deletetcoffline", "delete"),
        ):
            with pytest.raises(InputError, match="stop"):
                write()
    assert fake.writes == []


def test_password_is_not_in_the_repr() -> None:
    assert "pässwort" not in repr(account())


def test_command_is_sent_with_its_name_and_never_twice(fake: FakeUms, server: Server) -> None:
    with plain(server) as client:
        fake.fail.append((200, {"CommandExecList": []}))
        assert client.post("/thinclients", [{"id": "7", "type": "tc"}], "reboot", command="reboot")
        fake.sessions.clear()
        with pytest.raises(UmsError, match="Cannot reboot .*the session was lost before it; it was not sent again"):
            client.post("/thinclients", [{"id": "7", "type": "tc"}], "reboot", command="reboot")
    assert fake.log.count(("POST", "/thinclients")) == 2
    assert fake.log.count(("POST", "/login")) == 1


def in_threads(count: int, work: Callable[[], Any]) -> list[Any]:
    """Run it so often at once; give results and errors."""
    start = threading.Barrier(count)

    def one(_number: int) -> Any:
        start.wait(5)
        try:
            return work()
        except OtedgeError as exc:
            return exc

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def test_threads_have_connections_of_their_own_and_one_login(fake: FakeUms, server: Server) -> None:
    with plain(server) as client:
        assert in_threads(4, lambda: client.get("/thinclients", "list")) == [[]] * 4
        fake.sessions.clear()
        assert in_threads(4, lambda: client.get("/thinclients", "list")) == [[]] * 4
        assert client.requests_sent == len(fake.log)
    assert fake.log.count(("POST", "/login")) == 2


def test_refused_login_in_the_middle_is_tried_once_for_all_threads(fake: FakeUms, server: Server) -> None:
    with plain(server) as client:
        fake.sessions.clear()
        fake.password = "changed meanwhile"
        found = in_threads(4, lambda: client.get("/thinclients", "list"))
    assert {type(item) for item in found} == {TalkError}
    assert fake.log.count(("POST", "/login")) == 2


def test_session_that_is_lost_again_at_once_is_not_tried_for_ever(fake: FakeUms, server: Server) -> None:
    with plain(server) as client:
        fake.fail += [error(401, "ITG-0B004")] * 2
        with pytest.raises(UmsError, match="Cannot list .*the session has ended"):
            client.get("/thinclients", "list")
    assert fake.log.count(("POST", "/login")) == 2


def test_cookie_that_is_none_is_not_sent_and_not_shown(fake: FakeUms, server: Server) -> None:
    fake.raw = b'{"message": "JSESSIONID=se\\ncret"}'
    with pytest.raises(TalkError, match="holds no session") as caught, plain(server):
        pass
    assert "cret" not in str(caught.value)


CODES = [
    *(f"ITG-0A{number:03d}" for number in range(1, 25)),
    *(f"ITG-0B{number:03d}" for number in range(1, 8)),
    *("ITG-0C001", "ITG-0C002"),
    *(f"ITG-FF{number:03d}" for number in range(1, 7)),
]


@pytest.mark.parametrize("code", CODES)
def test_every_code_of_the_contract_has_a_meaning_and_a_next_step(code: str) -> None:
    body = {"errorCode": code, "message": "Etwas", "stackTrace": "[com.secret"}
    exc = refusal("create device op1", "https://ums:8443", 400, body)
    assert exc.message.startswith("Cannot create device op1 on https://ums:8443: ")
    assert "it refused" not in exc.message and code in exc.message
    assert exc.fix.endswith(".")
    assert "Etwas" not in str(exc) and "secret" not in str(exc.as_failure())
    assert isinstance(exc, UmsUnavailable) == code.startswith("ITG-FF")


@pytest.mark.parametrize("status", [302, 400, 401, 403, 404, 415, 418, 500, 503])
@pytest.mark.parametrize("body", [None, [], "x", {"errorCode": 7}, {"errorCode": "ITG-9Z999", "message": "x"}])
def test_any_other_answer_has_a_next_step_too(status: int, body: Any) -> None:
    exc = refusal("list", "https://ums:8443", status, body)
    assert exc.fix and f"HTTP {status}" in exc.message


def test_essential_edition_is_named() -> None:
    exc = refusal("log in", "https://ums:8443", 400, {"errorCode": "ITG-0C001"})
    assert "edition" in exc.message and "Essential" in exc.fix and "console" in exc.fix


PARAMS: dict[str, Any] = {
    "host": "ums", "port": 8443, "username": "u", "password": "hidden", "ca_path": None, "validate_certs": True,
    "timeout": 60, "parallel": 4,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"host": "https://ums:8443"}, "host must be"),
        ({"host": ""}, "host must be"),
        ({"host": "me:hidden@ums"}, "host must be"),
        ({"username": ""}, "username"),
        ({"username": "a:b"}, "username"),
        ({"password": ""}, "password is empty"),
        ({"port": 0}, "port 0"),
        ({"timeout": 0}, "timeout 0"),
        ({"parallel": 0}, "parallel 0"),
        ({"parallel": 17}, "parallel 17"),
    ],
)
def test_options_that_cannot_be_right(changes: dict[str, Any], word: str) -> None:
    with pytest.raises(InputError, match=word) as caught:
        Connection.from_params({**PARAMS, **changes})
    assert "hidden" not in str(caught.value) + str(caught.value.as_failure())
    assert len(caught.value.details["problems"]) == 1


@pytest.mark.parametrize("host", ["ums.example.com", "10.0.0.1", "2001:db8::1"])
def test_hosts_that_are_right(host: str) -> None:
    connection = Connection.from_params({**PARAMS, "host": host})
    assert connection.parallel == 4
    assert connection.base_url == f"https://{f'[{host}]' if ':' in host else host}:8443/umsapi/v3"


def test_every_option_of_the_connection_comes_from_the_environment_too(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"HOST": "ums", "PORT": "9443", "USERNAME": "u", "PASSWORD": "hidden", "CA_PATH": "/ca.pem",
             "VALIDATE_CERTS": "false", "TIMEOUT": "90"}  # fmt: skip
    for key, value in given.items():
        monkeypatch.setenv(f"IGEL_UMS_{key}", value)
    params = ArgumentSpecValidator(UMS_CONNECTION).validate({}).validated_parameters
    assert params == {"host": "ums", "port": 9443, "username": "u", "password": "hidden", "ca_path": "/ca.pem",
                      "validate_certs": False, "timeout": 90}  # fmt: skip
    assert ArgumentSpecValidator(UMS_CONNECTION).validate({"port": 1}).validated_parameters["port"] == 1

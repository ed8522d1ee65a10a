# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can go wrong with a PC, injected into the simulated one: one clear message each, or a read that survives it.

And every way to log in that the simulated PC has, through the real winrm connection plugin.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import OtedgeError, PeerError, TalkError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.pc.server import PcServer
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.pc.tls import make_tls
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.adapter import open_transport
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.client import WsmanClient
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.faults import WsmanFault
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.registry import Registry, plan_present
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.registry_data import entry_of, key_of
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.winrs import WinRS
from ansible_collections.otedge.endpoint.tests.unit.plugins.plugin_utils._wsman import pc_rig as rig

QUERY = "select Name,State from Win32_Service"


@pytest.fixture(scope="module")
def shared() -> Iterator[Any]:
    made = rig.Pc("win7_x64")
    made.start()
    yield made
    made.stop()


@pytest.fixture
def pc(shared: Any) -> Iterator[Any]:
    yield shared
    with shared.world.lock:
        shared.machine.inject("none", {})


def inject(pc: Any, fault: str, **args: Any) -> None:
    with pc.world.lock:
        pc.machine.inject(fault, args)


@pytest.mark.parametrize("fault", ["cut_reply", "wrong_relates_to"])
def test_a_read_survives_once(pc: Any, fault: str) -> None:
    client = pc.client()
    whole = client.enumerate(QUERY)
    inject(pc, fault)
    assert client.enumerate(QUERY) == whole
    inject(pc, fault, count=9)
    with pytest.raises(TalkError) as caught:
        client.enumerate(QUERY)
    assert caught.value.fix


def test_a_method_call_is_not_repeated_when_its_reply_is_cut(pc: Any) -> None:
    client = pc.client()
    client.identify()
    before = len(pc.world.writes)
    inject(pc, "cut_reply")
    with pytest.raises(TalkError):
        client.invoke("Win32_Process", "Create", [("CommandLine", "cmd /c echo once>C:\\once.txt")])
    assert len(pc.world.writes) <= before + 2
    assert client.enumerate(QUERY)


@pytest.mark.parametrize(
    ("fault", "args", "kind", "text"),
    [
        ("wrong_password", {}, TalkError, "rejected the credentials"),
        ("status", {"status": 503}, TalkError, "HTTP 503.*busy"),
        ("status", {"status": 404}, TalkError, "HTTP 404.*ansible_winrm_path"),
        ("status", {"status": 407}, TalkError, "HTTP 407.*proxy"),
        ("status", {"status": 411}, TalkError, "HTTP 411.*proxy"),
        ("status", {"status": 413}, TalkError, "HTTP 413.*Send less"),
        ("winrm_off", {}, TalkError, "refused the connection.*winrm quickconfig"),
        ("filtered_token", {}, OtedgeError, "LocalAccountTokenFilterPolicy"),
        ("truncated_xml", {}, PeerError, "no XML, or only a part"),
        ("deny_namespace", {"namespace": "root/cimv2"}, WsmanFault, "denied"),
        ("huge_item", {"bytes": 400_000}, WsmanFault, "fewer columns"),
    ],
)
def test_one_clear_message(pc: Any, fault: str, args: dict[str, Any], kind: type[OtedgeError], text: str) -> None:
    inject(pc, fault, **args)
    time.sleep(0.1)
    began = time.monotonic()
    with pytest.raises(kind, match=text) as caught:
        pc.client().enumerate(QUERY)
    assert caught.value.fix
    assert time.monotonic() - began < 5
    inject(pc, "none")
    time.sleep(0.1)
    assert pc.client().enumerate(QUERY)


def test_illegal_characters_are_a_warning(pc: Any) -> None:
    inject(pc, "invalid_char")
    client = pc.client()
    assert client.enumerate(QUERY)
    assert len(client.warnings) == 1


def test_a_denied_key_is_named_and_the_others_are_read(pc: Any) -> None:
    inject(pc, "deny_key", key=r"HKLM\SYSTEM")
    client = pc.client()
    with WinRS(client) as shell:
        registry = Registry(client, shell.run_program)
        with pytest.raises(PeerError, match=r"HKLM\\SYSTEM\\CurrentControlSet\\Control: access denied"):
            registry.read(key_of(r"HKLM\SYSTEM\CurrentControlSet\Control"), None)
        assert registry.read(key_of(r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion"), ["ProductName"]).entries


def test_a_slow_reply_ends_at_its_limit(pc: Any) -> None:
    client = pc.client()
    client.identify()
    client.transport.limit_s = 0.5
    inject(pc, "slow", bytes_per_second=20)
    began = time.monotonic()
    with pytest.raises(TalkError, match="did not answer in time"):
        client.enumerate(QUERY)
    assert time.monotonic() - began < 3


def test_a_pc_that_restarts_in_the_middle_is_told(pc: Any) -> None:
    client = pc.client()
    client.identify()
    inject(pc, "reboot_after", requests=1)
    with pytest.raises(TalkError) as caught:
        for _try in range(20):
            client.enumerate(QUERY)
            time.sleep(0.05)
    assert caught.value.fix
    until = time.monotonic() + 10
    while not pc.machine.reachable and time.monotonic() < until:
        time.sleep(0.05)
    assert pc.client().enumerate(QUERY)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("string", "a & b"),
        ("expandstring", "%SystemRoot%\\x y"),
        ("dword", 7),
        ("qword", 2**40),
        ("multistring", ["a", "b c"]),
        ("multistring", ["one"]),
        ("binary", "00ff10"),
    ],
)
def test_every_type_of_value_on_the_simulated_pc(pc: Any, kind: str, data: Any) -> None:
    client = pc.client()
    key, wanted = key_of(r"HKLM\SOFTWARE\otedge-types"), [entry_of("Value", kind, data)]
    with WinRS(client) as shell:
        registry = Registry(client, shell.run_program)
        change = plan_present(key, registry.read(key, ["Value"]), wanted)
        assert change.changed
        for step in change.steps:
            registry.write(step)
        assert not plan_present(key, registry.read(key, ["Value"]), wanted).changed


# The ways to log in.


@pytest.fixture(scope="module")
def tls_pc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, Any]]:
    made = rig.Pc("win10_x64", winrm={"basic": True, "certificate": True})
    tls = make_tls(tmp_path_factory.mktemp("tls"), "l1-op1")
    made.server = PcServer(made.machine, "svc-rollout", "secret-1", tls=tls)
    made.start()
    yield made, tls
    made.stop()


def over_tls(pair: tuple[Any, Any], transport: str, *, trust: bool = True, **extras: Any) -> WsmanClient:
    pc, tls = pair
    more = {"ansible_winrm_ca_trust_path": str(tls.certificate_path), **extras} if trust else extras
    link = pc.connection(more, transport=[transport], scheme="https", remote_addr="localhost")
    return WsmanClient(open_transport(link))


@pytest.mark.parametrize("transport", ["ntlm", "basic", "ssl", "certificate"])
def test_ways_to_log_in_over_tls(tls_pc: tuple[Any, Any], transport: str) -> None:
    tls = tls_pc[1]
    extras = {}
    if transport == "certificate":
        extras = {
            "ansible_winrm_cert_pem": str(tls.client_certificate_path),
            "ansible_winrm_cert_key_pem": str(tls.client_key_path),
        }
    client = over_tls(tls_pc, transport, **extras)
    assert "Stack: 3.0" in client.identify()["product"]
    assert client.enumerate(QUERY)
    with WinRS(client) as shell:
        assert shell.run("echo hello").stdout == "hello\r\n"


def test_a_certificate_nobody_vouches_for_is_told_with_the_fix(tls_pc: tuple[Any, Any]) -> None:
    with pytest.raises(TalkError, match="TLS connection.*ansible_winrm_ca_trust_path"):
        over_tls(tls_pc, "ntlm", trust=False).identify()


def test_a_wrong_scheme_is_told(tls_pc: tuple[Any, Any]) -> None:
    with pytest.raises(TalkError) as caught:
        WsmanClient(open_transport(tls_pc[0].connection())).identify()
    assert caught.value.fix


def test_a_client_certificate_that_is_not_there_is_told(tls_pc: tuple[Any, Any]) -> None:
    extras = {"ansible_winrm_cert_pem": "/nothing.pem", "ansible_winrm_cert_key_pem": "/nothing.key"}
    with pytest.raises(TalkError, match="cert_pem"):
        over_tls(tls_pc, "certificate", **extras).identify()


def test_a_proxy_in_the_way_is_told(pc: Any) -> None:
    link = pc.connection({"ansible_winrm_proxy": "http://127.0.0.1:9"}, remote_addr="192.0.2.1")
    with pytest.raises(TalkError, match=r"behind a proxy.*no_proxy"):
        WsmanClient(open_transport(link)).identify()

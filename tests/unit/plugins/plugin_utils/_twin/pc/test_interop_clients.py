# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""pywinrm and pypsrp let in every way a PC offers: Basic, NTLM, certificate; plain, sealed and TLS."""

from __future__ import annotations

import ssl
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.pc.machine import Machine
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.pc.server import PcServer
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.pc.tls import Tls, make_tls

winrm = pytest.importorskip("winrm")
pypsrp = pytest.importorskip("pypsrp.wsman")
USER, PASSWORD = "svc-rollout", "lab-only-l1-op1"
ENUM = "{http://schemas.xmlsoap.org/ws/2004/09/enumeration}"
WSMAN = "{http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd}"
WMI = "http://schemas.microsoft.com/wbem/wsman/1/wmi/"
OPEN = {"basic": True, "allow_unencrypted": True, "certificate": True}
Start = Callable[..., PcServer]


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    return make_tls(tmp_path_factory.mktemp("pki"), "l1-op1")


@pytest.fixture
def start(pc: Callable[..., Machine], tls: Tls) -> Iterator[Start]:
    servers: list[PcServer] = []

    def run(*, https: bool = False, model: str = "win10_x64", **winrm_settings: Any) -> PcServer:
        machine = pc(model, overrides={"winrm": winrm_settings})
        servers.append(PcServer(machine, USER, PASSWORD, tls=tls if https else None))
        servers[-1].start()
        return servers[-1]

    yield run
    for server in servers:
        server.stop()


def by_pywinrm(server: PcServer, transport: str, tls: Tls | None = None, **more: Any) -> str:
    scheme = "http" if tls is None else "https"
    if tls is not None:
        more |= {"ca_trust_path": str(tls.certificate_path)}
    if transport == "certificate" and tls is not None:
        more |= {"cert_pem": str(tls.client_certificate_path), "cert_key_pem": str(tls.client_key_path)}
    client = winrm.Protocol(
        f"{scheme}://127.0.0.1:{server.port}/wsman",
        transport=transport,
        username=USER,
        password=PASSWORD,
        operation_timeout_sec=2,
        read_timeout_sec=5,
        **more,
    )
    shell = client.open_shell(codepage=65001)
    started = client.run_command(shell, "hostname")
    out, _err, _code = client.get_command_output(shell, started)
    client.cleanup_command(shell, started)
    client.close_shell(shell)
    return str(out.decode())


def by_pypsrp(server: PcServer, auth: str, tls: Tls | None = None, **more: Any) -> list[str]:
    if tls is not None:
        more |= {"cert_validation": str(tls.certificate_path)}
    if auth == "certificate" and tls is not None:
        more |= {
            "certificate_pem": str(tls.client_certificate_path),
            "certificate_key_pem": str(tls.client_key_path),
        }
    client = pypsrp.WSMan(
        "127.0.0.1", port=server.port, username=USER, password=PASSWORD, ssl=tls is not None, auth=auth, **more
    )
    body = ET.Element(f"{ENUM}Enumerate")
    ET.SubElement(body, f"{WSMAN}OptimizeEnumeration")
    ET.SubElement(body, f"{WSMAN}MaxElements").text = "100"
    dialect = {"Dialect": f"{WMI.removesuffix('wmi/')}WQL"}
    ET.SubElement(body, f"{WSMAN}Filter", dialect).text = "select Name from Win32_ComputerSystem"
    reply = client.enumerate(f"{WMI}root/cimv2/*", body)
    return [one.text or "" for one in reply.iter("Name")]


@pytest.mark.parametrize(
    ("https", "transport", "settings", "more"),
    [
        (False, "ntlm", {}, {}),
        (False, "ntlm", {"allow_unencrypted": True}, {"message_encryption": "never"}),
        (False, "plaintext", OPEN, {}),
        (True, "ntlm", {}, {}),
        (True, "ntlm", {"cbt": "strict"}, {}),
        (True, "ssl", {"basic": True}, {}),
        (True, "certificate", OPEN, {}),
    ],
)
@pytest.mark.parametrize("model", ["win7_x64", "win11_x64"])
def test_pywinrm(
    start: Start, tls: Tls, *, https: bool, transport: str, settings: dict[str, Any], more: dict[str, Any], model: str
) -> None:
    server = start(https=https, model=model, **settings)
    assert by_pywinrm(server, transport, tls if https else None, **more) == "L1-OP1\r\n"


@pytest.mark.parametrize(
    ("https", "auth", "settings", "more"),
    [
        (False, "ntlm", {}, {"encryption": "always"}),
        (False, "negotiate", {}, {"encryption": "always"}),
        (False, "basic", OPEN, {"encryption": "never"}),
        (True, "ntlm", {"cbt": "strict"}, {}),
        (True, "negotiate", {}, {}),
        (True, "basic", {"basic": True}, {}),
        (True, "certificate", {"certificate": True}, {}),
    ],
)
def test_pypsrp(
    start: Start, tls: Tls, *, https: bool, auth: str, settings: dict[str, Any], more: dict[str, Any]
) -> None:
    server = start(https=https, **settings)
    assert by_pypsrp(server, auth, tls if https else None, **more) == ["L1-OP1"]


@pytest.mark.parametrize(
    ("https", "transport", "settings", "more"),
    [
        (False, "plaintext", {}, {}),
        (False, "plaintext", {"basic": True}, {}),
        (True, "ssl", {}, {}),
        (True, "certificate", {}, {}),
        (True, "ntlm", {"cbt": "strict"}, {"send_cbt": False}),
    ],
)
def test_what_is_switched_off_is_refused(
    start: Start, tls: Tls, *, https: bool, transport: str, settings: dict[str, Any], more: dict[str, Any]
) -> None:
    server = start(https=https, **settings)
    with pytest.raises((winrm.exceptions.InvalidCredentialsError, winrm.exceptions.WinRMTransportError)):
        by_pywinrm(server, transport, tls if https else None, **more)


@pytest.mark.parametrize("transport", ["ssl", "ntlm"])
def test_a_password_that_became_wrong_is_refused_until_it_is_right_again(
    start: Start, tls: Tls, transport: str
) -> None:
    server = start(https=True, basic=True)
    server.machine.inject("wrong_password", {})
    with pytest.raises(winrm.exceptions.InvalidCredentialsError, match="rejected"):
        by_pywinrm(server, transport, tls)
    server.machine.inject("none", {})
    assert by_pywinrm(server, transport, tls) == "L1-OP1\r\n"


def test_windows_7_offers_a_tls_version_that_nobody_takes_any_more(pc: Callable[..., Machine], tmp_path: Path) -> None:
    old = make_tls(tmp_path, "old", legacy=True)
    server = PcServer(pc("win7_x64"), USER, PASSWORD, tls=old)
    server.start()
    try:
        with pytest.raises(Exception, match=r"(?i)ssl|tls|version|protocol"):
            by_pywinrm(server, "ntlm", old)
    finally:
        server.stop()


def test_certificates_are_kept(tmp_path: Path) -> None:
    first, second = make_tls(tmp_path, "x"), make_tls(tmp_path, "x")
    assert first.client == second.client and first.binding == second.binding
    assert ssl.PEM_cert_to_DER_cert(first.client_certificate_path.read_text("ascii")) == first.client
    assert first.client_key_path.stat().st_mode & 0o777 == 0o600

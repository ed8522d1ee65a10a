# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The real winrm connection plugin of Ansible against the simulated PC: NTLM, sealing, paging, faults, drops."""

from __future__ import annotations

import socket
import time
from typing import Any

import pytest
from ansible.playbook.play_context import PlayContext
from ansible.plugins.loader import connection_loader
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, TalkError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import arm, stage
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.converter import read_state
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.probe import probe
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.steps import run_steps
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.adapter import open_transport
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.client import WsmanClient
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.faults import WsmanFault
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.winrs import WinRS
from ansible_collections.otedge.endpoint.tests.unit.plugins.plugin_utils._wsman import pc_rig as rig

PACKAGE, IMAGE = rig.PACKAGE, rig.IMAGE


def test_identify_and_one_query(make_pc: Any) -> None:
    client = make_pc().client()
    assert "Stack: 3.0" in client.identify()["product"]
    rows = client.enumerate("select Caption,Version from Win32_OperatingSystem")
    assert rows[0]["Version"] == "10.0.19045"


@pytest.mark.parametrize("model", ["win7_x64", "win10_x64"])
def test_paging_gives_every_service_once(make_pc: Any, model: str) -> None:
    client = make_pc(model).client()
    names = [row["Name"] for row in client.enumerate("select Name from Win32_Service")]
    assert len(names) > 10
    assert len(names) == len(set(names))


def test_missing_class_and_namespace_are_told_apart_from_failures(make_pc: Any) -> None:
    client = make_pc("win7_x64").client()
    for name, namespace in (("MSFT_NetTCPConnection", "root/standardcimv2"), ("Win32_NoSuch", "root/cimv2")):
        with pytest.raises(WsmanFault) as caught:
            client.enumerate(f"select Name from {name}", namespace)
        assert caught.value.missing


def test_commands_in_one_shell(make_pc: Any) -> None:
    with WinRS(make_pc("win7_x64").client()) as shell:
        for number in range(18):  # more than the 15 operations WinRM 2.0 counts in one shell
            assert shell.run(f"echo {number}").stdout.strip() == str(number)
        assert shell.run("type C:\\nothing.txt").rc == 1


def test_wrong_password_is_unreachable_with_its_cause(make_pc: Any) -> None:
    pc = make_pc()
    client = WsmanClient(open_transport(pc.connection(remote_password="wrong")))
    with pytest.raises(TalkError, match="rejected the credentials.*svc-rollout"):
        client.identify()


def test_wrong_transport_is_refused_before_the_password_leaves(make_pc: Any) -> None:
    pc = make_pc()
    with pytest.raises(TalkError, match="clear text"):
        open_transport(pc.connection(transport=["plaintext"]))
    assert not [event for event in pc.world.events if event["kind"] == "request"]


def test_closed_port_is_unreachable_with_its_cause() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe_socket:
        port = probe_socket.getsockname()[1]
    pc = rig.Pc()
    pc.server.port = port
    with pytest.raises(TalkError, match="refused the connection"):
        WsmanClient(open_transport(pc.connection())).identify()


def test_another_connection_is_refused() -> None:
    with pytest.raises(InputError, match="uses local"):
        open_transport(connection_loader.get("local", PlayContext(), None))


def test_a_read_survives_a_dropped_socket(make_pc: Any) -> None:
    pc = make_pc()
    client = pc.client()
    client.identify()
    for live in list(pc.server._live):
        live.shutdown(socket.SHUT_RDWR)
    assert client.enumerate("select SerialNumber from Win32_BIOS")


def test_stage_arm_and_disarm(make_pc: Any) -> None:
    pc = make_pc("win7_x64")
    client = pc.client()
    with WinRS(client) as shell:
        change = stage.plan_present(stage.read_stage(shell), PACKAGE, IMAGE)
        run_steps(shell, change.steps, lambda: None)
        current = stage.read_stage(shell)
        assert current.as_dict() == change.after
        assert not stage.plan_present(current, PACKAGE, IMAGE).changed

        state = arm.read_arm(client, shell)
        run_steps(shell, arm.plan_arm(state, 10).steps, lambda: None)
        assert arm.read_arm(client, shell).timer
        assert arm.launch(client) > 0
        deadline = time.monotonic() + 4
        while not read_state(shell).armed and time.monotonic() < deadline:
            time.sleep(0.1)
        assert pc.machine.armed

        run_steps(shell, arm.plan_disarm(arm.read_arm(client, shell)).steps, lambda: None)
        state = arm.read_arm(client, shell)
        assert (state.converter.armed, state.timer) == (False, "")
        assert not arm.plan_disarm(state).changed

        run_steps(shell, stage.plan_absent(stage.read_stage(shell)).steps, lambda: None)
        assert stage.read_stage(shell) == stage.StageState()


def test_a_wrong_image_never_gets_its_name(make_pc: Any) -> None:
    pc = make_pc()
    pc.world.files[IMAGE.url] = "ee" * 32
    with WinRS(pc.client()) as shell:
        change = stage.plan_present(stage.read_stage(shell), PACKAGE, IMAGE)
        with pytest.raises(Exception, match="fetch the image"):
            run_steps(shell, change.steps, lambda: None)
        state = read_state(shell)
    assert state.installed
    assert not state.image
    assert "osc.iso.part" not in state.files


def test_probe_never_raises(make_pc: Any) -> None:
    pc = make_pc()
    found = probe(pc.connection())
    assert (found["reachable"], found["staged"], found["armed"], found["cause"]) == (True, False, False, "")
    assert found["serial"]
    assert "credentials" in probe(pc.connection(remote_password="wrong"))["cause"]
    assert probe(object())["reachable"] is False

# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The switch over real SSH: Netmiko without special settings, Paramiko by hand, asyncssh with strict keys."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import asyncssh
import netmiko
import paramiko
import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.switch import Switch, SwitchServer
from ntc_templates.parse import parse_output

LIST = [
    "ip access-list extended OTE_OPZ_in_0001",
    "10 remark MES",
    "20 permit tcp host 10.20.1.11 host 10.20.60.10 eq 443",
    "30 permit udp 10.20.1.11 0.0.0.0 host 10.20.95.10 eq 53",
    "9990 deny ip any any log",
]


def dial(running: Any, device_type: str = "cisco_xe", **more: Any) -> Any:
    return netmiko.ConnectHandler(
        device_type=device_type,
        host="127.0.0.1",
        port=running.server.port,
        username="automation",
        password="secret-1",
        **more,
    )


def wait_for(check: Any) -> None:
    end = time.monotonic() + 5
    while not check():
        assert time.monotonic() < end
        time.sleep(0.02)


def shell(running: Any, **pty: int) -> tuple[paramiko.SSHClient, paramiko.Channel]:
    client = paramiko.SSHClient()
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
    client.connect("127.0.0.1", running.server.port, "automation", "secret-1", look_for_keys=False, allow_agent=False)
    channel = client.invoke_shell(**pty)
    channel.settimeout(5)
    return client, channel


def read_until(channel: paramiko.Channel, ending: str) -> str:
    text = ""
    while not text.endswith(ending):
        got = channel.recv(65536)
        assert got, text
        text += got.decode()
    return text


def test_netmiko_configures_binds_and_saves(running: Any, switch: Switch) -> None:
    with dial(running) as device:
        assert device.find_prompt() == "sw-l1#"
        assert "17.09.04a" in device.send_command("show version")
        output = device.send_config_set([*LIST, "interface gi1/0/1", "ip access-group OTE_OPZ_in_0001 in"])
        assert "%" not in output
        shown = device.send_command("show ip access-lists OTE_OPZ_in_0001")
        assert "    20 permit tcp host 10.20.1.11 host 10.20.60.10 eq 443" in shown
        assert "remark" not in shown
        assert "Inbound  access list is OTE_OPZ_in_0001" in device.send_command("show ip interface Gi1/0/1")
        section = device.send_command("show running-config | section access-list")
        assert section.strip().splitlines() == [
            LIST[0],
            " 10 remark MES",
            " 20 permit tcp host 10.20.1.11 host 10.20.60.10 eq 443",
            " 30 permit udp host 10.20.1.11 host 10.20.95.10 eq domain",
            " 9990 deny ip any any log",
        ]
        assert not switch.dump()["startup_equals_running"]
        assert "[OK]" in device.save_config()
    assert switch.dump()["startup_equals_running"]
    assert switch.dump()["bindings"] == {"GigabitEthernet1/0/1": {"in": "OTE_OPZ_in_0001"}}


def test_netmiko_enters_the_revert_timer_and_confirms_from_a_second_session(running: Any, switch: Switch) -> None:
    first = dial(running)
    output = first.config_mode("configure terminal revert timer 2")
    assert "Rollback Confirmed Change: Backing up current running config to flash:sw-l1-" in output
    first.exit_config_mode()
    with dial(running) as second:
        assert "Timer value: 2 min" in second.send_command("show archive config rollback timer")
        second.send_command("configure confirm")
        assert "%No Rollback" in second.send_command("show archive config rollback timer")
    first.disconnect()
    assert switch.pending is None


def test_netmiko_survives_a_long_rule_and_enable(running: Any) -> None:
    with dial(running) as device:
        device.send_command("disable", expect_string=r">")
        assert device.find_prompt() == "sw-l1>"
        device.enable()
        assert device.find_prompt() == "sw-l1#"
        rule = f"10 remark {'x' * 200}"
        assert "%" not in device.send_config_set(["ip access-list extended LONG", rule])
        assert rule in device.send_command("show running-config | section LONG")


def test_wrong_password_is_refused_and_journaled_without_it(running: Any, world: Any) -> None:
    with pytest.raises(netmiko.NetmikoAuthenticationException):
        netmiko.ConnectHandler(
            device_type="cisco_xe", host="127.0.0.1", port=running.server.port, username="automation", password="no-1"
        )
    refused = [line for line in world.lines if line.get("refused") == "login"]
    assert refused
    assert "no-1" not in str(world.lines)


def test_the_known_hosts_line_lets_a_strict_client_in_and_another_key_does_not(running: Any, tmp_path: Path) -> None:
    good = tmp_path / "known_hosts"
    good.write_text(running.server.known_hosts_line + "\n")
    assert running.server.known_hosts_line.startswith(f"[127.0.0.1]:{running.server.port} ssh-ed25519 ")

    async def prompt(hosts: str) -> str:
        async with asyncssh.connect(
            "127.0.0.1", running.server.port, username="automation", password="secret-1", known_hosts=hosts
        ) as connection:
            process = await connection.create_process(term_type="xterm")
            return str(await process.stdout.readuntil("#"))

    assert "sw-l1#" in running.call(prompt(str(good)))
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    good.write_text(f"[127.0.0.1]:{running.server.port} {other}")
    with pytest.raises(asyncssh.HostKeyNotVerifiable):
        running.call(prompt(str(good)))


def test_the_host_key_stays_over_a_restart(switch: Switch, tmp_path: Path) -> None:
    path = tmp_path / "pki" / "host_key"
    first = SwitchServer(switch, "u", "p", str(path)).public_key
    assert SwitchServer(switch, "u", "p", str(path)).public_key == first
    assert path.stat().st_mode & 0o077 == 0


def test_lines_typed_ahead_are_handled_in_order(running: Any) -> None:
    client, channel = shell(running, width=511, height=0)
    read_until(channel, "sw-l1#")
    window = ["terminal length 0", "conf t", *LIST, "end", "show ip access-lists | include deny"]
    channel.sendall("\n".join(window) + "\n")
    text = read_until(channel, "9990 deny ip any any log\r\nsw-l1#")
    places = [text.index(f"{line}\r\n") for line in window]
    assert places == sorted(places)
    assert text.count("sw-l1(config-ext-nacl)#") == len(LIST)
    client.close()


def test_control_z_ends_configuration_and_control_c_drops_the_line(running: Any) -> None:
    client, channel = shell(running, width=200, height=0)
    read_until(channel, "sw-l1#")
    channel.sendall("conf t\r\nhostname wron\x7fg-name\x03")
    text = read_until(channel, "^C\r\nsw-l1#")
    assert "wron\b \bg-name" in text
    channel.sendall("conf t\rhostname sw-new\x1a")
    assert "^Z\r\nsw-new#" in read_until(channel, "sw-new#")
    client.close()


def test_paging_waits_until_it_is_turned_off(running: Any) -> None:
    client, channel = shell(running, width=200, height=24)
    read_until(channel, "sw-l1#")
    channel.sendall("show running-config\n")
    read_until(channel, " --More-- ")
    channel.sendall("q")
    read_until(channel, "sw-l1#")
    channel.sendall("terminal length 0\n")
    read_until(channel, "sw-l1#")
    channel.sendall("show running-config\n")
    assert "--More--" not in read_until(channel, "end\r\n\r\nsw-l1#")
    client.close()


def test_a_small_terminal_slides_a_long_line_and_still_takes_it_whole(running: Any, switch: Switch) -> None:
    client, channel = shell(running, width=80, height=0)
    read_until(channel, "sw-l1#")
    remark = f"10 remark {'abcdefghij' * 12}"
    channel.sendall(f"conf t\nip access-list extended W\n{remark}\nend\n")
    text = read_until(channel, "end\r\nsw-l1#")
    assert "\rsw-l1(config-ext-nacl)#$" in text
    assert switch.dump()["lists"]["W"] == [remark]
    client.close()


@pytest.mark.parametrize(
    ("lines", "fault"),
    [(1, {"k": 1}), (3, {"k": 3}), (5, {"k": 5}), (4, {"match": LIST[3]}), (3, {"k": 2, "match": "^[0-9]"})],
)
def test_a_cut_session_keeps_the_first_lines_and_leaves_the_next_session_alone(
    running: Any, switch: Switch, world: Any, lines: int, fault: dict[str, Any]
) -> None:
    switch.inject("cut_after_line", fault)
    client, channel = shell(running, width=200, height=0)
    read_until(channel, "sw-l1#")
    channel.sendall("conf t\n" + "\n".join(LIST) + "\nend\n")
    wait_for(lambda: not switch.sessions)
    assert len(switch.dump()["lists"]["OTE_OPZ_in_0001"]) == lines - 1
    assert [line["line"] for line in world.lines if line["kind"] == "fault"] == [LIST[lines - 1]]
    client.close()
    with dial(running) as device:
        assert "%" not in device.send_config_set(LIST)
    assert len(switch.dump()["lists"]["OTE_OPZ_in_0001"]) == 4


def test_new_sessions_are_denied_while_an_old_one_works(running: Any, switch: Switch) -> None:
    with dial(running) as device:
        switch.inject("deny_new_sessions", {})
        with pytest.raises((netmiko.NetmikoTimeoutException, paramiko.SSHException, netmiko.NetmikoBaseException)):
            dial(running)
        assert device.send_command("show privilege") == "Current privilege level is 15"
        switch.inject("none", {})
        dial(running).disconnect()


def test_a_power_cut_drops_sessions_and_loads_startup(running: Any, switch: Switch) -> None:
    client, channel = shell(running, width=200, height=0)
    read_until(channel, "sw-l1#")
    channel.sendall("conf t\n" + "\n".join(LIST) + "\nend\n")
    read_until(channel, "end\r\nsw-l1#")
    switch.inject("power_cut", {})
    wait_for(lambda: not switch.sessions)
    assert switch.dump()["lists"] == {}
    client.close()
    with dial(running) as device:
        assert "Extended" not in device.send_command("show ip access-lists")


def test_a_resized_window_and_a_command_without_a_shell(running: Any) -> None:
    client, channel = shell(running, width=80, height=0)
    read_until(channel, "sw-l1#")
    channel.resize_pty(width=200, height=50)
    channel.sendall("show privilege\n")
    read_until(channel, "level is 15\r\nsw-l1#")
    _stdin, stdout, _stderr = client.exec_command("show running-config | include ^hostname", timeout=5)
    assert stdout.read() == b"hostname sw-l1\r\n"
    client.close()


def test_line_latency_slows_every_line(running: Any, switch: Switch) -> None:
    client, channel = shell(running, width=200, height=0)
    read_until(channel, "sw-l1#")
    switch.inject("line_latency", {"seconds": 0.05})
    start = time.monotonic()
    channel.sendall("show clock\n" * 4)
    text = ""
    while text.count("sw-l1#") < 4:
        text += channel.recv(4096).decode()
    assert time.monotonic() - start >= 0.2
    client.close()


def test_a_reload_is_confirmed_by_one_key_and_cancelled_on_every_terminal(running: Any, switch: Switch) -> None:
    client, channel = shell(running)
    read_until(channel, "sw-l1#")
    channel.send("reload in 5\r")
    assert "Reload reason: Reload Command" in read_until(channel, "[confirm]")
    channel.send("y")
    read_until(channel, "sw-l1#")
    assert switch.reload is not None
    with dial(running) as device:
        asked = device.send_command("reload in 3", expect_string=r"\[confirm\]")
        assert "Reload scheduled in 3 minutes by automation on vty1" in asked
        device.send_command("\n", expect_string=r"#", strip_prompt=False)
        assert "Reload scheduled in 3 minutes" in device.send_command("show reload")
        device.send_command("reload cancel")
    assert "SHUTDOWN ABORTED" in read_until(channel, "---\r\n***\r\n\r\n")
    channel.send("reload\r")
    read_until(channel, "[confirm]")
    channel.send("\r")
    while channel.recv(4096):
        pass
    client.close()
    assert switch.down_until


def test_a_message_of_the_day_full_of_prompts_and_long_names_do_not_mislead_netmiko(
    world: Any, tmp_path: Path, running_server: Any
) -> None:
    motd = "*** plant-a #1 ***\nask before you change > anything\nswitch#"
    config = {"hostname": "SW-" + "a" * 40, "motd": motd, "ports": [], "lines": ["configuration mode exclusive manual"]}
    switch = Switch("sw-l1", config, world)
    running = running_server(switch, str(tmp_path / "key"))
    try:
        with dial(running, device_type="cisco_ios") as device:
            assert device.find_prompt().startswith("SW-aaa")
            applet = ["event manager applet BACK", "event timer countdown time 600", 'action 1 cli command "enable"']
            assert "%" not in device.send_config_set(applet)
            assert "timer countdown" in device.send_command("show event manager policy registered")
            assert "%" not in device.send_config_set(["ipv6 access-list SIX", "permit tcp any any eq 443"])
            assert "sequence 10" in device.send_command("show ipv6 access-list")
            assert "SIX" in device.send_command("show access-lists | include access list")
    finally:
        running.close()


def test_ntc_templates_read_what_is_shown(cli: Any) -> None:
    cli("conf t", "object-group network PCS", "host 10.20.1.11", "10.20.2.0 255.255.255.0", "object-group service WEB")
    cli("tcp eq 443", "icmp echo", "ip access-list extended L", "permit tcp any any eq 443", "ipv6 access-list SIX")
    cli("permit ipv6 2001:db8:1::/64 any", "deny ipv6 any any log", "end")
    rows = parse_output("cisco_ios", "show object-group", cli("show object-group"))
    found = [row["host"] or row["network"] or row["port"] or row["icmp_type"] for row in rows]
    assert [one for one in found if one] == ["10.20.1.11", "10.20.2.0", "443", "echo"]
    rows = parse_output("cisco_ios", "show ip access-lists", cli("show ip access-lists"))
    assert [(row["acl_name"], row["line_num"], row["action"]) for row in rows if row["line_num"]] == [
        ("L", "10", "permit")
    ]
    rows = parse_output("cisco_ios", "show ipv6 access-lists", cli("show ipv6 access-list"))
    assert [row["sequence"] for row in rows] == ["10", "20"]


def test_what_the_terminal_plugin_of_cisco_ios_types_is_understood(cli: Any) -> None:
    for line in ("terminal length 0", "terminal width 512", "terminal width 0"):
        assert cli(line) == ""
    assert cli("show privilege") == "Current privilege level is 15\n"
    for line in ("show version", "show inventory", "show running-config | section access-list", "show archive"):
        assert "%" not in cli(line)
    assert cli("show ip access-lists | include permit") == ""

# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A 40-line list on many switches: switch_acl beside cisco.ios and plain Netmiko; prints its rows as JSON.

Whole commands are measured, Ansible's own start and connections it leaves in the background included; the simulated
switches run in processes of their own that do not count, and are fresh for each of the three. Requests are lines a
switch, typed in exec mode + in configuration mode. At the end of every row the simulated switches judge 40 packets.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import switch_rig as rigs
from cases import measured
from run import ROOT, Row, command, environment

COUNTS, FORKS, LINES, RTT = (1, 20, 50), 10, 40, 0.04
AGAIN = (1, 20)  # where the peer runs a second time, too: it takes minutes
HERE = Path(__file__).parent
PEERS = ROOT / ".cache/venv-peers"
LIST, PC = "STATION-IN", "10.20.1.11"
TARGET = "8 s, 150 ms each"
ENTRIES = [(10 * at, f"10.20.60.{at}", 44818 + at) for at in range(1, LINES)]


def rules() -> list[Row]:
    """Give the list as this collection's rules."""
    permits = [
        {"action": "permit", "protocol": "tcp", "src": PC, "dst": address, "dst_ports": [[port, port]]}
        for _number, address, port in ENTRIES
    ]
    return [*permits, {"action": "deny", "log": True}]


def lines() -> list[str]:
    """Give the list as lines typed."""
    permits = [f"{number} permit tcp host {PC} host {address} eq {port}" for number, address, port in ENTRIES]
    return [f"ip access-list extended {LIST}", *permits, f"{10 * LINES} deny ip any any log"]


def aces() -> list[Row]:
    """Give the list as the documentation of cisco.ios.ios_acls has it."""
    permits = [
        {
            "sequence": number,
            "grant": "permit",
            "protocol": "tcp",
            "source": {"host": PC},
            "destination": {"host": address, "port_protocol": {"eq": str(port)}},
        }
        for number, address, port in ENTRIES
    ]
    last = {"sequence": 10 * LINES, "grant": "deny", "protocol": "ip", "log": {"set": True}}
    return [*permits, {**last, "source": {"any": True}, "destination": {"any": True}}]


def packets() -> list[tuple[Row, bool]]:
    """Give packets and whether they have to pass: all that is permitted, and one that is not."""
    asked = [(address, port, True) for _number, address, port in ENTRIES] + [("10.20.60.1", 22, False)]
    packet = {"src": PC, "protocol": "tcp", "src_port": 50000}
    return [({**packet, "dst": address, "dst_port": port}, passes) for address, port, passes in asked]


def plays(folder: Path) -> None:
    """Write the plays of both sides."""
    binding = {"interface": rigs.PORT, "direction": "in", "name": "station", "rules": rules()}
    lists = [{"afi": "ipv4", "acls": [{"name": LIST, "acl_type": "extended", "aces": aces()}]}]
    bound = [{"name": rigs.PORT, "access_groups": [{"afi": "ipv4", "acls": [{"name": LIST, "direction": "in"}]}]}]
    found: dict[str, list[Row]] = {
        "ours": [{"otedge.endpoint.switch_acl": {"bindings": [binding], "revert_minutes": 2}}],
        "cisco": [
            {"cisco.ios.ios_acls": {"config": lists, "state": "replaced"}},
            {"cisco.ios.ios_acl_interfaces": {"config": bound, "state": "replaced"}},
        ],
    }
    for name, tasks in found.items():
        play = [{"hosts": "all", "gather_facts": False, "tasks": tasks}]
        (folder / f"{name}.yml").write_text(json.dumps(play), encoding="utf-8")


class Bench:
    """The measurements in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.env = environment(folder)
        self.log = folder / "log"
        plays(folder)

    def rows(self, count: int, missing: str) -> list[Row]:
        """Measure one number of switches; ``missing`` says why there is no peer."""
        word = f"{count} switch{'es' if count > 1 else ''}"
        found = self.ours(count, word)
        if missing:
            found.append({"work": f"  cisco.ios on {word}: not measured, {missing}", "target": ""})
        else:
            found += self.cisco(count, word)
            times = [found[2][key] / found[0][key] for key in ("cpu_s", "wall_s")]
            more = "  cisco.ios takes {:.1f} times the CPU and {:.1f} times the wall time".format(*times)
            found.append({"work": more, "target": "10 times the CPU"})
        return [*found, self.netmiko(count, word)]

    def ours(self, count: int, word: str) -> list[Row]:
        """Swap the list in, and run again."""
        with rigs.rig(self.folder, count) as rig:
            argv = self._play(rig, "ours", {"ansible_connection": "ssh"})
            swapped = f"switch_acl, {LINES} lines on {word}: proven, swapped, confirmed, saved"
            target = TARGET if count == max(COUNTS) else ""
            return [
                self._measured(rig, swapped, target, argv),
                self._measured(rig, f"switch_acl, {word}, again", "no line", argv),
            ]

    def cisco(self, count: int, word: str) -> list[Row]:
        """Type the list in and bind it with the peer; it is neither proven nor saved."""
        env = {
            **{key: value for key, value in self.env.items() if not key.startswith(("ANSIBLE_", "PYTHONPATH"))},
            "PATH": f"{PEERS / 'bin'}:{self.env['PATH']}",
            "ANSIBLE_HOME": str(self.folder / "peer"),
            "ANSIBLE_HOST_KEY_CHECKING": "False",
        }
        variables = {"ansible_connection": "ansible.netcommon.network_cli", "ansible_network_cli_ssh_type": "libssh"}
        with rigs.rig(self.folder, count) as rig:
            argv = self._play(rig, "cisco", variables, PEERS / "bin")
            work = f"  cisco.ios.ios_acls + ios_acl_interfaces on {word}: typed in"
            found = [self._measured(rig, work, "", argv, env, saved=False)]
            if count in AGAIN:
                found.append(self._measured(rig, f"  cisco.ios, {word}, again", "", argv, env, saved=False))
            return found

    def netmiko(self, count: int, word: str) -> Row:
        """Type the list in with plain Netmiko."""
        with rigs.rig(self.folder, count) as rig:
            job = {
                "ports": list(rig.ports.values()), "user": rigs.USER, "password": rigs.SECRET, "threads": FORKS,
                "known_hosts": str(rig.known_hosts),
                "lines": [*lines(), f"interface {rigs.PORT}", f"ip access-group {LIST} in"],
            }  # fmt: skip
            (self.folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
            argv = [sys.executable, str(HERE / "netmiko_peer.py"), str(self.folder / "job.json")]
            return self._measured(rig, f"  plain Netmiko, {FORKS} threads, on {word}: typed in, saved", "", argv)

    def far(self) -> list[Row]:
        """Type the list in from far away, logged in already: our windows, and Netmiko's line by line."""
        from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch import (  # noqa: PLC0415
            driver_iosxe,
            session,
        )

        terminal = driver_iosxe.IosXe.terminal
        away = f"{LINES} lines typed in, {RTT * 1000:.0f} ms round trip"
        found = []
        for work, ours in ((f"{away}: in windows", True), (f"  {away}: send_config_set of Netmiko", False)):
            with rigs.rig(self.folder, 1, RTT) as rig:
                port, known = next(iter(rig.ports.values())), str(rig.known_hosts)
                target = session.Target("127.0.0.1", port, rigs.USER, rigs.SECRET, "", known, "cisco_xe", terminal)
                shell = session.SwitchSession(target)
                type_in = shell.configure if ours else shell._conn.send_config_set
                rig.lines()
                _nothing, row = measured(lambda type_in=type_in: type_in(lines()))
                row["requests"] = "{:.0f} + {:.0f}".format(*rig.lines())
                shell.close()
            found.append({"work": work, "target": "", **row})
        return found

    def _play(self, rig: rigs.Rig, name: str, variables: Row, folder: Path = Path(sys.executable).parent) -> list[str]:
        common = {
            "ansible_host": "127.0.0.1", "ansible_user": rigs.USER, "ansible_password": rigs.SECRET,
            "ansible_network_os": "cisco.ios.ios", "switch_known_hosts": str(rig.known_hosts), **variables,
        }  # fmt: skip
        hosts = {switch: {"ansible_port": port} for switch, port in rig.ports.items()}
        inventory = self.folder / f"{name}-hosts.json"
        inventory.write_text(json.dumps({"all": {"hosts": hosts, "vars": common}}), encoding="utf-8")
        play = [str(folder / "ansible-playbook"), "-i", str(inventory), "-f", str(FORKS)]
        return [*play, str(self.folder / f"{name}.yml")]

    def _measured(  # noqa: PLR0913, PLR0917
        self,
        rig: rigs.Rig,
        work: str,
        target: str,
        argv: list[str],
        env: dict[str, str] | None = None,
        *,
        saved: bool = True,
    ) -> Row:
        result = self.folder / "result.json"
        whole = [sys.executable, str(HERE / "whole.py"), str(result), *argv]
        row = command(work, target, whole, env or self.env, self.log)
        row.update(json.loads(result.read_text(encoding="utf-8")))
        row["each_ms"] = 1000 * row["cpu_s"] / len(rig.ports)
        row["requests"] = "{:.0f} + {:.0f}".format(*rig.lines())
        wrong = rig.wrong(packets(), saved=saved)
        if wrong:
            row["work"] += f": WRONG on {wrong}"
        if wrong or row["failed"]:
            sys.stderr.write(self.log.read_text(encoding="utf-8", errors="replace")[-2000:])
        return row


def peers(log: Path) -> str:
    """Install the peers into an environment of their own; give why that was not possible, or nothing."""
    wanted = HERE / "requirements-peers.txt"
    mark = PEERS / ".installed"
    if mark.exists() and mark.read_bytes() == wanted.read_bytes():
        return ""
    venv = [sys.executable, "-m", "venv", str(PEERS)]
    install = [str(PEERS / "bin/python"), "-m", "pip", "install", "-qq", "-r", str(wanted)]
    for argv in (venv, install):
        if command("", "", argv, dict(environment(log.parent)), log)["failed"]:
            return "requirements-peers.txt could not be installed"
    mark.write_bytes(wanted.read_bytes())
    return ""


def main() -> int:
    """Measure all of it."""
    with tempfile.TemporaryDirectory(prefix="otedge-switches-") as folder:
        missing = peers(Path(folder) / "log")
        bench = Bench(Path(folder))
        found = [row for count in COUNTS for row in bench.rows(count, missing)] + bench.far()
    sys.stdout.write(json.dumps(found) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is asked, in which order, and what happens to the rest when something fails: against a PC made of answers."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, PeerError, TalkError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import assess, reads
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.fields import SECTIONS
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.faults import (
    DroppedError,
    TooMuchError,
    WsmanFault,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.winrs import CommandResult
from ansible_collections.otedge.endpoint.tests.unit.plugins.plugin_utils._operator_pc import a_windows_7 as w


class Pc:
    """A client whose PC answers out of one set; ``faults`` are raised instead, by class or by "shell"."""

    def __init__(self, **faults: Exception) -> None:
        self.rows = {reads.QUERIES[name].name: rows for name, rows in w.rows().items()}
        self.texts = w.texts()
        self.faults = faults
        self.asked: list[str] = []
        self.warnings: list[str] = []
        self.loads: list[int] = []
        self.transport = self
        self.resets = 0
        self.users = [w.SID, f"{w.SID}_Classes"]

    def reset(self) -> None:
        self.resets += 1

    def enumerate(self, query: str, namespace: str = "", columns: Any = (), limits: Any = None) -> Any:
        name = query.split(" from ")[1].split(maxsplit=1)[0]
        self.asked.append(name)
        if name in self.faults:
            raise self.faults[name]
        if "LoadPercentage" in query and self.loads:
            return [{**self.rows[name][0], "LoadPercentage": str(self.loads.pop(0))}]
        if name not in self.rows:
            raise WsmanFault("Invalid class", code=0x80338000, wmi=0x80041010)
        return self.rows[name]

    def invoke(self, name: str, method: str, *_more: Any, **_named: Any) -> Any:
        self.asked.append(method)
        if method in self.faults:
            fault = self.faults[method]
            if isinstance(fault, DroppedError) and self.resets:
                return {"ReturnValue": 0, "sNames": [w.SID]}
            raise fault
        return {"ReturnValue": 0, "sNames": [".DEFAULT", "S-1-5-18", *self.users]}


@pytest.fixture(autouse=True)
def shell(monkeypatch: pytest.MonkeyPatch) -> None:
    class Shell:
        def __init__(self, client: Pc) -> None:
            self.client = client

        def __enter__(self) -> Any:
            return self

        def __exit__(self, *_parts: Any) -> None:
            pass

        def run(self, line: str, *, timeout_s: float = 0) -> CommandResult:
            self.client.asked.append("shell")
            if "shell" in self.client.faults:
                raise self.client.faults["shell"]
            names = [part.split("& ")[0] for part in line.split("echo otedge-part:")[1:]]
            return CommandResult(0, "".join(f"otedge-part:{name}\n{self.client.texts[name]}\n" for name in names), "")

    monkeypatch.setattr(reads, "WinRS", Shell)


def assessed(pc: Pc, **options: Any) -> dict[str, Any]:
    waits: list[float] = []
    found = assess.assess(pc, "l1-op1", None, assess.gentle(**options), now=lambda: 1.0, sleep=waits.append)  # type: ignore[arg-type]
    found["waits"] = waits
    return found


def reasons(document: dict[str, Any]) -> dict[str, str]:
    return {key: found["reason"] for key, found in document["fields"].items() if not found["available"]}


def test_a_windows_7_is_not_asked_for_what_it_cannot_have() -> None:
    pc = Pc()
    document = assessed(pc)
    assert set(reasons(document)) == {
        "os.display_version", "os.ubr", "os.embedded_product", "firmware.secure_boot_cas",
    }  # fmt: skip
    assert pc.asked[:4] == ["Win32_OperatingSystem", "Win32_Processor", "EnumKey", "shell"]
    never = {"UWF_Filter", "WESL_UserSetting", "MSFT_PhysicalDisk", "MSFT_NetTCPConnection", "MSFT_ScheduledTask"}
    # The shell has answered these already.
    covered = {"Win32_IP4RouteTable", "Win32_DiskPartition"}
    assert not (never | covered) & set(pc.asked)
    assert len(pc.asked) == len(set(pc.asked))


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (WsmanFault("Access denied", code=5), "may not read"),
        (WsmanFault("Invalid class", wmi=0x80041010), "does not exist"),
        (WsmanFault("RPC", wmi=0x800706BA), "Win32_Process: RPC"),
        (TooMuchError("more than 5000 items"), "too many"),
        (PeerError("not XML"), "not XML"),
    ],
)
def test_one_class_that_fails_takes_only_its_own_fields_with_it(fault: Exception, reason: str) -> None:
    whole, found = reasons(assessed(Pc())), reasons(assessed(Pc(Win32_Process=fault)))
    assert set(found) - set(whole) == {"processes.running"}
    assert reason in found["processes.running"]


def test_a_pc_that_goes_away_in_the_middle_leaves_what_was_read() -> None:
    pc = Pc(Win32_BIOS=TalkError("It was switched off."))
    document = assessed(pc)
    assert document["fields"]["os.caption"]["available"]
    assert document["fields"]["access.shell"]["available"]
    assert reasons(document)["services.running"] == "the PC went away while it was read: It was switched off."
    assert pc.asked[-1] == "Win32_BIOS"


def test_a_pc_that_is_not_there_is_unreachable_and_one_that_says_nothing_a_failure() -> None:
    with pytest.raises(TalkError, match="No route"):
        assessed(Pc(Win32_OperatingSystem=TalkError("No route.")))
    denied = WsmanFault("Access denied", code=5)
    nothing = Pc(shell=denied, EnumKey=denied, **{query.name: denied for query in reads.QUERIES.values()})
    with pytest.raises(PeerError, match="answered nothing"):
        assessed(nothing)


def test_without_a_remote_shell_classes_answer_what_they_can() -> None:
    pc = Pc(shell=WsmanFault("Remote shell access is disabled", code=0x803381AC))
    pc.rows["Win32_OperatingSystem"] = [{**pc.rows["Win32_OperatingSystem"][0], "Version": "10.0.19045"}]
    peer = {"LocalPort": "5", "RemoteAddress": "10.20.60.10", "RemotePort": "443", "State": "5"}
    pc.rows["MSFT_NetTCPConnection"] = [peer]
    pc.rows["MSFT_ScheduledTask"] = []
    pc.rows["Win32_IP4RouteTable"] = [
        {"Destination": "0.0.0.0", "Mask": "0.0.0.0", "NextHop": "10.20.1.1", "Metric1": "5"}
    ]
    pc.rows["Win32_DiskPartition"] = [{"Type": "GPT: System", "BootPartition": "true"}]
    document = assessed(pc)
    fields = document["fields"]
    assert fields["network.connections"]["value"] == [{"address": "10.20.60.10", "protocol": "tcp", "port": 443}]
    assert fields["firmware.type"]["value"] == "uefi"
    assert fields["network.routes"]["value"][0]["gateway"] == "10.20.1.1"
    assert fields["tasks.list"]["value"] == []
    assert "remote command shell gave no answer" in reasons(document)["access.shell"]


def test_accounts_that_cannot_be_listed_take_only_their_own_fields() -> None:
    found = reasons(assessed(Pc(EnumKey=WsmanFault("Access denied", code=5))))
    users = {
        "access.user_shells", "access.mapped_drives", "access.autostart", "software.user_installed", "software.odbc",
        "printers.user_connections",
    }  # fmt: skip
    assert users <= set(found)
    assert all("loaded accounts could not be listed" in found[key] for key in users)
    pc = Pc(EnumKey=DroppedError("gone"))
    assert not users & set(reasons(assessed(pc)))
    assert pc.resets == 1


def test_with_nobody_logged_on_there_is_nothing_to_say_of_accounts() -> None:
    pc = Pc()
    pc.users = []
    found = reasons(assessed(pc))
    assert {key for key, reason in found.items() if "nobody is logged on" in reason} == {
        "access.user_shells", "access.mapped_drives", "software.user_installed", "printers.user_connections",
    }  # fmt: skip
    assert "access.autostart" not in found


def test_a_pc_that_is_too_slow_is_left_after_its_time() -> None:
    clock = iter(range(0, 100_000, 60))
    found = assess.assess(Pc(), "l1-op1", now=lambda: float(next(clock)))  # type: ignore[arg-type]
    late = [key for key, reason in reasons(found).items() if "took longer than 600 s" in reason]
    assert "services.list" in late
    assert found["fields"]["os.caption"]["available"]


HEAVY = {
    "os.hotfixes", "os.last_update", "devices.pci", "devices.usb", "devices.serial_ports", "devices.touch",
    "processes.running", "services.running", "services.list", "tasks.list", "software.opc_servers",
}  # fmt: skip


def test_a_busy_pc_is_waited_for_and_then_spared() -> None:
    pc = Pc()
    pc.loads = [95, 97, 99]
    document = assessed(pc, busy_percent=90, wait_s=8)
    assert document["waits"] == [5.0, 3.0]
    busy = {key for key, reason in reasons(document).items() if "99 % busy" in reason}
    assert busy == HEAVY
    assert not {"Win32_Process", "Win32_Service", "Win32_PnPEntity"} & set(pc.asked)
    assert document["fields"]["system.model"]["available"]


def test_a_pc_that_becomes_idle_is_read_whole() -> None:
    pc = Pc()
    pc.loads = [95, 40]
    document = assessed(pc, busy_percent=90, wait_s=30)
    assert document["waits"] == [5.0]
    assert not HEAVY & set(reasons(document))
    assert "LoadPercentage" not in reads.QUERIES["cpu"].wql


def test_what_is_skipped_is_not_asked_and_says_so() -> None:
    pc = Pc()
    document = assessed(pc, skip=["Win32_Printer", "opc", "processes", "antivirusproduct"])
    assert not {"Win32_Printer", "Win32_Process", "AntiVirusProduct"} & set(pc.asked)
    found = reasons(document)
    for key in ("printers.list", "software.opc_servers", "processes.running", "antivirus.products"):
        assert "in skip" in found[key]
    # The section is left out, not the source of the same name that others need.
    assert assessed(Pc(), skip=["system"])["fields"]["access.console_user"]["available"]


@pytest.mark.parametrize("options", [{"skip": ["Win32_Printers"]}, {"busy_percent": 101}, {"wait_s": -1}])
def test_options_that_cannot_be_meant_are_refused_before_anything_is_asked(options: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        assess.gentle(**options)


def test_one_section_asks_only_for_itself() -> None:
    pc = Pc()
    found = assess.assess(pc, "l1-op1", ["protection"])  # type: ignore[arg-type]
    assert pc.asked == [
        "Win32_OperatingSystem", "Win32_EncryptableVolume", "Win32_SystemDriver", "AntiVirusProduct",
    ]  # fmt: skip
    assert {key.split(".")[0] for key in found["fields"]} == {"bitlocker", "write_filter", "antivirus"}
    assert set(SECTIONS) >= {"protection"}


def test_a_32_bit_windows_has_one_view_of_its_registry() -> None:
    pc = Pc()
    pc.rows["Win32_OperatingSystem"] = [{**pc.rows["Win32_OperatingSystem"][0], "OSArchitecture": "32-Bit"}]
    for name in ("software_32", "odbc_32", "java_32", "run_32", "run_once_32", "opc_32"):
        pc.texts.pop(name)
    document = assessed(pc)
    assert [item["name"] for item in document["fields"]["software.installed"]["value"]] == ["7-Zip"]
    assert document["fields"]["software.opc_servers"]["value"] == []

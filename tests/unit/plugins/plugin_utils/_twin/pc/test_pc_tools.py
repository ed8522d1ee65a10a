# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tools of boot, backup, services and write filters: texts, codes, and what a restart makes of them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.pc.bcd import NIC4
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.pc.machine import Machine

DIRECTORY = "C:\\Windows\\System32"
EMBEDDED = "root\\standardcimv2\\embedded"
SHARE = "\\\\10.20.50.9\\backup"
Make = Callable[..., Machine]
Move = Callable[[Machine, float], None]


def run(machine: Machine, line: str, stdin: str = "") -> tuple[int, str]:
    result = machine.run(line, DIRECTORY, direct=False, stdin=stdin)
    assert result is not None
    return result.code, result.out + result.err


def restart(machine: Machine, move: Move) -> None:
    assert run(machine, "shutdown /r /t 0")[0] == 0
    move(machine, 3.0)
    assert machine.os_phase == "windows"


@pytest.mark.parametrize(
    ("model", "line", "code", "text"),
    [
        ("win10_x64", "bcdedit /enum firmware", 0, "{7b1f5ee2-6d6a-11e9-a2c4-806e6f6e6963}"),
        ("win7_x64", "bcdedit /enum firmware", 1, "No matching objects"),
        ("win7_x64", "bcdedit /enum {current}", 0, "winload.exe"),
        ("win10_x64", "bcdedit /enum {current} /v", 0, "{40d9b7a2-2f1c-11e3-8c5f-d0bf9c1f6a34}"),
        ("win10_x64", "bcdedit /enum {00000000-0000-0000-0000-000000000000}", 1, "reference the specified entry"),
        ("win10_x64", "bcdedit /deletevalue {fwbootmgr} bootsequence", 1, "Element not found"),
        ("win10_x64", "bcdedit /nonsense", 1, "parameter is incorrect"),
        ("win7_x64", "mountvol S: /S", 1, "parameter is incorrect"),
        ("win10_x64", "manage-bde -status C:", 0, "Protection Off"),
        ("win10_x64", "manage-bde -protectors -disable C: -RebootCount 1", 0x80310008, "0x80310008"),
        ("win10_x64", "ewfmgr c:", 1, "not recognized"),
        ("es7_x64", "wbadmin get versions", 1, "not recognized"),
        ("win10_x64", "wbadmin get versions", 0xFFFFFFFD, "No backup was found"),
        ("win10_x64", "wbadmin start backup -backupTarget:C: -include:C: -quiet", 0xFFFFFFFD, "included in the backup"),
        ("win10_x64", "wbadmin start backup -backupTarget:E: -include:C: -quiet", 0xFFFFFFFD, "cannot find the path"),
        ("win10_x64", f"wbadmin start backup -backupTarget:{SHARE} -quiet", 0xFFFFFFFD, "network path was not found"),
        ("win10_x64", "robocopy C:\\nothing C:\\x", 16, "ERROR 2"),
        ("win10_x64", "sc query Spooler", 0, "RUNNING"),
        ("win10_x64", "sc query nothing", 1060, "FAILED 1060"),
        ("win10_x64", "sc stop RpcSs", 1062, "FAILED"),
        ("win10_x64", f"net use {SHARE} * /user:x", 2, "System error 53"),
        ("win10_x64", "net localgroup Administrators", 0, "svc-rollout"),
        ("win10_x64", "msiexec /i https://ums/nothing.msi /qn", 1619, ""),
        ("win10_x64", "msiexec /i C:\\x.msi /qn /l*v C:\\nowhere\\x.log", 1622, ""),
        ("win10_x64", "reg query HKLM\\SOFTWARE /f nonsense /k", 1, "0 match(es)"),
        ("win10_x64", "query user", 0, "USERNAME"),
    ],
)
def test_texts_and_codes(pc: Make, model: str, line: str, code: int, text: str) -> None:
    found = run(pc(model), line)
    assert found[0] == code
    assert text in found[1]


def test_a_german_windows_7_says_the_same_in_its_own_words(pc: Make) -> None:
    machine = pc("win7_x86", overrides={"language": "de", "console_user": "bediener"})
    assert re.search(r"BENUTZERNAME.*\r\n bediener .*Aktiv", run(machine, "query user")[1])
    assert "ABHÖREN" in run(machine, "netstat -ano")[1]
    assert "nicht gefunden" in run(machine, "reg query HKLM\\SOFTWARE\\Nichts")[1]
    assert run(machine, "schtasks /query /fo csv")[1].startswith('"Aufgabenname"')
    assert "(Standard)" in run(pc(overrides={"language": "de", "opc_servers": [{"name": "X"}]}), "reg query HKCR /s")[1]
    (row,) = machine.instances("root\\cimv2", "Win32_OperatingSystem")
    assert (row["OSArchitecture"], row["OSLanguage"]) == ("32-Bit", 1031)
    assert pc(overrides={"console_user": ""}).instances("root\\cimv2", "Win32_LoggedOnUser") == []


def test_the_firmware_uses_a_one_time_entry_once(pc: Make, move: Move, world: Any) -> None:
    machine = pc()
    assert run(machine, f"bcdedit /set {{fwbootmgr}} bootsequence {NIC4}")[0] == 0
    assert "bootsequence" in run(machine, "bcdedit /enum {fwbootmgr}")[1]
    run(machine, "shutdown /r /t 0")
    move(machine, 2.5)
    assert machine.os_phase == "elsewhere"
    again = pc(state=json.loads(json.dumps(machine.dump())))
    assert again.dump() == machine.dump()
    move(machine, 6.0)
    assert machine.os_phase == "windows"
    assert "bootsequence" not in run(machine, "bcdedit /enum {fwbootmgr}")[1]
    restart(machine, move)


@pytest.mark.parametrize(("loader", "secure", "phase"), [
    ("shimx64.efi", True, "elsewhere"), ("grubx64.efi", True, "windows"), ("grubx64.efi", False, "elsewhere"),
])  # fmt: skip
def test_a_loader_on_the_system_partition(pc: Make, move: Move, loader: str, secure: bool, phase: str) -> None:
    machine = pc(overrides={"secure_boot": secure, "netboot_answers": True})
    made = run(machine, 'bcdedit /copy {bootmgr} /d "otedge"')[1]
    entry = re.findall(r"\{[0-9a-f-]{36}\}", made)[0]
    assert run(machine, f"mountvol S: /S && mkdir S:\\EFI\\otedge && echo x> S:\\EFI\\otedge\\{loader}")[0] == 0
    run(machine, f"bcdedit /set {entry} path \\EFI\\otedge\\{loader} && mountvol S: /D")
    assert not machine.files.is_dir("S:\\EFI")
    assert run(machine, f"bcdedit /set {{fwbootmgr}} displayorder {entry} /remove")[0] == 0
    run(machine, f"bcdedit /set {{fwbootmgr}} bootsequence {entry} && shutdown /r /t 0")
    move(machine, 2.5)
    assert machine.os_phase == phase
    move(machine, 30.0)
    assert machine.os_phase == phase
    assert run(machine, f"bcdedit /delete {entry}")[0] == 0


@pytest.mark.parametrize(("model", "line", "restarts"), [
    ("win10_x64", "manage-bde -protectors -disable C: -RebootCount 2", 2),
    ("win10_x64", "manage-bde -protectors -disable C:", 1),
    ("win7_x64", "manage-bde -protectors -disable C:", 3),
])  # fmt: skip
def test_bitlocker_is_suspended_for_so_many_restarts(
    pc: Make, move: Move, model: str, line: str, restarts: int
) -> None:
    machine = pc(model, overrides={"bitlocker": True})
    space = "root\\cimv2\\security\\microsoftvolumeencryption"

    def status() -> Any:
        return next(iter(machine.instances(space, "Win32_EncryptableVolume")))["ProtectionStatus"]

    assert status() == 1 and run(machine, line)[0] == 0
    for _number in range(restarts):
        assert status() == 0
        restart(machine, move)
    assert status() == (0 if model == "win7_x64" else 1)
    assert run(machine, "manage-bde -protectors -enable C:")[0] == 0 and status() == 1


@pytest.mark.parametrize(("model", "kind", "commit"), [
    ("win10_iot", "uwf", "uwfmgr file commit C:\\kept.txt"),
    ("es7_x64", "fbwf", "fbwfmgr /commit C: \\kept.txt"),
    ("posready7", "ewf", ""),
])  # fmt: skip
def test_a_write_filter_drops_what_is_not_committed(
    pc: Make, move: Move, *, model: str, kind: str, commit: str
) -> None:
    machine = pc(model, overrides={kind: True})
    for name in ("kept", "lost"):
        run(machine, f"echo x> C:\\{name}.txt")
    run(machine, "reg add HKLM\\SOFTWARE\\Acme /v Mode /d fast /f")
    run(machine, "schtasks /create /tn t /tr ver /sc onstart")
    if commit:
        assert run(machine, commit)[0] == 0
    else:
        run(machine, "del C:\\lost.txt && ewfmgr c: -commit && echo x> C:\\lost.txt")
    restart(machine, move)
    assert machine.files.file("C:\\kept.txt") and not machine.files.file("C:\\lost.txt")
    assert machine.registry.exists("HKLM\\SOFTWARE\\Acme") is (kind == "ewf")
    assert (machine.tasks == {}) is (kind != "ewf")
    tool = {"uwf": "uwfmgr filter disable", "fbwf": "fbwfmgr /disable", "ewf": "ewfmgr c: -disable"}[kind]
    assert run(machine, tool)[0] == 0
    run(machine, "echo x> C:\\lost.txt")
    restart(machine, move)
    assert not machine.files.file("C:\\lost.txt")
    run(machine, "echo x> C:\\lost.txt")
    restart(machine, move)
    assert machine.files.file("C:\\lost.txt")


def test_the_write_filter_is_told_before_any_write(pc: Make) -> None:
    machine = pc("win10_iot", overrides={"uwf": True})
    (row,) = machine.instances(EMBEDDED, "UWF_Filter")
    assert (row["CurrentEnabled"], row["NextEnabled"]) == (True, True)
    names = {
        one["Name"] for one in pc("es7_x64", overrides={"ewf": True}).instances("root\\cimv2", "Win32_SystemDriver")
    }
    assert "ewf" in names
    assert "ENABLED" in run(pc("es7_x64", overrides={"ewf": True}), "ewfmgr c:")[1]


def test_a_backup_counts_when_it_has_ended(pc: Make, move: Move, world: Any) -> None:
    machine = pc(overrides={"volumes": {"D": {"free_gb": 500, "label": "Backup"}}, "backup_seconds": 5})
    line = "wbadmin start backup -backupTarget:D: -include:C: -allCritical -quiet"
    assert run(machine, line)[0] == 0
    assert run(machine, "wbadmin get versions -backupTarget:D:")[0] == 0xFFFFFFFD
    world.time += 6
    code, text = run(machine, "wbadmin get versions -backupTarget:D:")
    assert code == 0 and "Bare Metal Recovery" in text and "Version identifier: 11/22/2026-18:43" in text
    run(machine, line)
    machine.power_cut()
    move(machine, 5.0)
    assert run(machine, "wbadmin get versions")[1].count("Version identifier") == 1
    small = pc(overrides={"volumes": {"D": {"free_gb": 1}}})
    assert "not enough space" in run(small, line)[1]


def test_a_share_is_reached_by_the_machine_account_or_a_password_on_stdin(pc: Make, move: Move) -> None:
    shares = {SHARE: {"user": "PLANT\\backup", "password": "lab-only", "machine_account": True}}
    machine = pc(overrides={"network_shares": shares, "backup_seconds": 0})
    line = f"wbadmin start backup -backupTarget:{SHARE} -include:C: -allCritical -quiet"
    assert "Access is denied" in run(machine, line)[1]
    run(machine, f'schtasks /create /tn b /tr "{line}" /sc once /st 23:00 /ru SYSTEM && schtasks /run /tn b')
    move(machine, 0.3)
    assert run(machine, f"wbadmin get versions -backupTarget:{SHARE}")[0] == 0
    assert run(machine, f"net use {SHARE} * /user:PLANT\\backup", stdin="wrong")[0] == 2
    assert run(machine, f"net use {SHARE} * /user:PLANT\\backup", stdin="lab-only\r\n")[0] == 0
    assert run(machine, f"robocopy C:\\Users {SHARE}\\users /E")[0] == 0
    assert run(machine, f"net use {SHARE} /delete")[0] == 0
    assert run(machine, f"robocopy C:\\Users {SHARE}\\users /E")[0] == 16


def test_robocopy_gives_a_bit_mask(pc: Make) -> None:
    machine = pc(overrides={"volumes": {"D": {"free_gb": 50}}})
    run(machine, "mkdir C:\\Recipes\\sub && echo one> C:\\Recipes\\a.txt && echo two> C:\\Recipes\\sub\\b.txt")
    line = "robocopy C:\\Recipes D:\\Recipes /E /B /COPY:DAT /R:2 /W:5 /NP /XJ /LOG:C:\\copy.log"
    assert run(machine, line)[0] == 1
    assert machine.files.text("D:\\Recipes\\sub\\b.txt") == "two\r\n"
    assert "ROBOCOPY" in (machine.files.text("C:\\copy.log") or "")
    assert run(machine, line)[0] == 0


def test_services_are_stopped_started_and_come_back_with_windows(pc: Make, move: Move, world: Any) -> None:
    machine = pc()
    assert run(machine, "sc stop Spooler")[0] == 0 and "STOPPED" in run(machine, "sc query Spooler")[1]
    assert run(machine, "sc config Spooler start= disabled")[0] == 0
    assert run(machine, "sc start Spooler")[0] == 1058
    restart(machine, move)
    row = next(one for one in machine.instances("root\\cimv2", "Win32_Service") if one["Name"] == "Spooler")
    assert row["StartMode"] == "Disabled"


@pytest.mark.parametrize(("more", "fault", "code"), [
    ({}, {}, 0),
    ({"overrides": {"msi_reboot_needed": True}}, {}, 3010),
    ({}, {"code": 1618}, 1618),
    ({"model": "win7_x64", "overrides": {"hotfixes": []}}, {}, 1619),
    ({"converter_sha256": "aa" * 32}, {}, 1620),
])  # fmt: skip
def test_msiexec_by_address(pc: Make, world: Any, more: dict[str, Any], fault: dict[str, int], code: int) -> None:
    world.downloads["https://ums/osc.msi"] = {"sha256": "5f" * 32, "size": 9}
    machine = pc(**more)
    if fault:
        machine.inject("msiexec", fault)
    assert run(machine, "msiexec /i https://ums/osc.msi /qn /norestart /l*v C:\\install.log")[0] == code
    assert f"returning {code}" in (machine.files.text("C:\\install.log") or "")
    assert machine.files.is_dir("C:\\OSC") is (code in (0, 3010))
    assert run(machine, "msiexec /i https://ums/osc.msi /qn")[0] == (0 if code == 1618 else code)


def test_a_detached_command_holds_up_for_a_pause(pc: Make, move: Move) -> None:
    machine = pc()
    machine.jobs.start('cmd /c "echo x> C:\\a & ping -n 4 127.0.0.1 >nul & echo x> C:\\b"', DIRECTORY)
    move(machine, 1.0)
    assert machine.files.file("C:\\a") and not machine.files.file("C:\\b")
    move(machine, 3.5)
    assert machine.files.file("C:\\b")

# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.pc.cmd import Result
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.pc.machine import Machine
from hypothesis import given, settings
from hypothesis import strategies as st

DIRECTORY = "C:\\Windows\\System32"


def run(machine: Machine, line: str) -> Result:
    result = machine.run(line, DIRECTORY, direct=False)
    assert result is not None
    return result


@pytest.mark.parametrize(
    ("line", "code", "out", "err"),
    [
        ("ver", 0, "Version 10.0.19045.4046", ""),
        ("hostname", 0, "L1-OP1", ""),
        ("echo hello & echo again", 0, "hello \r\nagain\r\n", ""),
        ("echo %COMPUTERNAME% %NOTHING%", 0, "L1-OP1 %NOTHING%\r\n", ""),
        ("type C:\\nothing.txt", 1, "", "The system cannot find the file specified."),
        ("type C:\\nothing.txt || echo other", 0, "other", "cannot find"),
        ("type C:\\nothing.txt && echo other", 1, "", "cannot find"),
        ("del /q C:\\nothing.txt", 0, "", "Could Not Find C:\\nothing.txt"),
        ("mkdir C:\\ProgramData", 1, "", "already exists"),
        ("dir /b C:\\OSC", 1, "", "File Not Found"),
        ("copy /Y C:\\a C:\\b", 1, "", "cannot find the file"),
        ("powershell -NoProfile -Command hostname", 0, "L1-OP1", ""),
        ("powershell -Command Get-Date", 1, "", "runs plain commands only"),
        ("a &&", 1, "", "was unexpected at this time."),
        ("if exist C:\\Windows echo yes", 0, "yes", ""),
        ("if not exist C:\\Windows echo yes", 0, "", ""),
        ('ver | find "Microsoft"', 0, "Microsoft Windows", ""),
        ('ver | find /i "linux"', 1, "", ""),
        ("exit 7", 7, "", ""),
        ("cmd /c exit 5", 5, "", ""),
        ('cmd /v:on /c "exit 3 & echo x"', 3, "", ""),
        ('cmd /v:on /c "type C:\\no & echo rc=!errorlevel!"', 0, "rc=1", "cannot find"),
        ("certutil -hashfile C:\\no SHA256", 0x80070002, "ERROR_FILE_NOT_FOUND", ""),
        ("certutil -urlcache -split -f http://ums/nothing C:\\x", 0x80072EFD, "FAILED: 0x80072efd", ""),
        ("certutil -urlcache http://ums/osc.iso delete", 0, "completed successfully", ""),
        ("msiexec /i C:\\no.msi /qn", 1619, "", ""),
        ("msiexec /x {6F1B9E52-8B2C-4C7A-9A55-0A1C5E0D7F11} /qn", 1605, "", ""),
        ("schtasks /query /tn nothing", 1, "", "ERROR: The system cannot find the file specified."),
        ("schtasks /delete /tn nothing /f", 1, "", "ERROR"),
        ("reg query HKLM\\SOFTWARE\\Nothing", 1, "", "unable to find the specified registry key"),
        (
            "reg query HKLM\\SYSTEM\\CurrentControlSet\\Control /v PEFirmwareType",
            0,
            "PEFirmwareType    REG_DWORD    0x2",
            "",
        ),
        ("shutdown /a", 1116, "", "(1116)"),
        ("timeout /t 5", 1, "", "Input redirection is not supported"),
        ("query user", 0, "operator", ""),
    ],
)
def test_texts_and_exit_codes(pc: Callable[..., Machine], line: str, code: int, out: str, err: str) -> None:
    result = run(pc(), line)
    assert result.code == code
    assert out in result.out
    assert err in result.err


@pytest.mark.parametrize("more", [{"model": "es7_x64"}, {"overrides": {"powershell": False}}])
def test_a_pc_without_powershell_does_not_know_it(pc: Callable[..., Machine], more: dict[str, object]) -> None:
    assert "is not recognized as an internal or external command" in run(pc(**more), "powershell -Command 1").err


@pytest.mark.parametrize(
    ("model", "text"), [("win7_x64", "[Version 6.1.7601]"), ("win10_x64", "[Version 10.0.19045.4046]")]
)
def test_ver(pc: Callable[..., Machine], model: str, text: str) -> None:
    assert text in run(pc(model), "ver").out


def test_files_are_written_copied_moved_and_hashed(pc: Callable[..., Machine]) -> None:
    machine = pc()
    assert run(machine, "md C:\\ProgramData\\otedge && echo one> C:\\ProgramData\\otedge\\a.txt").code == 0
    run(machine, "echo two>> c:\\programdata\\OTEDGE\\a.txt")
    assert machine.files.text("C:\\ProgramData\\otedge\\a.txt") == "one\r\ntwo\r\n"
    assert run(machine, "copy /Y C:\\ProgramData\\otedge\\a.txt C:\\ProgramData\\otedge\\b.txt").code == 0
    assert run(machine, "move /Y C:\\ProgramData\\otedge\\b.txt C:\\ProgramData\\otedge\\a.txt").code == 0
    assert run(machine, "dir /b C:\\ProgramData\\otedge").out == "a.txt\r\n"
    wanted = hashlib.sha256(b"one\r\ntwo\r\n").hexdigest()
    assert wanted in run(machine, "certutil -hashfile C:\\ProgramData\\otedge\\a.txt SHA256").out
    assert run(machine, "rd C:\\ProgramData\\otedge").code == 145
    assert run(machine, "rd /s /q C:\\ProgramData\\otedge").code == 0
    assert machine.files.entry("C:\\ProgramData\\otedge\\a.txt") is None


def test_copy_over_a_file_asks_without_y(pc: Callable[..., Machine]) -> None:
    machine = pc()
    run(machine, "echo one> C:\\a&& echo two> C:\\b")
    assert "0 file(s) copied" in run(machine, "copy C:\\a C:\\b").out
    assert machine.files.text("C:\\b") == "two\r\n"


def test_windows_7_prints_hash_bytes_apart(pc: Callable[..., Machine]) -> None:
    line = "echo x> C:\\a&& certutil -hashfile C:\\a SHA256"
    digest = hashlib.sha256(b"x\r\n").hexdigest()
    seven, ten = run(pc("win7_x64"), line).out, run(pc(), line).out
    assert digest in ten and "SHA256 hash of C:\\a:" in ten
    assert " ".join(digest[at : at + 2] for at in range(0, 64, 2)) in seven
    assert "SHA256 hash of file C:\\a:" in seven


def test_download_install_and_uninstall(pc: Callable[..., Machine]) -> None:
    machine = pc()
    run(machine, "mkdir C:\\ProgramData\\otedge")
    fetched = run(machine, "certutil -urlcache -split -f http://ums/osc.msi C:\\ProgramData\\otedge\\converter.msi")
    assert fetched.code == 0
    assert machine.files.entry("C:\\ProgramData\\otedge\\converter.msi")["sha256"] == "5f" * 32  # type: ignore[index]
    assert run(machine, "msiexec /i C:\\ProgramData\\otedge\\converter.msi /qn /norestart").code == 0
    assert set(run(machine, "dir /b C:\\OSC").out.split()) == {"g2ldr.mbr", "grub.cfg", "osc.cfg"}
    key = "HKLM\\SOFTWARE\\Wow6432Node\\Microsoft\\Windows\\CurrentVersion\\Uninstall"
    assert "IGEL Unified Management Agent" in run(machine, f"reg query {key} /s").out
    before = machine.dump()
    assert run(machine, "msiexec /i C:\\ProgramData\\otedge\\converter.msi /qn /norestart").code == 0
    assert machine.dump() == before
    assert run(machine, "msiexec /x C:\\ProgramData\\otedge\\converter.msi /qn").code == 0
    assert not machine.files.is_dir("C:\\OSC")
    assert "IGEL" not in run(machine, f"reg query {key} /s").out


def test_a_file_that_is_not_the_converter_is_no_package(pc: Callable[..., Machine]) -> None:
    machine = pc(converter_sha256="aa" * 32)
    run(machine, "certutil -urlcache -split -f http://ums/osc.msi C:\\x.msi")
    assert run(machine, "msiexec /i C:\\x.msi /qn").code == 1620


def test_windows_7_without_the_tls_update_cannot_fetch_https(pc: Callable[..., Machine], world: object) -> None:
    world.downloads["https://ums/osc.msi"] = {"sha256": "5f" * 32, "size": 9}  # type: ignore[attr-defined]
    line = "certutil -urlcache -split -f https://ums/osc.msi C:\\x.msi"
    assert run(pc("win7_x64"), line).code == 0
    assert run(pc("win7_x64", overrides={"hotfixes": []}), line).code == 0x80072F8F


def test_a_scheduled_task_is_made_shown_and_deleted(pc: Callable[..., Machine]) -> None:
    machine = pc()  # it is 19:43 in Berlin
    made = run(
        machine, 'schtasks /create /tn otedge-disarm /tr "cmd /c echo a && echo b" /sc once /st 19:50 /ru SYSTEM /f'
    )
    assert made.code == 0 and "SUCCESS" in made.out
    assert '"\\otedge-disarm","11/22/2026 07:50:00 PM","Ready"' in run(machine, "schtasks /query /fo csv").out
    shown = run(machine, "schtasks /query /tn otedge-disarm /xml").out
    assert "<StartBoundary>2026-11-22T19:50:00</StartBoundary>" in shown
    assert "<Command>cmd</Command><Arguments>/c echo a &amp;&amp; echo b</Arguments>" in shown
    assert run(machine, "schtasks /delete /tn otedge-disarm /f").code == 0
    assert run(machine, "schtasks /query /tn otedge-disarm").code == 1


def test_a_task_in_the_past_warns(pc: Callable[..., Machine]) -> None:
    made = run(pc(), "schtasks /create /tn x /tr ver /sc once /st 07:00")
    assert made.code == 0
    assert "earlier than current time" in made.out


def test_reading_writes_nothing(pc: Callable[..., Machine], world: object) -> None:
    machine = pc()
    before = machine.dump()
    for line in (
        "ver",
        "dir C:\\",
        "netstat -ano",
        "reg query HKLM\\SOFTWARE /s",
        "schtasks /query",
        "query user",
        "type C:\\x",
    ):
        run(machine, line)
    assert machine.dump() == before
    assert machine.writes == 0
    assert world.writes() == []  # type: ignore[attr-defined]


def test_programs_without_cmd_know_no_builtin(pc: Callable[..., Machine]) -> None:
    machine = pc()
    assert machine.run("dir C:\\", DIRECTORY, direct=True) is None
    result = machine.run("hostname.exe", DIRECTORY, direct=True)
    assert result is not None and result.out == "L1-OP1\r\n"


WORDS = [
    r"copy",
    r"/Y",
    r"C:\a",
    r"&&",
    r"||",
    r"&",
    r"|",
    r"(",
    r")",
    r">",
    r">>",
    r"2>&1",
    r"if",
    r"not",
    r"exist",
    r"errorlevel",
    r"x",
    r"cmd",
    r"/c",
    r'"',
    r"echo",
    r"reg",
    r"query",
    r"HKLM",
    r"schtasks",
    r"/create",
    r"/tn",
    r"/st",
    r"12:00",
    r"shutdown",
    r"/t",
    r"^",
    r"%x%",
    r"del",
    r"msiexec",
    r"/i",
    r"certutil",
    r"-hashfile",
]


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join), st.text(max_size=60)))
def test_any_line_gives_a_result(fresh: Callable[..., tuple[Machine, object]], line: str) -> None:
    machine, _let_pass = fresh()
    result = run(machine, line)
    assert isinstance(result.code, int)
    assert machine.os_phase == "windows"


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("if errorlevel x echo a", "syntax of the command"),
        ("shutdown /r /t soon", "syntax of the command"),
        ("(" * 3000, "syntax of the command"),
        ("cmd /c " * 1100 + "ver", "syntax of the command"),
        ("echo " + "x" * 9000, "too long"),
        (f'schtasks /create /tn x /tr "{"y" * 300}" /sc once /st 23:00', "261"),
    ],
)
def test_lines_that_are_refused(pc: Callable[..., Machine], line: str, text: str) -> None:
    result = run(pc(), line)
    assert result.code == 1
    assert text in result.err


def test_a_task_with_a_bad_command_does_not_stop_the_clock(pc: Callable[..., Machine], world: object) -> None:
    machine = pc()
    run(machine, 'schtasks /create /tn x /tr "shutdown /r /t soon" /sc once /st 23:00 && schtasks /run /tn x')
    for _tick in range(3):
        machine.tick(machine.hooks.now())
    assert machine.jobs.running == []
    assert machine.boot.pending is None


def test_netstat_shows_the_declared_flows(pc: Callable[..., Machine]) -> None:
    rows = [line.split() for line in run(pc("win7_x64"), "netstat -ano").out.splitlines() if "ESTABLISHED" in line]
    assert [(row[1].partition(":")[0], row[2]) for row in rows] == [("10.20.1.11", "10.20.60.10:443")]

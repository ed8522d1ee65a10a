# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plans of staging and arming: pure, from state to steps."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, PeerError, RefusedError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import arm, converter, fetch, stage, steps
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.winrs import CommandResult

PACKAGE = fetch.Source("https://ums/osc.msi", "5f" * 32)
IMAGE = fetch.Source("https://ums/osc.iso", "0b" * 32)
WINDOWS, INSTALLER = "set root=windows\n", "set root=installer\n"
DONE = {
    "installed": True,
    "image": True,
    "staged": True,
    "files": ("grub.cfg", "osc.cfg", "osc.iso"),
    "downloads": ("x",),
}
CEST = timezone(timedelta(hours=2))
TIMERS = ["set the disarming at start", "set the disarm timer"]


def state(**more: Any) -> converter.ConverterState:
    return converter.ConverterState(**{**DONE, **more})


def names(change: Any) -> list[str]:
    return [step.name for step in change.steps]


def parts(files: str = "", loader: str = "", install: str = "", old: str = "") -> dict[str, str]:
    texts = {"osc_loader": loader, "osc_install_loader": install, "osc_loader_old": old}
    return {"osc_files": files, "osc_downloads": "", **texts}


FILES = "grub.cfg\nosc.cfg\nosc.iso\n"


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (parts(), {"installed": False, "staged": False, "armed": False, "original": False}),
        (parts("GRUB.CFG\nosc.cfg\n", WINDOWS, INSTALLER), {"installed": True, "staged": False, "armed": False}),
        (parts(FILES, WINDOWS, INSTALLER), {"staged": True, "armed": False, "original": False}),
        (parts(FILES, WINDOWS, INSTALLER, WINDOWS), {"armed": False, "original": True}),
        (parts(FILES, WINDOWS, INSTALLER, "set ro"), {"armed": False, "original": False}),
        (parts(FILES, INSTALLER, INSTALLER, WINDOWS), {"armed": True, "original": True}),
        (parts(FILES, INSTALLER, INSTALLER), {"armed": True, "original": False}),
        (parts(FILES, INSTALLER, INSTALLER, INSTALLER), {"armed": True, "original": False}),
        (parts(FILES, INSTALLER.replace("\n", " \r\n"), INSTALLER), {"armed": True}),
    ],
)
def test_converter_state(found: dict[str, str], expected: dict[str, bool]) -> None:
    judged = converter.state_from(found)
    assert {key: getattr(judged, key) for key in expected} == expected


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ({}, "ended before its end"),
        ({"osc_files": FILES, "osc_loader": WINDOWS}, "ended before its end"),
        (parts(FILES, "", INSTALLER, WINDOWS), r"C:\OSC\grub.cfg is there"),
        (parts(FILES, INSTALLER, " \r\n"), r"C:\OSC\osc.cfg is there"),
    ],
)
def test_what_was_not_shown_is_not_taken_as_not_armed(found: dict[str, str], told: str) -> None:
    with pytest.raises(converter.UnsureError, match="not known whether the PC is armed") as caught:
        converter.certain(found)
    assert told in str(caught.value)


@pytest.mark.parametrize("found", [parts(), parts(FILES, WINDOWS, INSTALLER), parts(FILES, INSTALLER, INSTALLER)])
def test_what_was_shown_is_judged(found: dict[str, str]) -> None:
    assert converter.certain(found) == converter.state_from(found)


def test_disarming_that_shows_nothing_is_not_taken_for_done() -> None:
    state = converter.state_from(parts(FILES, INSTALLER, INSTALLER, WINDOWS))
    restore = arm.plan_disarm(arm.ArmState(state, "", datetime(2026, 11, 22), {})).steps[0]
    with pytest.raises(converter.UnsureError):
        restore.seen(CommandResult(0xFFFFFFFF, "", ""))


def test_an_empty_pc_gets_everything_in_order_and_a_staged_one_nothing() -> None:
    change = stage.plan_present(stage.StageState(), PACKAGE, IMAGE)
    assert names(change) == [
        "make the download folder",
        "write down what was there before",
        "fetch the converter",
        "forget the cached converter",
        "put the converter in place",
        "install the converter",
        "fetch the image",
        "forget the cached image",
        "put the image in place",
    ]
    ready = stage.StageState(state(), PACKAGE.sha256, IMAGE.sha256)
    assert not stage.plan_present(ready, PACKAGE, IMAGE).changed


def test_only_what_is_missing_is_staged() -> None:
    old_image = stage.StageState(state(), PACKAGE.sha256, "aa" * 32)
    assert names(stage.plan_present(old_image, PACKAGE, IMAGE))[0] == "fetch the image"
    not_installed = stage.StageState(state(installed=False), PACKAGE.sha256, IMAGE.sha256)
    assert names(stage.plan_present(not_installed, PACKAGE, IMAGE)) == ["install the converter"]


def test_an_armed_pc_is_never_staged_or_cleaned() -> None:
    armed = stage.StageState(state(armed=True), PACKAGE.sha256, "")
    for plan in (lambda: stage.plan_present(armed, PACKAGE, IMAGE), lambda: stage.plan_absent(armed)):
        with pytest.raises(RefusedError, match="armed"):
            plan()


def test_absent_leaves_nothing_and_then_does_nothing() -> None:
    assert names(stage.plan_absent(stage.StageState(state(), PACKAGE.sha256, IMAGE.sha256))) == [
        "uninstall the converter",
        "remove the converter's folder",
        "remove the downloads",
    ]
    assert not stage.plan_absent(stage.StageState()).changed
    damaged = stage.StageState(state(installed=False), PACKAGE.sha256, IMAGE.sha256)
    assert names(stage.plan_absent(damaged))[0] == "uninstall the converter"
    with pytest.raises(RefusedError, match="cannot uninstall"):
        stage.plan_absent(stage.StageState(state(), "", IMAGE.sha256))
    only_image = converter.ConverterState(files=("osc.iso", "osc.iso.part"))
    assert names(stage.plan_absent(stage.StageState(only_image))) == ["remove the converter's folder"]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://x/y",
        "https://x/a&b",
        'https://x/"',
        "https://x/a b",
        "https://x/a|b",
        "https://x/(a)",
        "https://x/%PATH%",
    ],
)
def test_addresses_that_cmd_would_act_on_are_refused(url: str) -> None:
    with pytest.raises(InputError):
        fetch.source("image", {"url": url, "sha256": "0b" * 32})


@pytest.mark.parametrize("url", ["https://svc:geheim@files.plant-a/osc.iso", "http://geheim@files/osc.iso"])
def test_an_address_with_a_login_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(InputError, match="holds a login") as caught:
        fetch.source("image", {"url": url, "sha256": "0b" * 32})
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"path": "osc.iso"}, "no plain full path"),
        ({"path": r"E:\a&b.iso"}, "no plain full path"),
        ({"path": r"E:\a%b.iso"}, "no plain full path"),
        ({"path": r"E:\a.iso", "url": "https://x/a"}, "both are given"),
        ({}, "none is given"),
    ],
)
def test_paths_that_cmd_would_act_on_are_refused(options: dict[str, str], text: str) -> None:
    with pytest.raises(InputError, match=text):
        fetch.source("image", {"sha256": "0b" * 32, **options})


@pytest.mark.parametrize("path", [r"E:\igel\osc 12.iso", r"\\files.plant-a\igel$\osc.iso"])
def test_a_path_is_copied_and_its_hash_compared(path: str) -> None:
    found = fetch.source("image", {"path": path, "sha256": "0b" * 32})
    change = stage.plan_present(stage.StageState(state(), PACKAGE.sha256, ""), PACKAGE, found)
    assert names(change) == ["fetch the image", "put the image in place"]
    assert change.steps[0].command == rf'copy /Y "{path}" C:\OSC\osc.iso.part'
    assert ("CredSSP" in change.steps[0].fix) is path.startswith("\\\\")


def test_https_says_what_windows_7_needs() -> None:
    fixes = [step.fix for step in stage.plan_present(stage.StageState(), PACKAGE, IMAGE).steps if "fetch" in step.name]
    assert all("KB3140245" in fix for fix in fixes)


def test_the_space_needed_is_twice_what_is_fetched() -> None:
    local = fetch.Source("", IMAGE.sha256, r"E:\osc.iso")
    empty, done = stage.StageState(), stage.StageState(state(), PACKAGE.sha256, IMAGE.sha256)
    assert stage.space_needed(done, PACKAGE, IMAGE) == 0
    assert stage.space_needed(empty, PACKAGE, IMAGE) == 2 * (stage.IMAGE_BYTES + stage.PACKAGE_BYTES)
    assert stage.space_needed(empty, PACKAGE, local) == stage.IMAGE_BYTES + 2 * stage.PACKAGE_BYTES


def test_what_was_there_before_stays() -> None:
    mine = stage.StageState(
        state(files=("grub.cfg", "osc.cfg", "osc.iso", "grub.cfg.old", "notes.txt")), "5f" * 32, "x"
    )
    with_notes = stage.plan_absent(replace(mine, before=("notes.txt",)))
    assert names(with_notes) == [
        "uninstall the converter", "remove osc.iso", "remove grub.cfg.old", "remove the downloads"
    ]  # fmt: skip
    installed_before = stage.plan_absent(replace(mine, before=("grub.cfg", "osc.cfg", "notes.txt")))
    assert names(installed_before) == ["remove osc.iso", "remove grub.cfg.old", "remove the downloads"]


def test_disarm_tasks_that_are_left_go_with_it() -> None:
    left = stage.StageState(timers=(arm.TIMER, arm.AT_START))
    assert names(stage.plan_absent(left)) == ["remove the disarm timer", "remove the disarming at start"]


@pytest.mark.parametrize(
    ("package", "before", "refused"),
    [("", None, True), ("5f" * 32, None, False), ("5f" * 32, (), False), ("5f" * 32, ("osc.iso",), True)],
)
def test_an_image_of_somebody_else_is_never_replaced(package: str, before: Any, refused: bool) -> None:
    found = stage.StageState(state(), package, "aa" * 32, before)
    if refused:
        with pytest.raises(RefusedError, match="was not put there by this plugin"):
            stage.plan_present(found, PACKAGE, IMAGE)
    else:
        assert stage.plan_present(found, PACKAGE, IMAGE).changed


def test_the_sums_of_the_loaders_are_kept() -> None:
    found = converter.state_from(parts(FILES, WINDOWS, INSTALLER, WINDOWS))
    assert set(found.loaders) == {"grub.cfg", "osc.cfg", "grub.cfg.old"}
    assert found.loaders["grub.cfg"] == found.loaders["grub.cfg.old"] != found.loaders["osc.cfg"]
    assert "loaders" not in found.as_dict()


def test_a_source_is_normalised() -> None:
    found = fetch.source("image", {"url": "https://x:8443/a%20b.iso?v=1", "sha256": "0B" * 32})
    assert found.sha256 == "0b" * 32
    with pytest.raises(InputError, match="sha256"):
        fetch.source("image", {"url": "https://x/a", "sha256": "0b"})


@pytest.mark.parametrize(
    "text",
    [
        "SHA256 hash of C:\\x:\r\n" + "0b" * 32 + "\r\nCertUtil: done\r\n",
        "SHA256 hash of file C:\\x:\r\n" + " ".join(["0b"] * 32) + "\r\nCertUtil: done\r\n",
    ],
)
def test_hashes_of_both_kinds_of_certutil(text: str) -> None:
    assert fetch.file_hash(text) == "0b" * 32
    assert fetch.file_hash("CertUtil: -hashfile command FAILED: 0x80070002") == ""


def arm_state(hour: int = 14, minute: int = 3, second: int = 5, **more: Any) -> arm.ArmState:
    moment = datetime(2026, 11, 22, hour, minute, second, tzinfo=CEST)
    return arm.ArmState(state(**more), "", moment, {"serial": "s", "uuid": "u"})


def test_arming_keeps_the_loader_then_sets_the_timer() -> None:
    change = arm.plan_arm(arm_state(), 10)
    assert names(change) == ["keep the loader that boots Windows", *TIMERS]
    assert change.steps[0].command.endswith(rf" && move /Y {converter.LOADER_NEW} {converter.LOADER_OLD}")
    assert "/sc onstart " in change.steps[1].command
    assert "/sc once /st 14:14 " in change.steps[2].command
    assert names(arm.plan_arm(arm_state(original=True), 10)) == TIMERS


def test_the_armed_loader_is_never_kept_as_the_original() -> None:
    assert names(arm.plan_arm(arm_state(armed=True, original=True), 10)) == TIMERS
    for plan in (lambda s: arm.plan_arm(s, 10), arm.plan_disarm):
        with pytest.raises(PeerError, match="not kept"):
            plan(arm_state(armed=True))


def test_a_timer_past_midnight_needs_no_date_in_the_pcs_own_format() -> None:
    command = arm.plan_arm(arm_state(hour=23, minute=55), 10).steps[-1].command
    assert "/sc daily /st 00:06 " in command
    assert "/sc once /sd 11/23/2026 /st 00:06 " in command


def test_not_staged_is_refused() -> None:
    with pytest.raises(RefusedError, match="not staged"):
        arm.plan_arm(arm_state(staged=False), 10)


def test_disarming_restores_first_and_is_done_once() -> None:
    armed = arm.ArmState(state(armed=True, original=True), "2026-11-22T14:14:00", arm_state().local_time, {})
    assert names(arm.plan_disarm(armed)) == [
        "restore the loader that boots Windows",
        "call off the restart",
        "remove the disarm timer",
    ]
    assert not arm.plan_disarm(arm_state()).changed


def test_only_our_own_timer_counts() -> None:
    task = "<Task><StartBoundary>2026-11-22T14:14:00</StartBoundary><Arguments>{}</Arguments></Task>"
    assert arm.timer_start(task.format(arm.RESTORE.replace("&", "&amp;"))) == "2026-11-22T14:14:00"
    assert arm.timer_start(task.format("/c exit")) == ""
    assert arm.timer_start("") == ""


def test_the_arming_command_replaces_by_one_rename_and_then_restarts() -> None:
    armed, disarmed = arm.ARM_AND_REBOOT.split(" || ")
    copy, move, restart = armed.split(" && ")
    assert disarmed == f'{arm.RESTORE}"'
    assert copy.endswith(rf"{converter.INSTALL_LOADER} {converter.LOADER_NEW}")
    assert move == rf"move /Y {converter.LOADER_NEW} {converter.LOADER}"
    assert restart.startswith("shutdown /r")
    assert len(arm.RESTORE) + len("cmd /c ") < 262  # the longest command a scheduled task takes


class FakeShell:
    """Answers commands from a table."""

    def __init__(self, answers: dict[str, CommandResult]) -> None:
        self.answers, self.ran = answers, []

    def run(self, command: str, *, timeout_s: float = 0) -> CommandResult:
        self.ran.append(command)
        return self.answers.get(command, CommandResult(0, "", ""))


def test_steps_stop_at_the_first_that_has_no_effect_and_undo_it() -> None:
    shell = FakeShell({"check": CommandResult(0, "nothing there", "")})
    todo = [
        steps.Step("one", "a", check="check", seen=lambda r: r.stdout == "there", undo="undo"),
        steps.Step("two", "b"),
    ]
    with pytest.raises(PeerError, match="'one' ended without its effect: nothing there"):
        steps.run_steps(shell, todo, lambda: None)
    assert shell.ran == ["a", "check", "undo"]


def test_exit_codes_of_the_installer_are_explained() -> None:
    shell = FakeShell({"msiexec /i x": CommandResult(1618, "", "")})
    with pytest.raises(PeerError, match="exit code 1618, another installation is running"):
        steps.run_steps(shell, [steps.Step("install", "msiexec /i x", good=(0, 3010))], lambda: None)


def test_another_installation_is_waited_for_but_not_for_ever() -> None:
    step = stage.plan_present(stage.StageState(state(installed=False), PACKAGE.sha256, IMAGE.sha256), PACKAGE, IMAGE)
    shell = FakeShell({step.steps[0].command: CommandResult(1618, "", "")})
    slept: list[float] = []
    with pytest.raises(PeerError, match="1618, another installation is running.* its log on the PC is C:"):
        steps.run_steps(shell, step.steps, lambda: None, slept.append)  # type: ignore[arg-type]
    assert slept == [30.0] * 5
    assert len(shell.ran) == 6


@pytest.mark.parametrize("code", [1601, 1603, 1612, 1619, 1622, 1625, 1633, 1638])
def test_every_known_exit_code_says_what_it_means(code: int) -> None:
    change = stage.plan_present(stage.StageState(state(installed=False), PACKAGE.sha256, IMAGE.sha256), PACKAGE, IMAGE)
    shell = FakeShell({change.steps[0].command: CommandResult(code, "", "")})
    with pytest.raises(PeerError, match=f"exit code {code}, {steps.MSIEXEC[code][:20]}"):
        steps.run_steps(shell, change.steps, lambda: None)  # type: ignore[arg-type]


def test_nothing_runs_once_the_run_is_over() -> None:
    shell = FakeShell({})

    def over() -> None:
        raise RefusedError("over")

    with pytest.raises(RefusedError):
        steps.run_steps(shell, [steps.Step("one", "a")], over)
    assert shell.ran == []


def test_an_orphan_does_not_even_tidy_up() -> None:
    alive = iter([None])

    def before_each() -> None:
        if next(alive, "gone") == "gone":
            raise RefusedError("The run is gone.")

    shell = FakeShell({"fetch": CommandResult(1, "", "no route")})
    with pytest.raises(RefusedError, match="gone"):
        steps.run_steps(shell, [steps.Step("fetch", "fetch", undo="del part")], before_each)
    assert shell.ran == ["fetch"]

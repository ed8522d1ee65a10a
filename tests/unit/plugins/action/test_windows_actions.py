# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""cim_info, cim_invoke, windows_registry and winrs_command, through the real winrm plugin, against the simulated PC."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.action import cim_info, cim_invoke, windows_registry, winrs_command
from ansible_collections.otedge.endpoint.tests.unit.plugins.plugin_utils._wsman import pc_rig as rig

KEY = r"HKLM\SOFTWARE\otedge-test"


@pytest.fixture(scope="module", params=["win7_x64", "win10_x64"])
def pc(request: pytest.FixtureRequest) -> Iterator[Any]:
    made = rig.Pc(request.param)
    made.start()
    yield made
    made.stop()


def run(module: Any, pc: Any, args: dict[str, Any], *, check: bool = False, **options: Any) -> dict[str, Any]:
    name = module.__name__.rpartition(".")[2]
    task = SimpleNamespace(args=args, check_mode=check, diff=True, async_val=0, action=name)
    link = pc.connection(**options)
    action = module.ActionModule(task, link, SimpleNamespace(check_mode=check), None, None, None)
    result: dict[str, Any] = action.run(task_vars={"inventory_hostname": "l1-op1"})
    link.close()
    return result


def writes(pc: Any) -> int:
    return len(pc.world.writes)


class TestCimInfo:
    def test_columns_types_and_query(self, pc: Any) -> None:
        result = run(
            cim_info,
            pc,
            {
                "class": "Win32_OperatingSystem",
                "columns": ["caption", "LastBootUpTime", "ProductType"],
                "types": {"ProductType": "uint32", "LastBootUpTime": "datetime"},
                "query": "[].{name: caption, kind: ProductType, up: LastBootUpTime}",
            },
            check=True,
        )
        assert (result["available"], result["changed"], result["truncated"]) == (True, False, False)
        (row,) = result["instances"]
        assert row["name"].startswith("Microsoft Windows")
        assert row["kind"] == 1
        assert "T" in row["up"]

    def test_whole_instances_and_wql(self, pc: Any) -> None:
        whole = run(cim_info, pc, {"class": "Win32_LogicalDisk", "where": "DeviceID='C:'"})["instances"]
        assert whole[0]["DeviceID"] == "C:"
        found = run(cim_info, pc, {"wql": "select Name from Win32_Service where State='Running'"})
        names = [row["Name"] for row in found["instances"]]
        assert len(names) == len(set(names)) > 1

    @pytest.mark.parametrize(("name", "namespace"), [("Win32_NoSuch", "root/cimv2"), ("X", "root/nothing/here")])
    def test_what_this_windows_does_not_have_is_an_answer(self, pc: Any, name: str, namespace: str) -> None:
        result = run(cim_info, pc, {"class": name, "namespace": namespace})
        assert (result["available"], result["instances"], "failed" in result) == (False, [], False)
        assert "0x8" in result["reason"]

    def test_more_than_the_limit(self, pc: Any) -> None:
        few = {"class": "Win32_Service", "columns": ["Name"], "limit": 2}
        result = run(cim_info, pc, few)
        assert "more than 2 instances" in result["msg"]
        assert "Narrow it" in result["failure"]["fix"]
        result = run(cim_info, pc, {**few, "on_limit": "truncate"})
        assert (len(result["instances"]), result["truncated"]) == (2, True)

    @pytest.mark.parametrize(
        ("args", "text"),
        [
            ({"class": "Win32_Product"}, "never asked"),
            ({"class": "win32_PRODUCT"}, "never asked"),
            ({"wql": "select Name from   WIN32_product"}, "never asked"),
            ({"wql": "associators of {win32_Product.Name='x'}"}, "never asked"),
            ({"class": "Win32_Service", "where": "1=1) or __class='Win32_Product'"}, "never asked"),
            ({"class": "Win32_Service", "columns": ["Name", "a b"]}, "no name of a property"),
            ({"class": "Win32_Service", "namespace": "//other/root/cimv2/.."}, "no WMI namespace"),
            ({"wql": "delete from Win32_Service"}, "no query that reads"),
            ({"class": "Win32_Service", "query": "[?"}, "not valid JMESPath"),
            ({"class": "Win32_Service", "types": {"Name": "text"}}, "no CIM type"),
            ({"class": "Win32_Service", "columns": ["Name"], "types": {"State": "string"}}, "not among the columns"),
            ({"class": "Win32_Service", "limit": 0}, "limit is 0"),
        ],
    )
    def test_bad_input_before_the_pc_is_asked(self, pc: Any, args: dict[str, Any], text: str) -> None:
        before = len(pc.world.events)
        result = run(cim_info, pc, args)
        assert (result["failed"], result["failure"]["code"]) == (True, "input")
        assert text in result["msg"]
        assert len(pc.world.events) == before

    def test_a_wrong_type_names_its_property(self, pc: Any) -> None:
        result = run(
            cim_info, pc, {"class": "Win32_BIOS", "columns": ["SerialNumber"], "types": {"SerialNumber": "boolean"}}
        )
        assert "SerialNumber is boolean" in result["msg"]

    def test_a_column_that_does_not_exist_fails_with_its_fix(self, pc: Any) -> None:
        result = run(cim_info, pc, {"class": "Win32_BIOS", "columns": ["NoneSuch"]})
        assert result["failed"] is True
        assert "a column may not exist" in result["msg"]


class TestCimInvoke:
    CREATE = {"class": "Win32_Process", "method": "Create", "parameters": {"CommandLine": "cmd /c echo hello"}}

    def test_check_mode_calls_nothing(self, pc: Any) -> None:
        before = len(pc.world.events)
        result = run(cim_invoke, pc, self.CREATE, check=True)
        assert (result["changed"], len(pc.world.events)) == (True, before)
        assert "Win32_Process.Create would have been called" in result["msg"]
        assert "echo hello" in result["diff"]["after"]
        assert "return_value" not in result

    def test_a_static_method(self, pc: Any) -> None:
        result = run(cim_invoke, pc, self.CREATE)
        assert (result["changed"], result["return_value"], "failed" in result) == (True, 0, False)
        assert int(result["output"]["ProcessId"]) > 0

    def test_return_values(self, pc: Any) -> None:
        missing = {
            "class": "StdRegProv",
            "method": "EnumKey",
            "namespace": "root/default",
            "parameters": {"hDefKey": 2147483650, "sSubKeyName": "SOFTWARE\\nothing"},
        }
        result = run(cim_invoke, pc, missing)
        assert (result["failed"], result["return_value"]) == (True, 2)
        assert "returned 2" in result["msg"]
        assert "failed" not in run(cim_invoke, pc, {**missing, "ok_return_values": [0, 2]})

    def test_the_wrong_order_of_parameters_is_told(self, pc: Any) -> None:
        wrong = {"sSubKeyName": "SOFTWARE", "hDefKey": 2147483650}
        args = {"class": "StdRegProv", "method": "EnumKey", "namespace": "root/default", "parameters": wrong}
        result = run(cim_invoke, pc, args)
        assert "order the class declares" in result["msg"]

    @pytest.mark.parametrize(
        ("change", "text"),
        [
            ({"class": "Win32_Product", "method": "Install"}, "never asked"),
            ({"method": "Cre ate"}, "no name of a method"),
            ({"parameters": {"CommandLine": {"a": 1}}}, "does not say what it is"),
            ({"parameters": {"Command Line": "x"}}, "no name of a parameter"),
            ({"parameters": {"CommandLine": "a\x01"}}, "XML cannot carry"),
            ({"selectors": {"Name": ["a"]}}, "no key property"),
            ({"timeout": 0}, "timeout is 0"),
        ],
    )
    @pytest.mark.parametrize("check", [True, False])
    def test_bad_input_before_the_pc_is_reached(self, pc: Any, change: dict[str, Any], text: str, check: bool) -> None:
        before = len(pc.world.events)
        result = run(cim_invoke, pc, {**self.CREATE, **change}, check=check)
        assert result["failure"]["code"] == "input"
        assert text in result["msg"]
        assert len(pc.world.events) == before


class TestRegistry:
    WANTED = [{"name": "Text", "data": "a & b <c>"}, {"name": "Number", "type": "dword", "data": "0x10"}]

    def test_present_again_query_absent(self, pc: Any) -> None:
        before = writes(pc)
        preview = run(windows_registry, pc, {"path": KEY, "entries": self.WANTED}, check=True)
        assert (preview["changed"], writes(pc)) == (True, before)
        assert len(preview["steps"]) == 3
        real = run(windows_registry, pc, {"path": KEY, "entries": self.WANTED})
        assert (real["changed"], real["diff"], real["steps"]) == (True, preview["diff"], preview["steps"])
        before = writes(pc)
        again = run(windows_registry, pc, {"path": r"hkey_local_machine\software\OTEDGE-test", "entries": self.WANTED})
        assert (again["changed"], again["steps"], writes(pc)) == (False, [], before)
        assert again["diff"]["before"] == again["diff"]["after"]
        found = run(windows_registry, pc, {"path": KEY, "state": "query"}, check=True)
        assert found["exists"] is True
        assert [(one["name"], one["type"], one["data"]) for one in found["entries"]] == [
            ("Number", "dword", 16),
            ("Text", "string", "a & b <c>"),
        ]
        gone = {"path": KEY, "state": "absent", "entries": [{"name": "text"}]}
        assert run(windows_registry, pc, gone, check=True)["changed"] is True
        assert run(windows_registry, pc, gone)["changed"] is True
        assert run(windows_registry, pc, gone)["changed"] is False
        assert run(windows_registry, pc, {"path": KEY, "state": "absent"})["changed"] is True
        assert run(windows_registry, pc, {"path": KEY, "state": "query"})["exists"] is False
        assert run(windows_registry, pc, {"path": KEY, "state": "absent"})["changed"] is False

    def test_another_type_is_a_change(self, pc: Any) -> None:
        one = {"path": KEY + r"\Types", "entries": [{"name": "V", "type": "string", "data": "1"}]}
        run(windows_registry, pc, one)
        other = {**one, "entries": [{"name": "V", "type": "dword", "data": 1}]}
        assert run(windows_registry, pc, other)["changed"] is True
        assert run(windows_registry, pc, other)["changed"] is False

    def test_a_tree_is_deleted_only_when_told_and_within_its_bound(self, pc: Any) -> None:
        top = KEY + r"\Tree"
        for number in range(3):
            run(windows_registry, pc, {"path": rf"{top}\a{number}\b"})
        before = writes(pc)
        absent = {"path": top, "state": "absent"}
        assert "recursive: true" in run(windows_registry, pc, absent)["msg"]
        result = run(windows_registry, pc, {**absent, "recursive": True, "max_keys": 5})
        assert "more than 5 keys" in result["msg"]
        assert writes(pc) == before
        result = run(windows_registry, pc, {**absent, "recursive": True})
        assert len(result["steps"]) == 7
        assert run(windows_registry, pc, {"path": top, "state": "query"})["exists"] is False

    @pytest.mark.parametrize("path", ["HKLM", r"HKLM\SOFTWARE"])
    def test_windows_itself_is_never_deleted(self, pc: Any, path: str) -> None:
        result = run(windows_registry, pc, {"path": path, "state": "absent", "recursive": True, "max_keys": 100000})
        assert (result["failed"], result["failure"]["code"]) == (True, "refused")

    def test_secrets_stay_out(self, pc: Any) -> None:
        args = {"path": KEY + r"\Secret", "entries": [{"name": "Token", "data": "hunter-2", "secret": True}]}
        results = [run(windows_registry, pc, args, check=True), run(windows_registry, pc, args)]
        results += [run(windows_registry, pc, {**args, "state": state}) for state in ("query", "absent")]
        assert all(result.get("changed") or result["entries"] for result in results)
        assert "hunter-2" not in str(results)

    def test_the_accounts_own_hive_is_warned_about(self, pc: Any) -> None:
        result = run(windows_registry, pc, {"path": r"HKCU\Software", "state": "query"})
        assert "not that of the person at the PC" in result["warnings"][0]

    @pytest.mark.parametrize(
        ("args", "text"),
        [
            ({"path": r"C:\SOFTWARE"}, "no path of a registry key"),
            ({"path": KEY, "entries": [{"name": "a", "type": "dword", "data": "x"}]}, "no whole number of 32 bits"),
            ({"path": KEY, "entries": [{"name": "a", "type": "dword"}]}, "has no data"),
            ({"path": KEY, "entries": [{"name": "a"}, {"name": "A"}]}, "twice"),
            ({"path": KEY, "max_keys": 0}, "max_keys is 0"),
        ],
    )
    def test_bad_input(self, pc: Any, args: dict[str, Any], text: str) -> None:
        before = len(pc.world.events)
        result = run(windows_registry, pc, args)
        assert result["failure"]["code"] == "input"
        assert text in result["msg"]
        assert len(pc.world.events) == before


class TestCommand:
    def test_a_line_and_its_streams(self, pc: Any) -> None:
        result = run(winrs_command, pc, {"cmd": "echo one& echo two"})
        assert (result["changed"], result["rc"], result["stdout_lines"]) == (True, 0, ["one", "two"])
        assert result["stdout"] == "one\ntwo"

    def test_exit_codes(self, pc: Any) -> None:
        result = run(winrs_command, pc, {"cmd": r"type C:\nothing.txt"})
        assert (result["failed"], result["rc"], result["changed"]) == (True, 1, True)
        assert result["stderr"]
        assert "failed" not in run(winrs_command, pc, {"cmd": r"type C:\nothing.txt", "ok_rc": [0, 1]})

    def test_argv_starts_a_program(self, pc: Any) -> None:
        result = run(
            winrs_command, pc, {"argv": ["reg", "query", r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion"]}
        )
        assert result["rc"] == 0
        assert result["cmd"][0] == "reg"
        result = run(winrs_command, pc, {"argv": ["nothing-like-it.exe"]})
        assert "program does not exist" in result["msg"]

    def test_check_mode_and_guards(self, pc: Any) -> None:
        before = writes(pc)
        make = {"cmd": r"mkdir C:\otedge-made"}
        assert run(winrs_command, pc, make, check=True)["skipped"] is True
        guarded = {**make, "creates": r"C:\otedge-made"}
        preview = run(winrs_command, pc, guarded, check=True)
        assert (preview["changed"], writes(pc)) == (True, before)
        assert run(winrs_command, pc, guarded)["changed"] is True
        for check in (True, False):
            held = run(winrs_command, pc, guarded, check=check)
            assert (held["changed"], held["msg"]) == (False, r"Did not run command since 'C:\otedge-made' exists")
        gone = {"cmd": r"rd C:\otedge-made", "removes": r"C:\otedge-made"}
        assert run(winrs_command, pc, gone)["changed"] is True
        assert "does not exist" in run(winrs_command, pc, gone)["msg"]

    def test_a_directory(self, pc: Any) -> None:
        assert run(winrs_command, pc, {"cmd": "cd", "chdir": r"C:\Windows"})["stdout"] == r"C:\Windows"

    @pytest.mark.parametrize(
        ("args", "text"),
        [
            ({"cmd": "a\nb"}, "line break"),
            ({"cmd": "x" * 8192}, "longer than 8191"),
            ({"argv": ["a", "x" * 33000]}, "longer than 32766"),
            ({"argv": []}, "no program"),
            ({"cmd": "ver", "creates": 'C:\\a" & del x'}, "creates is empty, or holds a quote"),
            ({"cmd": "ver", "codepage": 99999}, "code page 99999"),
            ({"cmd": "ver", "timeout": 0}, "timeout is 0"),
        ],
    )
    def test_bad_input(self, pc: Any, args: dict[str, Any], text: str) -> None:
        before = len(pc.world.events)
        result = run(winrs_command, pc, args)
        assert result["failure"]["code"] == "input"
        assert text in result["msg"]
        assert len(pc.world.events) == before


@pytest.mark.parametrize(
    ("module", "args"),
    [
        (cim_info, {"class": "Win32_BIOS"}),
        (cim_invoke, TestCimInvoke.CREATE),
        (windows_registry, {"path": KEY}),
        (winrs_command, {"cmd": "ver"}),
    ],
)
def test_a_wrong_password_makes_the_host_unreachable(pc: Any, module: Any, args: dict[str, Any]) -> None:
    result = run(module, pc, args, remote_password="wrong")
    assert result["unreachable"] is True
    assert "rejected the credentials" in result["msg"]
    assert result["failure"]["code"] == "talk"

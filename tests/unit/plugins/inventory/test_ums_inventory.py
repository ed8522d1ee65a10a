# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The inventory plugin against the simulated UMS, in process and through ansible-inventory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleError, AnsibleParserError
from ansible.inventory.data import InventoryData
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import inventory_loader
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.ums import UmsServer, UmsStore
from ansible_collections.otedge.endpoint.tests.unit.plugins.module_utils._ums.journal_hooks import JournalHooks

ROOT = Path(__file__).resolve().parents[4]
NAME = "otedge.endpoint.ums"
PASSWORD = "lab-only-ü{{x}}"
OS12, OS11 = {"product": "IGEL OS 12", "version": "12.9.0"}, {"product": "IGEL OS 11", "version": "11.3.100.1"}
Parse = Callable[..., InventoryData]


@pytest.fixture
def hooks() -> JournalHooks:
    return JournalHooks()


@pytest.fixture
def store(hooks: JournalHooks) -> UmsStore:
    lines = ["plant-a/line-1", "plant-a/line-2", "plant-b"]
    made = UmsStore({"firmwares": [OS12, OS11], "profiles": [], "directories": lines}, hooks, None)
    at = {made.path(key): key for key in made.directories}
    for number, (name, path, firmware, address) in enumerate(
        [
            ("op1", "plant-a/line-1", OS12, "10.0.0.1"),
            ("op2", "plant-a/line-2", OS11, ""),
            ("kiosk", "plant-b", OS12, "10.0.0.3"),
            ("kiosk", "plant-b", OS12, "10.0.0.4"),
            ("{{ 1 + 1 }}", "plant-b", OS12, "10.0.0.5"),
        ]
    ):
        identity = made.firmware_id(firmware["product"], firmware["version"])
        made.add_device(f"0A000000000{number}", name=name, parentID=at[path], firmwareID=identity, lastIP=address)
    made.add_device("0A00000000FF", name="thrown-away", bin=True)
    return made


@pytest.fixture
def file(store: UmsStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    server = UmsServer(store, "svc-imi", PASSWORD, tmp_path / "pki")
    server.start()
    for key in [key for key in os.environ if key.startswith(("IGEL_UMS_", "ANSIBLE_INVENTORY"))]:
        monkeypatch.delenv(key)
    for key, value in {"PORT": server.port, "USERNAME": "svc-imi", "PASSWORD": PASSWORD, "TIMEOUT": 10}.items():
        monkeypatch.setenv(f"IGEL_UMS_{key}", str(value))
    yield tmp_path / "plant.ums.yml"
    server.stop()


@pytest.fixture
def parse(file: Path, monkeypatch: pytest.MonkeyPatch) -> Parse:
    warned: list[str] = []

    def work(**options: Any) -> InventoryData:
        content = {"plugin": NAME, "host": "127.0.0.1", "ca_path": "pki/ca.pem", **options}
        kept = {key: value for key, value in content.items() if value is not None}
        file.write_text(yaml.safe_dump(kept), encoding="utf-8")
        plugin = inventory_loader.get(NAME)
        assert plugin.verify_file(str(file))
        monkeypatch.setattr(plugin.display, "warning", lambda text, *_args, **_more: warned.append(str(text)))
        found = InventoryData()
        plugin.parse(found, DataLoader(), str(file), True)
        if options.get("cache"):
            plugin.update_cache_if_changed()
        found.warned = list(warned)
        warned.clear()
        return found

    return work


def members(found: InventoryData, group: str) -> list[str]:
    return sorted(str(host) for host in found.groups[group].get_hosts())


def variables(found: InventoryData, host: str) -> dict[str, Any]:
    known: dict[str, Any] = found.get_host(host).get_vars()
    return known


def test_hosts_groups_and_one_login(parse: Parse, hooks: JournalHooks) -> None:
    found = parse()
    assert sorted(found.hosts) == ["0A0000000002", "0A0000000003", "0A0000000004", "op1", "op2"]
    assert members(found, "ums_devices") == sorted(found.hosts)
    assert members(found, "ums_directory_plant_a") == ["op1", "op2"]
    assert members(found, "ums_directory_plant_a_line_1") == ["op1"]
    assert members(found, "ums_product_IGEL_OS_11") == members(found, "ums_firmware_IGEL_OS_11_11_3_100_1") == ["op2"]
    assert [str(group) for group in found.groups["ums_directory_plant_a"].child_groups] == [
        "ums_directory_plant_a_line_1",
        "ums_directory_plant_a_line_2",
    ]
    device = variables(found, "op1")["ums_device"]
    assert (device["mac"], device["firmware"], device["thin_client"]) == ("0A0000000000", OS12, True)
    assert "online" not in device and "profiles" not in device
    assert hooks.requests == [
        "POST /login",
        "GET /thinclients",
        "GET /directories/tcdirectories",
        "GET /firmwares",
        "POST /logout",
    ]
    assert any("kiosk" in text and "unit ids" in text for text in found.warned)


def test_nothing_the_server_sends_is_a_template_or_another_variable(parse: Parse) -> None:
    found = parse(compose={"label": "ums_device.name"})
    known = variables(found, "0A0000000004")
    assert known["label"] == known["ums_device"]["name"] == "{{ 1 + 1 }}"
    assert {key for key in known if not key.startswith(("inventory_", "group_"))} == {"label", "ums_device"}


def test_constructed(parse: Parse) -> None:
    found = parse(
        compose={"ansible_host": "ums_device.last_ip", "odd": "ums_device.nothing.there"},
        groups={"never_seen": "not ums_device.connected"},
        keyed_groups=[{"key": "ums_device.firmware.product", "prefix": "p"}],
        hostnames=["ums_device.name | upper | replace('{', '')", "ums_device.mac"],
        group_prefix="x_",
        group_by=["product"],
    )
    assert variables(found, "OP1")["ansible_host"] == "10.0.0.1" and "odd" not in variables(found, "OP1")
    assert members(found, "never_seen") == members(found, "p_IGEL_OS_11") == ["OP2"]
    assert members(found, "x_product_IGEL_OS_11") == ["OP2"]
    assert sorted(found.groups) == [
        *("all", "never_seen", "p_IGEL_OS_11", "p_IGEL_OS_12", "ungrouped"),
        *("x_devices", "x_product_IGEL_OS_11", "x_product_IGEL_OS_12"),
    ]


@pytest.mark.parametrize(
    "options", [{"compose": {"odd": "ums_device.nothing.there"}}, {"hostnames": ["ums_device.nothing.there"]}]
)
def test_strict(parse: Parse, options: dict[str, Any]) -> None:
    assert "op1" in parse(**options).hosts or "0A0000000000" in parse(**options).hosts
    with pytest.raises(AnsibleError, match="nothing"):
        parse(strict=True, **options)


def test_directories(parse: Parse) -> None:
    found = parse(directories=["plant-a/line-1"])
    assert sorted(found.hosts) == ["op1"]
    groups = {name for name in found.groups if "directory" in name}
    assert groups == {"ums_directory_plant_a", "ums_directory_plant_a_line_1"}
    with pytest.raises(AnsibleParserError, match="no directory plant-c .near: plant-.*Check the spelling"):
        parse(directories=["plant-a", "plant-c"])


def test_facets_cost_one_list_each(parse: Parse, hooks: JournalHooks) -> None:
    found = parse(facets=["details", "online"])
    assert variables(found, "op1")["ums_device"]["online"] is False
    assert variables(found, "op1")["ums_device"]["details"]["registered"] is False
    lists = [line for line in hooks.requests if line.startswith("GET /thinclients")]
    assert lists == ["GET /thinclients?facets=details", "GET /thinclients?facets=online"]


def test_cache_talks_once_and_holds_no_secret(parse: Parse, hooks: JournalHooks, file: Path, store: UmsStore) -> None:
    kept = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(file.parent / "kept")}
    first = parse(**kept)
    spoken = len(hooks.requests)
    store.inject("status", {"status": 503})
    again = parse(**kept)
    assert len(hooks.requests) == spoken
    assert again.get_groups_dict() == first.get_groups_dict()
    assert variables(again, "op1") == variables(first, "op1")
    assert sorted(parse(**kept, directories=["plant-b"]).hosts) == [f"0A000000000{number}" for number in (2, 3, 4)]
    text = "".join(path.read_text(encoding="utf-8") for path in (file.parent / "kept").iterdir())
    assert "0A0000000001" in text and "lab-only" not in text and "JSESSIONID" not in text
    store.inject("none", {})
    store.add_device("0A0000000010", name="new")
    assert "new" not in parse(**kept).hosts
    assert "new" in parse(**{**kept, "cache": False}).hosts
    assert "new" not in parse(**kept).hosts
    refreshed = inventory_loader.get(NAME)
    refreshed.parse(InventoryData(), DataLoader(), str(file), False)
    refreshed.update_cache_if_changed()
    assert "new" in parse(**kept).hosts
    assert len(hooks.requests) == spoken + 10


def test_another_question_does_not_use_the_kept_list(parse: Parse, hooks: JournalHooks, file: Path) -> None:
    kept = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(file.parent / "kept")}
    parse(**kept)
    spoken = len(hooks.requests)
    assert "details" in variables(parse(facets=["details"], **kept), "op1")["ums_device"]
    assert len(hooks.requests) > spoken


def test_cached_list_needs_no_password(
    parse: Parse, hooks: JournalHooks, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(file.parent / "kept")}
    parse(**kept)
    monkeypatch.delenv("IGEL_UMS_PASSWORD")
    assert "op1" in parse(**kept).hosts


def test_templates_in_the_file_and_never_from_the_environment(parse: Parse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THE_HOST", "127.0.0.1")
    line = "{{ ['plant-a', 'line-1'] | join('/') }}"
    found = parse(host="{{ lookup('ansible.builtin.env', 'THE_HOST') }}", directories=[line])
    assert sorted(found.hosts) == ["op1"]  # the password of the environment holds {{x}}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"host": None}, "host not given.*IGEL_UMS_HOST"),
        ({"host": "https://127.0.0.1"}, "host must be a name or an address"),
        ({"ca_path": "nowhere.pem"}, "CA file .*nowhere.pem .*does not exist"),
        ({"ca_path": None}, "certificate is not trusted.*ca_path"),
        ({"port": 1}, "Cannot log in .*https://127.0.0.1:1: .*Check host and port"),
        ({"password": "wrong"}, "credentials are not accepted"),
        ({"password": "my-{{secret}}"}, "template in option password cannot be filled in"),
        ({"username": "{{ nobody }}"}, "template in option username cannot be filled in .*nobody"),
    ],
)
def test_one_clear_error(parse: Parse, options: dict[str, Any], words: str) -> None:
    with pytest.raises(AnsibleParserError, match=words) as caught:
        parse(**options)
    assert "plant.ums.yml" in str(caught.value)
    assert "secret" not in str(caught.value) and "lab-only" not in str(caught.value)


@pytest.mark.parametrize("option", ["facets", "group_by"])
def test_unknown_choices_are_refused_before_the_login(parse: Parse, hooks: JournalHooks, option: str) -> None:
    with pytest.raises(AnsibleError, match="shadow"):
        parse(**{option: ["shadow"]})
    assert hooks.requests == []


def test_missing_rights_warn_and_are_not_kept(parse: Parse, store: UmsStore, file: Path) -> None:
    kept = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(file.parent / "kept")}
    store.inject("weak_rights", {})
    found = parse(**kept)
    assert not found.hosts and any("may lack the right Browse" in text for text in found.warned)
    store.inject("none", {})
    assert "op1" in parse(**kept).hosts


@pytest.mark.parametrize(
    ("name", "mine"),
    [
        *(("ums.yml", True), ("ums.yaml", True), ("plant-a.ums.yml", True), ("plant-a.ums.yaml", True)),
        *(("columns.yml", False), ("ums.json", False), ("hosts.yml", False), ("ums.yml.bak", False)),
    ],
)
def test_file_names(tmp_path: Path, name: str, mine: bool) -> None:
    path = tmp_path / name
    assert not inventory_loader.get(NAME).verify_file(str(path))
    path.write_text("{}", encoding="utf-8")
    assert inventory_loader.get(NAME).verify_file(str(path)) is mine


def test_through_ansible_inventory_with_the_environment_alone(file: Path, hooks: JournalHooks) -> None:
    file.write_text(f"plugin: {NAME}\ncache: true\ncache_plugin: jsonfile\ncache_connection: {file.parent / 'kept'}\n")
    command = [str(Path(sys.executable).parent / "ansible-inventory"), "-i", str(file), "--list"]
    given = {"IGEL_UMS_HOST": "127.0.0.1", "IGEL_UMS_CA_PATH": str(file.parent / "pki/ca.pem")}
    house = {"ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".cache/cp"), "ANSIBLE_HOME": str(file.parent / "home")}
    env = {**os.environ, **given, **house, "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true"}

    def run(*more: str) -> dict[str, Any]:
        done = subprocess.run([*command, *more], env=env, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stderr
        listed: dict[str, Any] = json.loads(done.stdout)
        return listed

    first = run()
    assert len(hooks.requests) == 5
    assert len(first["ums_devices"]["hosts"]) == 5 and first["ums_directory_plant_a_line_1"]["hosts"] == ["op1"]
    assert run() == first
    assert len(hooks.requests) == 5
    assert run("--flush-cache") == first
    assert len(hooks.requests) == 10

# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""docs/ums.md: its examples fit the options of the modules, can be pasted one below the other, and miss no module."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.otedge.endpoint.plugins.modules import ums_info
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.ums import UmsServer, UmsStore
from ansible_collections.otedge.endpoint.tests.unit.plugins.module_utils._ums.fake_ums import FakeModule, checked
from ansible_collections.otedge.endpoint.tests.unit.plugins.module_utils._ums.journal_hooks import JournalHooks

ROOT = Path(__file__).parents[4]
PAGE = (ROOT / "docs/ums.md").read_text(encoding="utf-8")
GROUP = yaml.safe_load((ROOT / "meta/runtime.yml").read_text(encoding="utf-8"))["action_groups"]["ums"]
NAME = "otedge.endpoint.ums_"
ACCOUNT = {"host": "h", "username": "u", "password": "p"}


def tasks() -> Iterator[dict[str, Any]]:
    for block in re.findall(r"(?:^(?: {4}.*)?\n)+", PAGE, flags=re.MULTILINE):
        if NAME not in block:
            continue
        for item in yaml.safe_load(block):
            yield from item.get("tasks", [item])


CALLS = [(key[len("otedge.endpoint.") :], task[key]) for task in tasks() for key in task if key.startswith(NAME)]


@pytest.mark.parametrize(("name", "options"), CALLS)
def test_example_fits_the_options(name: str, options: dict[str, Any] | None) -> None:
    spec = importlib.import_module(f"ansible_collections.otedge.endpoint.plugins.module_utils._specs.{name}")
    # What is a template stands for a list here.
    given = {key: [] if isinstance(value, str) and "{{" in value else value for key, value in (options or {}).items()}
    result = ArgumentSpecValidator(**spec.SPEC).validate({**ACCOUNT, **given})
    assert not result.error_messages


def test_every_module_has_an_example() -> None:
    assert {name for name, _options in CALLS} == set(GROUP)


def test_a_server_that_works_stops_nobody() -> None:
    """``problem`` is null there, and a template of it fails even where its text is not needed."""
    examples = [*tasks(), *yaml.safe_load(ums_info.EXAMPLES)]
    using = [task for task in examples if "ums.problem." in str(task)]
    assert len(using) == 2
    assert all(task["when"] == "ums.state != 'ok'" for task in using)


def test_examples_one_below_the_other_change_nothing_the_second_time(tmp_path: Path) -> None:
    hooks = JournalHooks()
    firmware = {"product": "IGEL OS 12", "version": "12.9.0"}
    names = ["base-plant-a", "role-operator"]
    config = {"firmwares": [firmware], "directories": ["plant-a/line-3"], "profiles": names}
    server = UmsServer(
        UmsStore({**config, "priority_profiles": ["company-policy"]}, hooks, None), "svc-imi", "lab-only", tmp_path
    )
    server.start()
    account = {"host": "127.0.0.1", "port": server.port, "username": "svc-imi", "password": "lab-only"}
    devices = next(options for name, options in CALLS if name == "ums_devices" and options)["devices"]

    def play() -> list[dict[str, Any]]:
        results = []
        for name, options in CALLS:
            if name == "ums_device_command":
                continue  # no device of the page has an address here
            module = importlib.import_module(f"ansible_collections.otedge.endpoint.plugins.modules.{name}")
            params = {**account, "ca_path": server.ca_path, **(options or {})}
            if params.get("devices") == "{{ plant_devices }}":
                params["devices"] = devices
            results.append(module.work(FakeModule(checked(module.SPEC, params))))
        return results

    try:
        first = play()
        count = len(hooks.writes)
        second = play()
    finally:
        server.stop()
    assert any(result["changed"] for result in first) and count > 0
    assert not any(result["changed"] for result in second) and len(hooks.writes) == count
    assert all(result["drift"]["in_sync"] for result in second if "drift" in result)

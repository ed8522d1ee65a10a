# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What holds for every module of the group, one that is added later included."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, OtedgeError, TalkError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums import client
from ansible_collections.otedge.endpoint.tests.unit.plugins.module_utils._ums.fake_ums import Bench

ROOT = Path(__file__).parents[4]
GROUP = yaml.safe_load((ROOT / "meta/runtime.yml").read_text(encoding="utf-8"))["action_groups"]["ums"]
MAC = "0A0000000001"
OPTIONS: dict[str, dict[str, Any]] = {
    "ums_devices": {"devices": [{"mac": MAC}]},
    "ums_directories": {"paths": ["plant-a"]},
    "ums_profile_assignments": {"assignments": [{"profile": "base", "device": MAC}]},
    "ums_device_command": {"command": "reboot", "devices": [MAC]},
}


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    running = Bench(tmp_path)
    yield running
    running.server.close()


def run(bench: Bench, name: str, **more: Any) -> dict[str, Any]:
    plugin = importlib.import_module(f"ansible_collections.otedge.endpoint.plugins.modules.{name}")
    return bench.run(plugin, **OPTIONS.get(name, {}), **more)


@pytest.mark.parametrize("name", GROUP)
def test_missing_library_says_what_to_install(bench: Bench, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(client, "REQUESTS_ERROR", ImportError("no requests"))
    with pytest.raises(OtedgeError, match="library requests is missing") as caught:
        run(bench, name)
    assert f"in {sys.executable}" in caught.value.message  # often another Python than that of ansible-playbook
    assert "requirements.txt" in caught.value.fix
    assert bench.fake.log == []


@pytest.mark.parametrize("name", GROUP)
def test_refused_login_shows_no_password_and_asks_for_nothing_else(bench: Bench, name: str) -> None:
    if name == "ums_info":  # tells it as its result
        result = run(bench, name, password="not-the-one")
        assert result["state"] == "login_refused" and "not-the-one" not in str(result)
        return
    with pytest.raises(TalkError, match=r"credentials are not accepted \(HTTP 401 ITG-0B002\)") as caught:
        run(bench, name, password="not-the-one")
    assert "not-the-one" not in f"{caught.value}{caught.value.details}"
    assert bench.fake.log == [("POST", "/login")]


@pytest.mark.parametrize("name", GROUP)
def test_senseless_options_are_refused_before_the_login(bench: Bench, name: str) -> None:
    with pytest.raises(InputError, match="host must be a name or an address alone"):
        run(bench, name, host="https://ums")
    assert bench.fake.headers == []

# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is declared in two places says the same: docs and specs, action groups and files, role defaults and specs."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.parsing.plugin_docs import read_docstring
from ansible.plugins.loader import fragment_loader
from ansible.utils.plugin_docs import add_fragments

ROOT = Path(__file__).resolve().parents[2]
PLUGINS = "ansible_collections.otedge.endpoint.plugins"
MODULES = sorted(path.stem for path in (ROOT / "plugins/modules").glob("*.py"))
ROLES = sorted(path.name for path in (ROOT / "roles").iterdir() if path.is_dir())


def spec_of(name: str) -> dict[str, Any]:
    return importlib.import_module(f"{PLUGINS}.module_utils._specs.{name}").SPEC


def documented(name: str) -> dict[str, Any]:
    path = ROOT / f"plugins/modules/{name}.py"
    docs = read_docstring(str(path), verbose=False)["doc"]
    add_fragments(docs, str(path), fragment_loader=fragment_loader, is_module=True)
    return docs["options"]


@pytest.mark.parametrize("name", MODULES)
def test_docs_say_what_the_spec_says(name: str) -> None:
    assert describe(documented(name), docs=True) == describe(spec_of(name)["argument_spec"], docs=False)


def describe(options: dict[str, Any], *, docs: bool) -> dict[str, Any]:
    """Bring documentation and argument spec to one comparable form."""
    nested = "suboptions" if docs else "options"
    return {
        key: {
            "type": option.get("type", "str"),
            "elements": option.get("elements"),
            "required": bool(option.get("required", False)),
            "default": option.get("default"),
            "choices": sorted(map(str, option.get("choices") or [])),
            "options": describe(option.get(nested) or {}, docs=docs),
        }
        for key, option in options.items()
    }


def test_the_inventory_plugin_is_connected_like_the_modules() -> None:
    options = read_docstring(str(ROOT / "plugins/inventory/ums.py"), verbose=False)["doc"]["options"]
    connection = importlib.import_module(f"{PLUGINS}.module_utils._specs._ums_connection").UMS_CONNECTION
    assert {
        key: (option.get("default"), [item["name"] for item in option["env"]])
        for key, option in options.items()
        if "env" in option
    } == {key: (option.get("default"), option["fallback"][1]) for key, option in connection.items()}


@pytest.mark.parametrize("name", MODULES)
def test_every_face_has_its_action_unless_it_is_a_ums_module(name: str) -> None:
    assert (ROOT / f"plugins/action/{name}.py").exists() is not name.startswith("ums_")


@pytest.mark.parametrize("name", MODULES)
def test_every_face_is_named_in_a_unit_test(name: str) -> None:
    assert any(name in path.read_text(encoding="utf-8") for path in (ROOT / "tests/unit/plugins").rglob("test_*.py"))


def test_action_groups_hold_exactly_what_shares_their_options() -> None:
    gate_options = set(importlib.import_module(f"{PLUGINS}.module_utils._specs._gate_options").GATE_OPTIONS)
    gated = [name for name in MODULES if gate_options <= set(spec_of(name)["argument_spec"])]
    groups = yaml.safe_load((ROOT / "meta/runtime.yml").read_text(encoding="utf-8"))["action_groups"]
    assert groups == {"ums": [name for name in MODULES if name.startswith("ums_")], "gates": gated}


@pytest.mark.parametrize("role", ROLES)
def test_role_defaults_and_argument_specs_agree(role: str) -> None:
    defaults = yaml.safe_load((ROOT / f"roles/{role}/defaults/main.yml").read_text(encoding="utf-8")) or {}
    entries = yaml.safe_load((ROOT / f"roles/{role}/meta/argument_specs.yml").read_text(encoding="utf-8"))[
        "argument_specs"
    ]
    options = {key: option for entry in entries.values() for key, option in entry["options"].items()}
    assert set(defaults) == set(options)
    assert {key: value for key, value in defaults.items() if not declares(options[key], value)} == {}


def declares(option: dict[str, Any], value: Any) -> bool:
    """Does an option of a role declare this default? In words, where a template has no place: the type is no text."""
    if "default" in option:
        return bool(option["default"] == value)
    named = re.findall(r"C\(([^)]+)\)", str(option["description"]))
    return "{{" in str(value) and any(name in value for name in named)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_variable_carries_the_name_of_its_role(role: str) -> None:
    defaults = yaml.safe_load((ROOT / f"roles/{role}/defaults/main.yml").read_text(encoding="utf-8")) or {}
    assert [key for key in defaults if not key.startswith(f"{role}_")] == []


def test_every_entry_point_of_a_role_has_a_task_file() -> None:
    missing = [
        f"{role}: {entry}"
        for role in ROLES
        for entry in yaml.safe_load((ROOT / f"roles/{role}/meta/argument_specs.yml").read_text(encoding="utf-8"))[
            "argument_specs"
        ]
        if not (ROOT / f"roles/{role}/tasks/{entry}.yml").exists()
    ]
    assert missing == []

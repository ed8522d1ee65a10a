# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""docs/ums.md: its examples are held to the options of the modules, and no module of the group is missing."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

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

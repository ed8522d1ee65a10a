# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every pitfall of the reference (switch-acl.md section 4) has a test that carries its number: test_pitfall_NN_..."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = next(folder for folder in Path(__file__).resolve().parents if folder.name == "unit")
PITFALLS = range(1, 44)
# Those of platforms that are not driven yet.
WAITING = {28: "a Junos term lands before the final discard: there is no driver for Junos"}


def _named(tree: ast.Module) -> Iterator[int]:
    for node in tree.body:
        found = isinstance(node, ast.FunctionDef) and re.match(r"test_pitfall((?:_\d\d)+)_[a-z]", node.name)
        skipped = found and any("skip" in ast.unparse(mark) for mark in node.decorator_list)
        if found and not skipped:
            yield from (int(number) for number in found[1].split("_")[1:])


@pytest.fixture(scope="module")
def named() -> set[int]:
    files = [path for path in TESTS.rglob("test_*.py") if "pitfall" in path.read_text()]
    return {number for path in files for number in _named(ast.parse(path.read_text()))}


@pytest.mark.parametrize("number", [number for number in PITFALLS if number not in WAITING])
def test_a_pitfall_has_a_test_of_its_number(named: set[int], number: int) -> None:
    assert number in named


def test_nothing_waits_that_has_a_test(named: set[int]) -> None:
    assert named <= set(PITFALLS) - set(WAITING)

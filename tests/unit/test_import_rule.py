# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The import rule of the design, walked on the AST: data flows one way, rooms know what they may know."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "ansible_collections.otedge.endpoint.plugins."
AREAS = {"_ums", "_segmentation", "_site", "_wsman", "_operator_pc", "_switch", "_line_state", "_twin"}
AREA_MAY = {"_operator_pc": {"_wsman"}, "_switch": {"_segmentation"}, "_site": {"_segmentation"}}
ROOM_MAY = {
    "modules": {"module_utils"},
    "action": {"plugin_utils", "module_utils"},
    "inventory": {"plugin_utils", "module_utils"},
    "callback": {"plugin_utils", "module_utils"},
    "doc_fragments": set(),
    "plugin_utils": {"plugin_utils", "module_utils"},
    "module_utils": {"module_utils"},
}
OWNERS = {  # a third-party library has one file that owns the talk
    "jmespath": {"module_utils/_jmespath.py"},
    "requests": {"module_utils/_ums/client.py", "plugin_utils/_wsman/adapter.py"},
    "netmiko": {"plugin_utils/_switch/session.py"},
    "winrm": {"plugin_utils/_wsman/adapter.py"},
}
FILES = sorted(path for path in (ROOT / "plugins").rglob("*.py"))


def absolute_imports(path: Path) -> set[str]:
    """Every module a file imports, relative ones resolved."""
    parent = path.relative_to(ROOT / "plugins").parent.parts
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                base = parent[: len(parent) - node.level + 1]
                stem = PACKAGE + ".".join((*base, *((node.module or "").split(".") if node.module else ())))
                names |= {f"{stem}.{alias.name}" for alias in node.names}
            else:
                names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def area_of(parts: tuple[str, ...]) -> str:
    """The area a path or module lies in, or an empty string."""
    return next((part for part in parts if part in AREAS), "")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_follow_the_house(path: Path) -> None:
    parts = path.relative_to(ROOT / "plugins").parts
    room, area = parts[0], area_of(parts)
    wrong = []
    for name in sorted(absolute_imports(path)):
        if not name.startswith(PACKAGE):
            if room == "module_utils" and not _module_utils_may(name, parts):
                wrong.append(f"module_utils imports {name}")
            continue
        target = tuple(name.removeprefix(PACKAGE).split("."))
        other = area_of(target)
        if target[0] != room and target[0] not in ROOM_MAY[room]:
            wrong.append(f"{room} imports {'.'.join(target)}")
        if area and other and other != area and other not in AREA_MAY.get(area, set()):
            wrong.append(f"{area} imports {other}")
        if area == "_twin" and other != "_twin":
            wrong.append(f"the twin imports {'.'.join(target)}")
        if other == "_twin" and area != "_twin":
            wrong.append(f"{'/'.join(parts)} imports the twin")
    assert wrong == []


def _module_utils_may(name: str, parts: tuple[str, ...]) -> bool:
    top = name.split(".", maxsplit=1)[0]
    if top in sys.stdlib_module_names or name.startswith("ansible.module_utils"):
        return True
    return "/".join(parts) in OWNERS.get(top, set())


def test_the_twin_uses_relative_imports_among_its_own_files() -> None:
    absolute = [
        f"{path.name}: {node.module}"
        for path in FILES
        if "_twin" in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and not node.level and (node.module or "").startswith("ansible_collections")
    ]
    assert absolute == []


@pytest.mark.parametrize("library", sorted(OWNERS))
def test_a_library_has_one_owner(library: str) -> None:
    users = {
        str(path.relative_to(ROOT / "plugins"))
        for path in FILES
        if "_twin" not in path.parts and any(name.split(".")[0] == library for name in absolute_imports(path))
    }
    assert users <= OWNERS[library]

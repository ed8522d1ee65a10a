# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection is found from the checkout, by Ansible's own loader, before any test imports it in another way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible.plugins.loader import init_plugin_loader

init_plugin_loader([str(Path(__file__).resolve().parents[2] / ".cache/cp")])

# Only now can the collection be imported.
from ansible_collections.otedge.endpoint.tests.unit.plugins.plugin_utils._wsman.pc_rig import Pc  # noqa: E402


@pytest.fixture
def make_pc() -> Iterator[Callable[..., Any]]:
    """Make simulated PCs of a model that run until the test ends."""
    made: list[Pc] = []

    def make(model: str = "win10_x64", **overrides: Any) -> Pc:
        pc = Pc(model, **overrides)
        made.append(pc)
        pc.start()
        return pc

    yield make
    for pc in made:
        pc.stop()

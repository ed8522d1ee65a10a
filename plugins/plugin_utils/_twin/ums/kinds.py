# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kinds of objects and the roots of their trees (reference ums-imi-v3, sections 3 and 4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Row = dict[str, Any]
ROOT = "-1"
# Pseudo-ids of the roots, which are no objects [documented].
ROOTS = {
    "tc": ROOT,
    "tcdirectory": ROOT,
    "profile": "-2",
    "profiledirectory": "-2",
    "masterprofile": "-14",
    "masterprofiledirectory": "-14",
}
# What a directory may hold besides directories of its own kind.
MEMBER = {"tcdirectory": "tc", "profiledirectory": "profile", "masterprofiledirectory": "masterprofile"}
# Where a kind is found.
PATH = {
    "tc": "thinclients",
    "profile": "profiles",
    "masterprofile": "masterprofiles",
    **{kind: f"directories/{kind.removesuffix('y')}ies" for kind in MEMBER},
}
KIND_AT = {path: kind for kind, path in PATH.items()}


def copied(row: Mapping[str, Any]) -> Row:
    """Give a copy of a device that shares nothing with it that changes."""
    copy = {**row, "details": dict(row["details"])}
    if "attributes" in row:
        copy["attributes"] = dict(row["attributes"])
    return copy

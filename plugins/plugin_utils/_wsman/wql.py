# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The WQL we send: names checked, one class never asked (Querying with WQL, Windows SDK).

Win32_Product: enumerating it makes Windows Installer verify every installed package and perhaps repair it (event 1035);
that takes minutes and can stop an HMI. Its superclass and its associations enumerate it too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError

MAX_QUERY = 16_000
_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_NAMESPACE = re.compile(r"\w+(?:[/\\][\w-]+)*", re.ASCII)
# Anywhere, in quotes too: `where __class='Win32_Product'` on a superclass asks for the same.
_NEVER = re.compile(r"(?<![A-Za-z0-9])(?:win32_product|cim_product)", re.IGNORECASE)
_READS = re.compile(r"\s*(?:select\s|associators\s+of\s*\{|references\s+of\s*\{)", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def refuse_product(text: str) -> None:
    """Refuse everything that names Win32_Product, CIM_Product or their associations."""
    if _NEVER.search(text):
        raise InputError(
            "Win32_Product (with CIM_Product and its associations) is never asked: reading it makes Windows Installer"
            " verify every package, and repair what it does not like; that takes minutes and can stop an HMI.",
            fix="Read the Uninstall keys of the registry, as operator_pc_info does in its section software.",
        )


def check_name(text: str, what: str) -> str:
    """Give a class, property or method name, or raise InputError."""
    if not _NAME.fullmatch(text):
        raise InputError(f"{text!r} is no name of a {what}.", fix="Use letters, digits and underscores.")
    refuse_product(text)
    return text


def check_namespace(text: str) -> str:
    """Give a WMI namespace with slashes, or raise InputError."""
    path = text.strip("/\\")
    if not _NAMESPACE.fullmatch(path):
        raise InputError(
            f"{text!r} is no WMI namespace.", fix="Write it as root/cimv2, without the name of a computer."
        )
    return path.replace("\\", "/")


def select(name: str, columns: Sequence[str] = (), where: str = "") -> str:
    """Give the query for a class; without columns whole instances."""
    chosen = ",".join(check_name(column, "property") for column in columns) or "*"
    condition = f" where {where.strip()}" if where.strip() else ""
    return check_query(f"select {chosen} from {check_name(name, 'class')}{condition}")


def check_query(text: str) -> str:
    """Give a query that only reads, or raise InputError."""
    refuse_product(text)
    if not _READS.match(text):
        raise InputError(
            f"{text.strip()[:60]!r} is no query that reads.", fix="Begin with select, associators of or references of."
        )
    if _CONTROL.search(text) or len(text) > MAX_QUERY:
        raise InputError(f"A query holds a control character, or more than {MAX_QUERY} characters.", fix="Shorten it.")
    return text.strip()

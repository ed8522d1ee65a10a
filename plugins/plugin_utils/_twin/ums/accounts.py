# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Accounts, rights and editions (reference ums-imi-v3, sections 1.1 and 1.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

# Rights of the console that matter to IMI; deleting counts as write, send settings as write [assumed].
RIGHTS = ("browse", "read", "write", "move", "assign", "reboot", "shutdown", "wakeup", "reset")
EDITIONS = ("essential", "standard", "enterprise", "healthcare", "government")
_WITHOUT_AIT = ("essential", "standard")  # asset information is missing there [documented]
OF_COMMAND = {
    "reboot": "reboot",
    "shutdown": "shutdown",
    "wakeup": "wakeup",
    "settings2tc": "write",
    "tcreset2facdefs": "reset",
}


@dataclass(frozen=True)
class Account:
    """One account of the UMS.

    Args:
        name: as it logs in.
        password: plain.
        rights: of RIGHTS.
        below: paths of device directories; if there are any, it has its rights for what is in them only.
        superuser: the account of the installation; template keys needed it until UMS 12.06.100 [documented].
    """

    name: str
    password: str
    rights: frozenset[str] = frozenset(RIGHTS)
    below: tuple[str, ...] = ()
    superuser: bool = False

    def may(self, right: str) -> bool:
        """Has it this right?"""
        return right in self.rights


def accounts(name: str, password: str, more: Iterable[Mapping[str, Any]]) -> dict[str, Account]:
    """Give all accounts by name: the inventory's own one, which may do everything, and those of ``twin_ums``."""
    found = {name: Account(name, password, superuser=True)}
    for entry in more:
        rights = frozenset(entry.get("rights", RIGHTS))
        below = tuple(str(path) for path in entry.get("below", ()))
        one = Account(str(entry["name"]), str(entry["password"]), rights, below, bool(entry.get("superuser", False)))
        found[one.name] = one
    return found


def licensed(edition: str, path: str) -> bool:
    """Does an edition hold the resource at this path? Essential has no IMI at all [documented]."""
    if edition == "essential":
        return False
    return not (edition in _WITHOUT_AIT and path.startswith(("assetinfo", "assethistory")))

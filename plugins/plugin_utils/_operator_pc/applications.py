# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which applications a PC shows, and how each could reach a thin client: web, published, vdi or local_only (pure).

The classes follow the windows-wsman-cim reference, section 5. The verdict is a proposal with its evidence; what
counts for a disposition is what the site says in station_apps, and what blocks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import tables
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.fingerprints import Sighting
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.gates import field

# Local hardware that an application on this PC may need.
_LOCAL_IO = frozenset({"fieldbus_card", "io_card", "serial_adapter", "licence_dongle", "fieldbus_driver"})
# The most cautious verdict wins.
_DESKTOP = re.compile(r"|explorer(\.exe)?", re.IGNORECASE)
_ORDER = ("local_only", "vdi", "web", "published")
PROCESSES = "processes.running"


def found(assessment: Mapping[str, Any], seen: Iterable[Sighting]) -> list[dict[str, Any]]:
    """Give [{product, delivery, confidence, evidence: [text]}] in order of the product's name.

    Confidence: high if the product is installed and runs, medium if it only runs, low if it is only installed.
    """
    by_product: dict[str, list[Sighting]] = {}
    for item in seen:
        if item.fingerprint.product:
            by_product.setdefault(item.fingerprint.product, []).append(item)
    apps = []
    for product, items in sorted(by_product.items()):
        fields = {item.field for item in items}
        runs = bool(fields - {"software.installed"})
        confidence = "low" if not runs else "high" if len(fields) > 1 else "medium"
        kinds = {item.fingerprint.delivery or "unknown" for item in items}
        verdict = next((kind for kind in _ORDER if kind in kinds), "unknown")
        evidence = sorted({item.text for item in items})
        apps.append({"product": product, "delivery": verdict, "confidence": confidence, "evidence": evidence})
    browser = _kiosk_browser(assessment)
    if browser:
        apps.append({"product": "Browser", "delivery": "web", "confidence": browser[0], "evidence": [browser[1]]})
    return apps


def shells(assessment: Mapping[str, Any]) -> list[str]:
    """Give what Windows shows instead of its desktop: to all, by policy, to one user, or by the shell launcher."""
    found = [str(field(assessment, key) or "") for key in ("access.shell", "access.shell_policy")]
    for key in ("access.user_shells", "access.shell_launcher"):
        found += [str(entry.get("shell") or "") for entry in field(assessment, key) or []]
    return [shell for shell in found if not _DESKTOP.fullmatch(shell.strip())]


def _kiosk_browser(assessment: Mapping[str, Any]) -> tuple[str, str] | None:
    """Give (confidence, text) where a browser is the shell, or runs in kiosk mode."""
    for shell in shells(assessment):
        if tables.BROWSERS.search(shell):
            return "high", f"the shell of Windows is a browser: {shell}"
    for process in field(assessment, PROCESSES) or []:
        command = str(process.get("command_line") or "")
        if tables.BROWSERS.search(str(process.get("name") or "")) and "kiosk" in command.lower():
            return "medium", f"a browser runs in kiosk mode: {process['name']}"
    return None


def delivery(
    assessment: Mapping[str, Any], apps: Sequence[Mapping[str, Any]], blockers: Sequence[Mapping[str, str]]
) -> dict[str, Any]:
    """Give one verdict for the PC: {verdict, confidence, evidence: [text]}.

    First that fits: control software or a product that is local only; local hardware beside any product; a remote
    session; the web; published. Without evidence it is unknown, which never means that it can be converted.
    """
    local = [item["text"] for item in blockers if item["code"] in _LOCAL_IO]
    hard = [
        item["text"] for item in blockers if item["code"] in ("soft_plc", "local_hmi", "opc_server", "local_only_app")
    ]
    if hard:
        return _verdict("local_only", "high", [*hard, *local])
    if local and apps:
        return _verdict("local_only", "medium", [*local, *(app["product"] for app in apps)])
    for kind in ("vdi", "web", "published"):
        fits = [app for app in apps if app["delivery"] == kind]
        if fits:
            order = ("low", "medium", "high")
            best = max((app["confidence"] for app in fits), key=order.index)
            mixed = any(app["delivery"] not in (kind, "unknown") for app in apps)
            confidence = "low" if local or mixed else best
            return _verdict(kind, confidence, [text for app in fits for text in app["evidence"]])
    return _verdict("unknown", "low", local)


def _verdict(verdict: str, confidence: str, evidence: Iterable[str]) -> dict[str, Any]:
    return {"verdict": verdict, "confidence": confidence, "evidence": list(dict.fromkeys(evidence))}

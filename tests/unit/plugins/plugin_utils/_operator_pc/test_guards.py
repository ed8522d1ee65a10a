# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is refused before anything is written: unknown counts as the worse of both."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import PeerError, RefusedError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import guards
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.faults import WsmanFault

MISSING = WsmanFault("no such class", wmi=0x80041010)
DENIED = WsmanFault("denied", wmi=0x80041003)


class Pc:
    """Answers by class name."""

    def __init__(self, **answers: Any) -> None:
        self.answers = {"Win32_OperatingSystem": [{"SystemDrive": "C:"}], **answers}

    def enumerate(self, wql: str, namespace: str = "") -> list[dict[str, Any]]:
        found = self.answers.get(wql.partition(" from ")[2].split()[0], [])
        if isinstance(found, PeerError):
            raise found
        return list(found)


@pytest.mark.parametrize(
    ("answers", "text"),
    [
        ({}, ""),
        ({"UWF_Filter": MISSING}, ""),
        ({"UWF_Filter": [{"CurrentEnabled": "false"}]}, ""),
        ({"UWF_Filter": [{"CurrentEnabled": "true"}]}, "A write filter is on"),
        ({"Win32_SystemDriver": [{"Name": "fbwf", "State": "Running"}]}, "A write filter is on"),
        ({"Win32_SystemDriver": [{"Name": "ewf", "State": "Stopped"}]}, ""),
        ({"UWF_Filter": DENIED}, "cannot be read"),
    ],
)
def test_write_filters(answers: dict[str, Any], text: str) -> None:
    judge(lambda: guards.refuse_write_filter(Pc(**answers)), text)  # type: ignore[arg-type]


def volume(letter: str, status: str | None) -> dict[str, Any]:
    return {"Win32_EncryptableVolume": [{"DriveLetter": letter, "ProtectionStatus": status}]}


@pytest.mark.parametrize(
    ("answers", "text"),
    [
        ({}, ""),
        ({"Win32_EncryptableVolume": MISSING}, ""),
        ({"Win32_EncryptableVolume": DENIED}, "cannot be read"),
        (volume("C:", "0"), ""),
        (volume("C:", "1"), "BitLocker protects C:. Because"),
        (volume("C:", "2"), "BitLocker protects"),
        (volume("C:", None), "BitLocker protects"),
        (volume("D:", "1"), ""),
    ],
)
def test_bitlocker(answers: dict[str, Any], text: str) -> None:
    judge(lambda: guards.refuse_bitlocker(Pc(**answers), "Because."), text)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("free", "text"),
    [(str(3 * guards.GIB), ""), (str(3 * guards.GIB - 1), "staging needs 3.0 GiB"), (None, "cannot be read")],
)
def test_free_space(free: str | None, text: str) -> None:
    pc = Pc(Win32_LogicalDisk=[{"DeviceID": "C:", "FreeSpace": free}])
    judge(lambda: guards.refuse_full(pc, "C:", 3 * guards.GIB, "staging"), text)  # type: ignore[arg-type]
    with pytest.raises(RefusedError):
        guards.refuse_full(pc, "D:", 1, "staging")  # type: ignore[arg-type]


def judge(call: Any, text: str) -> None:
    if not text:
        call()
        return
    with pytest.raises(RefusedError) as caught:
        call()
    assert text in str(caught.value)
    assert caught.value.fix

# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a module gives back to Ansible: once, with ``changed`` true as soon as anything was written."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils import _module
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import OtedgeError, PeerError, TalkError


class Ended(Exception):
    """The process of a module ends here."""


class Module:
    def __init__(self, **spec: Any) -> None:
        assert spec == {"argument_spec": {}, "supports_check_mode": True}

    def exit_json(self, **result: Any) -> None:
        raise Ended(result)

    def fail_json(self, **result: Any) -> None:
        raise Ended({"failed": True, **result})


@pytest.fixture(autouse=True)
def no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_module, "AnsibleModule", Module)


def outcome(end: OtedgeError | dict[str, Any]) -> dict[str, Any]:
    def work(_module: Any) -> dict[str, Any]:
        if isinstance(end, OtedgeError):
            raise end
        return end

    with pytest.raises(Ended) as caught:
        _module.run_module({"argument_spec": {}}, work)
    result: dict[str, Any] = caught.value.args[0]
    return result


def test_success_passes_through() -> None:
    assert outcome({"changed": True, "x": 1}) == {"changed": True, "x": 1}


@pytest.mark.parametrize("rows", [[], [{"action": "created", "item": "a"}]])
def test_failure_says_whether_anything_was_written(rows: list[Any]) -> None:
    result = outcome(PeerError("It refused.", fix="Look.", written=rows))
    assert result.pop("exception").startswith("Traceback")
    assert result == {
        "failed": True,
        "changed": bool(rows),
        "msg": "It refused. Look.",
        "failure": {"code": "peer", "fix": "Look.", "written": rows},
    }


def test_silence_is_unreachable_and_may_have_changed_something() -> None:
    assert outcome(TalkError("Silence.")) == {
        "unreachable": True, "changed": False, "msg": "Silence.", "failure": {"code": "talk", "fix": ""}
    }  # fmt: skip
    assert outcome(TalkError("Silence.", written=[{}]))["changed"] is True

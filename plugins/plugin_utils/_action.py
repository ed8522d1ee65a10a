# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Base of the action plugins: the same face as module_utils/_module.py gives to modules."""

from __future__ import annotations

from typing import Any, ClassVar

from ansible.plugins.action import ActionBase
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import OtedgeError, TalkError


class EndpointAction(ActionBase):
    """Validate the options against the shared spec, call ``perform``, report or fail once.

    A subclass sets SPEC (the keywords AnsibleModule would take) and implements ``perform``.
    """

    SPEC: ClassVar[dict[str, Any]] = {}
    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = False
    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Run the task; see ActionBase.run."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        self._task.args.update(
            {key: plain(value) for key, value in self._task.args.items() if isinstance(value, (dict, list))}
        )
        _checked, options = self.validate_argument_spec(**self.SPEC)
        try:
            result.update(self.perform(options, task_vars or {}))
        except TalkError as exc:
            # Not raised as Ansible's own exception: that one would drop what `failure` says.
            result.update(unreachable=True, msg=str(exc), failure=exc.as_failure())
        except OtedgeError as exc:
            result.update(failed=True, msg=str(exc), failure=exc.as_failure())
        result.setdefault("changed", False)
        return result

    @property
    def check_mode(self) -> bool:
        """True if nothing may be written."""
        return bool(self._task.check_mode)

    def perform(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Do the work and give the result; raise OtedgeError to fail, TalkError for unreachable."""
        raise AssertionError(f"{type(self).__name__} does not implement perform()")


def plain(value: Any) -> Any:
    """Give lists and dictionaries of plain strings and numbers.

    Ansible marks every one of them with where it was written, and the check of options copies all marks, one by one:
    for a list of 40 rules that takes longer than to prove it.
    """
    if isinstance(value, dict):
        return {plain(key): plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    kinds: tuple[Any, ...] = (str, int, float)
    for kind in kinds:
        if isinstance(value, kind) and not isinstance(value, bool):
            return kind.__new__(kind, value)
    return value

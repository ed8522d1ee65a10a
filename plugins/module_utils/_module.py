# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Base of the modules: the same face as plugin_utils/_action.py gives to action plugins."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import OtedgeError, TalkError


def run_module(spec: dict[str, Any], work: Callable[[AnsibleModule], dict[str, Any]]) -> None:
    """Build the module from its spec, do the work, report or fail once.

    Args:
        spec: keywords of AnsibleModule: ``argument_spec`` and its cross-option rules.
        work: takes the module, gives the result dictionary.
    """
    module = AnsibleModule(supports_check_mode=True, **spec)
    try:
        result = work(module)
    except TalkError as exc:
        # As in an action plugin: a peer that cannot be talked to makes the host unreachable.
        module.exit_json(unreachable=True, changed=_wrote(exc), msg=str(exc), failure=exc.as_failure())
    except OtedgeError as exc:
        trace = traceback.format_exc()
        module.fail_json(changed=_wrote(exc), msg=str(exc), failure=exc.as_failure(), exception=trace)
    module.exit_json(**result)


def _wrote(exc: OtedgeError) -> bool:
    """Say whether something was written before the failure."""
    return bool(exc.details.get("written"))


def controller_face(spec: dict[str, Any]) -> None:
    """Be the face of an action plugin: the options are declared here, the work runs on the controller."""
    module = AnsibleModule(supports_check_mode=True, **spec)
    module.fail_json(
        msg="This plugin runs on the controller and cannot be called as a module."
        " Call it by its full name, otedge.endpoint.<name>, from a playbook."
    )

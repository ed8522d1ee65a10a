# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cim_invoke
short_description: Call a WMI (CIM) method on any Windows host, without PowerShell
version_added: 0.1.0
author: otedge.endpoint contributors (@otedge)
description:
  - Calls a static method of a class, or a method of one instance, over the host's ordinary C(winrm) connection.
  - Speaks WS-Management itself. Needs no PowerShell and pushes nothing to the host.
  - The call is made once. If the connection breaks, or no answer comes in time, the host is unreachable with the
    message that it is not known whether the call was carried out; it is never repeated by itself.
  - Always reports a change; use C(changed_when) for a method that only reads.
options:
  class:
    description: The class, such as V(Win32_Process).
    type: str
    required: true
  method:
    description: The method, such as V(Create).
    type: str
    required: true
  namespace:
    description: The WMI namespace, with slashes.
    type: str
    default: root/cimv2
  selectors:
    description:
      - The key properties of the instance, all of them. Leave it out for a static method, and for a class that has
        only one instance.
    type: dict
    default: {}
  parameters:
    description:
      - The method's parameters by name. They have to stand in the order in which the class declares them; Windows
        refuses another order.
      - A list is an array, null is NULL. A dictionary with C(__class) is an embedded object (and C(__namespace), if it
        is not V(root/cimv2)); one with C(__reference) and the keys is a reference. Their form on the wire follows the
        specification and has not met a real PC yet.
    type: dict
    default: {}
  ok_return_values:
    description: Return values that mean success. Some methods say with another number that nothing was to be done.
    type: list
    elements: int
    default: [0]
  timeout:
    description:
      - Seconds the method may take; without it the connection's operation timeout counts.
      - Windows allows 60 at most, unless its C(MaxTimeoutms) was raised.
    type: int
extends_documentation_fragment:
  - otedge.endpoint.attributes
  - otedge.endpoint.attributes.controller
notes:
  - The host needs C(ansible_connection=winrm); C(psrp), C(ssh) and C(local) are refused.
  - In check mode nothing is called and nothing is sent; result and diff say what would be called. Whether the method
    exists is not known then.
  - Parameters stand in the result and the diff. Set C(no_log) on the task if one of them is secret.
  - C(Win32_Product) is refused; run C(msiexec) with M(otedge.endpoint.winrs_command) instead.
seealso:
  - module: otedge.endpoint.cim_info
  - module: otedge.endpoint.winrs_command
"""

EXAMPLES = r"""
- name: Stop a service; 5 means that it was stopped already
  otedge.endpoint.cim_invoke:
    class: Win32_Service
    method: StopService
    selectors:
      Name: Spooler
    ok_return_values: [0, 5]
  register: stopped
  changed_when: stopped.return_value | default(0) == 0

- name: Start a program that outlives the connection
  otedge.endpoint.cim_invoke:
    class: Win32_Process
    method: Create
    parameters:
      CommandLine: cmd /c C:\Tools\collect.cmd
      CurrentDirectory: C:\Tools
  register: started

- name: Ask which subkeys there are
  otedge.endpoint.cim_invoke:
    class: StdRegProv
    method: EnumKey
    namespace: root/default
    parameters:
      hDefKey: 2147483650
      sSubKeyName: SOFTWARE\Example
  register: keys
  changed_when: false
"""

RETURN = r"""
call:
  description: What was called, or would be in check mode.
  returned: success
  type: dict
  sample:
    class: Win32_Service
    method: StopService
    namespace: root/cimv2
    selectors: {Name: Spooler}
    parameters: {}
return_value:
  description: What the method returned; 0 for one that returns nothing.
  returned: when it was called
  type: int
  sample: 0
output:
  description: The method's out parameters, as text, lists or dictionaries.
  returned: when it was called
  type: dict
  sample: {ProcessId: "4711"}
"""

from ansible_collections.otedge.endpoint.plugins.module_utils._module import controller_face
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.cim_invoke import SPEC


def main() -> None:
    controller_face(SPEC)


if __name__ == "__main__":
    main()

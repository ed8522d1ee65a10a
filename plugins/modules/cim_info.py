# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cim_info
short_description: Read WMI (CIM) instances from any Windows host, without PowerShell
version_added: 0.1.0
author: otedge.endpoint contributors (@otedge)
description:
  - Asks a class, or runs a WQL query, over the host's ordinary C(winrm) connection, and gives the instances.
  - Speaks WS-Management itself. Needs no PowerShell and pushes nothing to the host; works with the WinRM that
    Windows 7 shipped, and on every later Windows.
  - A class or namespace that this Windows does not have is an answer, not a failure - RV(available) is V(false) then.
    Fail on it where it matters with C(failed_when).
options:
  class:
    description: The class to read, such as V(Win32_Service). Give either this or O(wql).
    type: str
  columns:
    description:
      - The properties to read; every instance has all of them, null where the host sends none.
      - Without columns all properties are read; replies are larger then, and some properties are slow to find out.
    type: list
    elements: str
    default: []
  where:
    description: Condition in WQL, such as V(State='Running'). A backslash in a text is written twice in WQL.
    type: str
  wql:
    description: A whole query that reads - C(select), C(associators of) or C(references of).
    type: str
  namespace:
    description: The WMI namespace, with slashes.
    type: str
    default: root/cimv2
  types:
    description:
      - CIM types of properties, by name. WS-Management sends none, so without it everything is text, and an array
        with one element looks like a single value.
      - One of V(string), V(boolean), V(uint8) to V(uint64), V(sint8) to V(sint64), V(real32), V(real64), V(char16),
        V(datetime) (gives ISO 8601), V(interval) (gives seconds), V(object), V(reference); with V([]) behind, an array.
    type: dict
    default: {}
  query:
    description:
      - JMESPath expression over the instances; it has to give a list.
      - Needs the Python library jmespath on the controller.
    type: str
  limit:
    description: Most instances to give.
    type: int
    default: 1000
  on_limit:
    description:
      - What to do where there are more than O(limit).
      - With V(fail) nothing is given. With V(truncate) the first ones are, and RV(truncated) is V(true).
    type: str
    choices: [fail, truncate]
    default: fail
  timeout:
    description: Seconds for the whole query with all its pages.
    type: int
    default: 120
extends_documentation_fragment:
  - otedge.endpoint.attributes.info
  - otedge.endpoint.attributes.controller
notes:
  - The host needs C(ansible_connection=winrm); C(psrp), C(ssh) and C(local) are refused. Set C(gather_facts) to
    V(false) in the play, facts need PowerShell.
  - C(Win32_Product) is refused wherever it is named, with C(CIM_Product) and its associations. Reading it makes Windows
    Installer verify, and perhaps repair, every package. Read the Uninstall keys of the registry instead.
  - Reads are tried once more when the connection breaks. Nothing is kept open on the host.
seealso:
  - module: otedge.endpoint.cim_invoke
  - module: otedge.endpoint.windows_registry
"""

EXAMPLES = r"""
- name: Read the version of Windows
  otedge.endpoint.cim_info:
    class: Win32_OperatingSystem
    columns: [Caption, Version, LastBootUpTime]
    types:
      LastBootUpTime: datetime
  register: windows

- name: Read services that should run and do not
  otedge.endpoint.cim_info:
    class: Win32_Service
    columns: [Name, State, StartMode]
    where: StartMode='Auto'
    query: "[?State!='Running'].Name"
  register: down

- name: Read addresses as lists, also where there is only one
  otedge.endpoint.cim_info:
    class: Win32_NetworkAdapterConfiguration
    columns: [Index, MACAddress, IPAddress]
    where: IPEnabled=TRUE
    types:
      Index: uint32
      IPAddress: string[]

- name: Read the write filter where this Windows has one
  otedge.endpoint.cim_info:
    class: UWF_Filter
    columns: [CurrentEnabled]
    namespace: root/standardcimv2/embedded
    types:
      CurrentEnabled: boolean
  register: uwf

- name: Read what a disk consists of
  otedge.endpoint.cim_info:
    wql: "associators of {Win32_LogicalDisk.DeviceID='C:'} where AssocClass=Win32_LogicalDiskToPartition"
"""

RETURN = r"""
available:
  description: Class and namespace exist on this Windows.
  returned: success
  type: bool
  sample: true
reason:
  description: Why it is not available.
  returned: when RV(available) is V(false)
  type: str
  sample: "The PC refused: Invalid class (WS-Man fault 0x80041010: the class does not exist on this Windows)."
instances:
  description:
    - One dictionary an instance, or what O(query) selects.
    - Values are text, null, lists or dictionaries, or as O(types) says. A reference is given as C(class), C(namespace)
      and C(keys).
  returned: success
  type: list
  elements: raw
  sample: [{Name: Spooler, State: Running, StartMode: Auto}]
truncated:
  description: There are more instances than O(limit).
  returned: success
  type: bool
  sample: false
requests:
  description: Messages sent to the host, without those of the login.
  returned: success
  type: int
  sample: 2
"""

from ansible_collections.otedge.endpoint.plugins.module_utils._module import controller_face
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.cim_info import SPEC


def main() -> None:
    controller_face(SPEC)


if __name__ == "__main__":
    main()

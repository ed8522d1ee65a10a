# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ums_firmware_info
short_description: List the firmwares of IGEL UMS
version_added: 0.1.0
author: otedge.endpoint contributors (@otedge)
description:
  - Lists the firmwares that UMS has met, through a device that registered or an import. Only these can be given to a
    device that is pre-registered.
  - How UMS lists the base systems of IGEL OS 12 is not documented by the vendor; look at the result of this module
    before you name one elsewhere.
options:
  query:
    description:
      - JMESPath expression over the list of firmwares; it must give a list.
      - Needs the Python library jmespath on the controller.
    type: str
extends_documentation_fragment:
  - otedge.endpoint.attributes.info
  - otedge.endpoint.ums
seealso:
  - module: otedge.endpoint.ums_devices
"""

EXAMPLES = r"""
- name: Firmwares
  otedge.endpoint.ums_firmware_info:
    host: ums.example.com
    username: svc-imi
    password: "{{ vault_ums_password }}"
    ca_path: /etc/pki/ums-ca.pem
  delegate_to: localhost
  register: ums

- name: Versions of one product
  otedge.endpoint.ums_firmware_info:
    host: ums.example.com
    username: svc-imi
    password: "{{ vault_ums_password }}"
    ca_path: /etc/pki/ums-ca.pem
    query: "[?product=='IGEL OS 12'].version"
  delegate_to: localhost
"""

RETURN = r"""
firmwares:
  description: The firmwares by product and version, or what O(query) selects from them.
  returned: success
  type: list
  elements: raw
  contains:
    id:
      description: Id in UMS.
      type: str
      returned: always
      sample: "6"
    product:
      description: Product.
      type: str
      returned: always
      sample: IGEL OS 12
    version:
      description: Version as UMS writes it; it may hold letters.
      type: str
      returned: always
      sample: 12.9.0
    type:
      description: Type as UMS writes it; may be empty.
      type: str
      returned: always
      sample: LX
"""

from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.otedge.endpoint.plugins.module_utils._jmespath import check, selected
from ansible_collections.otedge.endpoint.plugins.module_utils._module import run_module
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.ums_firmware_info import SPEC
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.face import session
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.info import unseen
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.info_tree import describe_firmwares


def work(module: AnsibleModule) -> dict[str, Any]:
    check(module.params["query"])
    with session(module.params) as ums:
        found = describe_firmwares(ums.firmwares())
    if not found:
        module.warn(unseen(module.params, "no firmwares"))
    return {"changed": False, "firmwares": selected(found, module.params["query"])}


def main() -> None:
    run_module(SPEC, work)


if __name__ == "__main__":
    main()

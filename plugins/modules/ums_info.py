# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ums_info
short_description: Tell how IGEL UMS can be talked to and what the account sees
version_added: 0.1.0
author: otedge.endpoint contributors (@otedge)
description:
  - Tries to reach the server, to trust it, to log in and to list what there is, and tells how far that went.
  - It does not fail where the server refuses or does not answer; look at RV(state) and RV(problem). It fails only for
    options that cannot be right and for a missing Python library.
  - The API tells neither edition nor licence. What can be found out by asking is in RV(imi) and RV(features). Since UMS
    12.07.100 the Essential edition has no IMI at all, nor priority profiles; Essential and Standard have no asset
    information.
  - Rights cannot be read either; RV(sees) counts what the account is shown. Warns if the login works but neither
    devices nor directories are seen, which is how missing rights show.
extends_documentation_fragment:
  - otedge.endpoint.attributes.info
  - otedge.endpoint.ums
seealso:
  - module: otedge.endpoint.ums_device_info
"""

EXAMPLES = r"""
- name: Look whether UMS can be used
  otedge.endpoint.ums_info:
    host: ums.example.com
    username: svc-imi
    password: "{{ vault_ums_password }}"
    ca_path: /etc/pki/ums-ca.pem
  delegate_to: localhost
  register: ums

- name: Stop with the reason and the next step
  ansible.builtin.fail:
    msg: "{{ ums.problem.message }} {{ ums.problem.fix }}"
  when: ums.state != 'ok'
"""

RETURN = r"""
state:
  description:
    - How far it went - V(ok), V(unreachable) (no connection or no answer), V(certificate) (not trusted),
      V(login_refused), V(licence) (the edition or licence does not include IMI), V(no_imi) (something answers, but
      not IMI v3), V(no_rights) (the account may not list devices) or V(unavailable) (the server reports an error of
      its own).
  returned: success
  type: str
  sample: ok
problem:
  description:
    - What was attempted and found (message), the next step (fix) and the server's error_code; null if RV(state=ok).
  returned: success
  type: dict
  sample:
    message: "Cannot log in as svc-imi on https://ums.example.com:8443: the connection failed."
    fix: Check host and port (8443 by default), that the UMS server runs, route and firewall.
    error_code: ""
reachable:
  description: Whether something answered at all.
  returned: success
  type: bool
  sample: true
imi:
  description: Whether IMI v3 can be used there; null if that was not found out.
  returned: success
  type: bool
  sample: true
server:
  description:
    - What the server tells of itself - version, build, uuid and server; each null where it does not, as newer ones may.
    - Read after the login, so null without one.
  returned: success
  type: dict
  sample: {"version": "12.09.110", "build": "1", "uuid": "9fe719f1-0000-4000-8000-000000000000", "server": "ums:8443"}
sees:
  description:
    - How many devices, devices_in_bin (recycle bin), directories, profiles and firmwares the account is shown.
    - Null where that was not found out or not allowed.
  returned: success
  type: dict
  sample: {"devices": 120, "devices_in_bin": 2, "directories": 14, "profiles": 30, "firmwares": 5}
features:
  description:
    - Whether priority_profiles and asset_information are there; null where that was not found out.
    - Asset information is tried on one device, so it stays null while there is none.
  returned: success
  type: dict
  sample: {"priority_profiles": true, "asset_information": false}
"""

from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.otedge.endpoint.plugins.module_utils._module import run_module
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.ums_info import SPEC
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.info import unseen
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.probe import look, sees_nothing


def work(module: AnsibleModule) -> dict[str, Any]:
    found = look(module.params)
    if sees_nothing(found):
        module.warn(unseen(module.params, "neither devices nor directories"))
    return {"changed": False, **found}


def main() -> None:
    run_module(SPEC, work)


if __name__ == "__main__":
    main()

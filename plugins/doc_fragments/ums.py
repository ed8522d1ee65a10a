# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options shared by everything that talks to the management server."""

from __future__ import annotations


class ModuleDocFragment:
    """Connection options and requirements of the UMS modules."""

    DOCUMENTATION = r"""
options:
  host:
    description:
      - Name or address of the UMS server, as its certificate holds it.
      - The environment variable E(IGEL_UMS_HOST) is used if it is not set.
    type: str
    required: true
  port:
    description:
      - TCP port of the UMS web server.
      - The environment variable E(IGEL_UMS_PORT) is used if it is not set.
    type: int
    default: 8443
  username:
    description:
      - The UMS superuser or a UMS administrator account; the database account cannot log in.
      - The environment variable E(IGEL_UMS_USERNAME) is used if it is not set.
    type: str
    required: true
  password:
    description:
      - Password of O(username).
      - The environment variable E(IGEL_UMS_PASSWORD) is used if it is not set.
    type: str
    required: true
  ca_path:
    description:
      - File on the controller with the CA certificate (PEM) that signed the certificate of the UMS web server.
      - Needed unless a public CA signed it; UMS signs it with a CA of its own by default.
      - The environment variable E(IGEL_UMS_CA_PATH) is used if it is not set.
    type: path
  validate_certs:
    description:
      - Whether the server has to prove who it is. Set it to V(false) in a laboratory only.
      - The environment variable E(IGEL_UMS_VALIDATE_CERTS) is used if it is not set.
    type: bool
    default: true
  timeout:
    description:
      - Seconds to wait for one answer. Lists of many devices are slow on UMS older than 12.08.100.
      - The environment variable E(IGEL_UMS_TIMEOUT) is used if it is not set.
    type: int
    default: 60
requirements:
  - The Python library requests on the controller.
  - UMS 5.07.100 or newer with its REST API IMI v3; since UMS 12.07.100 an edition other than Essential.
notes:
  - Runs on the controller. Use C(connection=local) or C(delegate_to=localhost).
  - One session a task is opened and always closed again.
  - Proxy, C(.netrc) and CA settings of the environment are ignored.
"""

    # For modules that write.
    RECORDS = r"""
options:
  site_records:
    description:
      - Folder of the site's records on the controller.
      - If given, every write requires that the running play holds the site lock and that no stop file exists,
        and intent and result are recorded as evidence.
      - Leave it out to use the module on its own.
    type: path
  parallel:
    description:
      - How many writes are under way at the same time, 1 to 16. Each has a kept-alive connection of its own; all share
        one login.
      - Steps that need one another keep their order whatever the number. After a write that was refused or lost no
        other one begins.
    type: int
    default: 4
  empty_server:
    description:
      - Whether the server may be empty.
      - An account without the right Browse sees neither devices nor directories, and the server does not say why. So a
        task that writes is refused if it sees neither, unless this option says that the server is new.
    type: bool
    default: false
"""

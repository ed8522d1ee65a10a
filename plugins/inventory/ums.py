# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Devices of the management server as an inventory."""

from __future__ import annotations

DOCUMENTATION = r"""
name: ums
short_description: Devices of IGEL UMS as hosts
version_added: 0.1.0
author: otedge.endpoint contributors (@otedge)
description:
  - Reads the devices that IGEL UMS knows, outside the recycle bin, and makes them hosts.
  - One login and one list of devices, of directories and of firmwares, whatever the number of devices; nothing at all
    is asked while a cached list holds.
  - Every host is in the group C(ums_devices), and in groups by directory, nested like the tree, by product and by
    firmware.
  - What UMS says of a device is in the one host variable C(ums_device), with the keys that
    M(otedge.endpoint.ums_device_info) returns. Nothing that UMS sends sets any other variable or is ever a template;
    C(compose) does, where you ask for it.
  - The file is called C(ums.yml), or its name ends in C(.ums.yml), such as C(plant-a.ums.yml); C(yaml) does as well.
options:
  plugin:
    description: Marks the file as one of this plugin.
    type: str
    required: true
    choices: [otedge.endpoint.ums]
  host:
    description:
      - Name or address of the UMS server, as its certificate holds it. Has to be given, here or in the environment.
      - May be a template.
    type: str
    env:
      - name: IGEL_UMS_HOST
  port:
    description: TCP port of the UMS web server.
    type: int
    default: 8443
    env:
      - name: IGEL_UMS_PORT
  username:
    description:
      - The UMS superuser or a UMS administrator account; the right Browse and Read is enough. Has to be given, here or
        in the environment.
      - May be a template.
    type: str
    env:
      - name: IGEL_UMS_USERNAME
  password:
    description:
      - Password of O(username). Has to be given, here or in the environment, unless a cached list is used.
      - May be a template or encrypted with C(ansible-vault encrypt_string). It is never cached, and no variable of a
        host.
    type: str
    env:
      - name: IGEL_UMS_PASSWORD
  ca_path:
    description:
      - File with the CA certificate (PEM) that signed the certificate of the UMS web server; a relative path counts
        from the folder of the inventory file.
      - Needed unless a public CA signed it; UMS signs it with a CA of its own by default.
      - May be a template.
    type: str
    env:
      - name: IGEL_UMS_CA_PATH
  validate_certs:
    description: Whether the server has to prove who it is. Set it to V(false) in a laboratory only.
    type: bool
    default: true
    env:
      - name: IGEL_UMS_VALIDATE_CERTS
  timeout:
    description: Seconds to wait for one answer. Lists of many devices are slow on UMS older than 12.08.100.
    type: int
    default: 60
    env:
      - name: IGEL_UMS_TIMEOUT
  directories:
    description:
      - Paths of directories such as V(plant-a/line-1); only devices in or below one of them become hosts. All devices
        if empty.
      - May be templates.
    type: list
    elements: str
    default: []
  facets:
    description:
      - What to read of each device besides, as M(otedge.endpoint.ums_device_info) does with the options of these names.
      - Each costs one more list of all devices. V(online) makes UMS contact every device, which takes minutes on large
        sites, and is soon out of date in a cache.
    type: list
    elements: str
    choices: [details, online, attributes, network_adapters]
    default: []
  hostnames:
    description:
      - Jinja2 expressions for the name of a host; the first that gives a text is taken.
      - Where none does, where the name is no usable host name, and where several devices would have the same one, the
        unit id is the name.
    type: list
    elements: str
    default: [ums_device.name]
  group_by:
    description: Which groups to make.
    type: list
    elements: str
    choices: [directory, product, firmware]
    default: [directory, product, firmware]
  group_prefix:
    description:
      - Beginning of the names of the groups this plugin makes - C(ums_devices), C(ums_directory_plant_a_line_1),
        C(ums_product_IGEL_OS_12), C(ums_firmware_IGEL_OS_12_12_9_0).
      - Characters that a group name cannot have become underscores.
    type: str
    default: ums_
extends_documentation_fragment:
  - ansible.builtin.constructed
  - ansible.builtin.inventory_cache
requirements:
  - The Python library requests on the controller.
  - UMS 5.07.100 or newer with its REST API IMI v3; since UMS 12.07.100 an edition other than Essential.
notes:
  - Run with C(--flush-cache) to read UMS in spite of a cached list.
  - Proxy, C(.netrc) and CA settings of the environment are ignored.
seealso:
  - module: otedge.endpoint.ums_device_info
"""

EXAMPLES = r"""
# plant-a.ums.yml - account and password from the environment (IGEL_UMS_USERNAME, IGEL_UMS_PASSWORD)
plugin: otedge.endpoint.ums
host: ums.example.com
ca_path: ../pki/ums-ca.pem
directories: [plant-a]

# With a cache of 15 minutes, an address to connect to, and groups of one's own
# plugin: otedge.endpoint.ums
# host: ums.example.com
# username: svc-inventory
# password: "{{ lookup('ansible.builtin.file', '/run/secrets/ums') }}"
# ca_path: /etc/pki/ums-ca.pem
# cache: true
# cache_plugin: ansible.builtin.jsonfile
# cache_connection: .cache/ums
# cache_timeout: 900
# facets: [details]
# hostnames:
#   - ums_device.name | lower | replace(' ', '-')
# compose:
#   ansible_host: ums_device.last_ip
# groups:
#   thin_clients: ums_device.thin_client
#   never_seen: not ums_device.connected
# keyed_groups:
#   - key: ums_device.details.device_type
#     prefix: type
"""

import os
import re
from typing import Any

from ansible.errors import AnsibleError, AnsibleParserError
from ansible.inventory.data import InventoryData
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, OtedgeError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.face import session
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.info import unseen
from ansible_collections.otedge.endpoint.plugins.plugin_utils import _ums_hosts as hosts

NAMES = re.compile(r"(^|[./])ums\.ya?ml$")
ACCOUNT = ("host", "port", "username", "password", "ca_path", "validate_certs", "timeout")
PLAIN = re.compile(r"ums_device\.(\w+)")


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    """Reads a list, from UMS or the cache, and makes hosts and groups of it."""

    NAME = "otedge.endpoint.ums"
    inventory: InventoryData  # there from parse() on

    def verify_file(self, path: str) -> bool:
        """Say whether the file is one of this plugin, by its name."""
        return bool(super().verify_file(path)) and NAMES.search(path) is not None

    def parse(self, inventory: InventoryData, loader: DataLoader, path: str, cache: bool = True) -> None:
        """Fill the inventory; AnsibleParserError says what was attempted, what was found and what to do."""
        super().parse(inventory, loader, path, cache)
        self._read_config_data(path)
        try:
            self._populate(self._snapshot(path, cache))
        except OtedgeError as exc:
            raise AnsibleParserError(f"Inventory {path}: {exc}") from None

    def _snapshot(self, path: str, cache: bool) -> hosts.Snapshot:
        """Give the kept list if there is one and it may be used, else read UMS and keep the list."""
        account = self._account(path)
        made_for = hosts.identity(account, self.get_option("facets"))
        caching, key = self.get_option("cache"), self.get_cache_key(path)
        if caching and cache:
            kept = self._cache.get(key)
            if hosts.usable(kept, made_for):
                return dict(kept)
        self._require(account, "password")
        with session(account) as ums:
            snapshot = hosts.take(ums, made_for)
        if not snapshot["seen"]:
            self.display.warning(f"{path}: {unseen(account, 'neither devices nor directories')}")
        elif caching:
            self._cache[key] = snapshot
        return snapshot

    def _account(self, path: str) -> dict[str, Any]:
        account = {key: self._text(key) for key in ACCOUNT}
        self._require(account, "host", "username")
        if account["ca_path"]:
            given = os.path.expanduser(os.path.expandvars(account["ca_path"]))
            account["ca_path"] = os.path.join(os.path.dirname(os.path.abspath(path)), given)
        return account

    @staticmethod
    def _require(account: dict[str, Any], *keys: str) -> None:
        missing = [key for key in keys if not account[key]]
        if missing:
            names = " and ".join(f"IGEL_UMS_{key.upper()}" for key in missing)
            raise InputError(
                f"{' and '.join(missing)} not given.", fix=f"Give it in the file or in the environment ({names})."
            )

    def _text(self, key: str) -> Any:
        """Give an option; a template in the inventory file is filled in, text from the environment never is one."""
        value, origin = self.get_option_and_origin(key)
        if origin != "Direct":
            return value
        self.templar.available_variables = self._vars or {}
        try:
            return self.templar.template(value)
        except AnsibleError as exc:
            why = "" if key == "password" else f" ({exc})"  # the text may be a password that only looks like a template
            raise InputError(f"The template in option {key} cannot be filled in{why}.", fix="Correct it.") from None

    def _populate(self, snapshot: hosts.Snapshot) -> None:
        tree, directories = hosts.tree_in(snapshot)
        paths = [str(path) for path in self._text("directories")]
        devices = hosts.below(snapshot["devices"], paths, tree, directories)
        found = hosts.named(devices, self._name)
        everything = self._group("devices")
        folders: dict[str, str] = {}
        firmwares: dict[tuple[str, str], str | None] = {}
        if "directory" in self.get_option("group_by"):
            used = hosts.directories_used(devices, directories, paths, tree)
            made = hosts.folders(directories, tree, used, lambda path: self._safe(f"directory_{path}"))
            folders = self._folders(made)
        for text in found.warnings:
            self.display.warning(text)
        for name, device in found.hosts:
            self.inventory.add_host(name, group=everything)
            self.inventory.set_variable(name, "ums_device", device)
            if device["directory_id"] in folders:
                self.inventory.add_host(name, group=folders[device["directory_id"]])
            if device["firmware"]:
                version = (device["firmware"]["product"], device["firmware"]["version"])
                if version not in firmwares:
                    firmwares[version] = self._firmware_group(*version)
                if firmwares[version]:
                    self.inventory.add_host(name, group=firmwares[version])
            self._construct(name, device)

    def _folders(self, made: hosts.Folders) -> dict[str, str]:
        for text in made.warnings:
            self.display.warning(text)
        groups = {key: self.inventory.add_group(name) for key, name in made.groups.items()}
        for above, group in made.nested:
            self.inventory.add_child(above, group)
        return groups

    def _firmware_group(self, product: str, version: str) -> str | None:
        """Make the groups of a firmware; give the one its hosts are put into."""
        shapes = self.get_option("group_by")
        above = self._group(f"product_{product}") if "product" in shapes else None
        if "firmware" not in shapes:
            return above
        group = self._group(f"firmware_{product}_{version}")
        if above:
            self.inventory.add_child(above, group)
        return group

    def _construct(self, name: str, device: dict[str, Any]) -> None:
        known, strict = {"ums_device": device}, self.get_option("strict")
        self._set_composite_vars(self.get_option("compose"), known, name, strict=strict)
        self._add_host_to_composed_groups(self.get_option("groups"), known, name, strict=strict)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), known, name, strict=strict)

    def _name(self, device: dict[str, Any]) -> str:
        """Give the first name that an expression of option hostnames gives; empty if none does."""
        for expression in self.get_option("hostnames"):
            plain = PLAIN.fullmatch(expression.strip())
            if plain:
                value = device.get(plain[1])
            else:
                try:
                    value = self._compose(expression, {"ums_device": device})
                except AnsibleError as exc:
                    if self.get_option("strict"):
                        problem = f"The expression {expression!r} of hostnames fails for {device['unit_id']}: {exc}"
                        raise InputError(problem, fix="Correct it, or set strict to false.") from exc
                    continue
            if isinstance(value, str) and value.strip():
                return value
        return ""

    def _safe(self, text: str) -> str:
        return str(self._sanitize_group_name(f"{self.get_option('group_prefix')}{text}"))

    def _group(self, text: str) -> str:
        return str(self.inventory.add_group(self._safe(text)))

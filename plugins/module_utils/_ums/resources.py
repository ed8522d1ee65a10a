# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What we read from and write to the management server, one method a resource.

Source: UMS IMI v3 contract, section 5; the letters (D4, T5, P6) are its row names. No decisions here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import RefusedError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.errors import (
    GONE,
    NOT_OFFERED,
    UmsError,
    UmsUnavailable,
)
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.model import (
    ROOTS,
    Device,
    Directory,
    Firmware,
    Profile,
    as_list,
    as_text,
    read_device,
    read_directory,
    read_firmware,
    read_profile,
)

MOVE_AT_ONCE = 500
_RECEIVERS = {"tc": "thinclients", "tcdirectory": "tcdirectories"}
_KINDS = {"profile": "profiles", "masterprofile": "masterprofiles"}
# What a server says of an assignment that is not there (any more) is not documented; 0A021 is a guess.
_NOT_ASSIGNED = GONE | {"ITG-0A021"}


class Talk(Protocol):
    """What a session offers; see UmsClient."""

    @property
    def server(self) -> str:
        """The server as shown to people."""

    @property
    def parallel(self) -> int:
        """How many writes may be under way at a time."""

    def get(self, path: str, what: str, facets: str | None = None) -> Any:
        """Read."""

    def put(self, path: str, body: Any, what: str, *, repeatable: bool = True, operation: str | None = None) -> Any:
        """Create or update."""

    def delete(self, path: str, what: str) -> Any:
        """Delete."""

    def post(self, path: str, body: Any, what: str, *, command: str) -> Any:
        """Send a command."""


class Ums:
    """The resources of one server over one session.

    Args:
        talk: the session.
        may_be_empty: False to refuse a server that shows neither devices nor directories. An account without the
            right Browse is told to get empty lists (contract 1.2), so an empty server and missing rights look the same.
    """

    def __init__(self, talk: Talk, *, may_be_empty: bool = True) -> None:
        self._talk = talk
        self._may_be_empty = may_be_empty
        self.priority_refused = ""  # why priority_profiles gave none

    @property
    def parallel(self) -> int:
        """How many writes may be under way at a time."""
        return self._talk.parallel

    def _require_sight(self, sees: bool, other: str) -> None:
        """Raise RefusedError if a first list is empty and the other one, read for this alone, is empty too."""
        if not (self._may_be_empty or sees):
            sees = bool(as_list(self._talk.get(other, "check the rights"), "check the rights"))
            if not sees:
                raise RefusedError(
                    f"The login to {self._talk.server} works, but shows neither devices nor directories. That is taken"
                    " as missing rights, not as an empty server; nothing was changed.",
                    fix="Give the account the rights Browse and Read on the device tree, in the UMS console. If the"
                    " server really is new and empty, set empty_server: true (in a rollout ums_empty_server).",
                )
        self._may_be_empty = True

    def device_rows(self, facets: str | None = None) -> list[dict[str, Any]]:
        """D1: all devices as the server sends them, recycle bin included; ``facets`` is one facet or None."""
        what = "list the devices"
        return as_list(self._talk.get("/thinclients", what, facets), what)

    def devices(self, facets: str | None = None) -> list[Device]:
        """D1: all devices, recycle bin included; ``facets`` is ``details``, ``online`` or None."""
        rows = self.device_rows(facets)
        self._require_sight(bool(rows), "/directories/tcdirectories")
        return [read_device(raw) for raw in rows]

    def device_row(self, device_id: str, facets: str = "details") -> dict[str, Any] | None:
        """D2: one device as the server sends it, None if it is gone."""
        what = f"read device {device_id}"
        try:
            raw = self._talk.get(f"/thinclients/{device_id}", what, facets)
        except UmsError as exc:
            if exc.error_code in GONE or exc.status == 404:
                return None
            raise
        found = raw[0] if isinstance(raw, list) and raw else raw
        return found if isinstance(found, dict) else None

    def device(self, device_id: str, facets: str = "details") -> Device | None:
        """D2: one device, None if it is gone."""
        row = self.device_row(device_id, facets)
        return None if row is None else read_device(row)

    def command(self, command: str, ids: Iterable[str]) -> list[dict[str, Any]]:
        """D8: send a command to many devices at once, never twice; gives the entries of the answer, in any order."""
        what = f"send the command {command}"
        answer = self._talk.post("/thinclients", [{"id": item, "type": "tc"} for item in ids], what, command=command)
        return as_list(_object(answer).get("CommandExecList"), what)

    def directories(self) -> list[Directory]:
        """T1: all device directories, flat, recycle bin included."""
        what = "list the device directories"
        rows = as_list(self._talk.get("/directories/tcdirectories", what), what)
        self._require_sight(bool(rows), "/thinclients")
        return [read_directory(raw) for raw in rows]

    def directory(self, directory_id: str) -> Directory:
        """T2: one device directory."""
        what = f"read device directory {directory_id}"
        raw = self._talk.get(f"/directories/tcdirectories/{directory_id}", what)
        return read_directory(raw[0] if isinstance(raw, list) and raw else raw)

    def profile_directories(self, kind: str = "profile") -> list[Directory]:
        """All directories of the tree of profiles (or of priority profiles, ``masterprofile``), bin included."""
        what = "list the profile directories"
        answer = self._talk.get(f"/directories/{kind}directories", what)
        return [read_directory(raw, ROOTS[kind]) for raw in as_list(answer, what)]

    def assets(self) -> list[dict[str, Any]]:
        """5.8: the assets as the server sends them; needs the licence for asset information."""
        what = "list the assets"
        return as_list(self._talk.get("/assetinfo", what), what)

    def device_assets(self, device_id: str) -> list[dict[str, Any]]:
        """5.8: the assets of one device as the server sends them."""
        what = f"list the assets of device {device_id}"
        return as_list(self._talk.get(f"/assetinfo/thinclients/{device_id}", what), what)

    def asset_history(self) -> list[dict[str, Any]]:
        """5.8: when assets were plugged in and out, as the server sends it."""
        what = "list the history of the assets"
        return as_list(self._talk.get("/assethistory", what), what)

    def offers(self, path: str) -> bool | None:
        """Say whether the server has a resource and the licence for it; None if it refuses for another reason."""
        try:
            self._talk.get(path, f"look for {path}")
        except UmsUnavailable:
            raise
        except UmsError as exc:
            return False if exc.status == 404 or exc.error_code in NOT_OFFERED else None
        return True

    def server_status(self) -> dict[str, Any]:
        """9.1: what the server tells of itself; every field is optional, newer servers may not have it at all."""
        try:
            return _object(self._talk.get("/serverstatus", "read the server status"))
        except UmsUnavailable:
            raise
        except UmsError:
            return {}

    def firmwares(self) -> list[Firmware]:
        """All firmwares the server has met."""
        what = "list the firmwares"
        return [read_firmware(raw) for raw in as_list(self._talk.get("/firmwares", what), what)]

    def profiles(self) -> list[Profile]:
        """P1: all profiles, recycle bin included."""
        what = "list the profiles"
        return [read_profile(raw) for raw in as_list(self._talk.get("/profiles", what), what)]

    def priority_profiles(self) -> list[Profile]:
        """All priority profiles; none, and the reason in ``priority_refused``, where the server has not got them."""
        what = "list the priority profiles"
        try:
            answer = self._talk.get("/masterprofiles", what)
        except UmsUnavailable:
            raise
        except UmsError as exc:
            self.priority_refused = exc.message
            return []
        return [read_profile(raw, "masterprofile") for raw in as_list(answer, what)]

    def direct_receivers(self, profile: Profile, receiver: str) -> frozenset[str]:
        """P5/P8: ids of the devices (``tc``) or directories (``tcdirectory``) that have the profile directly."""
        what = f"read the assignments of profile {profile.name}"
        found = as_list(self._talk.get(_assignments(profile, receiver), what), what)
        receivers = [raw.get("receiver") or {} for raw in found]
        return frozenset(as_text(item.get("id")) for item in receivers if item.get("type", receiver) == receiver)

    def create_device(self, body: dict[str, str], label: str) -> dict[str, Any]:
        """D4: pre-register a device; gives the answer with ``id``, ``name``, ``parentID``."""
        return _object(self._talk.put("/thinclients", body, f"create device {label}", repeatable=False))

    def update_device(self, device_id: str, body: dict[str, str], label: str) -> None:
        """D5: change the given fields of a device."""
        self._talk.put(f"/thinclients/{device_id}", body, f"update device {label}")

    def delete_device(self, device_id: str, label: str) -> None:
        """D7: remove the record without contacting the device; gone already counts as done."""
        self._gone_is_done(f"/thinclients/{device_id}/deletetcoffline", f"delete device {label}")

    def create_directory(self, name: str, parent_id: str, path: str) -> str:
        """T3: create a directory and give its id; the server may ignore the parent, so read it back."""
        body = {"name": name, "parentID": parent_id}
        answer = self._talk.put("/directories/tcdirectories", body, f"create directory {path}", repeatable=False)
        return as_text(_object(answer).get("id"))

    def rename_directory(self, directory_id: str, name: str, path: str) -> None:
        """T4: give a directory another name; ``path`` is the one it had."""
        self._talk.put(
            f"/directories/tcdirectories/{directory_id}", {"name": name}, f"rename directory {path} to {name}"
        )

    def delete_directory(self, directory_id: str, path: str) -> None:
        """T6: delete an empty directory; gone already counts as done."""
        self._gone_is_done(f"/directories/tcdirectories/{directory_id}", f"delete directory {path}")

    def move(self, destination: str, ids: Sequence[str], kind: str, path: str) -> list[str]:
        """T5: move devices (``tc``) or directories (``tcdirectory``); gives the ids that were not moved."""
        left: list[str] = []
        for start in range(0, len(ids), MOVE_AT_ONCE):
            part = ids[start : start + MOVE_AT_ONCE]
            what = f"move {len(part)} object(s) to directory {path}"
            body = [{"id": item, "type": kind} for item in part]
            answer = self._talk.put(f"/directories/tcdirectories/{destination}", body, what, operation="move")
            moved = {as_text(raw.get("id")) for raw in as_list(answer, what) if raw.get("results") == "successful"}
            left += [item for item in part if item not in moved]
        return left

    def assign(self, profile: Profile, receiver: str, ids: Iterable[str]) -> None:
        """P6/P9: assign a profile directly to devices or directories."""
        assignee = {"id": profile.id, "type": profile.kind}
        body = [{"assignee": assignee, "receiver": {"id": item, "type": receiver}} for item in ids]
        self._talk.put(_assignments(profile, receiver), body, f"assign profile {profile.name}")

    def unassign(self, profile: Profile, receiver: str, receiver_id: str) -> None:
        """P7/P10: take a profile away from one device or directory; gone already counts as done."""
        path = f"{_assignments(profile, receiver)}/{receiver_id}"
        self._gone_is_done(path, f"take profile {profile.name} away", _NOT_ASSIGNED)

    def _gone_is_done(self, path: str, what: str, gone: frozenset[str] = GONE) -> None:
        try:
            self._talk.delete(path, what)
        except UmsError as exc:
            if exc.error_code not in gone:
                raise


def _assignments(profile: Profile, receiver: str) -> str:
    return f"/{_KINDS[profile.kind]}/{profile.id}/assignments/{_RECEIVERS[receiver]}"


def _object(answer: Any) -> dict[str, Any]:
    return answer if isinstance(answer, dict) else {}

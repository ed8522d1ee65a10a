# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The swap: build unbound, prove, arm, re-bind, prove over a second session, confirm, tidy, save.

Reference switch-acl.md section 5. A bound list is never edited. From arming on, any failure puts the old names back at
once; the revert timer does the same where no session can be had any more.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Sequence
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import (
    OtedgeError,
    PeerError,
    RefusedError,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.cubes import compare
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.drift import fresh, moved, unused
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.hooks import FiresLate
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.lock import configure, enter_of
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.plan import Swap, SwitchPlan, Wanted, unproven
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.platforms import Driver, Shell
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.refusals import NotArmed, NotEntered

_SHORTEST_MIN = 2


class Apply:
    """Carry out one plan on one switch.

    Args:
        driver: the platform.
        shell: the session that read the state.
        connect: opens another session to the same switch.
        timer: gives the minutes of the revert timer when it is armed; None where the switch has none and that was
            allowed.
        without_timer: True if a switch that turns out to have no timer is written all the same.
    """

    def __init__(
        self,
        driver: Driver,
        shell: Shell,
        connect: Callable[[], Shell],
        timer: Callable[[], int] | None,
        *,
        without_timer: bool = False,
    ) -> None:
        self._driver = driver
        self._shell = shell
        self._connect = connect
        self._timer = timer
        self._without_timer = without_timer
        self._minutes: int | None = None

    def run(self, plan: SwitchPlan, wanted: Sequence[Wanted]) -> dict[str, Any]:
        """Write what the plan says.

        Returns:
            {"saved": bool, "removed": [name], "revert_timer": what would have taken the change back, or "none"}.

        Raises:
            RefusedError: nothing may be written any more; what was armed is left to the revert timer.
            OtedgeError: the message says what is in force and what was put back; running again goes on from there.
        """
        if plan.swaps:
            self._build(plan.swaps)
            known = self._driver.hardware_errors(self._shell)
            self._require_unmoved(plan.swaps)
            self._minutes = self._timer() if self._timer else None
            try:
                self._rebind(plan.swaps)
                self._prove_and_confirm(plan, wanted, known)
            except NotArmed as exc:
                raise self._nothing_bound(plan.swaps, exc) from exc
            except RefusedError as exc:
                # The run is over or was stopped: not even the way back is typed any more.
                raise RefusedError(f"{exc.message} {self._left()}", fix=exc.fix, **exc.details) from exc
            except OtedgeError as exc:
                raise self._put_back(plan.swaps, exc) from exc
        removed = self._remove(plan.removals)
        if plan.save:
            self._save(plan, wanted)
        timer = self._driver.timer_kind if self._minutes is not None else "none"
        return {"saved": plan.save, "removed": removed, "revert_timer": timer}

    def _type(self, shell: Shell, lines: Sequence[str], **how: Any) -> None:
        configure(shell, lines, **how, **enter_of(self._driver))

    def _build(self, swaps: Sequence[Swap]) -> None:
        """Make the new lists, bound nowhere, and prove each from what the switch says it enforces."""
        lines: list[str] = []
        broken = [swap.new for swap in swaps if swap.new and swap.drop_first]
        taken = set(broken).difference(self._unused(broken))
        if taken:
            raise RefusedError(
                f"Somebody else works on the switch: {', '.join(sorted(taken))} is in use by now. Nothing was written.",
                fix="Run again.",
            )
        for swap in swaps:
            if swap.new and swap.drop_first:
                lines += self._driver.remove(swap.new)
            if swap.new and swap.create:
                lines += self._driver.create(swap.new, swap.wanted.rules)
        try:
            if lines:
                self._type(self._shell, lines)
            for swap in swaps:
                self._prove_list(swap)
        except NotEntered as exc:
            raise RefusedError(f"{exc.message} Nothing was written.", fix=exc.fix, **exc.details) from exc
        except PeerError:
            self._remove([swap.new for swap in swaps if swap.new and swap.create])
            raise

    def _unused(self, names: Sequence[str]) -> list[str]:
        """Give those of these lists that nothing uses, as of now: what was idle when it was planned may be bound."""
        return unused(self._driver.read_running(self._shell), names) if names else []

    def _remove(self, names: Sequence[str]) -> list[str]:
        """Remove those of our lists that nothing uses by now, and give their names."""
        gone = self._unused(names)
        if gone:
            self._type(self._shell, [line for name in gone for line in self._driver.remove(name)])
        return gone

    def _prove_list(self, swap: Swap) -> None:
        if swap.new is None:
            return
        found = self._driver.read_list(self._shell, swap.new)
        if found is None or not found.rules or found.opaque:
            raise PeerError(
                f"The new list {swap.new} does not read back: {list(found.opaque) if found else 'it is not there'}.",
                fix="Nothing is bound to it; look at the list on the switch and report its lines.",
            )
        result = compare(found.rules, swap.wanted.rules)
        if not result.equal:
            witness = result.witness.to_dict() if result.witness else {}
            raise PeerError(
                f"The new list {swap.new} reads back as something else ({result.verdict}).",
                fix="Nothing is bound to it; compare the list on the switch with the plan.",
                witness=witness,
            )

    def _require_unmoved(self, swaps: Sequence[Swap]) -> None:
        """Refuse where somebody else changed a binding or a list, or armed a timer, since the plan was made."""
        running = self._driver.read_running(self._shell)
        changes = moved(running, swaps)
        if self._driver.read_timer(self._shell) is not None:
            changes.append("a revert timer was armed")
        if changes:
            self._remove_built(swaps)
            raise RefusedError(
                f"Somebody else works on the switch: {'; '.join(changes)}. No binding was changed.",
                fix="Wait until they have ended, then run again.",
            )

    def _remove_built(self, swaps: Sequence[Swap]) -> None:
        """Remove the lists that were built and are bound nowhere; what cannot be removed harms nobody."""
        with contextlib.suppress(OtedgeError):
            self._remove([swap.new for swap in swaps if swap.new and swap.create])

    def _rebind(self, swaps: Sequence[Swap]) -> None:
        """Name the new list on each interface: one command each, one line at a time."""
        new, old = self._names(swaps), self._names(swaps, back=True)
        try:
            self._driver.rebind(self._shell, new, old, self._minutes)
        except NotArmed as exc:
            if not (exc.missing and self._without_timer):
                raise
            self._minutes = None
            self._driver.rebind(self._shell, new, old, None)

    def _nothing_bound(self, swaps: Sequence[Swap], cause: NotArmed) -> RefusedError:
        """Our timer does not run, so nothing was bound: leave a pending one alone, and take only our lists away."""
        self._remove_built(swaps)
        return RefusedError(f"{cause.message} No binding was changed.", fix=cause.fix, **cause.details)

    def _names(self, swaps: Sequence[Swap], *, back: bool = False) -> list[str]:
        """Give the lines that bind the new lists, or the old ones again."""
        lines: list[str] = []
        for swap in swaps:
            new, now = (swap.old, swap.new) if back else (swap.new, swap.old)
            lines += self._driver.bind(swap.wanted.interface, swap.wanted.way, new, now)
        return lines

    def _prove_and_confirm(self, plan: SwitchPlan, wanted: Sequence[Wanted], known: Sequence[str]) -> None:
        """A new session must get in and find every binding; only then is the change kept."""
        second = self._connect()
        try:
            wrong = unproven(self._driver.read_running(second), plan, wanted)
            if wrong:
                raise PeerError(f"After the swap: {'; '.join(wrong)}.", fix="Look at the log of the switch.")
            came = fresh(self._driver.hardware_errors(second), known)
            if came:
                raise PeerError(
                    f"The new lists do not fit into the hardware: {came[0].strip()}.",
                    fix="Shorten the rules, or free entries for access lists on the switch.",
                )
            if self._minutes is not None:
                self._driver.confirm(second)
                if self._driver.read_timer(second) is not None:
                    text = "The switch did not take the confirm: a revert timer still runs."
                    raise PeerError(text, fix="Wait until it has fired, then run again.")
                self._prove_kept(second, plan, wanted)
        finally:
            second.close()

    def _prove_kept(self, shell: Shell, plan: SwitchPlan, wanted: Sequence[Wanted]) -> None:
        """Where a timer may fire while it is confirmed, see that it did not."""
        if not (isinstance(self._driver, FiresLate) and self._driver.fires_late):
            return
        wrong = unproven(self._driver.read_running(shell), plan, wanted)
        if wrong:
            raise PeerError(
                f"The revert timer was faster than the confirm: {'; '.join(wrong)}.", fix="Raise revert_minutes."
            )

    def _put_back(self, swaps: Sequence[Swap], cause: OtedgeError) -> OtedgeError:
        """Bind the old names again, over the first session or a new one, and end the timer."""
        kind = type(cause)
        for anew in (False, True):
            try:
                shell = self._connect() if anew else self._shell
                try:
                    left = self._old_names(shell, swaps)
                finally:
                    if anew:
                        shell.close()
            except OtedgeError:
                continue
            return kind(f"{cause.message} The old lists are bound again.{left}", fix=cause.fix, **cause.details)
        again = "" if "run again" in cause.fix.lower() else "Run again: it repairs what was left."
        fix = f"{cause.fix} {again}".strip()
        return kind(f"{cause.message} {self._left()}", fix=fix)

    def _left(self) -> str:
        if self._minutes is not None:
            return f"The revert timer puts the old lists back within {self._minutes} min."
        return "There is no revert timer: the state of the bindings is not known."

    def _old_names(self, shell: Shell, swaps: Sequence[Swap]) -> str:
        """Bind the old lists and end our timer; give what is to be said of one that is not ours."""
        self._type(shell, self._names(swaps, back=True), window=1)
        running = self._driver.read_running(shell)
        for swap in swaps:
            port = running.interfaces.get(swap.wanted.interface)
            bound = port.lists.get(swap.wanted.way) if port else None
            if bound != swap.old:
                raise PeerError(f"{swap.wanted.interface} still has {bound} instead of {swap.old}.")
        if self._driver.read_timer(shell) is not None:
            # Everything is as before the swap: ending the timer is hitless, its rollback of the whole box is not.
            try:
                self._driver.confirm(shell)
            except PeerError as exc:
                return f" A revert timer is pending that could not be ended: {exc}"
        return ""

    def _save(self, plan: SwitchPlan, wanted: Sequence[Wanted]) -> None:
        saved = self._driver.save(self._shell)
        wrong = unproven(self._driver.read_startup(self._shell), plan, wanted) if saved else ["it did not say so"]
        if wrong:
            raise PeerError(
                f"The lists are in force, but the switch did not save them: {'; '.join(wrong)}.",
                fix="Check the free space of its flash, then run again.",
            )


def minutes_for(measured_s: float, limits: tuple[int, int]) -> int:
    """Give the length of the revert timer: three times what reading and building took, at least two minutes.

    Args:
        measured_s: seconds since the talk began; the rest of a run takes about as long.
        limits: the shortest and the longest timer of the platform, in minutes. Minutes round up.
    """
    low, high = limits
    return min(high, max(low, _SHORTEST_MIN, math.ceil(3 * measured_s / 60)))


def settle(driver: Driver, shell: Shell) -> None:
    """End the revert timer a cut run of ours left: take its half-made change back, so that planning starts clean.

    Raises:
        PeerError: the timer is still there.
    """
    driver.revert(shell)
    if driver.read_timer(shell) is not None:
        raise PeerError(
            "The revert timer left by an earlier run could not be ended.", fix="Wait until it fires, then run again."
        )

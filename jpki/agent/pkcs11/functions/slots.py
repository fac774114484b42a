"""Calls about slots and tokens (PKCS #11 v3.0, 5.5)."""

from __future__ import annotations

from time import sleep
from typing import TYPE_CHECKING, Final

from jpki.agent.pkcs11.call_error import CallError
from jpki.agent.pkcs11.constants import DIGESTS, DONT_BLOCK, SIGNS, Mechanism, Rv
from jpki.agent.pkcs11.mechanisms import offered
from jpki.agent.pkcs11.program import Calls
from jpki.errors import JpkiError

if TYPE_CHECKING:
    from jpki.agent.cards import CardView
    from jpki.agent.pkcs11.program import Handler, Program
    from jpki.agent.pkcs11.wire import Writer

_KEY_BITS: Final = 2048
#: Seconds between two looks whether a client that waits for a card is still there.
_WAIT_SLICE: Final = 1.0


class SlotCalls(Calls):
    """What lies in the slots, and what it can do."""

    def __init__(self, program: Program) -> None:
        """Answer one program."""
        super().__init__(program)
        self._seen: CardView | None = None

    def handlers(self) -> dict[str, Handler]:
        """By the names of the calls."""
        return {
            "C_GetSlotList": self.get_slot_list,
            "C_GetSlotInfo": self.get_slot_info,
            "C_GetTokenInfo": self.get_token_info,
            "C_GetMechanismList": self.get_mechanism_list,
            "C_GetMechanismInfo": self.get_mechanism_info,
            "C_WaitForSlotEvent": self.wait_for_slot_event,
        }

    def get_slot_list(self, writer: Writer, with_token: int, room: int | None) -> None:
        """C_GetSlotList, with all slots or with those that hold a card."""
        found = [number for number, slot in self._program.slots.items() if not with_token or slot.token()]
        self._seen = self._look()
        writer.ulongs(found, room)

    def _look(self) -> CardView | None:
        try:
            return self._program.cards.look()
        except JpkiError:
            return None

    def get_slot_info(self, writer: Writer, slot_id: int) -> None:
        """C_GetSlotInfo."""
        self._program.slot(slot_id).write_slot_info(writer)

    def get_token_info(self, writer: Writer, slot_id: int) -> None:
        """C_GetTokenInfo, with the flags of the PIN's counter."""
        slot = self._program.slot(slot_id)
        slot.write_token_info(writer, self._program.token(slot_id), self._program.sessions.count(slot))

    def get_mechanism_list(self, writer: Writer, slot_id: int, room: int | None) -> None:
        """C_GetMechanismList: what p11-kit's client can carry."""
        self._program.token(slot_id)
        writer.ulongs(offered(self._program.client_version), room)

    def get_mechanism_info(self, writer: Writer, slot_id: int, mechanism: int) -> None:
        """C_GetMechanismInfo."""
        self._program.slot(slot_id)
        if mechanism not in offered(self._program.client_version):
            raise CallError(Rv.MECHANISM_INVALID)
        if mechanism == Mechanism.SHA256:
            writer.ulong(0).ulong(0).ulong(DIGESTS)
        else:
            writer.ulong(_KEY_BITS).ulong(_KEY_BITS).ulong(SIGNS)

    def wait_for_slot_event(self, writer: Writer, flags: int) -> None:
        """C_WaitForSlotEvent: until another card lies there, or none."""
        while (view := self._look()) is self._seen:
            if flags & DONT_BLOCK:
                raise CallError(Rv.NO_EVENT)
            self._await_change(view)
            if not self._program.client.is_wanted() or not self._program.is_initialized:
                raise CallError(Rv.CRYPTOKI_NOT_INITIALIZED)
        self._seen = view
        writer.ulong(next(iter(self._program.slots)))

    def _await_change(self, view: CardView | None) -> None:
        """Wait a while, for the way to the cards too: a program that gets an error never waits again."""
        try:
            self._program.cards.await_change(view, _WAIT_SLICE)
        except JpkiError:
            sleep(_WAIT_SLICE)

"""Calls about objects (PKCS #11 v3.0, 5.7): certificates and keys are found, and nothing is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jpki.agent.pkcs11.attributes import MAX_ATTRIBUTES, matches, write_values
from jpki.agent.pkcs11.call_error import CallError
from jpki.agent.pkcs11.constants import Rv
from jpki.agent.pkcs11.program import Calls

if TYPE_CHECKING:
    from jpki.agent.pkcs11.attributes import TemplateItem, Wanted
    from jpki.agent.pkcs11.program import Handler
    from jpki.agent.pkcs11.tokens import Token
    from jpki.agent.pkcs11.wire import Writer


class ObjectCalls(Calls):
    """The objects of a token, but for CA certificates where a program takes each for a key."""

    def handlers(self) -> dict[str, Handler]:
        """By the names of the calls."""
        return {
            "C_FindObjectsInit": self.find_objects_init,
            "C_FindObjects": self.find_objects,
            "C_FindObjectsFinal": self.find_objects_final,
            "C_GetAttributeValue": self.get_attribute_value,
        }

    def _objects(self, token: Token) -> list[int]:
        return [handle for handle, found in token.objects.items() if not (found.is_ca and self._program.hides_ca)]

    def find_objects_init(self, _writer: Writer, handle: int, template: list[TemplateItem]) -> None:
        """C_FindObjectsInit."""
        session = self._program.sessions.get(handle)
        if session.found is not None:
            raise CallError(Rv.OPERATION_ACTIVE)
        token = session.token()
        session.found = [
            number for number in self._objects(token) if matches(token.objects[number].attributes, template)
        ]

    def find_objects(self, writer: Writer, handle: int, room: int | None) -> None:
        """C_FindObjects: the next handles, as many as there is room for."""
        session = self._program.sessions.get(handle)
        if session.found is None:
            raise CallError(Rv.OPERATION_NOT_INITIALIZED)
        given = min(room or 0, len(session.found))
        writer.ulongs(session.found[:given], given)
        del session.found[:given]

    def find_objects_final(self, _writer: Writer, handle: int) -> None:
        """C_FindObjectsFinal."""
        session = self._program.sessions.get(handle)
        if session.found is None:
            raise CallError(Rv.OPERATION_NOT_INITIALIZED)
        session.found = None

    def get_attribute_value(self, writer: Writer, handle: int, number: int, wanted: list[Wanted]) -> None:
        """C_GetAttributeValue."""
        token = self._program.sessions.get(handle).token()
        found = token.objects.get(number)
        if found is None or (found.is_ca and self._program.hides_ca):
            raise CallError(Rv.OBJECT_HANDLE_INVALID)
        if len(wanted) > MAX_ATTRIBUTES:
            raise CallError(Rv.ARGUMENTS_BAD)
        write_values(writer, found.attributes, wanted)

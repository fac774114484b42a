"""What a powered card remembers: the current application and EF, and which reference data have been verified.

Security status belongs to one application (docs/card.md, section 7): selecting another clears it, selecting
the same one again does not. It outlives the selection where a reset does not clear it, so it is kept with its
owner.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import aids, sw
from .filesystem import FREE, ReadCondition, ReferenceData, TransparentFile, any_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from .filesystem import CardImage, DedicatedFile, ElementaryFile, KeyFile, RecordFile
    from .settings import Settings

_SIGN_CERTIFICATE = (aids.JPKI_AID, 0x0001)
_AUTH_CERTIFICATE = (aids.JPKI_AID, 0x000A)
_AUTH_PIN = 0x0018
_TEXT_INTEGRITY = (aids.TEXT_AID, 0x0003)
_TEXT_CODE_B = 0x0015
_SHORT_ID_ABOVE_30 = 0x1F
_SHORT_ID_RESERVED_BITS = 0x60


class Refused(Exception):  # noqa: N818 # no error of the program: the card's answer, on its way out
    """A command is answered with a status word alone; ``response`` is that answer."""

    def __init__(self, response: bytes) -> None:
        super().__init__(response.hex())
        self.response = response


class CardState:
    """Selection and security status of one card, and the ways in which commands change them."""

    __slots__ = ("_conditions", "_on_change", "application", "file", "image", "owner", "random", "settings", "verified")

    def __init__(
        self,
        image: CardImage,
        settings: Settings,
        random: Callable[[int], bytes],
        on_change: Callable[[], None] | None,
    ) -> None:
        """Begin as after power-up, with the issuer security domain selected."""
        self.image = image
        self.settings = settings
        self.random = random
        self._on_change = on_change
        self._conditions = _conditions(image, settings)
        #: The selected application; None is the issuer security domain.
        self.application: DedicatedFile | None = None
        self.file: ElementaryFile | None = None
        #: The application whose reference data ``verified`` names.
        self.owner: DedicatedFile | None = None
        self.verified: set[int] = set()

    def forget_selection(self) -> None:
        """Go back to the issuer security domain; the security status stays with its owner."""
        self.application = None
        self.file = None

    def forget_all(self) -> None:
        """Go back to the state after power-up."""
        self.forget_selection()
        self.owner = None
        self.verified.clear()

    def select(self, application: DedicatedFile) -> None:
        """Make an application current and clear the security status of any other."""
        if application is not self.owner or not self.settings.reselect_keeps_status:
            self.verified.clear()
        self.owner = self.application = application
        self.file = None

    def is_open(self, file: TransparentFile | RecordFile) -> bool:
        """Whether the security status lets this file be read."""
        condition = file.read
        if self._conditions and self.application is not None:
            condition = self._conditions.get((self.application.df_name, file.ef_id), condition)
        return condition.is_met(self.verified)

    def by_short_id(self, bits: int) -> ElementaryFile:
        """Find the EF that the low seven bits of P1 or P2 name: 00xxxxx with a short EF identifier from 1 to 30."""
        if not self.settings.short_ef_identifiers or bits & _SHORT_ID_RESERVED_BITS or bits in (0, _SHORT_ID_ABOVE_30):
            raise Refused(sw.WRONG_P1_P2)
        file = None if self.application is None else self.application.files.get(bits)
        if file is None:
            raise Refused(sw.FILE_NOT_FOUND)
        return file

    def referenced(self, p2: int) -> ElementaryFile:
        """Find the EF that P2 names: 80 is the current one, 80 with a short EF identifier is that one."""
        if p2 & 0x80 == 0:
            raise Refused(sw.WRONG_P1_P2)
        if p2 != 0x80:
            return self.by_short_id(p2 & 0x7F)
        if self.file is None:
            raise Refused(sw.NO_CURRENT_EF)
        return self.file

    def lengths_of(self, reference: ReferenceData) -> tuple[int, int]:
        """Lengths of the shortest and the longest value of a PIN."""
        shortest, longest = reference.length
        return (int(self.settings.sign_minimum_length), longest) if reference.pin == "sign" else (shortest, longest)

    def drop_after_signature(self, key: KeyFile) -> None:
        """Take back the sign password after its key was used, where the card wants it each time."""
        if not self.settings.sign_pin_each_signature or self.application is None:
            return
        for ef_id in key.use.any_of:
            file = self.application.files.get(ef_id)
            if isinstance(file, ReferenceData) and file.pin == "sign":
                self.verified.discard(ef_id)

    def store(self, reference: ReferenceData, *, value: bytes, retries: int) -> bool:
        """Write a PIN value and its counter to the card's memory; False, and nothing written, when that fails."""
        before = (reference.value, reference.retries_remaining)
        if before == (value, retries):
            return True
        reference.value, reference.retries_remaining = value, retries
        if self._on_change is None:
            return True
        try:
            self._on_change()
        except Exception:  # the callback is foreign code, and a card answers even if it fails
            import logging  # costs start-up time, and is not needed while all is well

            logging.getLogger(__name__).exception("the card's memory could not be written")
            reference.value, reference.retries_remaining = before
            return False
        return True


def _conditions(image: CardImage, settings: Settings) -> dict[tuple[bytes, int], ReadCondition]:
    """Access conditions that settings change, by application and EF."""
    found = {}
    for application in image.applications:
        for ef_id, file in application.files.items():
            key = (application.df_name, ef_id)
            if not isinstance(file, TransparentFile):
                continue
            if key == _AUTH_CERTIFICATE and settings.auth_certificate_needs_pin:
                found[key] = any_of(_AUTH_PIN)
            elif key == _SIGN_CERTIFICATE and not settings.sign_certificate_needs_pin:
                found[key] = FREE
            elif key == _TEXT_INTEGRITY and not file.read.is_free:
                others = file.read.any_of - {_TEXT_CODE_B}
                found[key] = ReadCondition(others | {_TEXT_CODE_B} if settings.text_0003_with_b else others)
    return found

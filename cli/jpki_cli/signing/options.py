"""The options of ``jpki sign``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_PADES: Final = "pades"
_CORNER: Final = "bottom-right"


@dataclass(frozen=True, slots=True)
class SignOptions:
    """The options of ``jpki sign`` but for those of the secret."""

    files: tuple[str, ...]
    output: str | None
    attached: bool
    pem: bool
    digest: str
    force: bool
    resume: bool
    yes: bool
    cms: bool
    visible: int | None
    field: str | None
    form: str
    name: str | None
    reason: str | None
    location: str | None
    position: str
    font: str | None
    seal: str | None
    timestamp: str | None

    @property
    def is_about_pdf(self) -> bool:
        """Whether an option was given that belongs to PDF files signed inside."""
        said = (self.visible, self.field, self.name, self.reason, self.location, self.font, self.seal)
        return any(value is not None for value in said) or self.form != _PADES or self.position != _CORNER

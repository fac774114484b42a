"""What a remedy is: a sentence, and the exact commands for each system."""

from __future__ import annotations

import enum
import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Self

    from jpki.words import Message

#: The command after a change of NixOS's configuration.
NIX_REBUILD: Final = "sudo nixos-rebuild switch"
#: Where macOS keeps the settings of its smart card service.
MACOS_SETTINGS: Final = "/Library/Preferences/com.apple.security.smartcard"
#: Among the names of a system: this program runs as root, who need not become it.
AS_ROOT: Final = "root"
_BECOME_ROOT: Final = re.compile(r"\b(?:sudo|doas) ")


class Remedy(enum.Enum):
    """One thing to do about a cause; the members are in the tables of this room.

    ``commands`` are those by a name of a system: package manager with service manager, package manager, service
    manager, kind of system, "any".
    """

    _value_: str
    text: Message
    commands: Mapping[str, tuple[str, ...]]

    def __new__(cls, code: str, text: Message, commands: Mapping[str, tuple[str, ...]] = MappingProxyType({})) -> Self:
        """Make a record, which always has its sentence."""
        member = object.__new__(cls)
        member._value_ = code
        member.text, member.commands = text, commands
        return member

    def commands_for(self, names: Sequence[str]) -> tuple[str, ...]:
        """The commands for a system that has these names, the most specific first; root is not asked to become root."""
        wanted = (" ".join(names[:2]), *names, "any")
        found = next((self.commands[name] for name in wanted if name in self.commands), ())
        return tuple(_BECOME_ROOT.sub("", command) for command in found) if AS_ROOT in names else found

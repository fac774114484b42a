"""What several ways of asking for a PIN say."""

from __future__ import annotations

from typing import Final

from jpki_cli.words import M

#: Said before the whole entry is typed again.
REFUSED_KEY: Final = M(
    "You pressed a key that types nothing here, such as a function key, or the number pad with NumLock off. "
    "Nothing was sent; type it again."
)

"""Makes README.md fit for a package page, where no other file is: a hook of hatchling's, for pyproject.toml."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

_IMAGE = re.compile(r"^!\[[^\]]*\]\((?!https?:)[^)]+\)\n\n?", re.MULTILINE)
_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?!https?:|#)([^)]+)\)")


def package_page(readme: str, source: str | None) -> str:
    """Let links to files lead below ``source``; without one only their text is left, and pictures are left out."""
    if source:
        return re.sub(r"(\]\()(?!https?:|#)([^)]+\))", rf"\g<1>{source.rstrip('/')}/\g<2>", readme)
    return _LINK.sub(r"\1", _IMAGE.sub("", readme))


class PackagePage(MetadataHookInterface):
    """Sets the description of the package."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Read README.md, and the address below [project.urls] that pyproject.toml may have."""
        readme = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        page = package_page(readme, metadata.get("urls", {}).get("Source"))
        metadata["readme"] = {"content-type": "text/markdown", "text": page}

"""Puts man pages and completions into the wheel, below share/: a hook of hatchling's, for pyproject.toml.

They are made from the commands of the tree that is built, so Click is there when it is built, and nothing is fetched.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class SharedFiles(BuildHookInterface):
    """Has scripts/generate-cli write them, and adds what it wrote."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make them for a wheel; an editable installation has none, since its commands change under it."""
        if version == "editable":
            return
        self._made = tempfile.TemporaryDirectory()  # removed with this object, when the build is done
        root = Path(self.root)
        ours = (str(root), str(root / "cli"), str(root / "sim"))
        path = os.pathsep.join([*ours, *filter(None, [os.environ.get("PYTHONPATH")])])
        environment = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, "-P", str(root / "scripts" / "generate-cli"), "--install", self._made.name]
        subprocess.run(command, env=environment, check=True)  # noqa: S603 - a script of this tree
        build_data["shared_data"][str(Path(self._made.name) / "share")] = "share"

"""What the benchmarks share: a PC/SC service of their own, the machine they ran on, and the page of measurements."""

import importlib.metadata
import importlib.util
import os
import platform
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "performance.md"


class NoServiceError(Exception):
    """No PC/SC service with a virtual reader can be had here; the text says why."""


@contextmanager
def pcsc_service(*, slots: int = 2) -> Iterator[Any]:
    """A PC/SC service with an empty virtual reader, that of tests/pcscd, for the time of a ``with`` block.

    Raises:
        NoServiceError: something for it is missing.
    """
    import pytest

    spec = importlib.util.spec_from_file_location("pcscd_service", ROOT / "tests" / "pcscd" / "conftest.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    with tempfile.TemporaryDirectory() as folder:
        try:
            with made.running_service(Path(folder), slots=slots) as service:
                service.start_daemon()
                yield service
        except pytest.skip.Exception as exc:
            raise NoServiceError(str(exc)) from exc


def machine() -> list[str]:
    """Returns what every figure depends on: processor, system, Python and the libraries that a start loads."""
    cpuinfo = Path("/proc/cpuinfo")
    names = re.findall(r"model name\s*: (.*)", cpuinfo.read_text(encoding="utf-8")) if cpuinfo.exists() else []
    return [
        *(names[:1] or [platform.processor() or platform.machine()]),
        f"{os.cpu_count()} CPUs",
        f"{platform.system()} {platform.machine()}",
        f"Python {platform.python_version()}",
        *(f"{name} {importlib.metadata.version(name)}" for name in ("click", "pyscard")),
    ]


def other_work(load: float) -> list[str]:
    """Returns what a reader has to know where the machine was not quiet: `load` is how many programs wanted to run."""
    processors = os.cpu_count() or 1
    if load <= processors / 2:
        return []
    return [
        f"The machine had other work to do when this began ({load:.1f} programs for {processors} processors), so the",
        "times say more of that than of the programs; what is on the link, APDUs and bytes do not depend on it.",
    ]


def write_section(name: str, lines: list[str]) -> None:
    """Puts a section into the page in place of the one of this name; other sections stay as they are."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else "# Performance\n"
    before, found, rest = text.partition(begin)
    after = rest.partition(end)[2] if found else "\n"
    new = "\n".join([begin, "", *lines, "", end])
    PAGE.write_text((before if found else before.rstrip() + "\n\n") + new + after, encoding="utf-8")

"""What a command loads beyond Python itself: asked of the command, in a process of its own."""

from __future__ import annotations

from typing import Final

#: Modules that cost more than what they are for: tens of milliseconds, or one or two where nothing needs them.
HEAVY: Final = frozenset(
    {
        *("cryptography", "asn1crypto", "ssl", "asyncio", "socket", "select", "http", "email", "xml", "urllib"),
        *("pathlib", "shutil", "tempfile", "subprocess", "multiprocessing", "logging", "argparse", "zlib", "zoneinfo"),
        *("decimal", "fractions", "random", "ipaddress", "traceback", "importlib.metadata"),
        # Of our own: what is for other commands, and for what goes wrong.
        *("jpki.json_types", "jpki_cli.results"),  # for type checkers
        *("jpki.certificate.details", "jpki.pin.secret", "jpki.advice.model", "jpki.diagnosis"),
        *(
            "jpki_cli.failures.explaining",
            "jpki_cli.app.failure_output",
            "jpki_cli.terminal.prompts",
            "jpki.words.failures",
            "jpki.advice.guidance",
            "jpki_sim.contents.images",
        ),
        # Of pyscard: its dialogs and its threads.
        *("smartcard.wx", "smartcard.CardMonitoring", "smartcard.ReaderMonitoring", "smartcard.CardRequest"),
    }
)
_SCRIPT: Final = (
    "import site; site.main(); import sys; before = set(sys.modules); from jpki_cli.main import run; "
    "code = run({arguments!r}); print(code, *sorted(set(sys.modules) - before), file=sys.stderr)"
)


def asking(*arguments: str) -> list[str]:
    """Returns the arguments of Python that run a command and print its exit code, and what it loaded, on stderr."""
    return ["-S", "-c", _SCRIPT.format(arguments=list(arguments))]


def loaded(stderr: str) -> frozenset[str]:
    """Returns the modules that the command loaded, with the packages around them; it must have succeeded."""
    code, *names = stderr.strip().rpartition("\n")[2].split()
    assert code == "0", stderr
    assert "jpki_cli.main" in names
    return frozenset(names)


def heavy(names: frozenset[str]) -> frozenset[str]:
    """Returns those that are too heavy, or lie in a package that is."""
    return frozenset(name for name in names if any(name == one or name.startswith(f"{one}.") for one in HEAVY))

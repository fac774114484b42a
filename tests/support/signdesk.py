"""Signing and verifying on the command line, with simulated cards."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from clitest import CliResult, RunCli


def sign(run_cli: RunCli, *arguments: str, card: str = "adult") -> CliResult:
    """``jpki sign`` as a script calls it."""
    return run_cli("--sim", card, "sign", *arguments, "--pin-stdin", "--yes", stdin="SIMCARD1\n")


def verify(run_cli: RunCli, *names: str | Path) -> CliResult:
    """``jpki verify`` that accepts the issuers of simulated cards; its JSON object."""
    return run_cli("verify", *map(str, names), "--allow-test", "--json")


def failed(result: CliResult) -> list[list[str]]:
    """Of each signature, the items that failed."""
    return [
        [r["item"] for r in [*s["results"], *(s["certificate"] or [])] if r["verdict"] == "fail"]
        for s in result.json["signatures"]
    ]

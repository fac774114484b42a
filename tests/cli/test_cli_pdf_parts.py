"""What a PDF holds beside its pages is named when it is signed, and when its signatures are verified."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pdfsamples import name, plain, updated
from pyhanko.pdf_utils import embed, generic
from signdesk import sign, verify

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clitest import RunCli
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

SCRIPT = generic.DictionaryObject({name("/S"): name("/JavaScript"), name("/JS"): generic.pdf_string("app.alert(1)")})


def _on_opening(update: IncrementalPdfFileWriter) -> None:
    update.root["/OpenAction"] = update.add_object(SCRIPT)
    update.update_root()


def _of_a_field(update: IncrementalPdfFileWriter) -> None:
    field = update.root["/AcroForm"]["/Fields"][0].get_object()
    field["/AA"] = generic.DictionaryObject({name("/K"): update.add_object(SCRIPT)})
    update.update_container(field)


def _attached(update: IncrementalPdfFileWriter) -> None:
    content = embed.EmbeddedFileObject.from_file_data(update, data=b"hidden")
    embed.embed_file(update, embed.FileSpec("a.txt", embedded_data=content))


def _layered(update: IncrementalPdfFileWriter) -> None:
    update.root["/OCProperties"] = update.add_object(
        generic.DictionaryObject({name("/OCGs"): generic.ArrayObject(), name("/D"): generic.DictionaryObject()})
    )
    update.update_root()


@pytest.mark.parametrize(
    ("change", "part", "words"),
    [
        (_on_opening, "javascript", "contains JavaScript"),
        (_of_a_field, "javascript", "contains JavaScript"),
        (_attached, "attachments", "contains attachments"),
        (_layered, "layers", "contains layers"),
    ],
)
def test_it_is_named_when_signed_and_when_verified(
    run_cli: RunCli,
    contract: Path,
    validate: Callable[[dict[str, Any]], None],
    change: Callable[[IncrementalPdfFileWriter], None],
    part: str,
    words: str,
) -> None:
    """It is no failure: whoever signs or relies on it decides."""
    contract.write_bytes(updated(plain(), change))
    signed = sign(run_cli, str(contract))
    path = contract.with_name("contract-signed.pdf")
    result = verify(run_cli, path)
    said = run_cli("verify", str(path), "--allow-test").stdout

    assert (signed.code, result.code, result.json["pdf_parts"]) == (0, 0, [part])
    assert words in " ".join(signed.stderr.split())
    assert words in " ".join(said.split())
    validate(result.json)


def test_of_an_ordinary_pdf_nothing_is_said(run_cli: RunCli, contract: Path) -> None:
    """An empty list."""
    assert sign(run_cli, str(contract)).stderr == ""
    assert verify(run_cli, contract.with_name("contract-signed.pdf")).json["pdf_parts"] == []

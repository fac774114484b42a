"""``jpki sign`` with many files, from a pipe, into a folder, again after a break, and stopped amid one."""

from __future__ import annotations

import io
import json
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pdftampering
import pytest
from pdfsamples import plain, updated
from signdesk import failed, sign, verify

from jpki.files import Progress, pdf as signing_pdf
from jpki.signing.pdf import sign as pdf_sign

if TYPE_CHECKING:
    from collections.abc import Callable

    from clitest import CliResult, RunCli


def _files(folder: Path, count: int, suffix: str = ".txt") -> list[Path]:
    paths = [folder / f"file-{number:02}{suffix}" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_bytes(plain(text=b"%%%d" % number) if suffix == ".pdf" else b"%d" % number)
    return paths


def _sign(run_cli: RunCli, *names: object, card: str = "adult") -> CliResult:
    return sign(run_cli, *map(str, names), "--json", card=card)


def _presented(apdus: list[bytes]) -> int:
    return len([apdu for apdu in apdus if apdu[1] == 0x20 and len(apdu) > 5])


def test_each_path_is_resolved_a_fixed_number_of_times(
    run_cli: RunCli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not once for each pair of files."""
    files = _files(tmp_path, 60)
    asked: list[Path] = []
    original = Path.resolve

    def resolve(self: Path, *, strict: bool = False) -> Path:
        asked.append(self)
        return original(self, strict=strict)

    monkeypatch.setattr(Path, "resolve", resolve)
    assert _sign(run_cli, *files).code == 0
    assert len(asked) <= 6 * len(files)


def test_only_one_turns_copies_are_on_the_disk(
    run_cli: RunCli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """45 PDF files: never more than the 20 of a turn are prepared at a time."""
    files = _files(tmp_path, 45, ".pdf")
    counts: list[int] = []
    original = pdf_sign.prepare_pdf

    def prepare(source: Any, output: Any, *args: Any, **more: Any) -> Any:
        counts.append(len(list(Path(output.name).parent.iterdir())))
        return original(source, output, *args, **more)

    monkeypatch.setattr(signing_pdf, "prepare_pdf", prepare)
    result = _sign(run_cli, *files)

    assert (result.code, len(result.json["files"]), len(counts)) == (0, 45, 45)
    assert max(counts) == 20
    assert failed(verify(run_cli, tmp_path / "file-44-signed.pdf")) == [[]]


def test_a_folder_takes_the_results(run_cli: RunCli, tmp_path: Path) -> None:
    """Of each file under its own name."""
    (tmp_path / "out").mkdir()
    files = [*_files(tmp_path, 2), *_files(tmp_path, 1, ".pdf")]
    result = _sign(run_cli, *files, "-o", tmp_path / "out")

    assert result.code == 0
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["file-00-signed.pdf", "file-00.txt.p7s", "file-01.txt.p7s"]


@pytest.mark.parametrize("content", [b"from a pipe\n", plain()], ids=["text", "PDF"])
def test_standard_input_goes_to_standard_output(
    run_cli: RunCli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    """The password comes by another way then."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    read, write = os.pipe()
    os.write(write, b"SIMCARD1\n")
    os.close(write)
    out = tmp_path / "out"
    result = run_cli("--sim", "adult", "sign", "-", "-o", str(out), "--pin-fd", str(read), "--yes")
    path = tmp_path / "input"
    path.write_bytes(content)

    assert result.code == 0
    assert result.stdout == f"Signed: - -> {out}\n"
    named = (out,) if content.startswith(b"%PDF") else (path, out)
    assert failed(verify(run_cli, *named)) == [[]]


@pytest.mark.parametrize(("count", "end"), [(1, "/"), (2, "/"), (2, "")])
def test_a_folder_that_is_not_there_is_not_made_a_file(
    run_cli: RunCli, tmp_path: Path, apdus: list[bytes], count: int, end: str
) -> None:
    """-o FOLDER/ for one file and -o FOLDER for many: exit 2, and nothing of that name is there afterwards."""
    out = f"{tmp_path}/out{end}"
    result = _sign(run_cli, *map(str, _files(tmp_path, count)), "-o", out, "--json")

    assert (result.code, result.json["message"]["en"]) == (2, f"There is no folder {out}.")
    assert apdus == []
    assert not (tmp_path / "out").exists()


def test_standard_input_is_one_thing(run_cli: RunCli, tmp_path: Path, apdus: list[bytes]) -> None:
    """Not the password's at the same time, and not among other files."""
    (file,) = _files(tmp_path, 1)

    assert _sign(run_cli, "-").code == 2
    assert run_cli("--sim", "adult", "sign", "-", str(file), "--yes", "--pin-fd", "9").code == 2
    assert apdus == []


@pytest.mark.parametrize("suffix", [".txt", ".pdf"])
def test_what_is_signed_already_is_kept(
    run_cli: RunCli, tmp_path: Path, apdus: list[bytes], suffix: str, validate: Callable[[dict[str, Any]], None]
) -> None:
    """Only the others are signed; with none left, the card is not asked and no password sent."""
    files = _files(tmp_path, 3, suffix)
    assert _sign(run_cli, *files[:2]).code == 0
    before = {path: path.read_bytes() for path in tmp_path.iterdir() if path not in files}
    result = _sign(run_cli, *files, "--resume")
    apdus.clear()
    again = _sign(run_cli, *files, "--resume")

    assert (result.code, again.code) == (0, 0)
    assert [fact["kept"] for fact in result.json["files"]] == [True, True, False]
    assert [fact["kept"] for fact in again.json["files"]] == [True, True, True]
    assert all(path.read_bytes() == content for path, content in before.items())
    assert apdus == []
    validate(result.json)
    validate(again.json)


@pytest.mark.parametrize("suffix", [".txt", ".pdf"])
@pytest.mark.parametrize("change", ["the file", "the result", "another's result"])
def test_what_is_no_signature_over_these_bytes_is_not_kept(
    run_cli: RunCli, tmp_path: Path, apdus: list[bytes], suffix: str, change: str
) -> None:
    """Exit 2, the card untouched, and nothing replaced."""
    first, second = _files(tmp_path, 2, suffix)
    assert _sign(run_cli, first, second).code == 0
    results = sorted(path for path in tmp_path.iterdir() if path not in (first, second))
    if change == "the file":
        first.write_bytes(first.read_bytes() + b"\n")
    elif change == "the result":
        results[0].write_bytes(results[0].read_bytes()[:-10] + bytes(10))
    else:
        results[0].write_bytes(results[1].read_bytes())
    content = results[0].read_bytes()
    apdus.clear()
    result = _sign(run_cli, first, second, "--resume")

    assert (result.code, result.json["code"]) == (2, "output_exists")
    assert results[0].read_bytes() == content
    assert apdus == []


def test_a_copy_of_a_signed_pdf_is_no_result(run_cli: RunCli, tmp_path: Path, apdus: list[bytes]) -> None:
    """The signatures in it were there before: it is not kept as signed again, but what was signed again is."""
    (first,) = _files(tmp_path, 1, ".pdf")
    assert _sign(run_cli, first).code == 0
    signed, result = tmp_path / "file-00-signed.pdf", tmp_path / "file-00-signed-signed.pdf"
    result.write_bytes(signed.read_bytes())
    apdus.clear()
    refused = _sign(run_cli, signed, "--resume")

    assert (refused.code, refused.json["code"]) == (2, "output_exists")
    assert (result.read_bytes(), apdus) == (signed.read_bytes(), [])
    result.unlink()
    assert _sign(run_cli, signed).code == 0
    assert [fact["kept"] for fact in _sign(run_cli, signed, "--resume").json["files"]] == [True]


def test_a_pdf_that_was_changed_and_then_signed_is_no_result(
    run_cli: RunCli, tmp_path: Path, apdus: list[bytes]
) -> None:
    """The signature is one's own and covers all of it, but it is over another page than the file's."""
    (file,) = _files(tmp_path, 1, ".pdf")
    before = file.read_bytes()
    file.write_bytes(updated(before, pdftampering.UPDATES["another page content"]))
    assert _sign(run_cli, file).code == 0
    file.write_bytes(before)
    apdus.clear()
    result = _sign(run_cli, file, "--resume")

    assert (result.code, result.json["code"]) == (2, "output_exists")
    assert apdus == []


def test_somebody_elses_results_are_not_mixed_with_ones_own(run_cli: RunCli, tmp_path: Path) -> None:
    """Another card than the one that signed before: nothing is signed."""
    files = _files(tmp_path, 2)
    assert _sign(run_cli, files[0], card="root-2019").code == 0
    result = _sign(run_cli, *files, "--resume")

    assert (result.code, result.json["code"]) == (2, "other_signer")
    assert not (tmp_path / "file-01.txt.p7s").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_writing_stops_at_the_next_piece(
    run_cli: RunCli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """Amid the content of an attached signature: nothing half-written stays, and the reading goes no further."""
    path = tmp_path / "large.bin"
    path.write_bytes(bytes(8 * 1024 * 1024))
    pieces: list[int] = []
    original = Progress.advance

    def advance(self: Progress, count: int) -> None:
        pieces.append(count)
        if len(pieces) == 10:  # eight while hashing; the second of writing
            signal.raise_signal(number)  # os.kill ends the process on Windows
        original(self, count)

    monkeypatch.setattr(Progress, "advance", advance)
    result = run_cli("--sim", "adult", "sign", str(path), "--attached", "--pin-stdin", "--yes", stdin="SIMCARD1\n")

    assert result.code == (130 if number == signal.SIGINT else 143)
    assert len(pieces) == 10
    assert [found.name for found in tmp_path.iterdir()] == ["large.bin"]


@pytest.mark.parametrize(("card", "state"), [("adult", "in_period"), ("expired", "expired")])
def test_the_period_is_a_fact_and_told(
    run_cli: RunCli, tmp_path: Path, card: str, state: str, validate: Callable[[dict[str, Any]], None]
) -> None:
    """A script is told of its signature certificate; that the user certificate is over is told a person beforehand."""
    (file,) = _files(tmp_path, 1)
    result = _sign(run_cli, file, card=card)

    assert (result.code, result.json["certificate"]["state"]) == (0, state)
    assert ("Your signature certificate has expired" in " ".join(result.stderr.split())) is (state == "expired")
    validate(json.loads(result.stdout))

"""Which files ``jpki sign`` signs, and where each signature goes; looked at before anything is asked."""

from __future__ import annotations

import functools
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jpki.errors import FileError
from jpki_cli.failures import usage_error
from jpki_cli.words import M

if TYPE_CHECKING:
    from collections.abc import Callable

    from jpki.files import Kept, SigningJob
    from jpki.signing import TimeStampService
    from jpki.signing.pdf import SignaturePlace

    from .options import SignOptions

_STANDARD: Final = "-"
_CHUNK: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Plan:
    """The files to sign, and those whose signature is there already and is kept (``--resume``).

    ``standard`` is where standard input is kept meanwhile, None where it is not signed.
    """

    jobs: list[SigningJob]
    kept: list[Kept]
    standard: Path | None = None

    def name(self, source: Path) -> str:
        """What a file is called to the user."""
        return _STANDARD if source == self.standard else str(source)


def make_plan(options: SignOptions, folder: Path) -> Plan:
    """Look at every file and every output; ``folder`` takes what comes from standard input.

    Raises:
        CliError: exit code 2.
    """
    from jpki_cli.app import require_file

    from .stamping import signature_place

    names = options.files
    if _STANDARD in names:
        if len(names) > 1:
            raise usage_error(M("- stands for standard input, and cannot be signed together with other files."))
        sources = [_standard_input(folder)]
    else:
        sources = [require_file(name, place if len(names) > 1 else None) for place, name in enumerate(names, 1)]
    _require_folder(options)
    if options.output is not None and len(names) > 1 and not os.path.isdir(options.output):
        raise usage_error(
            M("-o is for one file, or gives a folder; with several files the names are chosen automatically.")
        )
    plan = Plan([], [], sources[0] if _STANDARD in names else None)
    service = _time_stamps(options)
    place = functools.cache(lambda: signature_place(options, sources[0]))
    for source in sources:
        _add(plan, source, options, (place, service))
    _require_apart(plan, sources)
    return plan


def _require_folder(options: SignOptions) -> None:
    """Refuse a folder that is not there, rather than to make a file of its name."""
    name = options.output
    is_folder = name is not None and (
        name.endswith(("/", os.sep)) or (len(options.files) > 1 and not Path(name).exists())
    )
    if is_folder and not os.path.isdir(name or ""):
        raise usage_error(M("There is no folder {path}.", path=name))


def _standard_input(folder: Path) -> Path:
    """Keep what comes from standard input in a file: it is read more than once."""
    path = folder / "input"
    with path.open("xb") as file:
        while chunk := sys.stdin.buffer.read(_CHUNK):
            file.write(chunk)
    return path


def _time_stamps(options: SignOptions) -> TimeStampService | None:
    """The service whose address was given.

    Raises:
        CliError: exit code 2, it is not an address.
    """
    from jpki.errors import TimeStampError
    from jpki.signing import TimeStampService
    from jpki.words import failure_text

    if options.timestamp is None:
        return None
    try:
        return TimeStampService(options.timestamp)
    except TimeStampError as exc:
        said = failure_text(exc)
        assert said is not None  # noqa: S101 - every error of the library has words
        raise usage_error(said.message) from exc


def _add(
    plan: Plan,
    source: Path,
    options: SignOptions,
    how: tuple[Callable[[], SignaturePlace], TimeStampService | None],
) -> None:
    from jpki.crypto import Digest
    from jpki.files import SigningJob, keep
    from jpki_cli.app import OutputTarget, following

    is_pdf = _is_pdf(source, options)
    name = _output_name(source, options, is_pdf=is_pdf)
    if options.resume and name != _STANDARD and Path(name).exists():
        plan.kept.append(keep(source, Path(name), following(), is_pdf=is_pdf))
        return
    target = OutputTarget(name, force=options.force, is_binary=is_pdf or not options.pem)
    place, service = (how[0]() if is_pdf else None), how[1]
    is_attached, is_pem = options.attached and not is_pdf, options.pem and not is_pdf
    plan.jobs.append(SigningJob(source, target, Digest(options.digest), is_attached, is_pem, place, service))


def _output_name(source: Path, options: SignOptions, *, is_pdf: bool) -> str:
    if options.output is None and options.files == (_STANDARD,):
        return _STANDARD
    default = f"{source.stem}-signed.pdf" if is_pdf else f"{source.name}{'.p7m' if options.attached else '.p7s'}"
    if options.output is None:
        return str(source.with_name(default))
    return str(Path(options.output) / default) if os.path.isdir(options.output) else options.output


def _is_pdf(source: Path, options: SignOptions) -> bool:
    """Whether a file is signed inside; options that do not fit what it is are refused."""
    from jpki.files import looks_like_pdf

    if options.visible is not None and options.field is not None:
        raise usage_error(M("A field already has a place on a page; use either --visible or --field."))
    if options.cms or not (looks_like_pdf(source) or source.suffix.lower() == ".pdf"):
        if options.is_about_pdf:
            raise usage_error(
                M(
                    "--visible, --field, --position, --font, --seal, --format, --name, --reason and --location are for "
                    "PDF files signed inside."
                )
            )
        return False
    if options.attached or options.pem:
        raise usage_error(M("A PDF is signed inside; with --attached or --pem add --cms."))
    return True


def _require_apart(plan: Plan, sources: list[Path]) -> None:
    """Refuse outputs that are one another's, or a file to be signed; a PDF may replace itself, its content stays.

    Each path is resolved once: that asks the system for every part of it.
    """
    targets = [job.target.path.resolve() for job in plan.jobs if job.target.path is not None]
    if len(set(targets)) < len(targets):
        raise usage_error(M("A file is given twice."))
    resolved = [source.resolve() for source in sources]
    times = {path: resolved.count(path) for path in set(resolved) & set(targets)}
    for job in plan.jobs:
        path = None if job.target.path is None else job.target.path.resolve()
        is_own = job.place is not None and path == job.source.resolve()
        if path in times and times[path] > (1 if is_own else 0):
            raise FileError("output_is_input", path)

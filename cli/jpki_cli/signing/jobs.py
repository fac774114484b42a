"""Which files ``jpki sign`` signs, and where each signature goes; looked at before anything is asked."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jpki_cli.failures import usage_error
from jpki_cli.words import M

if TYPE_CHECKING:
    from jpki.signing.pdf import SignaturePlace

    from .files import SigningJob
    from .resume import Kept

_STANDARD: Final = "-"
_PADES: Final = "pades"
_REGISTRY: Final = "registry"
_CHUNK: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class SignOptions:
    """The options of ``jpki sign`` but for those of the secret."""

    files: tuple[str, ...]
    output: str | None
    attached: bool
    pem: bool
    digest: str
    force: bool
    resume: bool
    yes: bool
    cms: bool
    visible: int | None
    field: str | None
    form: str
    name: str | None
    reason: str | None
    location: str | None

    @property
    def is_about_pdf(self) -> bool:
        """Whether an option was given that belongs to PDF files signed inside."""
        said = (self.visible, self.field, self.name, self.reason, self.location)
        return any(value is not None for value in said) or self.form != _PADES


@dataclass(frozen=True, slots=True)
class Plan:
    """The files to sign, and those whose signature is there already and is kept (``--resume``)."""

    jobs: list[SigningJob]
    kept: list[Kept]


def make_plan(options: SignOptions, folder: Path) -> Plan:
    """Look at every file and every output; ``folder`` takes what comes from standard input.

    Raises:
        CliError: exit code 2.
    """
    from jpki_cli.app import require_file

    names = options.files
    if _STANDARD in names:
        if len(names) > 1:
            raise usage_error(M("- stands for standard input, and is signed alone."))
        sources = [_standard_input(folder)]
    else:
        sources = [require_file(name, place if len(names) > 1 else None) for place, name in enumerate(names, 1)]
    if options.output is not None and len(names) > 1 and not os.path.isdir(options.output):
        raise usage_error(M("-o is for one file, or names a folder; several files get their names by themselves."))
    plan = Plan([], [])
    for source in sources:
        _add(plan, source, options)
    _require_apart(plan, sources)
    return plan


def _standard_input(folder: Path) -> Path:
    """Keep what comes from standard input in a file: it is read more than once."""
    path = folder / "input"
    with path.open("xb") as file:
        while chunk := sys.stdin.buffer.read(_CHUNK):
            file.write(chunk)
    return path


def _add(plan: Plan, source: Path, options: SignOptions) -> None:
    from jpki.crypto import Digest
    from jpki_cli.app import OutputTarget

    from .files import SigningJob
    from .resume import keep

    is_pdf = _is_pdf(source, options)
    name = _output_name(source, options, is_pdf=is_pdf)
    if options.resume and name != _STANDARD and Path(name).exists():
        plan.kept.append(keep(source, Path(name), is_pdf=is_pdf))
        return
    target = OutputTarget(name, force=options.force, is_binary=is_pdf or not options.pem)
    place = _place(options) if is_pdf else None
    is_attached, is_pem = options.attached and not is_pdf, options.pem and not is_pdf
    plan.jobs.append(SigningJob(source, target, Digest(options.digest), is_attached, is_pem, place))


def _place(options: SignOptions) -> SignaturePlace:
    """Say where and how a PDF is signed inside.

    Raises:
        CliError: exit code 2, the form for the registry lacks what it wants.
    """
    from jpki.signing.pdf import SignaturePlace

    for_registry = options.form == _REGISTRY
    if for_registry and (not (options.name or "").strip() or options.digest != "sha256"):
        raise usage_error(M("--format registry wants --name, which must not be empty, and SHA-256."))
    return SignaturePlace(options.visible, options.field, for_registry, options.name, options.reason, options.location)


def _output_name(source: Path, options: SignOptions, *, is_pdf: bool) -> str:
    if options.output is None and options.files == (_STANDARD,):
        return _STANDARD
    default = f"{source.stem}-signed.pdf" if is_pdf else f"{source.name}{'.p7m' if options.attached else '.p7s'}"
    if options.output is None:
        return str(source.with_name(default))
    return str(Path(options.output) / default) if os.path.isdir(options.output) else options.output


def _is_pdf(source: Path, options: SignOptions) -> bool:
    """Whether a file is signed inside; options that do not fit what it is are refused."""
    from .pdf_files import looks_like_pdf

    if options.visible is not None and options.field is not None:
        raise usage_error(M("A field has its own place on a page; use --visible or --field."))
    if options.cms or not (looks_like_pdf(source) or source.suffix.lower() == ".pdf"):
        if options.is_about_pdf:
            raise usage_error(
                M("--visible, --field, --format, --name, --reason and --location are for PDF files signed inside.")
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
        raise usage_error(M("A file is named twice."))
    resolved = [source.resolve() for source in sources]
    times = {path: resolved.count(path) for path in set(resolved) & set(targets)}
    for job in plan.jobs:
        path = None if job.target.path is None else job.target.path.resolve()
        is_own = job.place is not None and path == job.source.resolve()
        if path in times and times[path] > (1 if is_own else 0):
            message = M("The output {path} is a file that is to be signed.", path=job.target.path)
            raise usage_error(message, code="output_is_input")

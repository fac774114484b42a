"""``jpki sign``: sign files with the signature key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import click

from jpki_cli.app.click_classes import Command, Option
from jpki_cli.app.context import AppContext, pass_app
from jpki_cli.failures.explain import usage_error
from jpki_cli.pin.entry import SecretOptions, read_batch, require_person, secret_options, take_secret_options
from jpki_cli.pin.facts import NOTHING_SENT
from jpki_cli.words.i18n import MN, M

if TYPE_CHECKING:
    from pathlib import Path

    from jpki.pin.secret import Secret
    from jpki_cli.signing.files import SigningJob

_DIGESTS: Final = ("sha256", "sha384", "sha512")


@dataclass(frozen=True, slots=True)
class _Options:
    files: tuple[str, ...]
    output: str | None
    attached: bool
    pem: bool
    digest: str
    force: bool
    yes: bool
    cms: bool
    visible: int | None
    field: str | None


@pass_app
def _sign(app: AppContext, /, **values: Any) -> None:
    from jpki_cli.signing.files import sign_all

    secrets = take_secret_options(values)
    options = _Options(**values)
    app.begin("jpki.sign/1", files=[], **NOTHING_SENT)
    jobs = _jobs(options)
    secret = _secret(app, options, secrets)
    try:
        sign_all(app, jobs, secret, secrets, lambda job: _say(app, job))
    except BaseException:
        _say_partial(app, len(jobs))
        raise
    if app.options.json:
        app.finish()
    elif len(jobs) > 1:
        click.echo(str(MN("{n} file signed.", "{n} files signed.", len(jobs))))


def _jobs(options: _Options) -> list[SigningJob]:
    """Look at every file and every output before anything is asked."""
    from jpki_cli.app.input_files import require_file

    names = options.files
    sources = [require_file(name, place if len(names) > 1 else None) for place, name in enumerate(names, 1)]
    if options.output is not None and len(names) > 1:
        raise usage_error(M("-o is for one file; several files get their names by themselves."))
    jobs = [_job(source, options) for source in sources]
    _require_apart(jobs)
    return jobs


def _require_apart(jobs: list[SigningJob]) -> None:
    """Refuse outputs that are one another's, or a file to be signed; a PDF may replace itself, its content stays."""
    targets = [job.target.path.resolve() for job in jobs if job.target.path is not None]
    if len(set(targets)) < len(targets):
        raise usage_error(M("A file is named twice."))
    for job in jobs:
        own = job.source if job.place is not None else None
        others = {other.source.resolve() for other in jobs if other.source is not own}
        if job.target.path is not None and job.target.path.resolve() in others:
            message = M("The output {path} is a file that is to be signed.", path=job.target.path)
            raise usage_error(message, code="output_is_input")


def _job(source: Path, options: _Options) -> SigningJob:
    from jpki.crypto.digest_info import Digest
    from jpki_cli.app.output import OutputTarget
    from jpki_cli.signing.files import SigningJob

    digest = Digest(options.digest)
    if not _is_pdf(source, options):
        name = options.output or f"{source}{'.p7m' if options.attached else '.p7s'}"
        target = OutputTarget(name, force=options.force, is_binary=not options.pem)
        return SigningJob(source, target, digest, options.attached, options.pem)
    from jpki.signing.pdf.appearance import SignaturePlace

    name = options.output or str(source.with_name(f"{source.stem}-signed.pdf"))
    target = OutputTarget(name, force=options.force, is_binary=True)
    return SigningJob(source, target, digest, place=SignaturePlace(options.visible, options.field))


def _is_pdf(source: Path, options: _Options) -> bool:
    """Whether a file is signed inside; options that do not fit what it is are refused."""
    from jpki_cli.signing.pdf_files import looks_like_pdf

    has_place = options.visible is not None or options.field is not None
    if options.visible is not None and options.field is not None:
        raise usage_error(M("A field has its own place on a page; use --visible or --field."))
    if options.cms or not (looks_like_pdf(source) or source.suffix.lower() == ".pdf"):
        if has_place:
            raise usage_error(M("--visible and --field are for PDF files that are signed inside."))
        return False
    if options.attached or options.pem:
        raise usage_error(M("A PDF is signed inside; with --attached or --pem add --cms."))
    return True


def _secret(app: AppContext, options: _Options, secrets: SecretOptions) -> Secret | None:
    """Tell what will be in the signature, get a yes, and read a script's password."""
    from jpki.card.pin import Pin

    warning = M(
        "The signature will hold your signature certificate: name, address, birth date and sex. Whoever gets the file "
        "can read them."
    )
    if secrets.is_batch:
        if not options.yes:
            raise usage_error(warning, code="needs_yes", remedy=(M("--yes goes on all the same."),))
        return read_batch([(Pin.SIGN, False)], secrets)[0]
    require_person()
    app.note(warning)
    if not options.yes:
        from jpki_cli.terminal.prompts import confirm

        if not confirm(str(M("Go on? [y/N] "))):
            raise usage_error(M("Nothing was signed."), code="declined")
    return None


def _say(app: AppContext, job: SigningJob) -> None:
    """Tell of each file when it is written: what follows may fail."""
    if job.target.path is not None and not app.options.json:
        click.echo(str(M("Signed: {source} -> {target}", source=job.source, target=job.target.path)))


def _say_partial(app: AppContext, total: int) -> None:
    done = len(app.facts["files"])
    if done and not app.options.json:
        app.note(
            MN(
                "Of {total} files {n} was signed before this.",
                "Of {total} files {n} were signed before this.",
                done,
                total=total,
            )
        )


command = Command(
    "sign",
    params=[
        click.Argument(["files"], nargs=-1, required=True, metavar="FILE..."),
        Option(["-o", "--output"], metavar="FILE", help=M("Name of the result. Default: FILE.p7s or FILE-signed.pdf")),
        Option(["--attached"], is_flag=True, help=M("Put the file itself into the signature (FILE.p7m).")),
        Option(["--pem"], is_flag=True, help=M("Write PEM instead of DER.")),
        Option(["--cms"], is_flag=True, help=M("Sign a PDF as any other file, not inside.")),
        Option(
            ["--visible"],
            type=click.IntRange(min=1),
            metavar="PAGE",
            help=M("Show the signature of a PDF on this page: a box with the time."),
        ),
        Option(["--field"], metavar="NAME", help=M("Sign in this empty signature field of a PDF.")),
        Option(["--digest"], type=click.Choice(_DIGESTS), default="sha256", help=M("Hash function. Default: sha256.")),
        Option(["--force"], is_flag=True, help=M("Replace the output file if it exists.")),
        Option(["--yes"], is_flag=True, help=M("Answer yes: my name and address may be in the signature.")),
        *secret_options(),
    ],
    callback=_sign,
    text=M(
        "Sign files with the signature certificate: a PDF inside (PAdES B-B), into a new file FILE-signed.pdf; any "
        "other as CMS (RFC 5652, CAdES B-B), beside the file or around it.\n\n"
        "The password is used once for up to 20 files. The signature is checked before it is written."
    ),
    examples=(
        "jpki sign contract.txt",
        "jpki sign contract.pdf --visible 1",
        "jpki sign --attached --pem a.txt b.txt",
        "jpki verify contract-signed.pdf",
    ),
)

"""``jpki sign``: sign files with the signature key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from jpki_cli.app import AppContext, Command, Option, pass_app
from jpki_cli.failures import usage_error
from jpki_cli.pin import (
    SecretOptions,
    read_script_secrets,
    require_person,
    secret_options,
    take_secret_options,
)
from jpki_cli.words import MN, M

if TYPE_CHECKING:
    from jpki.files import SigningJob
    from jpki.pin import Secret
    from jpki_cli.results.signing import SignedFileFacts, SignResult
    from jpki_cli.signing import Plan, SignOptions

_DIGESTS: Final = ("sha256", "sha384", "sha512")


@pass_app
def _sign(app: AppContext, /, **values: Any) -> None:
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from jpki_cli.signing import SignOptions, make_plan, sign_all

    secrets = take_secret_options(values)
    options = SignOptions(**values)
    files: list[SignedFileFacts] = []
    result: SignResult = {
        "schema": "jpki.sign/1",
        "files": files,
        "pin": "not_sent",
        "retries_remaining": None,
        "try_used": "no",
    }
    app.start_result(result)
    if "-" in options.files and secrets.pin_stdin:
        raise usage_error(M("Standard input cannot be both the file and the password; use --pin-fd."))
    # Only this user can look into the folder.
    with TemporaryDirectory(prefix="jpki-") as folder:
        plan = make_plan(options, Path(folder))
        if app.options.json and any(job.target.path is None for job in plan.jobs):
            # JSON behind a signature would make it unreadable.
            raise usage_error(M("--json cannot be used with a signature to standard output; use -o FILE."))
        secret = _secret(app, options, secrets) if plan.jobs else None
        _say_kept(app, plan)
        _say_parts(app, plan)
        try:
            sign_all(app, result, plan, (secret, secrets), lambda job: _say(app, plan, job))
        except BaseException:
            _say_partial(app, len(files) - len(plan.kept), len(plan.jobs))
            raise
    if app.options.json:
        app.print_result()
    elif len(plan.jobs) > 1:
        click.echo(str(MN("{n} file signed.", "{n} files signed.", len(plan.jobs))))


def _secret(app: AppContext, options: SignOptions, secrets: SecretOptions) -> Secret | None:
    """Tell what will be in the signature, get a yes, and read a script's password."""
    from jpki.card import Pin
    from jpki.files import HOLDS_PERSONAL_DATA

    if secrets.is_script:
        if not options.yes:
            raise usage_error(HOLDS_PERSONAL_DATA, code="needs_yes", remedy=(M("Use --yes to continue anyway."),))
        return read_script_secrets([(Pin.SIGN, False)], secrets)[0]
    require_person()
    app.note(HOLDS_PERSONAL_DATA)
    if not options.yes:
        from jpki_cli.terminal import confirm

        if not confirm(str(M("Continue? [y/N] "))):
            raise usage_error(M("Nothing was signed."), code="declined")
    return None


def _say(app: AppContext, plan: Plan, job: SigningJob) -> None:
    """Tell of each file when it is written: what follows may fail."""
    if job.target.path is not None and not app.options.json:
        click.echo(str(M("Signed: {source} -> {target}", source=plan.name(job.source), target=job.target.path)))


def _say_kept(app: AppContext, plan: Plan) -> None:
    if plan.kept:
        app.note(
            MN(
                "{n} file is already signed and is kept.",
                "{n} files are already signed and are kept.",
                len(plan.kept),
            )
        )


def _say_parts(app: AppContext, plan: Plan) -> None:
    """Name what a PDF holds beside its pages before it is signed."""
    from jpki.files import PARTS, parts_of

    for job in plan.jobs:
        for part in parts_of(job.source) if job.place is not None else ():
            app.note(PARTS[part].with_values(path=job.source.name))


def _say_partial(app: AppContext, done: int, total: int) -> None:
    if done > 0 and not app.options.json:
        app.note(
            MN(
                "{n} of {total} files was signed before this.",
                "{n} of {total} files were signed before this.",
                done,
                total=total,
            )
        )


command = Command(
    "sign",
    params=[
        click.Argument(["files"], nargs=-1, required=True, metavar="FILE..."),
        Option(
            ["-o", "--output"],
            metavar="FILE",
            help=M("Name of the result, or a folder for it. Default: FILE.p7s or FILE-signed.pdf"),
        ),
        Option(["--attached"], is_flag=True, help=M("Put the file itself into the signature (FILE.p7m).")),
        Option(["--pem"], is_flag=True, help=M("Write PEM instead of DER.")),
        Option(["--cms"], is_flag=True, help=M("Sign a PDF like any other file, not inside it.")),
        Option(
            ["--visible"],
            type=click.IntRange(min=1),
            metavar="PAGE",
            help=M("Show the signature of a PDF on this page: a box with the time, and your name if --name is given."),
        ),
        Option(
            ["--position"],
            default="bottom-right",
            metavar="PLACE",
            help=M(
                "Where on the page: bottom-right, bottom-left, top-right, top-left, or X,Y in mm from the upper left."
            ),
        ),
        Option(["--seal"], metavar="FILE", help=M("Image of a seal in the box, PNG or JPEG.")),
        Option(["--font"], metavar="FILE", help=M("Font of the box. Default: a Japanese font of this computer.")),
        Option(["--field"], metavar="NAME", help=M("Sign in this empty signature field of a PDF.")),
        Option(
            ["--format", "form"],
            type=click.Choice(("pades", "registry")),
            default="pades",
            help=M("Form of a signature in a PDF; registry is for online filing with the Legal Affairs Bureau."),
        ),
        Option(["--name"], metavar="TEXT", help=M("Your name in the signature of a PDF; everybody can read this.")),
        Option(["--reason"], metavar="TEXT", help=M("Why the PDF is signed; everybody can read this.")),
        Option(["--location"], metavar="TEXT", help=M("Where the PDF is signed; everybody can read this.")),
        Option(
            ["--timestamp"],
            metavar="URL",
            help=M("Have this time stamp service certify the time, over the network; it gets a hash of the signature."),
        ),
        Option(["--digest"], type=click.Choice(_DIGESTS), default="sha256", help=M("Hash function. Default: sha256.")),
        Option(["--force"], is_flag=True, help=M("Replace the output file if it exists.")),
        Option(["--resume"], is_flag=True, help=M("Keep existing results if they are signatures over the files.")),
        Option(["--yes"], is_flag=True, help=M("Answer yes: I agree that my name and address are in the signature.")),
        *secret_options(),
    ],
    callback=_sign,
    text=M(
        "Sign files with the signature certificate. A PDF is signed inside (PAdES B-B), in a new file "
        "FILE-signed.pdf; any other file is signed as CMS (RFC 5652, CAdES B-B), in a separate file or with the "
        "file inside.\n\nThe password is used once for up to 20 files. The signature is checked before it is "
        "written. FILE - is standard input, whose signature goes to standard output unless -o is given."
    ),
    examples=(
        "jpki sign contract.txt",
        "jpki sign contract.pdf --visible 1",
        "jpki sign contract.pdf --visible 1 --name 'Taro Mihon' --seal seal.png",
        "jpki sign --attached --pem a.txt b.txt",
        "jpki verify contract-signed.pdf",
    ),
)

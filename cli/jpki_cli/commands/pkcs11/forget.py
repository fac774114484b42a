"""``jpki pkcs11 forget``: removes the signature certificates that programs could see."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from jpki_cli.app import AppContext, Command, pass_app
from jpki_cli.failures import usage_error
from jpki_cli.words import MN, M

if TYPE_CHECKING:
    from jpki_cli.results.agent import Pkcs11ForgetResult


@pass_app
def _forget(app: AppContext, /) -> None:
    from jpki.agent import LearnedCertificates
    from jpki_cli.agent import learned_folder

    result: Pkcs11ForgetResult = {"schema": "jpki.pkcs11-forget/1"}
    app.start_result(result)
    folder = learned_folder(os.environ)
    try:
        removed = LearnedCertificates(folder).forget_all()
    except OSError as exc:
        reason = exc.strerror or ""
        raise usage_error(M("{path} cannot be removed: {reason}", path=folder, reason=reason)) from exc
    result["removed"] = removed
    if app.options.json:
        app.print_result()
    else:
        click.echo(str(MN("{n} certificate was removed.", "{n} certificates were removed.", removed)))


command = Command(
    "forget",
    params=[],
    callback=_forget,
    text=M("Hide the signature certificate from programs again.\n\nRemoves what jpki pkcs11 remember stored."),
    examples=("jpki pkcs11 forget",),
)

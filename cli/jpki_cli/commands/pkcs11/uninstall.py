"""``jpki pkcs11 uninstall``: takes back what install did."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from jpki_cli.app import AppContext, Command, Option, pass_app
from jpki_cli.failures import CliError
from jpki_cli.words import M

if TYPE_CHECKING:
    from jpki_cli.agent import Done
    from jpki_cli.results.agent import Pkcs11UninstallResult


@pass_app
def _uninstall(app: AppContext, /, **values: Any) -> None:
    from jpki_cli.agent import installing, nss

    result: Pkcs11UninstallResult = {"schema": "jpki.pkcs11-uninstall/1"}
    app.start_result(result)
    databases = nss.nss_databases(values["firefox"], os.environ, chromium=values["chromium"])
    done = installing.Done()
    result.update({"removed": done.removed, "databases": done.databases})
    try:
        failed = nss.remove_from_all(os.environ, databases, done)
        installing.remove_all(os.environ, done)
        if failed:
            raise failed[0]
    except CliError:
        if not app.options.json:
            _tell(done)
        raise
    if app.options.json:
        app.print_result()
        return
    _tell(done)
    if not done.removed and not done.databases:
        click.echo(str(M("There was nothing to remove.")))
    app.note(M("A running agent keeps running. To stop it:\n  systemctl --user stop jpki-agent.service"))


def _tell(done: Done) -> None:
    for path in done.removed:
        click.echo(str(M("removed: {path}", path=path)))
    for path in done.databases:
        click.echo(str(M("taken out of: {path}", path=path)))


command = Command(
    "uninstall",
    params=[
        Option(["--firefox"], multiple=True, metavar="PROFILE", help=M("Take it out of this Firefox profile.")),
        Option(["--chromium"], is_flag=True, help=M("Take it out of the database of Chromium and Chrome.")),
    ],
    callback=_uninstall,
    text=M(
        "Undo what jpki pkcs11 install did.\n\nRemoves only the files that it wrote, and the module from the "
        "browsers to which it was added. Signature certificates are kept: jpki pkcs11 forget removes them."
    ),
    examples=("jpki pkcs11 uninstall --chromium",),
)

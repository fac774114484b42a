"""``jpki pkcs11 install``: module files, the agent's unit, and the databases of browsers."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from jpki_cli.app import AppContext, Command, Option, pass_app
from jpki_cli.failures import CliError, usage_error
from jpki_cli.words import M

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jpki_cli.agent import Done, Places
    from jpki_cli.results.agent import Pkcs11InstallResult


@pass_app
def _install(app: AppContext, /, **values: Any) -> None:
    if sys.platform == "win32":
        raise usage_error(M("The agent is not available on Windows."), code="not_offered")
    from jpki_cli.agent import installing, nss, places

    result: Pkcs11InstallResult = {"schema": "jpki.pkcs11-install/1"}
    app.start_result(result)
    module = installing.find_module()
    installing.require_unit_program()
    databases = nss.nss_databases(values["firefox"], os.environ, chromium=values["chromium"])
    found = places(os.environ)
    done = installing.Done()
    result.update({"module": module, "written": done.written, "removed": done.removed, "databases": done.databases})
    try:
        _write_files(found, module, done, values)
        nss.record_databases(os.environ, databases, done)
        for folder in databases:
            nss.add_to_nss(folder, module, done)
    except CliError:
        if not app.options.json:
            _tell_done(done)
        raise
    sandboxed = nss.browsers_in_sandbox(values["firefox"], os.environ, chromium=values["chromium"])
    result["in_sandbox"] = [*sandboxed]
    _tell(app, done, module)
    _tell_of_this_login(app, found.pkcs11.parent)
    if sandboxed:
        _warn(app, sandboxed)


def _write_files(found: Places, module: str, done: Done, values: Mapping[str, Any]) -> None:
    """Write module files, the agent's unit and Java's configuration."""
    from jpki_cli.agent import installing

    files = installing.module_files(os.environ)
    doors = [(False, found.pkcs11, found.relay)]
    if values["with_signature"]:
        doors.append((True, found.signature, found.relay_signature))
    for is_signature, socket, relay in doors:
        remote = relay if values["relay"] else None
        text = installing.module_text(socket, remote, is_signature=is_signature)
        installing.write(files["signature" if is_signature else "user"], text, done)
    if not values["with_signature"]:  # it may be there from another time, and no agent would answer
        installing.remove(files["signature"], done)
    unit, wants = installing.unit_files(os.environ)
    installing.write(unit, installing.unit_text(with_signature=values["with_signature"]), done)
    installing.link(wants, unit, done)
    if values["java"]:
        text = f"{installing.MARK}\nname = jpki\nlibrary = {module}\nslot = 1\n"
        installing.write(installing.java_file(os.environ), text, done)


def _warn(app: AppContext, sandboxed: tuple[str, ...]) -> None:
    """Say in the words of ``doctor`` that a browser may not find the card, and what to do then."""
    from jpki.diagnosis import what
    from jpki.diagnosis.detectors import noted_sandboxes

    outcome = noted_sandboxes(sandboxed)
    cause = outcome.cause
    why = () if cause is None else (cause.why,)
    for sentence in (what(outcome), *why, *(remedy.text for remedy in outcome.remedies)):
        app.note(sentence)


def _tell(app: AppContext, done: Done, module: str) -> None:
    if app.options.json:
        app.print_result()
        return
    _tell_done(done)
    app.note(
        M(
            "The agent starts at the next login. To start it now:\n  systemctl --user daemon-reload && systemctl "
            "--user start jpki-agent.service\nWithout systemd:\n  jpki agent"
        )
    )
    app.note(M("For programs that ask for the path of a module, use this one: {module}", module=module))


def _tell_done(done: Done) -> None:
    for path in done.written:
        click.echo(str(M("written: {path}", path=path)))
    for path in done.removed:
        click.echo(str(M("removed: {path}", path=path)))
    for path in done.databases:
        click.echo(str(M("added to: {path}", path=path)))


def _tell_of_this_login(app: AppContext, folder: Path) -> None:
    """Say what keeps programs from finding the agent by the files that were written."""
    if sys.platform == "win32":
        return
    from jpki.agent import home_folder, login_folder

    if os.geteuid() == 0:
        app.note(M("Programs that run as root do not read the module files of a user, so they need that path."))
        home = home_folder(os.environ)
        if home.is_dir() and home.stat().st_uid != 0:
            app.note(
                M(
                    "{path} belongs to another user, who cannot change what root has written there. To set that user "
                    "up, run jpki pkcs11 uninstall, and as that user:\n  jpki pkcs11 install",
                    path=home,
                )
            )
    if sys.platform == "linux" and login_folder(os.environ) is None:
        app.note(
            M(
                "XDG_RUNTIME_DIR is not set here (as after su, or in cron), so programs will look for the agent in "
                "{folder}. An agent that starts with the desktop listens elsewhere: run this again there.",
                folder=folder,
            )
        )


command = Command(
    "install",
    params=[
        Option(
            ["--firefox"],
            multiple=True,
            metavar="PROFILE",
            help=M("Add it to this Firefox profile (about:profiles names the folder). May be repeated."),
        ),
        Option(["--chromium"], is_flag=True, help=M("Add it to the database of Chromium and Chrome.")),
        Option(["--java"], is_flag=True, help=M("Write the configuration for Java's SunPKCS11.")),
        Option(["--with-signature"], is_flag=True, help=M("Also offer the signature key; see jpki pkcs11 remember.")),
        Option(
            ["--relay"],
            is_flag=True,
            help=M("Have p11-kit start a relay for each program, which starts the agent if it is not running."),
        ),
    ],
    callback=_install,
    text=M(
        "Tell programs where the agent is.\n\nWrites a module file for p11-kit and a unit that starts the agent "
        "with the desktop, and adds the module to browsers if you ask for that. It shows what it did; jpki pkcs11 "
        "uninstall undoes it."
    ),
    examples=("jpki pkcs11 install", "jpki pkcs11 install --chromium --firefox ~/.mozilla/firefox/abcd.default-esr"),
)

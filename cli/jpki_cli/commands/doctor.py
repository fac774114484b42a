"""``jpki doctor``: what keeps the card from being used, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from jpki_cli.app import AppContext, Command, pass_app
from jpki_cli.words import M

if TYPE_CHECKING:
    from jpki_cli.results.advice import DoctorResult


@pass_app
def _doctor(app: AppContext) -> None:
    from jpki.diagnosis import CHECKS, examine, first_obstacle, system_names, what
    from jpki.report import check_facts
    from jpki_cli.doctor import collect_facts, screen
    from jpki_cli.failures import CliError, Failure
    from jpki_cli.terminal import wrap

    result: DoctorResult = {"schema": "jpki.doctor/1"}
    app.start_result(result)
    with collect_facts(app) as facts:
        steps = {specification.check: specification.step for specification in CHECKS}
        findings = [(steps[finding.check], finding) for finding in examine(facts)]
        names = system_names(facts)
        release, now = facts.platform.release, facts.platform.now
    failure = first_obstacle([finding for _, finding in findings])
    if app.options.json:
        result["system"] = {"release": release, "names": list(names)}
        result["usable"] = failure is None
        result["checks"] = [check_facts(finding, step, names) for step, finding in findings]
    else:
        click.echo(wrap(release))
        click.echo(screen.render(findings, names, now), nl=False)
    if failure is not None and failure.outcome.cause is not None:
        cause = failure.outcome.cause
        raise CliError(Failure(screen.EXIT_CODES[cause.obstacle], cause.value, what(failure.outcome)))
    if not app.options.json:
        click.echo(wrap(str(screen.ending([finding for _, finding in findings]))))
    app.print_result()


command = Command(
    "doctor",
    callback=_doctor,
    text=M(
        "Check everything between this program and the card, in order: Python, library, service, permission, USB, "
        "readers, card, PINs, certificates. Show the cause of each failure and what to do about it.\n\nNothing is "
        "changed, no PIN is needed and no try is used."
    ),
    examples=("jpki doctor", "jpki doctor --json", "jpki --reader 1 doctor"),
)

"""``jpki report``: what support needs, without personal data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from jpki_cli.app import AppContext, Command, Format, Option, choose_format, clock, format_option, pass_app
from jpki_cli.failures import usage_error
from jpki_cli.words import M

if TYPE_CHECKING:
    from jpki.report import ReportFacts
    from jpki_cli.app import OutputTarget
    from jpki_cli.results.advice import ReportResult

_FORMATS: Final = (Format.TEXT, Format.JSON, Format.HTML)
#: What the end of a file's name asks for.
_BY_SUFFIX: Final = {"htm": Format.HTML, "html": Format.HTML, "json": Format.JSON}


@pass_app
def _report(app: AppContext, *, output_format: str | None, output: str | None, force: bool, for_holder: bool) -> None:
    from jpki import __version__
    from jpki.report import report_facts
    from jpki_cli.app import OutputTarget
    from jpki_cli.doctor import collect_facts

    chosen = _choose_format(app, output_format, output)
    result: ReportResult = {"schema": "jpki.report/1"}
    app.start_result(result)
    target = OutputTarget(output, force=force, is_binary=False)
    if for_holder:
        _write_sheet(app, target, chosen)
        return
    with collect_facts(app) as facts:
        _note(result, report_facts(facts, __version__))
    _write(app, result, target, chosen)
    if target.path is not None:
        app.note(M("Written: {path}", path=target.path))
        app.note(
            M(
                "It contains no personal data: no name, address, birth date, number of a card or certificate, "
                "and no PIN."
            )
        )


def _note(members: ReportFacts, found: ReportFacts) -> None:
    members.update(found)


def _write_sheet(app: AppContext, target: OutputTarget, chosen: Format) -> None:
    """Write the sheet that the card's holder takes along; with exact days, since it is the holder's own."""
    from jpki.advice import advise_status
    from jpki.card import read_status
    from jpki.report import render_html, sheet
    from jpki_cli.screens import render_sheet as render_text

    if chosen is Format.JSON:
        raise usage_error(M("--for-holder makes a page for people to read: choose text or HTML."))
    now = clock.now()
    with app.open_card() as card:
        status = read_status(card, at=now, with_issuer=False)
    page = sheet(advise_status(status, now), now, is_simulated=app.options.sim is not None)
    text = render_html(page) if chosen is Format.HTML else render_text(page)
    if target.path is None and chosen is Format.TEXT:
        click.echo(text, nl=False)
    else:
        target.write(text.encode())
    if target.path is not None:
        app.note(M("Written: {path}", path=target.path))


def _choose_format(app: AppContext, word: str | None, output: str | None) -> Format:
    """Take the requested format, or the one that the file's name shows."""
    suffix = "" if output is None else output.rpartition(".")[2].lower()
    return choose_format(app, word, _BY_SUFFIX.get(suffix, Format.TEXT))


def _write(app: AppContext, result: ReportResult, target: OutputTarget, chosen: Format) -> None:
    from jpki_cli.app import json_text
    from jpki_cli.terminal import laid_out

    if chosen is Format.JSON and target.path is None:
        app.print_result()
        return
    if chosen is Format.JSON:
        text = json_text(result) + "\n"
    else:
        from jpki.report import document

        page = document(result)
        if chosen is Format.HTML:
            from jpki.report import document_html as render
        else:
            from jpki_cli.screens import document_text as render
        with laid_out(for_file=target.path is not None):
            text = render(page)
    if target.path is None and chosen is Format.TEXT:
        click.echo(text, nl=False)
    else:
        target.write(text.encode())


command = Command(
    "report",
    params=[
        format_option(*_FORMATS, text=M("Form of the output.")),
        Option(["-o", "--output"], metavar="FILE", help=M("Write to a file that only you can read.")),
        Option(["--force"], is_flag=True, help=M("Replace the output file if it exists.")),
        Option(
            ["--for-holder"],
            is_flag=True,
            help=M("Make a one-page sheet for the card holder: what to do, where to go, what to bring."),
        ),
    ],
    callback=_report,
    text=M(
        "Make a report for support, without personal data: versions, the checks of doctor, readers, tries left, "
        "states of the certificates, what to do.\n\nFor each certificate it shows only the month in which it "
        "expires. It can be attached to a ticket; the HTML form is one file that prints well."
    ),
    examples=(
        "jpki report",
        "jpki report -o report.html",
        "jpki report --for-holder -o sheet.html",
        "jpki report --json",
    ),
)

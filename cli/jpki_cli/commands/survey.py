"""``jpki survey``: what this card answers where sources differ, for a holder who wants to help."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

import click

from jpki.card import Pin
from jpki_cli.app import AppContext, Command, Option, pass_app
from jpki_cli.failures import EXIT_CARD, CliError, Failure, explain, usage_error
from jpki_cli.pin import read_script_secrets, require_person, secret_options, take_secret_options
from jpki_cli.words import M

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jpki.errors import PinError
    from jpki.pin import Secret
    from jpki.survey import Survey, SurveyMembers, SurveyResult
    from jpki_cli.app import OutputTarget
    from jpki_cli.pin import SecretOptions
    from jpki_cli.results.card import SurveyCommandResult, SurveyCompareResult
    from jpki_cli.results.common import ReaderResult

_SUFFIX: Final = ".json"
_PINS: Final = ("auth", "sign", "input")


@dataclass(frozen=True, slots=True)
class _Options:
    with_pin: tuple[str, ...]
    with_reset: bool
    output: str | None
    force: bool
    yes: bool
    compare: str | None
    secrets: SecretOptions

    @property
    def pins(self) -> list[Pin]:
        """The PINs that were named, each once."""
        return [Pin(name) for name in dict.fromkeys(self.with_pin)]


@pass_app
def _survey(app: AppContext, /, **values: Any) -> None:
    # Neither of these two is offered: a survey presents PINs with all their tries only.
    secrets = take_secret_options({"use_last_try": False, "hidden_counter": False, **values})
    taken = {name: value for name, value in values.items() if name not in ("pin_stdin", "pin_fd")}
    options = _Options(secrets=secrets, **taken)
    if options.compare is not None:
        _compare(app, options)
        return
    made: SurveyCommandResult = {"schema": "jpki.survey/1"}
    app.start_result(made)
    _check(options)
    targets = _targets(options)
    secrets_read = _consent(app, options)
    with _refusal_told(app) as refused:
        try:
            result = _run(app, options, secrets_read, refused)
        finally:
            for secret in secrets_read.values():
                secret.wipe()
        _note(made, result.facts())
        _tell(app, made, result, targets)
    app.print_result()


@contextmanager
def _refusal_told(app: AppContext) -> Iterator[list[PinError]]:
    """Raise the refusal of a PIN when the rest is done; a signal or a full disk meanwhile does not hide it."""
    refused: list[PinError] = []
    try:
        yield refused
    except BaseException as exc:
        if not refused:
            raise
        if isinstance(exc, Exception):
            with suppress(OSError):
                app.note(explain(exc).message)
    if refused:
        raise refused[0]  # printed in the same JSON object


def _note(members: SurveyMembers, found: SurveyMembers) -> None:
    members.update(found)


# Before the card is touched


def _check(options: _Options) -> None:
    if options.with_reset and Pin.AUTH not in options.pins:
        raise usage_error(
            M("--with-reset looks at what a reset does to the user certificate PIN: add --with-pin auth.")
        )
    if options.secrets.is_script and not options.pins:
        raise usage_error(M("--pin-stdin and --pin-fd pass the PINs for --with-pin, which was not used."))


def _targets(options: _Options) -> tuple[OutputTarget, OutputTarget] | None:
    """The JSON file and the readable one beside it."""
    if options.output is None:
        return None
    from pathlib import Path

    from jpki_cli.app import OutputTarget

    path = Path(options.output)
    if path.suffix.lower() != _SUFFIX:
        raise usage_error(M("The result is JSON: the name of the file has to end in .json."))
    names = (str(path), str(path.with_suffix(".txt")))
    first, second = (OutputTarget(name, force=options.force, is_binary=False) for name in names)
    return first, second


def _consent(app: AppContext, options: _Options) -> dict[Pin, Secret]:
    """Say what will be done, get a yes, and read a script's PINs."""
    is_script = options.secrets.is_script
    if options.pins and not is_script:
        require_person()
    if not options.yes:
        _require_somebody_to_say_yes()
    _explain(app, options)
    if not options.yes:
        from jpki_cli.terminal import confirm

        if not confirm(str(M("Continue? [y/N] "))):
            raise usage_error(M("The card was not touched."), code="declined")
    if not is_script:
        return {}
    return dict(
        zip(options.pins, read_script_secrets([(pin, False) for pin in options.pins], options.secrets), strict=True)
    )


def _require_somebody_to_say_yes() -> None:
    from jpki_cli.terminal import NoTerminalError, TerminalFault

    try:
        require_person()
    except NoTerminalError as exc:
        if exc.fault is TerminalFault.UNSEEN:
            raise
        message = M("A survey needs your yes, and there is no terminal to ask for it on.")
        raise usage_error(message, code="needs_yes", remedy=(M("Scripts give it with --yes."),)) from exc


def _explain(app: AppContext, options: _Options) -> None:
    from jpki.survey import WHAT_IS_ASKED, WHAT_IT_HOLDS

    app.note(WHAT_IS_ASKED)
    if options.pins:
        app.note(
            M(
                "You are asked for each PIN that you named. It is tried once, and only if all its tries are left; "
                "if you mistype it, one try is used. The card signs a sentence that declares nothing, and the "
                "signatures are discarded. This takes about 15 seconds more."
            )
        )
    if options.with_reset:
        app.note(
            M(
                "Other programs cannot use the card meanwhile, and it is reset while the user certificate PIN is "
                "verified. At the end the card is powered off, whatever happens."
            )
        )
    app.note(WHAT_IT_HOLDS)


# With the card


def _run(app: AppContext, options: _Options, secrets: dict[Pin, Secret], refused: list[PinError]) -> SurveyResult:
    import jpki
    from jpki.survey import Survey

    with app.open_card() as card:
        cast("ReaderResult", app.result).pop("reader", None)  # some readers have their serial number in their name
        survey = Survey(card.card.connection)
        try:
            _require_plain(survey)
            survey.read()
            _present_all(app, survey, options, secrets, refused)
            if app.options.extended:
                survey.read_extended()
            return survey.result(jpki.__version__)
        finally:
            survey.close()


def _require_plain(survey: Survey) -> None:
    from jpki.card import CardKind

    if survey.identify() is not CardKind.CARD:
        message = M("This is not an ordinary My Number Card, so nothing was done with it.")
        raise CliError(Failure(EXIT_CARD, "not_surveyed", message))


def _present_all(
    app: AppContext, survey: Survey, options: _Options, secrets: dict[Pin, Secret], refused: list[PinError]
) -> None:
    """Present the PINs that were named; the first that is refused ends it, and what was found before stays."""
    from jpki.errors import PinError
    from jpki.survey import PINS

    try:
        for pin in PINS:
            if pin in options.pins:
                _present(app, survey, pin, secrets.get(pin), with_reset=options.with_reset and pin is Pin.AUTH)
    except PinError as exc:
        refused.append(exc)


def _present(app: AppContext, survey: Survey, pin: Pin, secret: Secret | None, *, with_reset: bool) -> None:
    from jpki.pin import SecretQuestion, counter_text, enter
    from jpki.survey import is_full
    from jpki_cli.pin import TerminalPerson
    from jpki_cli.process import shielded

    if with_reset:
        _hold(app, survey)
    status = survey.counter(pin)
    app.note(counter_text(status))
    if not is_full(status):
        app.note(M("Some of its tries have been used, so this PIN is not tried."))
        return
    entry = secret or enter(TerminalPerson(app), SecretQuestion(pin, status))
    with entry, shielded() as check:
        survey.present(pin, entry, check)
        check()


def _hold(app: AppContext, survey: Survey) -> None:
    from jpki.errors import ReaderBusyError

    try:
        survey.hold()
    except ReaderBusyError:
        app.note(M("Another program is using the card, so it is not reset."))


# The result


def _tell(
    app: AppContext,
    made: SurveyCommandResult,
    result: SurveyResult,
    targets: tuple[OutputTarget, OutputTarget] | None,
) -> None:
    from jpki_cli.screens import render_survey

    text = render_survey(result)
    if targets is None:
        if not app.options.json:
            click.echo(text, nl=False)
    else:
        from jpki_cli.app import json_text

        for target, content in zip(targets, (json_text(made) + "\n", text), strict=True):
            target.write(content.encode())
            app.note(M("Written: {path}", path=target.path))
        app.note(
            M("The .txt file has the same content in readable form. Look through it before you pass on the .json file.")
        )


def _compare(app: AppContext, options: _Options) -> None:
    """Put a result beside docs/card.md; no card is touched."""
    made: SurveyCompareResult = {"schema": "jpki.survey-compare/1"}
    app.start_result(made)
    if options.with_pin or options.with_reset or options.output:
        raise usage_error(M("--compare examines an existing result; it does not read a card."))
    from jpki_cli.app import require_file
    from jpki_cli.screens import note_comparison, render_survey

    path = require_file(str(options.compare))
    result = _load(path)
    note_comparison(made, result)
    if not app.options.json:
        click.echo(render_survey(result, with_all=True), nl=False)
    app.print_result()


def _load(path: Path) -> SurveyResult:
    import json

    from jpki.errors import DataError
    from jpki.survey import MAX_BYTES, parse_result

    try:
        with path.open("rb") as file:
            # What is cut off here is no longer JSON.
            return parse_result(json.loads(file.read(MAX_BYTES)))
    except (ValueError, RecursionError, DataError) as exc:
        raise usage_error(M("The file {path} is not the result of a survey.", path=path), code="not_a_survey") from exc


command = Command(
    "survey",
    params=[
        Option(
            ["--with-pin"],
            multiple=True,
            type=click.Choice(_PINS),
            help=M("Also try this PIN once, and see what it opens. Can be repeated."),
        ),
        Option(["--with-reset"], is_flag=True, help=M("With --with-pin auth: also see what a reset does.")),
        Option(
            ["-o", "--output"],
            metavar="FILE",
            help=M("Write the result to FILE (ending in .json), and a readable .txt file beside it."),
        ),
        Option(["--force"], is_flag=True, help=M("Replace the output file if it exists.")),
        Option(["--yes"], is_flag=True, help=M("Answer yes: the card may be surveyed.")),
        Option(
            ["--compare"],
            metavar="FILE",
            help=M("Compare a result with what is known about the card; does not read a card."),
        ),
        *[option for option in secret_options() if option.name in ("pin_stdin", "pin_fd")],
    ],
    callback=_survey,
    text=M(
        "Find out from your own card what is not known about the chip, without harm and without personal data.\n\n"
        "No public document describes the chip, and what is known about it comes from a few programs that partly "
        "contradict each other. Your card can settle most of that in a minute. Nothing is sent anywhere: you "
        "decide what happens to the file."
    ),
    examples=(
        "jpki survey -o survey.json",
        "jpki survey -o survey.json --with-pin auth --with-reset",
        "jpki survey --compare survey.json",
        "jpki --sim adult survey --yes",
    ),
)

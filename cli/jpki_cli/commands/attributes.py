"""``jpki attributes``: name, address, birth date and sex, and the My Number where it may be read."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from jpki.errors import FileNotFoundOnCardError
from jpki_cli.app import AppContext, Command, Option, pass_app
from jpki_cli.failures import EXIT_CARD, EXIT_CHECK, CliError, Failure, usage_error
from jpki_cli.pin import (
    PinUse,
    SecretOptions,
    note_use,
    read_script_secrets,
    require_person,
    secret_options,
    take_secret_options,
)
from jpki_cli.words import M

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jpki.attributes import TextFiles
    from jpki.card import MyNumberCard
    from jpki_cli.app import OutputTarget
    from jpki_cli.results.holder import AttributesResult

_CONSENT_WORDS: Final = ("i may read this my number", "マイナンバーを読み取ります")
#: 番号法 (Act No. 27 of 2013), articles 15, 19 and 20: docs/cli.md, which also explains them.
_LAW: Final = M(
    "A My Number may be asked for, collected and kept only for the procedures that the law names: tax, social "
    "security, disaster response and the like (Act No. 27 of 2013, articles 15, 19 and 20). Its holder's consent does "
    "not allow anything else. Your own number you may read; keep it to yourself otherwise."
)


@dataclass(frozen=True, slots=True)
class _Options:
    my_number: bool
    integrity: bool
    i_may_collect: bool
    my_number_in_json: bool
    output: str | None
    force: bool


@pass_app
def _attributes(app: AppContext, /, **values: Any) -> None:
    from jpki.attributes import read_text_files
    from jpki.card import Pin
    from jpki_cli.app import OutputTarget

    secrets = take_secret_options(values)
    options = _Options(**values)
    _check_options(app, options, secrets)
    result: AttributesResult = {
        "schema": "jpki.attributes/1",
        "pin": "not_sent",
        "retries_remaining": None,
        "try_used": "no",
    }
    app.start_result(result)
    target = OutputTarget(options.output, force=options.force, is_binary=False)
    secret = read_script_secrets([(Pin.INPUT, False)], secrets)[0] if secrets.is_script else None
    if secret is None:
        require_person()
        if options.my_number:
            _ask_consent(app)
    use = PinUse(app, Pin.INPUT, secrets, secret, partial(note_use, result))
    with app.open_card() as card, _naming_absence(card):
        files = use.run(
            card,
            lambda opened: read_text_files(opened, with_my_number=options.my_number, with_integrity=options.integrity),
        )
    _tell(app, result, files, (options, target))


def _check_options(app: AppContext, options: _Options, secrets: SecretOptions) -> None:
    if (options.i_may_collect or options.my_number_in_json) and not options.my_number:
        raise usage_error(M("This option can only be used with --my-number."))
    if options.my_number_in_json and not app.options.json:
        raise usage_error(M("--my-number-in-json can only be used with --json."))
    if options.my_number and secrets.is_script and not options.i_may_collect:
        remedy = (M("Use --i-may-collect if you are allowed to."),)
        raise usage_error(_LAW, code="needs_yes", remedy=remedy)


def _ask_consent(app: AppContext) -> None:
    """Have a person type that the number may be read; before the card is touched."""
    import unicodedata

    from jpki_cli.terminal import prompt_line

    app.note(_LAW)
    question = M("To go on, type “{words}”, or press Enter to stop: ", words=M("I may read this My Number"))
    answer = unicodedata.normalize("NFKC", prompt_line(str(question))).strip().casefold()
    if answer not in _CONSENT_WORDS:
        raise usage_error(M("Nothing was read."), code="declined")


@contextmanager
def _naming_absence(card: MyNumberCard) -> Iterator[None]:
    """Say what a card is that has no such application, which the counter shows before anything is typed or sent."""
    try:
        yield
    except FileNotFoundOnCardError:
        _require_application(card)
        raise


def _require_application(card: MyNumberCard) -> None:
    """Refuse, before a PIN is asked for, a card that does not hold these data."""
    from jpki.card import Pin, PinState

    with card.transaction():
        kind = card.read_token().kind
        status = card.read_pin_status(Pin.INPUT)
    if status.state is not PinState.ABSENT:
        return
    if kind.is_phone:
        message = M("Name, address, birth date and sex cannot be read from a smartphone; use the card itself.")
    else:
        message = M("Name, address, birth date and sex cannot be read from this card.")
    raise CliError(Failure(EXIT_CARD, "not_on_card", message))


def _tell(app: AppContext, result: AttributesResult, files: TextFiles, how: tuple[_Options, OutputTarget]) -> None:
    from jpki.attributes import NOT_ASKED, check_integrity, read_four_attributes, read_my_number
    from jpki_cli.app import json_text
    from jpki_cli.screens import attributes as screen
    from jpki_cli.terminal import laid_out

    options, target = how
    attributes = read_four_attributes(files.attributes)
    number = None if files.my_number is None else read_my_number(files.my_number)
    report = NOT_ASKED
    if options.integrity:
        report = check_integrity(attributes, files.my_number, files.integrity, files.cv_certificate)
    is_wrong = report.has_mismatch or (number is not None and not number.has_right_check_digit)
    if app.options.json:
        screen.note(result, attributes, report)
        if number is not None:
            result["my_number"] = screen.number_facts(number, with_digits=options.my_number_in_json)
    if not app.options.json:
        with laid_out(for_file=target.path is not None):
            target.write(screen.render(attributes, report, number).encode())
    elif target.path is not None or not is_wrong:
        target.write(json_text(result).encode() + b"\n")
    if target.path is not None:
        app.note(M("Written: {path}", path=target.path))
        # What went into the file is not printed as well, when the failure is.
        screen.leave_out(result)
    if is_wrong:
        raise CliError(Failure(EXIT_CHECK, "check_failed", M("At least one check failed.")))


command = Command(
    "attributes",
    params=[
        Option(["--my-number"], is_flag=True, help=M("Also read the My Number; asks whether you are allowed to.")),
        Option(
            ["--integrity"],
            is_flag=True,
            help=M("Check the card's own hashes and signature too: 5 commands more."),
        ),
        Option(["--i-may-collect"], is_flag=True, help=M("For scripts: the law allows me to collect this My Number.")),
        Option(["--my-number-in-json"], is_flag=True, help=M("Put the My Number itself into the JSON object.")),
        Option(["-o", "--output"], metavar="FILE", help=M("Write to a file that only you can read.")),
        Option(["--force"], is_flag=True, help=M("Replace the output file if it exists.")),
        *secret_options(on_keys=True),
    ],
    callback=_attributes,
    text=M(
        "Show name, address, birth date and sex from the card.\n\nIt asks for the 4-digit card-info input PIN. With "
        "--integrity it checks the hashes and the signature that the card holds for these data, each by itself, with "
        "exit code 7 when one does not match."
    ),
    examples=("jpki attributes", "jpki attributes --json -o me.json", "jpki attributes --my-number"),
)

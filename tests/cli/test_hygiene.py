"""No secret gets out through usage errors, tracebacks, core files or the environment."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner
from hypothesis import given, strategies as st

from jpki.errors import CardError, JpkiError
from jpki_cli.process import CommandLineError, CommandLineFault, SecretCommand, SecretGroup, describe_unexpected

if TYPE_CHECKING:
    _TextType = click.ParamType[str]
else:
    _TextType = click.ParamType  # a generic class since Click 8.4 only

_PINS = ("auth", "sign", "input", "juki")
_Fault = CommandLineFault


@dataclass
class Program:
    """A program with the command line of this one, which notes what it was told to do."""

    done: list[object] = field(default_factory=list)
    root: click.Group = field(init=False)

    def __post_init__(self) -> None:
        """Build root, groups and commands."""
        note = self.done.append
        self.root = SecretGroup("jpki")
        self.root.params.append(click.Option(["--reader"]))
        pin = SecretGroup("pin")
        self.root.add_command(pin)

        @pin.command("verify")
        @click.argument("pin", type=click.Choice(_PINS))
        @click.option("--pin-stdin", is_flag=True)
        @click.option("--pin-fd", type=int)
        @click.option("-v", "--verbose", count=True)
        @click.option("-o", "--output")
        def verify(**values: object) -> None:
            note(values)

        @pin.command("change")
        @click.argument("pin", type=click.Choice(_PINS))
        @click.option("--confirm", type=click.IntRange(0, 9), envvar="JPKI_CONFIRM")
        def change(**values: object) -> None:
            note(values)

        @self.root.command("secret-free", cls=click.Command, hidden=True)
        def secret_free() -> None:
            note("secret-free")

    def run(self, line: list[str], **env: str) -> tuple[int, str]:
        """Run a command line as Click does; give the exit code and everything that was written."""
        result = CliRunner().invoke(self.root, line, prog_name="jpki", env=env)
        return result.exit_code, result.output

    def fail(self, line: list[str]) -> CommandLineError:
        """Run a command line and give its usage error."""
        with pytest.raises(CommandLineError) as caught:
            self.root.main(line, prog_name="jpki", standalone_mode=False)
        return caught.value


@pytest.fixture
def program() -> Program:
    """Build a fresh program."""
    return Program()


_VERIFY = ["pin", "verify", "auth"]

_WITH_A_SECRET = [
    (["pin", "verify", "auth", "2846"], _Fault.SURPLUS_ARGUMENT),
    (["pin", "verify", "auth", "--", "2846"], _Fault.SURPLUS_ARGUMENT),
    (["pin", "verify", "auth", "--pin-stdin", "2846"], _Fault.SURPLUS_ARGUMENT),
    (["pin", "change", "auth", "2846", "1357"], _Fault.SURPLUS_ARGUMENT),
    (["pin", "verify", "2846"], _Fault.BAD_VALUE),
    (["pin", "verify", "2846", "auth"], _Fault.BAD_VALUE),
    (["pin", "verify", "auth", "--pin=2846"], _Fault.SECRET_OPTION),
    (["pin", "verify", "auth", "--pin", "2846"], _Fault.SECRET_OPTION),
    (["pin", "verify", "--pin", "2846", "auth"], _Fault.SECRET_OPTION),
    (["pin", "verify", "auth", "--pin2846"], _Fault.SECRET_OPTION),
    (["pin", "verify", "auth", "--pin-stdn", "2846"], _Fault.SECRET_OPTION),
    (["pin", "verify", "auth", "--new-pin", "2846"], _Fault.SECRET_OPTION),
    (["pin", "verify", "auth", "--newpin=2846"], _Fault.SECRET_OPTION),
    (["pin", "verify", "auth", "--password", "SIMCARD1"], _Fault.SECRET_OPTION),
    (["pin", "verify", "auth", "--passwd=SIMCARD1"], _Fault.SECRET_OPTION),
    (["pin", "verify", "auth", "--PIN=2846"], _Fault.SECRET_OPTION),
    (["pin", "verify", "auth", "-p2846"], _Fault.SECRET_OPTION),
    (["pin", "verify", "auth", "-P", "2846"], _Fault.SECRET_OPTION),
    (["pin", "verify", "auth", "-vp2846"], _Fault.SECRET_OPTION),
    (["pin", "verify", "auth", "--pin-stdin=2846"], _Fault.SECRET_OPTION),
    (["pin", "verify", "auth", "--pin-fd", "SIMCARD1"], _Fault.BAD_VALUE),
    (["pin", "verify", "auth", "--pin-fd=SIMCARD1"], _Fault.BAD_VALUE),
    (["pin", "verify", "auth", "-2846"], _Fault.UNKNOWN_OPTION),
    (["pin", "verify", "auth", "--2846"], _Fault.UNKNOWN_OPTION),
    (["pin", "verify", "auth", "--verbose=2846"], _Fault.TAKES_NO_VALUE),
    (["pin", "change", "auth", "--confirm", "2846"], _Fault.BAD_VALUE),
    (["pin", "--pin=2846", "verify", "auth"], _Fault.SECRET_OPTION),
    (["pin", "-p", "2846", "verify", "auth"], _Fault.SECRET_OPTION),
    (["pin", "2846", "verify", "auth"], _Fault.UNKNOWN_COMMAND),
    (["--pin", "2846", "pin", "verify", "auth"], _Fault.SECRET_OPTION),
    (["--2846", "pin", "verify", "auth"], _Fault.UNKNOWN_OPTION),
    (["2846"], _Fault.UNKNOWN_COMMAND),
    (["--", "--2846"], _Fault.UNKNOWN_OPTION),
    (["SIMCARD1", "pin", "verify", "auth"], _Fault.UNKNOWN_COMMAND),
]


@pytest.mark.parametrize(("line", "fault"), _WITH_A_SECRET, ids=[" ".join(line) for line, _ in _WITH_A_SECRET])
def test_a_secret_on_the_command_line_is_not_quoted(program: Program, line: list[str], fault: _Fault) -> None:
    """Wherever a PIN stands on the command line, it is refused with exit code 2, unquoted, and nothing is done."""
    code, output = program.run(line)
    assert code == 2
    assert not [secret for secret in ("2846", "1357", "SIMCARD1", "28", "13", "SIM") if secret in output]
    assert program.done == []
    error = program.fail(line)
    assert error.fault is fault
    assert error.__cause__ is None
    assert error.__context__ is None


@given(
    position=st.integers(0, 5),
    shape=st.sampled_from(["{}", "--{}", "-{}", "--pin={}", "--pin-fd={}", "-p{}", "-v{}", "--pin-stdin={}", "--{}=1"]),
    secret=st.from_regex(r"[0-9]{4}[A-Z]{3}", fullmatch=True),
)
def test_no_position_and_shape_quotes_a_secret(position: int, shape: str, secret: str) -> None:
    """A secret put anywhere into a command line, in any shape, is in no message."""
    program = Program()
    line = ["pin", "verify", "auth", "--verbose", "--pin-stdin"]
    line.insert(position, shape.format(secret))
    code, output = program.run(line)
    assert code == 2
    assert secret not in output
    assert program.done == []


def test_what_is_right_is_accepted(program: Program) -> None:
    """The options that name a source of secrets, counts, values and help work as Click has them."""
    assert program.run([*_VERIFY, "--pin-stdin"])[0] == 0
    assert program.run(["--reader", "0", "pin", "verify", "--pin-fd", "3", "auth", "-vv", "-o", "x"])[0] == 0
    empty = {"pin": "auth", "verbose": 0, "output": None}
    assert program.done == [
        empty | {"pin_stdin": True, "pin_fd": None},
        {"pin": "auth", "pin_stdin": False, "pin_fd": 3, "verbose": 2, "output": "x"},
    ]
    assert program.run([*_VERIFY, "--help"]) == (0, program.run(["pin", "verify", "auth", "2846", "--help"])[1])
    assert "Usage: jpki" in program.run([])[1]


def test_errors_name_what_the_program_knows(program: Program) -> None:
    """Known names and choices are said: the option, the argument, its choices, the visible commands."""
    bad = program.fail(["pin", "verify", "2846"])
    assert bad.choices == _PINS
    assert bad.name is not None
    assert program.fail([*_VERIFY, "--pin-fd", "x"]).name == "'--pin-fd'"
    missing = program.fail(["pin", "verify"])
    assert (missing.fault, missing.choices) == (_Fault.MISSING, _PINS)
    value = program.fail([*_VERIFY, "--pin-fd"])
    assert (value.fault, value.name) == (_Fault.NEEDS_VALUE, "--pin-fd")
    assert program.fail(["stats"]).choices == ("pin",)
    assert "auth, sign, input, juki" in program.run(["pin", "verify"])[1]


def test_a_value_from_the_environment_is_not_quoted(program: Program) -> None:
    """A wrong value in an environment variable is refused like one on the command line, and not quoted."""
    code, output = program.run(["pin", "change", "auth"], JPKI_CONFIRM="2846")
    assert code == 2
    assert "--confirm" in output
    assert "2846" not in output


def test_types_with_choices_of_their_own() -> None:
    """A parameter type that is not Click's but has choices has them named."""

    class Kind(_TextType):
        name = "kind"
        choices = ("a", "b")

        def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
            self.fail(f"{value} is wrong", param, ctx)

    command = SecretCommand("x", params=[click.Argument(["kind"], type=Kind())])
    with pytest.raises(CommandLineError) as caught:
        command.main(["2846"], standalone_mode=False)
    assert caught.value.choices == ("a", "b")
    assert "2846" not in caught.value.format_message()


def test_own_usage_errors_pass() -> None:
    """A usage error that a command made itself keeps its text; one of Click's kinds loses it."""

    def check(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
        if value == "own":
            raise CommandLineError(_Fault.OTHER, message="--json and --format exclude each other.")
        raise click.UsageError(f"{value} is wrong")

    command = SecretCommand("x", params=[click.Argument(["value"], callback=check)])
    for typed, message in (
        ("own", "--json and --format exclude each other."),
        ("2846", "The command line is not correct."),
    ):
        with pytest.raises(CommandLineError) as caught:
            command.main([typed], standalone_mode=False)
        assert caught.value.format_message() == message
        assert caught.value.__context__ is None


def test_commands_that_ask_for_extra_arguments_get_them() -> None:
    """A command that allows extra arguments is given them, and completion reports nothing."""
    seen = []
    command = SecretCommand(
        "x", context_settings={"allow_extra_args": True}, callback=lambda: seen.extend(click.get_current_context().args)
    )
    command.main(["a", "b"], standalone_mode=False)
    assert seen == ["a", "b"]
    with SecretCommand("x").make_context("x", ["a"], resilient_parsing=True) as context:
        assert context.args == ["a"]


def test_a_command_with_a_class_of_its_own_is_left_to_click(program: Program) -> None:
    """Below a group that quotes nothing, a command that names Click's own class reports as Click does."""
    assert "extra argument (file.txt)" in program.run(["secret-free", "file.txt"])[1]


def _failing(secret: str) -> BaseException:
    def inner(value: str) -> int:
        return int(value)

    try:
        try:
            inner(secret)
        except ValueError as cause:
            raise KeyError(secret) from cause
    except KeyError as error:
        return error
    raise AssertionError


def test_an_unexpected_error_is_one_line() -> None:
    """Without debug an error is one line with its class, and nothing of its text."""
    text = describe_unexpected(_failing("28a6"), debug=False, line="unexpected: {name}")
    assert text == "unexpected: KeyError"


def test_debug_shows_frames_without_values() -> None:
    """With debug the frames and the classes of an error and its cause are there; locals and texts are not."""
    text = describe_unexpected(_failing("28a6"), debug=True, line="unexpected: {name}")
    assert "28a6" not in text
    assert text.index("builtins.ValueError") < text.index("builtins.KeyError")
    assert "in inner" in text
    assert text.endswith("unexpected: KeyError")


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (CardError("VERIFY", 0x6F00), "jpki.errors.card.CardError: VERIFY: 6F00\n"),
        (JpkiError("the sentence"), "jpki.errors.base.JpkiError: the sentence\n"),
        (FileNotFoundError(2, "No such file", "2846"), "builtins.FileNotFoundError: No such file\n"),
        (UnicodeDecodeError("utf-8", b"2846\xff", 4, 5, "invalid start byte"), "builtins.UnicodeDecodeError\n"),
        (RuntimeError(b"2846"), "builtins.RuntimeError\n"),
    ],
)
def test_texts_of_errors_that_are_shown(error: BaseException, shown: str) -> None:
    """With debug the texts of this library's errors and of the system are shown, all others are not."""
    text = describe_unexpected(error, debug=True, line="")
    assert shown in text
    assert "2846" not in text


def test_a_circle_of_causes_ends() -> None:
    """Errors that are each other's cause are shown once each; a hidden context stays hidden."""
    first, second = RuntimeError(), LookupError()
    first.__cause__, second.__cause__ = second, first
    assert describe_unexpected(first, debug=True, line="").count("Traceback") == 2
    third = RuntimeError()
    third.__context__, third.__suppress_context__ = first, True
    assert describe_unexpected(third, debug=True, line="").count("Traceback") == 1


def _process(program: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """Run a program in a session without a terminal."""
    command = [sys.executable, "-c", textwrap.dedent(program)]
    return subprocess.run(command, input=typed, capture_output=True, text=True, start_new_session=True, check=False)


_HOOKED = """
import sys, threading
from jpki_cli.process.hygiene import install_excepthook
install_excepthook(debug={debug}, line="unexpected: {{name}}")
class Dying:
    def __del__(self):
        raise RuntimeError("28" + "46")
def fail(error):
    raise error
if {where} == "main":
    fail(ValueError("28" + "46"))
elif {where} == "thread":
    thread = threading.Thread(target=fail, args=(KeyError("28" + "46"),))
    thread.start()
    thread.join()
elif {where} == "exit in thread":
    thread = threading.Thread(target=fail, args=(SystemExit("28" + "46"),))
    thread.start()
    thread.join()
elif {where} == "closed":
    sys.stderr.close()
    fail(ValueError("28" + "46"))
else:
    Dying()
"""


@pytest.mark.parametrize(
    ("where", "debug", "code", "line"),
    [
        ("main", False, 1, "unexpected: ValueError\n"),
        ("main", True, 1, "unexpected: ValueError\n"),
        ("thread", False, 0, "unexpected: KeyError\n"),
        ("thread", True, 0, "unexpected: KeyError\n"),
        ("exit in thread", True, 0, ""),
        ("closed", False, 1, ""),
        ("finalizer", False, 0, ""),
        ("finalizer", True, 0, "unexpected: RuntimeError\n"),
    ],
)
def test_hooks(where: str, debug: bool, code: int, line: str) -> None:  # noqa: FBT001 - parameters
    """Errors that nobody caught, in the main thread, in others and in finalizers, are described without their texts."""
    done = _process(_HOOKED.format(debug=debug, where=repr(where)))
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.endswith(line)
    assert done.stderr == line or (debug and done.stderr.startswith("Traceback"))
    assert "2846" not in done.stderr


def test_no_core_files() -> None:
    """A hardened process and its children may write no core file."""
    if sys.platform == "win32":
        pytest.skip("no core files there")
    done = _process("""
        import subprocess
        from jpki.hygiene import harden_process
        harden_process()
        import resource
        print(resource.getrlimit(resource.RLIMIT_CORE), flush=True)
        subprocess.run(["/bin/sh", "-c", "ulimit -H -c"], check=True)
    """)
    assert (done.stdout, done.stderr) == ("(0, 0)\n0\n", "")


def test_no_variable_carries_a_secret() -> None:
    """No variable of the environment is looked at for a secret, with a script's input or without a terminal."""
    done = _process(
        """
        import os
        class Watched(dict):
            def _watch(self, key):
                assert not any(word in str(key).upper() for word in ("PIN", "PASS", "SECRET", "JPKI")), key
            def __getitem__(self, key):
                self._watch(key)
                return super().__getitem__(key)
            def get(self, key, default=None):
                self._watch(key)
                return super().get(key, default)
            def __contains__(self, key):
                self._watch(key)
                return super().__contains__(key)
        os.environ = Watched(os.environ, JPKI_PIN="9999", JPKI_PASSWORD="SIMCARD1", JPKI_PIN_STDIN="1", PIN="9999")
        from jpki_cli.process.script_secrets import read_secrets
        from jpki_cli.terminal.prompts import NoTerminalError, prompt_secret
        print(read_secrets(pin_stdin=True, pin_fd=None, count=1)[0].reveal().hex())
        try:
            prompt_secret("PIN? ")
        except NoTerminalError as error:
            print(error.fault.name)
        """,
        typed="2846\n",
    )
    assert (done.stdout, done.stderr) == ("32383436\nABSENT\n", "")

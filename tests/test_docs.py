"""The documents keep up with the code: everything is described, links lead somewhere, examples are true."""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click
import pytest
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from jpki import identifiers
from jpki.card import VERIFICATION_NUMBERS, Pin
from jpki.errors import CertificateAbsentError, FileError
from jpki.identifiers import Application
from jpki.words import failures as failure_words_of
from jpki.words.file_failures import FILE_FAULTS
from jpki.words.service_failures import SERVICE_FAILURES
from jpki_cli.failures import explaining as failures
from jpki_cli.main import make_root
from jpki_sim.faults import plan as faultplan
from jpki_sim.personas import persona_names

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).parents[1]
DOCS: Final = ROOT / "docs"
SCHEMAS: Final = DOCS / "schema"
SOURCES: Final = ("jpki", "cli", "sim", "tests", "scripts", "bench")
PAGES: Final = sorted([ROOT / "README.md", *DOCS.rglob("*.md")])
#: The section of docs/card.md about each application, and the word that its rows begin with where they are shared.
APPLICATIONS: Final = {
    Application.JPKI: ("JpkiEf", "1.2", ""),
    Application.TEXT: ("TextEf", "1.3", ""),
    Application.VISUAL: ("VisualEf", "1.4", ""),
    Application.JUKI: ("JukiEf", "1.5", "juki "),
    Application.COMMON: ("CommonEf", "1.5", "common "),
}
CITATION: Final = re.compile(r"docs/(\w[\w-]*\.md)(?:,\s+(?:section\s+|invariant\s+)?(\d+(?:\.\d+)*))?")
HEADING: Final = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
FENCE: Final = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK: Final = re.compile(r"\]\(([^)\s]+)\)")
#: What depends on the day: dates, numbers of days, and the certificates that are made as of that day.
VARYING: Final = re.compile(
    r"\d{4}-\d\d-\d\d(T[\d:+]+)?|\d{4}年\d+月\d+日|\d+ days?|\d+日"
    r"|As of \d{4}-\d\d\. Rules differ[^.]*\.|This guidance dates from \d{4}-\d\d[^.]*\.[^.]*\."
    r"|TEST\d{10,}\w*|(?<=Serial number {15})\w+|(?:[0-9A-F]{2}:){31}[0-9A-F]{2}"
)


class Example(NamedTuple):
    """A command line of a document, and what the document says that it prints."""

    page: str
    command: str
    output: str


def page_name(path: Path) -> str:
    """Name of a page for test ids."""
    return path.relative_to(ROOT).as_posix()


@cache
def text_of(path: Path) -> str:
    """A page's text."""
    return path.read_text(encoding="utf-8")


@cache
def doc(name: str) -> str:
    """The text of a page below docs/."""
    return text_of(DOCS / name)


def section(name: str, heading: str) -> str:
    """What stands below the heading that begins with ``heading``, up to the next one of its level or above."""
    text = doc(name)
    found = re.search(rf"^(#+) {re.escape(heading)}(?![\w-]|\.\d).*$", text, re.MULTILINE)
    assert found, f"docs/{name} has no section {heading!r}: write it, then run pytest tests/test_docs.py"
    rest = text[found.end() :]
    end = re.search(rf"^#{{1,{len(found[1])}}} ", rest, re.MULTILINE)
    return rest[: end.start()] if end else rest


def rows(text: str) -> list[list[str]]:
    """Cells of all table rows, without the backticks."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[c.strip().replace("`", "") for c in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def commands(group: click.Group, path: str = "jpki") -> Iterator[tuple[str, click.Command]]:
    """Every command with its full name."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        elif not command.hidden:
            yield f"{path} {name}", command


COMMANDS: Final = dict(commands(make_root()))


def is_shared(option: click.Option) -> bool:
    """Whether an option is one of all commands, which has its own table."""
    return option.opts in [shared.opts for shared in make_root().params]


def source_files() -> list[Path]:
    """All Python files of the project."""
    return sorted(path for folder in SOURCES for path in (ROOT / folder).rglob("*.py"))


def examples() -> list[Example]:
    """The command lines of all ``console`` blocks that need no reader, each with its output."""
    found = []
    for page in PAGES:
        for language, body in FENCE.findall(text_of(page)):
            if language == "console":
                for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
                    command, _, output = part.partition("\n")
                    found.append(Example(page_name(page), command, output.rstrip("\n")))
    return found


def json_examples() -> list[tuple[str, dict[str, Any]]]:
    """The JSON objects in the pages that name their schema."""
    found = []
    for page in PAGES:
        for language, body in FENCE.findall(text_of(page)):
            if language == "json" and '"schema"' in body:
                found.append((page_name(page), json.loads(body)))
    return found


def schema_of(name: str) -> dict[str, Any]:
    """The schema that an object names in its key ``schema``."""
    command, _, number = name.removeprefix("jpki.").partition("/")
    path = SCHEMAS / f"{command}.json"
    assert path.exists(), (
        f"{name} has no docs/schema/{command}.json: write its type in cli/jpki_cli/results, run scripts/generate-docs"
    )
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    assert content["title"] == f"jpki.{command}/{number}"
    return content


def validate(value: dict[str, Any]) -> None:
    """Check an object against the schema that it names."""
    Draft202012Validator(schema_of(value["schema"]), format_checker=FormatChecker()).validate(value)


@pytest.mark.parametrize("application", Application)
def test_every_aid_is_described(application: Application) -> None:
    """docs/card.md, 1.1, has the AID of each application that the library selects."""
    assert application.df_name.hex(" ").upper() in [row[0] for row in rows(section("card.md", "1.1"))]


@pytest.mark.parametrize("application", Application)
def test_every_ef_is_described(application: Application) -> None:
    """The application's section of docs/card.md has a row for each EF that the library uses."""
    enum_name, heading, word = APPLICATIONS[application]
    described = {part.strip() for row in rows(section("card.md", heading)) for part in row[0].split(",")}
    for ef in getattr(identifiers, enum_name):
        assert f"{word}{ef:04X}" in described


@pytest.mark.parametrize("pin", Pin)
def test_every_pin_is_described_with_its_limit(pin: Pin) -> None:
    """docs/cli.md names each PIN with the wrong entries in a row that lock it."""
    table = {row[0]: row[3] for row in rows(section("cli.md", "PIN names"))}
    assert table[pin.value] == str(pin.retry_limit)


def test_verification_numbers_are_described() -> None:
    """docs/cli.md names each of the four counters that ``pin status --all`` adds."""
    text = section("cli.md", "`jpki pin status")
    assert [name for name in VERIFICATION_NUMBERS if f"`{name}`" not in text] == []


def test_every_simulated_card_is_described() -> None:
    """docs/simulator.md names each persona, each kind of fault and each command that a fault can be planned for."""
    text = doc("simulator.md")
    names = [*persona_names(), *faultplan.KINDS, *faultplan.COMMAND_NAMES]
    assert [name for name in names if f"`{name}`" not in text] == []


def test_python_examples_run() -> None:
    """The Python blocks of docs/simulator.md run as they stand, and hold what they assert."""
    blocks = [body for language, body in FENCE.findall(doc("simulator.md")) if language == "python"]
    for block in blocks:
        done = subprocess.run([sys.executable, "-P", "-c", block], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
    assert blocks


def test_exit_codes_are_those_of_the_program() -> None:
    """The table of docs/cli.md has every exit code and no other."""
    used = {str(value) for name, value in vars(failures).items() if name.startswith("EXIT_")}
    assert {row[0] for row in rows(section("cli.md", "Exit codes").partition("###")[0])[2:]} == used | {"0"}


#: Faults of a PDF that has not been signed yet have a line of their own together.
_OF_PDF: Final = {fault for fault in FILE_FAULTS if fault.startswith("pdf_")} - {"pdf_not_intact"}


def failure_words() -> set[str]:
    """The machine words of failures, as the sources of the command line and of the words for errors spell them."""
    found = set()
    for path in [*(ROOT / "cli" / "jpki_cli").rglob("*.py"), ROOT / "jpki/words/failures.py"]:
        for node in ast.walk(ast.parse(text_of(path))):
            if isinstance(node, ast.Call):
                found |= {k.value.value for k in node.keywords if k.arg == "code" and isinstance(k.value, ast.Constant)}
                if isinstance(node.func, ast.Name) and node.func.id in ("Failure", "FailureText"):
                    place = 1 if node.func.id == "Failure" else 0
                    found |= {arg.value for arg in node.args[place : place + 1] if isinstance(arg, ast.Constant)}
    found |= {FileError(fault, None).code for fault in FILE_FAULTS if fault not in _OF_PDF}
    found.add(CertificateAbsentError.code)
    own = vars(failures)["_OWN"].values()
    return (
        {str(word) for word in found}
        | {word for _, word, _, _ in own}
        | set(vars(failure_words_of)["_FIXED"])
        | set(SERVICE_FAILURES)
    )


def test_words_of_failures_are_those_of_the_program() -> None:
    """The table of docs/cli.md has every word that stands in ``code`` and no other."""
    assert {row[0] for row in rows(section("cli.md", "Words in"))[2:]} == failure_words()


def test_commands_are_those_of_the_program() -> None:
    """docs/cli.md has a heading for every command and none for a command that does not exist."""
    described = [re.match(r"`(jpki(?: [a-z][a-z0-9-]*)+)", heading) for heading in HEADING.findall(doc("cli.md"))]
    sections = [found[1] for found in described if found]
    assert sorted(set(COMMANDS) - set(sections)) == [], "docs/cli.md has no section for these: write it"
    assert sorted(set(sections) - set(COMMANDS)) == [], (
        "docs/cli.md has sections for these, and neither cli/jpki_cli/main.py nor the __init__.py of a group names them"
    )
    assert len(sections) == len(COMMANDS), "docs/cli.md describes a command twice"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_described(name: str) -> None:
    """The section of a command has each of its own options; those that take secrets may be in their own section."""
    text = section("cli.md", f"`{name}") + section("cli.md", "Secrets")
    own = [param for param in COMMANDS[name].params if isinstance(param, click.Option) and not is_shared(param)]
    assert [option.opts for option in own if not any(f"`{opt}" in text for opt in option.opts)] == []


def test_global_options_are_described() -> None:
    """The table of global options has each of them and no other."""
    cells = [row[0] for row in rows(section("cli.md", "Global options"))[2:]]
    options = [param for param in make_root().params if isinstance(param, click.Option)]
    expected = {opt for option in options for opt in option.opts} | {"-h", "--help"}
    assert {word for cell in cells for word in re.findall(r"--?[a-z-]+", cell)} == expected


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link of a page names a file that exists, and its heading where one is named."""
    broken = []
    for target in LINK.findall(re.sub(r"```.*?```|`[^`\n]*`", "", text_of(page), flags=re.DOTALL)):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        path = (page.parent / file).resolve() if file else page
        if not path.exists() or (anchor and anchor not in anchors(path)):
            broken.append(target)
    assert broken == []


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as the usual renderers make them."""
    plain = [re.sub(r"[^\w\- ]", "", heading.lower()) for heading in HEADING.findall(text_of(page))]
    return {heading.strip().replace(" ", "-") for heading in plain}


def has_place(name: str, number: str) -> bool:
    """Whether a document has a section, or an item of a numbered list in a section, with this number."""
    if name == "architecture.md":
        return bool(re.search(rf"^{number}\. \*\*", doc(name), re.MULTILINE))
    if re.search(rf"^#+ {re.escape(number)}\.? ", doc(name), re.MULTILINE):
        return True
    parent, _, item = number.rpartition(".")
    return bool(parent) and bool(re.search(rf"^{item}\. ", section(name, parent), re.MULTILINE))


def test_cited_places_exist() -> None:
    """A comment that cites a section, an item or an invariant of a document cites one that is there."""
    cited = [(page_name(path), *at) for path in source_files() for at in CITATION.findall(text_of(path))]
    assert len(cited) > 100
    assert [at for at in cited if not (DOCS / at[1]).exists() or (at[2] and not has_place(*at[1:]))] == []


@pytest.mark.parametrize("path", sorted(SCHEMAS.glob("*.json")), ids=lambda path: path.stem)
def test_schemas_are_schemas(path: Path) -> None:
    """Each schema is one of JSON Schema 2020-12, and names the object that its file is named after."""
    content = json.loads(path.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(content)
    assert content["properties"]["schema"]["const"] == content["title"]
    assert content["title"].startswith(f"jpki.{path.stem}/")


def test_every_object_of_the_program_has_a_schema() -> None:
    """Each schema that the command line names in its sources has a file and is named in docs/cli.md."""
    named = {n for p in (ROOT / "cli").rglob("*.py") for n in re.findall(r'"(jpki\.[a-z-]+/\d+)"', text_of(p))}
    for name in named:
        schema_of(name)
        assert f"`{name}`" in doc("cli.md"), f"docs/cli.md does not name {name}: write what is in it"


@pytest.mark.parametrize(("page", "value"), json_examples(), ids=lambda part: part if isinstance(part, str) else "")
def test_json_examples_fit_their_schema(page: str, value: dict[str, Any]) -> None:
    """A JSON object in a document is one that the program may print."""
    del page
    validate(value)


@pytest.mark.parametrize(("page", "value"), json_examples(), ids=lambda part: part if isinstance(part, str) else "")
def test_schemas_refuse_what_is_not_promised(page: str, value: dict[str, Any]) -> None:
    """A schema that takes anything would prove nothing: an unknown key and half a failure are refused."""
    del page
    without_message = {key: part for key, part in value.items() if key != "message"}
    for wrong in (value | {"surplus": 1}, without_message | {"code": "wrong_pin", "exit_code": 4}):
        with pytest.raises(ValidationError):
            validate(wrong)


@pytest.mark.parametrize("example", examples(), ids=lambda example: f"{example.page}: {example.command}")
def test_examples_are_true(example: Example, tmp_path: Path) -> None:
    """A command line in a document prints what the document says, but for what depends on the day."""
    program = f"{shlex.quote(sys.executable)} -P -m jpki_cli --lang en "
    line = re.sub(r"(^|[|;&] )jpki ", lambda found: found[1] + program, example.command)
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "COLUMNS": "80", "PYTHONUTF8": "1"}
    command: list[str | bytes] = ["sh", "-c", f"{{ {line}\n}} 2>&1".encode()]
    done = subprocess.run(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, encoding="utf-8", check=False)
    assert VARYING.sub("…", done.stdout.rstrip("\n")) == VARYING.sub("…", example.output)

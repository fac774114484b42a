"""A value of ours that has a few words is an enumeration: no word of it is compared as a string."""

import ast
import re
from collections.abc import Iterator

import pytest
from sources import SOURCES, name_of, parse

#: What is compared with words all the same, by source (a folder: all in it; "": anywhere), and why.
ALLOWED = {
    "systems, which type checkers follow": {"": ["sys.platform", "os.name"]},
    "languages": {
        "": ["language", "self.context.language", "self._context.language"],
        "cli/jpki_cli/main.py": ["chosen"],
    },
    "Unicode": {
        "": ["unicodedata.east_asian_width(c)", "unicodedata.category(character)", "east_asian_width(character)"]
    },
    "what the environment says": {
        "cli/jpki_cli/agent/dialog_order.py": ["require"],
        "cli/jpki_cli/terminal/text.py": ["os.environ.get('TERM')", "unicodedata.east_asian_width(character)"],
    },
    "names of options, arguments and keys, which are names in the code, too": {
        "cli/jpki_cli/app/completion.py": ["param.name"],
        "cli/jpki_cli/commands/sim/control.py": ["name"],
        "cli/jpki_cli/commands/survey.py": ["option.name", "name"],
        "jpki/survey/result.py": ["set(value)"],
        "sim/jpki_sim/model/documents.py": ["name"],
        "sim/jpki_sim/model/edit.py": ["key"],
        "sim/jpki_sim/personas/oracle.py": ["name"],
    },
    "an option's words, of which one switches something off": {
        "cli/jpki_cli/commands/sim/serve.py": ["self._form.link", "self._form.log_format", "form.log_format"],
    },
    "messages between two processes": {
        "cli/jpki_cli/agent/ask_terminal.py": ["question['kind']"],
        "window/jpki_window/pin/ask.py": ["_text(question, 'kind')"],
        "sim/jpki_sim/serve/control.py": ["command"],
    },
    "words of other programs, libraries and formats": {
        "cli/jpki_cli/process/encodings.py": ["codecs.lookup(stream.encoding).name"],
        "jpki/agent/pkcs11": ["part", "request.call.name"],
        "jpki/certificate/details.py": ["parameters.name"],
        "jpki/certificate/extensions.py": ["place.name"],
        "jpki/diagnosis/detectors": ["program.name", "p.name", "word", "fields[1:3]", "value"],
        "jpki/diagnosis/system": ["words[1]", "number[1]"],
        "jpki/files/following.py": ["mode"],
        "jpki/signing/cms/smime.py": ["encoding"],
        "jpki/signing/key.py": ["key.algorithm", "(key.algorithm, key.bits)"],
        "jpki/signing/time_stamp_service.py": ["parts.scheme"],
        "jpki/transport/pcsc_calls.py": ["function"],
        "sim/jpki_sim/serve/vpcd.py": ["host"],
    },
    "codes of errors, whose rooms lie above the errors (docs/architecture.md, Layers)": {
        "jpki/words/file_failures.py": ["exc.fault"],
        "cli/jpki_cli/failures/explaining.py": ["exc.fault"],
        "window/jpki_window/files/wishes.py": ["first.fault"],
    },
    "the one issuer that is told apart from generations": {"jpki/certificate/wording.py": ["label"]},
    "a drawing for each name of a mood": {"window/jpki_window/look/marks.py": ["self._mood"]},
    "words of a card file with a Literal type, whose comparisons mypy checks": {
        "cli/jpki_cli/commands/sim/serve.py": ["event"],
        "sim/jpki_sim/card/card.py": ["interface_of(self._atr)"],
        "sim/jpki_sim/contents": ["card.interface", "card.kind", "card.layout.attributes_length", "missing"],
        "sim/jpki_sim/contents/certificates.py": ["defect", "entry.defect", "use"],
        "sim/jpki_sim/files/cardcheck.py": ["use"],
        "sim/jpki_sim/personas": ["recipe.kind", "self.recipe.kind", "use"],
        "sim/jpki_sim/serve/serving.py": ["event"],
    },
    "other words of a card file, where any text may stand": {
        "sim/jpki_sim/card/security.py": ["reference.pin", "file.pin"],
        "sim/jpki_sim/contents/certificates.py": ["prefix"],
        "sim/jpki_sim/model/model.py": ["self.certificate_flags"],
        "sim/jpki_sim/personas/newcard.py": ["name"],
    },
}
_WORD = re.compile(r"[A-Za-z][\w-]+\Z")
_EQUAL = (ast.Eq, ast.NotEq)
_AMONG = (ast.In, ast.NotIn)


def has_word(node: ast.AST) -> bool:
    """Whether a side of a comparison is a word, or a tuple, list or set with one."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and _WORD.match(node.value) is not None
    return isinstance(node, ast.Tuple | ast.List | ast.Set) and any(map(has_word, node.elts))


def compared(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The line of every comparison with a word, and what is compared; a key looked for in something is none."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = (node.left, *node.comparators)
            for left, operator, right in zip(sides, node.ops, sides[1:], strict=False):
                if has_word(right) and isinstance(operator, (*_EQUAL, *_AMONG)):
                    yield node.lineno, ast.unparse(left)
                elif has_word(left) and isinstance(operator, _EQUAL):
                    yield node.lineno, ast.unparse(right)
        elif isinstance(node, ast.Match):
            patterns = [case.pattern for case in node.cases]
            if any(isinstance(pattern, ast.MatchValue) and has_word(pattern.value) for pattern in patterns):
                yield node.lineno, ast.unparse(node.subject)


def is_allowed(source: str, what: str) -> bool:
    """Whether the list above has it."""
    return any(
        what in names and (not place or source == place or source.startswith(f"{place}/"))
        for places in ALLOWED.values()
        for place, names in places.items()
    )


def test_words_of_ours_are_enumerations() -> None:
    """A comparison with a word is one with an argument, a system or something else from outside, and is listed."""
    found = [
        f"{name_of(path)}:{line}: {what} is compared with a word: make its words an enumeration, or say in "
        "tests/test_literals.py where they come from"
        for path in SOURCES
        for line, what in compared(parse(path))
        if not is_allowed(name_of(path), what)
    ]
    assert found == []


def test_every_exception_is_needed() -> None:
    """Nothing stands in the list that no source compares."""
    met = {(name_of(path), what) for path in SOURCES for _, what in compared(parse(path))}
    unused = [
        (place, name)
        for places in ALLOWED.values()
        for place, names in places.items()
        for name in names
        if not any(
            what == name and (not place or source == place or source.startswith(f"{place}/")) for source, what in met
        )
    ]
    assert unused == []


@pytest.mark.parametrize(
    "source",
    [
        "state == 'absent'",
        "'absent' != state",
        "state in ('absent', 'missing')",
        "state not in {'absent'}",
        "match state:\n    case 'absent':\n        pass",
        "def f():\n    return 1 if state == 'absent' else 2",
    ],
)
def test_scan_sees_a_comparison_in_every_form(source: str) -> None:
    """The scan finds equality either way round, membership and patterns, wherever they stand."""
    assert [what for _, what in compared(ast.parse(source))] == ["state"]


@pytest.mark.parametrize("source", ["'key' in facts", "text == ''", "text == 'a b'", "kind is Kind.A"])
def test_scan_passes_over_what_is_none(source: str) -> None:
    """A key that is looked for, a sentence, an empty text and an enumeration are no comparison with a word."""
    assert list(compared(ast.parse(source))) == []

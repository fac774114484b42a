"""Doors of the rooms: who imports what from where, and that a door says the same to Python and to type checkers."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import jpki.asn1
import jpki.card
import jpki.card.status
from jpki.doors import door

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
HOUSES = {
    house: ROOT / folder / house
    for house, folder in {"jpki": ".", "jpki_cli": "cli", "jpki_sim": "sim", "jpki_window": "window"}.items()
    if (ROOT / folder / house).is_dir()
}
#: The faces, and what is beside the library.
OUTSIDE = [house for house in HOUSES if house != "jpki"]
#: Click loads these by the names in its tables; they have nothing for anybody else.
GROUPS = "jpki_cli.commands"
#: Type checkers alone read these, so that a door would keep nothing from being loaded; a new type is written once.
TYPES = "jpki_cli.results"
#: What a module says that Windows cannot have; its names stand behind the same question in the stub.
NOT_ON_WINDOWS = 'assert sys.platform != "win32"'
PAGE = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")


def module_name(house: str, path: Path) -> str:
    """The name by which a source is imported."""
    parts = path.relative_to(HOUSES[house]).with_suffix("").parts
    return ".".join((house, *(parts[:-1] if parts[-1] == "__init__" else parts)))


SOURCES = {module_name(house, path): path for house in HOUSES for path in sorted(HOUSES[house].rglob("*.py"))}
PACKAGES = {name for name, path in SOURCES.items() if path.name == "__init__.py" and name != TYPES}
ROOMS = sorted(name for name in PACKAGES - set(HOUSES) if not f"{name}.".startswith(f"{GROUPS}."))


def imports_of(source: str) -> Iterator[tuple[str, str]]:
    """Every absolute `from MODULE import NAME`, and every `import MODULE` with an empty name, wherever it stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from ((node.module or "", alias.name) for alias in node.names)


def wrong_imports(importer: str, source: str) -> list[str]:
    """What a module imports past a door, and what it imports from its own room otherwise than relatively."""
    here = importer if importer in PACKAGES else importer.rpartition(".")[0]
    wrong = []
    for module, name in imports_of(source):
        room, _, last = module.rpartition(".")
        is_inside = f"{here}.".startswith(f"{room}.")
        is_of_a_room = room in PACKAGES - set(HOUSES) and module not in PACKAGES
        is_module = module in PACKAGES - set(HOUSES) and f"{module}.{name}" in SOURCES
        if (is_of_a_room and (not is_inside or room == here)) or (is_module and module == here):
            wrong.append(f"{importer}: {module} {name or last}")
    return wrong


def table_of(room: str) -> dict[str, str]:
    """The names of a door with the modules that have them, as its `__init__.py` says."""
    for node in ast.walk(ast.parse(SOURCES[room].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "door":
            return {name: module for module, names in ast.literal_eval(node.args[1]).items() for name in names}
    raise AssertionError(f"{room} has no door: see jpki/doors.py")


def test_outside_a_room_only_its_door_is_imported() -> None:
    """`from jpki.card import Pin` outside of jpki/card, `from .pin import Pin` in it; never `jpki.card.pin`."""
    wrong = [one for name, path in SOURCES.items() for one in wrong_imports(name, path.read_text(encoding="utf-8"))]
    assert wrong == []


@pytest.mark.parametrize(
    ("importer", "source", "found"),
    [
        ("jpki_cli.main", "def f():\n    from jpki.card.pin import Pin", 1),
        ("jpki_cli.main", "import jpki.card.pin", 1),
        ("jpki.card.status", "from jpki.card.pin import Pin", 1),
        ("jpki.card.status", "from jpki.card import pin", 1),
        ("jpki.pin.rules", "from jpki.card.pin import Pin", 1),
        (
            "jpki.pin.rules",
            "from jpki.card import Pin\nfrom jpki.errors import PinError\nfrom .secret import Secret",
            0,
        ),
        ("jpki.signing.cms.verify", "from jpki.signing.key import SigningKey", 0),
        ("jpki.signing.key", "from jpki.signing.cms.verify import verify", 1),
    ],
)
def test_scan_sees_what_goes_past_a_door(importer: str, source: str, found: int) -> None:
    """The scan above notices each way past a door, and a room in a room may know the modules around it."""
    assert len(wrong_imports(importer, source)) == found


@pytest.mark.parametrize("room", ROOMS)
def test_type_checkers_see_the_same_door(room: str) -> None:
    """The stub beside `__init__.py` has the same names from the same modules, and `__all__` has them all."""
    table = table_of(room)
    typed: dict[str, str] = {}
    stub = ast.parse(SOURCES[room].with_suffix(".pyi").read_text(encoding="utf-8"))
    for node in (node for node in ast.walk(stub) if isinstance(node, ast.ImportFrom)):
        assert [alias.asname for alias in node.names] == [alias.name for alias in node.names]
        typed |= {alias.name: node.module or "" for alias in node.names}
    assert typed == table
    assert import_module(room).__all__ == sorted(table)


@pytest.mark.parametrize("room", ROOMS)
def test_every_name_of_a_door_is_there(room: str) -> None:
    """Each name is what its module has, and none is hidden by a module of the same name."""
    if room.startswith("jpki_window."):
        pytest.importorskip(
            "PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError
        )
    opened = import_module(room)
    for name, module in table_of(room).items():
        if module and sys.platform == "win32" and NOT_ON_WINDOWS in SOURCES[f"{room}.{module}"].read_text("utf-8"):
            continue
        inner = import_module(f"{room}.{module or name}")
        assert getattr(opened, name) is (getattr(inner, name) if module else inner), name


def test_two_doors_of_the_library_give_no_two_things_one_name() -> None:
    """A name has one meaning: where two rooms have it at their doors, it is the same thing."""
    meant: dict[str, dict[int, str]] = {}
    for room in (room for room in ROOMS if room.startswith("jpki.")):
        opened = import_module(room)
        for name in opened.__all__:
            meant.setdefault(name, {}).setdefault(id(getattr(opened, name)), room)
    assert {name: sorted(rooms.values()) for name, rooms in meant.items() if len(rooms) > 1} == {}


def test_opening_the_doors_loads_nothing() -> None:
    """Importing every room loads packages and the helper of the doors alone: no other module of anybody."""
    script = (
        f"import sys; sys.path[:0] = {[str(path.parent) for path in HOUSES.values()]!r}; before = set(sys.modules)\n"
        f"import {', '.join(ROOMS)}\nprint(*set(sys.modules) - before)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = {name for name in done.stdout.split() if name.split(".")[0] not in {"importlib", "warnings"}}
    assert loaded == {*ROOMS, *(house for house in HOUSES), "jpki.doors"}


def test_a_door_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name is looked up each time: what a test puts into the module is seen through the door."""
    assert jpki.card.read_status is jpki.card.status.read_status
    monkeypatch.setattr(jpki.card.status, "read_status", None)
    assert jpki.card.read_status is None


def test_a_door_has_no_other_names() -> None:
    """A misspelt name is an AttributeError that says which; a module among the names is that module."""
    load, names = door("jpki.asn1", {"": ("der",), "strict": ("parse",)})
    assert names == ["der", "parse"]
    assert load("der") is sys.modules["jpki.asn1.der"]
    with pytest.raises(AttributeError, match=r"module 'jpki\.asn1' has no attribute 'pars'"):
        load("pars")


def documented() -> set[tuple[str, str]]:
    """Every module and name in the appendix of docs/library.md."""
    found = set()
    for section in PAGE.partition("## Every name, by room")[2].split("\n### ")[1:]:
        room = section.split("\n", 1)[0].strip("`")
        found |= {(room, name) for name in re.findall(r"^- `(\w+)`: \S", section, re.MULTILINE)}
    return found


def test_every_name_of_the_library_is_documented() -> None:
    """The appendix has each name of each door of the library with its sentence, and no name that is not there."""
    names = {(room, name) for room in ROOMS if room.startswith("jpki.") for name in table_of(room)}
    assert {row for row in documented() if row[0] in ROOMS} == names, "run scripts/generate-docs"


@pytest.mark.parametrize("face", OUTSIDE)
def test_what_others_import_is_in_a_door_and_documented(face: str) -> None:
    """Each name of the library that a face or the simulator imports is in `__all__` and in docs/library.md."""
    used = {
        (module, name)
        for importer, path in SOURCES.items()
        if importer.split(".")[0] == face
        for module, name in imports_of(path.read_text(encoding="utf-8"))
        if module.split(".")[0] == "jpki" and name and f"{module}.{name}" not in SOURCES
    } - {("jpki", "__version__"), ("jpki.doors", "door")}
    assert len(used) > 5
    assert [(room, name) for room, name in used if room in ROOMS and name not in import_module(room).__all__] == []
    # The names of jpki itself are in that page's table (tests/test_library_api.py).
    inner = {(room, name) for room, name in used if room != "jpki"}
    assert sorted(inner - documented()) == [], "run scripts/generate-docs"


def test_the_simulator_knows_of_the_transport_only_what_a_card_is() -> None:
    """Of the way to a card it uses the states of readers, and nothing that reaches PC/SC."""
    of_transport = table_of("jpki.transport")
    used = {
        of_transport[name]
        for importer, path in SOURCES.items()
        if importer.startswith("jpki_sim.")
        for module, name in imports_of(path.read_text(encoding="utf-8"))
        if module == "jpki.transport"
    }
    assert used <= {"base", "reader_state"}

"""The command line's own table of commands, and which of them can come by a secret, found in their sources."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

import jpki_cli
from jpki_cli.main import make_root

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROOT: Final = Path(jpki_cli.__file__).parent
#: The functions through which every secret comes in; :func:`makers_of_secrets` says that there are no others.
SOURCES: Final = frozenset({"prompt_secret", "read_secrets", "ask_program"})


def every_command() -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command that can be called, with its words."""

    def walk(command: click.Command, words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
        if not isinstance(command, click.Group):
            yield words, command
            return
        context = click.Context(command)
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None
            yield from walk(child, (*words, name))

    yield from walk(make_root(), ())


def can_come_by_a_secret(command: click.Command) -> bool:
    """Whether a command's module imports a source of secrets, itself or through the modules that it imports."""
    assert command.callback is not None
    seen: set[str] = set()
    waiting = [command.callback.__module__]
    while waiting:
        module = waiting.pop()
        if module in seen:
            continue
        seen.add(module)
        modules, names = _imports(module)
        if names & SOURCES:
            return True
        waiting += modules
    return False


def makers_of_secrets() -> set[str]:
    """Functions of the command line in which a secret is made."""
    found = set()
    for path in _ROOT.rglob("*.py"):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef) and any(map(_makes_secret, ast.walk(function))):
                found.add(f"{path.stem}.{function.name}")
    return found


def _makes_secret(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("Secret", "getpass")


@cache
def _imports(module: str) -> tuple[list[str], set[str]]:
    """Modules of the command line that a module imports, anywhere in it, and the names that it takes from them."""
    modules: list[str] = []
    names: set[str] = set()
    for node in ast.walk(ast.parse(_path(module).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            modules += [alias.name for alias in node.names if alias.name.startswith("jpki_cli")]
        elif isinstance(node, ast.ImportFrom):
            source = _source(node, module)
            if not source.startswith("jpki_cli"):
                continue
            names |= {alias.name for alias in node.names}
            modules += (
                [source] if not _stub(source).exists() else _behind_the_door(source, {a.name for a in node.names})
            )
            inside = [f"{source}.{alias.name}" for alias in node.names]
            modules += [name for name in inside if _path(name).exists()]
    return modules, names


def _path(module: str) -> Path:
    path = _ROOT.joinpath(*module.split(".")[1:])
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _source(node: ast.ImportFrom, module: str) -> str:
    """The module that is imported from; a relative name is one of the same folder."""
    if not node.level:
        return node.module or ""
    is_package = _path(module).name == "__init__.py"
    parts = module.split(".")
    kept = parts[: len(parts) - node.level + is_package]
    return ".".join([*kept, *([node.module] if node.module else [])])


def _stub(module: str) -> Path:
    """What says of a room in which of its modules each name of its door is."""
    return _ROOT.joinpath(*module.split(".")[1:]) / "__init__.pyi"


def _behind_the_door(room: str, names: set[str]) -> list[str]:
    """The modules of a room in which these names of its door are."""
    return [
        f"{room}.{node.module}"
        for node in ast.walk(ast.parse(_stub(room).read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module and names & {alias.asname for alias in node.names}
    ]

"""Every reference in a docstring or comment, as :class:`X`, leads to something. Nothing of ours is imported for it."""

from __future__ import annotations

import ast
import builtins
import importlib
import re
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import pytest

ROOT: Final = Path(__file__).parents[1]
#: Source roots, each with the packages below it.
SOURCES: Final = {ROOT: "jpki", ROOT / "cli": "jpki_cli", ROOT / "sim": "jpki_sim"}
REFERENCE: Final = re.compile(r":(?:class|func|meth|attr|data|mod|exc|obj):`[~!]?([\w.]+)(?:\(\))?`")


class Reference(NamedTuple):
    """A name that stands in the text of a module, inside a class or not."""

    module: str
    line: int
    scope: tuple[str, ...]
    name: str


@cache
def modules() -> dict[str, Path]:
    """Every module of the three packages, with its file."""
    found = {}
    for source, package in SOURCES.items():
        for path in sorted((source / package).rglob("*.py")):
            parts = path.relative_to(source).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def tree_of(module: str) -> ast.Module:
    """The syntax tree of a module of ours."""
    return ast.parse(modules()[module].read_text(encoding="utf-8"))


def references() -> list[Reference]:
    """All references in the sources, also those in comments above a constant."""
    found = []
    for module, path in modules().items():
        text = path.read_text(encoding="utf-8")
        if REFERENCE.search(text):
            for number, line in enumerate(text.splitlines(), 1):
                scope = _scope(tree_of(module), number)
                found += [Reference(module, number, scope, name) for name in REFERENCE.findall(line)]
    return found


def _scope(node: ast.AST, line: int) -> tuple[str, ...]:
    for child in ast.iter_child_nodes(node):
        end = getattr(child, "end_lineno", None)
        if isinstance(child, ast.ClassDef) and end is not None and child.lineno <= line <= end:
            return (child.name, *_scope(child, line))
    return ()


def resolves(name: str, module: str, scope: tuple[str, ...] = ()) -> bool:
    """Whether a name means something where it stands: in its class, its module, or as the full name of something."""
    return (
        any(_member(module, [*scope[:depth], *name.split(".")]) for depth in range(len(scope), -1, -1))
        or hasattr(builtins, name)
        or _full_name(name)
    )


def _full_name(name: str) -> bool:
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        module = ".".join(parts[:length])
        if module in modules():
            return _member(module, parts[length:])
    return not name.startswith(tuple(SOURCES.values())) and len(parts) > 1 and _foreign(parts)


def _foreign(parts: list[str]) -> bool:
    """Whether another package has it."""
    try:
        found = importlib.import_module(parts[0])
    except ImportError:
        return False
    for part in parts[1:]:
        if not hasattr(found, part):
            return False
        found = getattr(found, part)
    return True


def _member(module: str, parts: list[str]) -> bool:
    """Whether a module of ours has a name, its own or imported, and that name what follows."""
    if not parts:
        return True
    if ".".join((module, parts[0])) in modules():
        return _member(".".join((module, parts[0])), parts[1:])
    inner = _inner_nodes(module)
    if _is_of_door(module, parts):
        return True
    return any(_defines(node, module, parts) for node in ast.walk(tree_of(module)) if node not in inner)


def _is_of_door(module: str, parts: list[str]) -> bool:
    """Whether a name is in the stub beside a package, which says what its door gives."""
    stub = modules()[module].with_suffix(".pyi")
    if not stub.exists():
        return False
    for node in ast.walk(ast.parse(stub.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and parts[0] in {alias.asname for alias in node.names}:
            return _member(_source_of(node, module), parts) if node.module else True
    return False


@cache
def _inner_nodes(module: str) -> set[ast.AST]:
    """What stands inside a function or class, which is no name of the module."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return {
        inner
        for node in ast.walk(tree_of(module))
        if isinstance(node, kinds)
        for inner in ast.walk(node)
        if inner is not node
    }


def _source_of(node: ast.ImportFrom, module: str) -> str:
    """The module that is imported from; a relative name is one of the same folder."""
    if not node.level:
        return str(node.module)
    is_package = modules()[module].name == "__init__.py"
    parts = module.split(".")
    kept = parts[: len(parts) - node.level + is_package]
    return ".".join([*kept, *([node.module] if node.module else [])])


def _defines(node: ast.AST, module: str, parts: list[str]) -> bool:
    first, rest = parts[0], parts[1:]
    if isinstance(node, ast.ImportFrom):
        source = _source_of(node, module)
        names = [alias.name for alias in node.names if (alias.asname or alias.name) == first]
        return bool(names) and (source not in modules() or _member(source, [names[0], *rest]))
    if isinstance(node, ast.ClassDef) and node.name == first:
        return not rest or _class_has(node, module, rest)
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return node.name == first and not rest
    return first in _assigned(node) and not rest


def _class_has(cls: ast.ClassDef, module: str, parts: list[str]) -> bool:
    """Whether a class has a member: in its body, set on itself, or in a base class that is named plainly."""
    own = {name for node in cls.body for name in _assigned(node)}
    own |= {node.name for node in cls.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))}
    own |= {
        node.attr
        for node in ast.walk(cls)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and ast.unparse(node.value) == "self"
    }
    bases = [base.id for base in cls.bases if isinstance(base, ast.Name)]
    return parts[0] in own or any(_member(module, [base, *parts]) for base in bases if base != cls.name)


def _assigned(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Assign):
        return {target.id for target in node.targets if isinstance(target, ast.Name)}
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return {node.target.id}
    return set()


def test_every_reference_leads_somewhere() -> None:
    """Whoever renames something finds here the docstrings that name it."""
    found = references()
    lost = [f"{r.module}:{r.line}: {r.name}" for r in found if not resolves(r.name, r.module, r.scope)]

    assert len(found) > 100
    assert lost == []


@pytest.mark.parametrize(
    ("name", "is_there"),
    [
        ("jpki.errors.PinError", True),
        ("jpki.errors.NoSuchError", False),
        ("jpki.nowhere", False),
        ("jpki.card.pin.Pin.retry_limit", True),
        ("jpki.card.pin.Pin.no_such", False),
        ("Pin.retry_limit", True),
        ("Pin.no_such", False),
        ("NoSuchName", False),
        ("ValueError", True),
        ("pathlib.Path.open", True),
        ("pathlib.NoPath", False),
    ],
)
def test_a_reference_to_nothing_is_seen(name: str, is_there: bool) -> None:  # noqa: FBT001 - a parameter of the table
    """The look-up finds what exists, and nothing else."""
    assert resolves(name, "jpki.card.pin") is is_there

"""One word for one thing: the list in docs/contributing.md, held in the catalogue by scripts/glossary."""

from __future__ import annotations

import importlib.util
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).parent.parent


def _load() -> Any:
    """The script as a module; it has no ending, since contributors run it by its name."""
    loader = SourceFileLoader("glossary", str(ROOT / "scripts/glossary"))
    specification = importlib.util.spec_from_loader(loader.name, loader)
    assert specification is not None
    module: ModuleType = importlib.util.module_from_spec(specification)
    loader.exec_module(module)
    return module


GLOSSARY = _load()


@pytest.mark.parametrize("wrong", GLOSSARY.JAPANESE)
def test_japanese_has_one_word_for_one_thing(wrong: str) -> None:
    """Names of things outside, as of an app, are in the catalogue's English too and are left as they are."""
    assert GLOSSARY.said_wrongly(wrong, "ja") == []


@pytest.mark.parametrize("wrong", GLOSSARY.ENGLISH)
def test_english_is_said_as_the_table_says(wrong: str) -> None:
    """What was found to be badly said does not come back."""
    assert GLOSSARY.said_wrongly(wrong, "en") == []


def test_the_list_is_that_of_the_contributors() -> None:
    """Each wrong word of Japanese stands in docs/contributing.md, in the column of what is not said."""
    assert len(GLOSSARY.forbidden_by_the_list()) > 25
    assert GLOSSARY.not_in_the_list() == []


def test_what_the_contributors_list_is_held() -> None:
    """And nothing stands there that no check looks for."""
    assert GLOSSARY.not_looked_for() == []


def test_the_gate_fails_on_a_word_that_is_not_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the catalogue as it is it passes; one wrong sentence in either language, and it fails and says which."""
    assert GLOSSARY.main() == 0
    catalogue = GLOSSARY.CATALOGUE.read_text(encoding="utf-8")
    cases = {"カード自体": 'msgstr "カード(&C)"', "The counter is full.": 'msgid "Nothing was changed."'}
    for number, (wrong, before) in enumerate(cases.items()):
        assert before in catalogue
        keyword = before.split()[0]
        changed = tmp_path / f"{number}.po"
        changed.write_text(catalogue.replace(before, f'{keyword} "{wrong}"'), encoding="utf-8")
        monkeypatch.setattr(GLOSSARY, "CATALOGUE", changed)
        capsys.readouterr()
        assert GLOSSARY.main() == 1
        assert wrong in capsys.readouterr().out

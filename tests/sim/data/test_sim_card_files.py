"""Card files: read back as written, refused with the key that is wrong, replaced whole or not at all."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from jpki_sim.errors import CardFileError
from jpki_sim.files import cardfile
from jpki_sim.model import write_object
from jpki_sim.personas import find_persona, new_card, personas
from jpki_sim.pki import keys

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jpki_sim.model import CardFile
    from jpki_sim.personas import Persona

AVAILABLE = [persona for persona in personas() if not persona.unavailable]


@pytest.fixture
def path(tmp_path: Path, card_of: Callable[[str], CardFile]) -> Path:
    """A card file of an ordinary adult."""
    path = tmp_path / "card.json"
    cardfile.save(card_of("adult"), path)
    return path


def edit(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change a card file by hand."""
    document = json.loads(path.read_bytes())
    change(document)
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


@pytest.mark.parametrize("persona", AVAILABLE, ids=lambda persona: persona.name)
def test_a_file_is_read_back_as_it_was_written(persona: Persona, today: date, tmp_path: Path) -> None:
    """Reading a card file and writing it again gives the same bytes."""
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    cardfile.save(new_card(persona, today=today, generate_keys=False), first)
    cardfile.save(cardfile.load(first), second)
    assert first.read_bytes() == second.read_bytes()


def test_a_new_card_has_keys_of_its_own(today: date) -> None:
    """Keys of a new card are new, consistent, and those of its certificates."""
    card = new_card(find_persona("phone"), today=today)
    made = {keys.decode_key(text).n for text in card.keys.values()}
    assert len(made) == 2
    assert made.isdisjoint(keys.shipped_key(name).n for name in keys.shipped_key_names())


def test_a_file_is_text_for_people(path: Path) -> None:
    """A card file begins with its schema and a note that says TEST, holds Japanese as such, and ends with a newline."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    assert lines[1] == '  "schema": "jpki.card/1",'
    assert "TEST" in lines[2]
    assert "テスト　太郎" in text
    assert text.endswith("}\n")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_a_file_is_its_owners(path: Path) -> None:
    """A card file can be read and written by its owner only, also after it was replaced under another mode mask."""
    before = os.umask(0)
    try:
        cardfile.save(cardfile.load(path), path)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_byte_order_mark_is_taken(path: Path) -> None:
    """An editor's byte order mark does not spoil a card file."""
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert cardfile.load(path).persona == "adult"


def test_keys_with_a_usual_value_may_be_left_out(path: Path) -> None:
    """Layout, settings, flags, ATR and the rare parts of holder and certificate need not stand in a file."""
    usual = cardfile.load(path)

    def shorten(document: dict[str, Any]) -> None:
        for name in ("layout", "settings", "certificate_flags", "atr"):
            del document[name]
        for name in ("birth_date_attribute", "birth_date_text", "other_names"):
            del document["holder"][name]
        for name in ("policy", "defect", "der"):
            del document["certificates"]["auth"][name]

    edit(path, shorten)
    assert cardfile.load(path) == usual


BROKEN: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "no schema": (lambda d: d.pop("schema"), "schema"),
    "newer schema": (lambda d: d.update(schema="jpki.card/2"), "schema"),
    "other schema": (lambda d: d.update(schema="jpki.status/1"), "schema"),
    "schema no text": (lambda d: d.update(schema=1), "schema"),
    "unknown key": (lambda d: d.update(colour="red"), "colour"),
    "unknown inner key": (lambda d: d["pins"]["auth"].update(tries=1), "pins.auth.tries"),
    "unknown pin": (lambda d: d["pins"].update(other={}), "pins.other"),
    "missing key": (lambda d: d.pop("kind"), "kind"),
    "missing inner key": (lambda d: d["holder"].pop("name"), "holder.name"),
    "missing card key": (lambda d: d["keys"].pop("visual"), "keys.visual"),
    "counter text": (lambda d: d["pins"]["sign"].update(retries_remaining="3"), "pins.sign.retries_remaining"),
    "counter truth": (lambda d: d["pins"]["sign"].update(retries_remaining=True), "pins.sign.retries_remaining"),
    "counter number": (lambda d: d["pins"]["sign"].update(retries_remaining=1.5), "pins.sign.retries_remaining"),
    "counter too high": (lambda d: d["pins"]["sign"].update(retries_remaining=16), "pins.sign.retries_remaining"),
    "counter below 0": (lambda d: d["pins"]["sign"].update(retries_remaining=-1), "pins.sign.retries_remaining"),
    "pin null": (lambda d: d["pins"].update(auth=None), "pins.auth"),
    "pin empty": (lambda d: d["pins"]["auth"].update(value=""), "pins.auth.value"),
    "pin full-width": (lambda d: d["pins"]["auth"].update(value="２８４６"), "pins.auth.value"),
    "kind": (lambda d: d.update(kind="phone"), "kind"),
    "day": (lambda d: d["card"].update(expires="2031-02-30"), "card.expires"),
    "instant": (lambda d: d["certificates"]["auth"].update(not_before="soon"), "certificates.auth.not_before"),
    "issuer": (lambda d: d["certificates"]["auth"].update(issuer="real"), "certificates.auth.issuer"),
    "key": (lambda d: d["keys"].update(auth="test:none"), "keys.auth"),
    "key cut": (lambda d: d["keys"].update(auth="MIIE" * 40), "keys.auth"),
    "der": (lambda d: d["certificates"]["auth"].update(der="###"), "certificates.auth.der"),
    "policy": (lambda d: d["certificates"]["auth"].update(policy="1.99.3"), "certificates.auth.policy"),
    "setting": (lambda d: d["settings"].update(verify_blocked="9000"), "settings.verify_blocked"),
    "setting truth": (lambda d: d["settings"].update(extended_length=1), "settings.extended_length"),
    "other name": (lambda d: d["holder"].update(other_names=[{"oid": "x", "value": "y"}]), "holder.other_names[0].oid"),
    "list": (lambda d: d["holder"].update(other_names={}), "holder.other_names"),
    "object": (lambda d: d.update(holder=[]), "holder"),
    "control character": (lambda d: d["holder"].update(name="a\nb"), "holder.name"),
    "lone surrogate": (lambda d: d["holder"].update(name="\ud800"), "holder.name"),
}


@pytest.mark.parametrize(("change", "key"), BROKEN.values(), ids=BROKEN.keys())
def test_a_wrong_key_is_named_and_its_value_is_not(
    path: Path, change: Callable[[dict[str, Any]], object], key: str
) -> None:
    """A file with one wrong key is refused with one sentence that names file and key, and stays as it is."""
    document = json.loads(path.read_bytes())
    change(document)
    path.write_text(json.dumps(document), encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(CardFileError) as caught:
        cardfile.load(path)
    assert caught.value.key == key
    assert str(caught.value).startswith(f"{path}: ")
    assert key.partition("[")[0] in str(caught.value)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == before


def test_a_wrong_pin_is_not_repeated(path: Path) -> None:
    """The message about a PIN of the wrong form does not hold it."""
    edit(path, lambda d: d["pins"]["auth"].update(value="２８４６９"))
    with pytest.raises(CardFileError) as caught:
        cardfile.load(path)
    assert "２８４６９" not in str(caught.value)


NO_CARD_FILE = {
    "empty": (b"", "not JSON"),
    "cut": (b'{"schema": "jpki.card/1", ', "not JSON"),
    "list": (b"[]", "schema is missing"),
    "number": (b"1", "schema is missing"),
    "not utf-8": (b'{"schema": "\xff"}', "not UTF-8"),
    "twice": (b'{"schema": "jpki.card/1", "note": "a", "note": "b"}', "note stands there twice"),
    "deep": (b"[" * 200_000, "nested too deeply"),
    "long number": (b'{"schema": ' + b"9" * 5000 + b"}", "too long"),
    "large": (b" " * (1 << 20) + b"{}", "too large"),
}


@pytest.mark.parametrize(("content", "words"), NO_CARD_FILE.values(), ids=NO_CARD_FILE.keys())
def test_what_is_no_card_file_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    """Anything but one JSON object with each key once is refused with one sentence, and stays as it is."""
    path = tmp_path / "card.json"
    path.write_bytes(content)
    with pytest.raises(CardFileError, match=words) as caught:
        cardfile.load(path)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == content


def test_a_file_that_is_not_there_is_an_error_of_the_tree(tmp_path: Path) -> None:
    """A missing file, a folder, and a folder that cannot be written give the simulator's error."""
    with pytest.raises(CardFileError, match="cannot be read"):
        cardfile.load(tmp_path / "none.json")
    with pytest.raises(CardFileError, match="cannot be read"):
        cardfile.load(tmp_path)
    card = new_card(find_persona("other-card"), today=date(2026, 11, 22), generate_keys=False)
    with pytest.raises(CardFileError, match="cannot be written"):
        cardfile.save(card, tmp_path / "none" / "card.json")


def test_a_link_is_followed(path: Path, tmp_path: Path) -> None:
    """Saving through a symbolic link replaces the file that it names, not the link."""
    link = tmp_path / "elsewhere" / "link.json"
    link.parent.mkdir()
    link.symlink_to(path)
    card = cardfile.load(link)
    card.pins["auth"].retries_remaining = 1
    cardfile.save(card, link)
    assert link.is_symlink()
    assert cardfile.load(path).pins["auth"].retries_remaining == 1


def test_the_order_of_keys_is_the_models(path: Path) -> None:
    """Keys that a person put into another order are written in the usual one."""
    usual = path.read_bytes()
    document = json.loads(usual)
    turned = dict(reversed(document.items()))
    turned["pins"] = dict(reversed(document["pins"].items()))
    path.write_text(json.dumps(turned), encoding="utf-8")
    assert cardfile.to_bytes(cardfile.load(path)) == usual


#: A program that saves a card with one try less and is killed at the n-th system call of those that write.
KILLED = """
import os, signal, sys
from pathlib import Path
from jpki_sim.files import cardfile
path, wanted = sys.argv[1], int(sys.argv[2])
card = cardfile.load(path)
card.pins["auth"].retries_remaining = 1
count = 0
def counted(function):
    def call(*args, **kwargs):
        global count
        count += 1
        if count == wanted:
            os.kill(os.getpid(), signal.SIGKILL)
        result = function(*args, **kwargs)
        return result
    return call
for name in ("open", "fsync", "replace", "rename", "unlink"):
    setattr(os, name, counted(getattr(os, name)))
for name in ("replace", "unlink"):
    setattr(Path, name, counted(getattr(Path, name)))
cardfile.save(card, path)
print("done", count)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_killed_program_leaves_the_old_or_the_new_file(path: Path, card_of: Callable[[str], CardFile]) -> None:
    """Killed before any of the steps of saving, the file is whole: the old one, or, after the rename, the new one."""
    old = path.read_bytes()
    card = card_of("adult")
    card.pins["auth"].retries_remaining = 1
    new = cardfile.to_bytes(card)
    seen = []
    for step in range(1, 40):
        path.write_bytes(old)
        done = subprocess.run(
            [sys.executable, "-c", KILLED, str(path), str(step)], capture_output=True, text=True, check=False
        )
        found = path.read_bytes()
        assert found in (old, new)
        seen.append(found == new)
        if done.returncode == 0:
            assert done.stdout.startswith("done")
            break
        assert done.returncode == -9
    assert len(seen) > 4
    assert not seen[0]
    assert seen[-1]
    assert sorted(seen) == seen
    cardfile.save(cardfile.load(path), path)
    assert [entry.name for entry in path.parent.iterdir()] == ["card.json"]


def test_a_failing_disk_leaves_the_old_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the new content cannot be brought to the disk, the old file is there and nothing else is left."""

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    before = path.read_bytes()
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CardFileError, match="No space left"):
        cardfile.save(cardfile.load(path), path)
    assert path.read_bytes() == before
    assert [entry.name for entry in path.parent.iterdir()] == ["card.json"]


SET = {
    "pins.auth.retries_remaining": ("1", 1),
    "pins.auth.retry_limit": ("none", None),
    "pins.sign.value": ("NEWPASS9", "NEWPASS9"),
    "holder.name": ("テスト　次郎", "テスト　次郎"),
    "certificates.auth.not_after": ("today+80d", "today+80d"),
    "certificates.auth.serial": ("77", 77),
    "certificates.auth.defect": ("bad-signature", "bad-signature"),
    "certificates.sign": ("null", None),
    "certificate_flags": ("008F00", "008F00"),
    "settings.verify_blocked": ("6983", "6983"),
    "settings.reset_clears_status": ("true", True),
    "settings.extended_length": ("false", False),
    "layout.certificate_filler": ("20", 20),
    "atr": ("3BE000FF8131FE4514", "3BE000FF8131FE4514"),
    "keys.auth": ("test:auth-2", "test:auth-2"),
}


@pytest.mark.parametrize(("key", "text", "value"), [(key, *pair) for key, pair in SET.items()], ids=SET.keys())
def test_one_value_is_set(card_of: Callable[[str], CardFile], key: str, text: str, value: object) -> None:
    """A value typed as text changes that key and no other."""
    card = card_of("moved")
    expected = write_object(card)
    *path, last = key.split(".")
    inner = expected
    for name in path:
        inner = inner[name]
    assert inner[last] != value
    inner[last] = value
    cardfile.set_value(card, key, text)
    assert write_object(card) == expected


@pytest.mark.parametrize("interface", ["contact", "contactless"])
def test_the_interface_can_be_set_as_atr(card_of: Callable[[str], CardFile], interface: str) -> None:
    """``atr=contact`` chooses the interface and takes back an ATR given in full."""
    card = card_of("adult")
    cardfile.set_value(card, "atr", "3BE000FF8131FE4514")
    cardfile.set_value(card, "atr", interface)
    assert (card.interface, card.atr) == (interface, None)


REFUSED = {
    "": "not a key",
    "pins": "must be an object",
    "pins.auth": "must be an object",
    "pins.other.value": "pins.other.value is not a key",
    "pins.auth.value.x": "is not a key",
    "pins.auth.retries_remaining": "whole number from 0 to 15",
    "nonsense": "nonsense is not a key",
    "certificates.sign.defect": "certificates.sign is empty",
    "holder.other_names": "must be an array",
    "settings.extended_length": "one of true, false",
    "kind": "one of card, android",
    "keys.auth": "must be test:NAME",
    "schema": "schema is not a key",
}


@pytest.mark.parametrize(("key", "words"), REFUSED.items(), ids=REFUSED.keys())
def test_what_cannot_be_set_changes_nothing(card_of: Callable[[str], CardFile], key: str, words: str) -> None:
    """A key that does not exist or a value that it cannot have is refused, and the card stays as it was."""
    card = card_of("child")
    before = write_object(card)
    with pytest.raises(CardFileError, match=words) as caught:
        cardfile.set_value(card, key, "@@@")
    assert caught.value.key == key
    assert write_object(card) == before


def test_a_kind_whose_keys_are_missing_is_refused(card_of: Callable[[str], CardFile]) -> None:
    """A telephone cannot be made a plastic card by its kind alone: that has keys which it lacks."""
    card = card_of("phone")
    with pytest.raises(CardFileError, match=r"keys\.text is missing"):
        cardfile.set_value(card, "kind", "card")
    assert card.kind == "android"

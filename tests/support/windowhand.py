"""A person who works with the window through a screen reader's actions alone, or with the keyboard alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from jpki.words import M, pin_short

if TYPE_CHECKING:
    from pathlib import Path

    from screenreader import Session

#: Roles that something which takes the keyboard may have; "filler" and "panel" tell nobody what it is.
ROLES: Final = {
    *("push button", "toggle button", "check box", "password text", "list item", "list", "menu item", "text"),
    *("combo box", "spin button", "label", "drawing area"),
}


class Hand:
    """How the person works: through the tree, or with the keyboard."""

    def __init__(self, at: Session, language: str, *, has_keyboard: bool) -> None:
        """Sit down before a window."""
        self.at = at
        self.language = language
        self.has_keyboard = has_keyboard

    def say(self, english: str) -> str:
        """A sentence of the window in its language."""
        return M(english).text(self.language)

    def name(self, action: str, pin: str) -> str:
        """What a screen reader calls a button beside a PIN."""
        title, what = M(action), pin_short(pin)
        return M("{action}: {what}", action=title, what=what).text(self.language)

    def press(self, name: str) -> None:
        """Press a button, or tick a box."""
        if not self.has_keyboard:
            self.at.press(name)
            return
        self.at.wait(lambda node: node["name"] == name and "enabled" in node["states"])
        self.go_to(name)
        self.at.keys("space")

    def go_to(self, name: str, role: str = "") -> None:
        """Go on with Tab until something has the keyboard."""
        assert self.at.do("tab_to", name=name, role=role) is True, f"the keyboard does not come to {name}"

    def choose(self, name: str, within: str) -> None:
        """Choose an item of a list: with the arrow keys, from wherever the list stands."""
        item = self.at.wait(lambda node: node["name"] == name and node["role"] == "list item")
        if not self.has_keyboard:
            assert self.at.do("choose", name=item["name"], within=within) is True
            return
        nodes = self.at.tree()
        place = next(at for at, node in enumerate(nodes) if node["role"] == "list" and node["name"] == within)
        items = [node["name"] for node in nodes[place:] if node["role"] == "list item"]
        present = next(node["name"] for node in nodes[place:] if "focused" in node["states"] and node["name"] in items)
        self.go_to(within, "list")
        steps = items.index(name) - items.index(present)
        if steps:
            self.at.keys(*["Down" if steps > 0 else "Up"] * abs(steps))

    def open(self, page: str) -> None:
        """Open a page of the window's menu."""
        self.choose(self.say(page), self.say("Pages"))

    def open_menu(self, menu: str, inner: str, choice: str) -> None:
        """Choose something in the menus above: by letters and arrow keys, or by one action after the other."""
        if self.has_keyboard:
            self.at.keys(f"alt+{letter_of(menu)}")
            self._menu_item(inner)
            self.at.keys(letter_of(inner))
            self._menu_item(choice)
            items = [node["name"] for node in self.at.tree() if node["role"].endswith("menu item")]
            self.at.keys(*["Down"] * (items.index(choice) - items.index(title_of(inner)) - 1), "Return")
            return
        for words in (menu, inner, choice):
            item = self._menu_item(words)
            assert self.at.do("press", name=item["name"], role=item["role"]) is True

    def _menu_item(self, words: str) -> dict[str, Any]:
        """Wait until a menu shows this."""
        return self.at.wait(lambda node: node["name"] == title_of(words) and node["role"].endswith("menu item"))

    def type(self, secret: str) -> None:
        """Enter a secret and go on."""
        self.at.wait(lambda node: node["role"] == "password text")
        if self.has_keyboard:
            self.at.keys(*secret, "Return")
            return
        self.press(self.say("Keys on the screen"))
        for character in secret:
            self.press(character)
        self.press(self.say("OK"))

    def fill(self, name: str, text: str) -> None:
        """Write into a field that is no secret."""
        self.at.wait(lambda node: node["name"] == name and node["role"] == "text")
        if self.has_keyboard:
            self.go_to(name, "text")
            self._type(name, text)
        else:
            assert self.at.do("set_text", name=name, role="text", text=text) is True

    def _type(self, name: str, text: str) -> None:
        """Type into the field that has the keyboard, and look; on a busy machine X loses a key now and then."""
        for _ in range(3):
            self.at.keys("ctrl+a")
            self.at.do("type", text=text)
            for _ in range(20):
                if any((node["name"], node["role"], node["text"]) == (name, "text", text) for node in self.at.tree()):
                    return
        raise AssertionError(f"{name} does not take {text}")

    def choose_file(self, file: Path, *, is_new: bool = False) -> None:
        """Answer the toolkit's dialog for files."""
        field, button = {
            ("en", False): ("File name:", "Open"),
            ("en", True): ("File name:", "Save"),
            ("ja", False): ("ファイル名(N):", "開く(O)"),
            ("ja", True): ("ファイル名(N):", "保存(S)"),
        }[self.language, is_new]
        self.fill(field, str(file))
        if not self.has_keyboard:
            self.at.press(button)
            return
        for _ in range(3):  # the list of names that the field proposes may take the first one
            self.at.keys("Return")
            for _ in range(20):
                if not any((node["name"], node["role"]) == (field, "text") for node in self.at.tree()):
                    return
        raise AssertionError(f"the dialog for {file} stays open")

    def read(self, expected: str, secret: str, *, close: str = "Close") -> None:
        """Read what is true in the end, and close; nothing that was told or kept holds the secret."""
        self.at.wait_for(expected)
        nodes = self.at.tree()
        everything = json.dumps([*nodes, *self.at.do("titles")])
        assert secret not in everything
        if not secret.isdigit():  # four digits are in the number of a process now and then
            kept = [file for file in self.at.state.rglob("*") if file.is_file()]
            assert [file for file in kept if secret.encode() in file.read_bytes()] == []
        check_names(nodes)
        self.press(self.say(close))


def title_of(words: str) -> str:
    """The words of a menu as they are told: without the mark before their letter."""
    return words.replace("&", "")


def letter_of(words: str) -> str:
    """The letter that opens a menu."""
    return words[words.index("&") + 1].lower()


def check_names(nodes: list[dict[str, Any]]) -> None:
    """Whatever takes the keyboard has a name, a role that says what it is, and says whether it can be used."""
    focusable = [node for node in nodes if "focusable" in node["states"]]
    assert focusable
    assert [node for node in focusable if not node["name"] and node["role"] != "list"] == []
    assert {str(node["role"]) for node in focusable} <= ROLES

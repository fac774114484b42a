"""What a screen reader sees and does: run by the system's Python with pyatspi, inside a session of its own.

Usage: reader.py COMMAND... ; it starts that program, takes commands as lines of JSON on stdin, and answers each with a
line. It presses, selects and fills in through AT-SPI only; keys come from xdotool.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pyatspi

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 30.0
STATES = {
    "focusable": pyatspi.STATE_FOCUSABLE,
    "focused": pyatspi.STATE_FOCUSED,
    "enabled": pyatspi.STATE_ENABLED,
    "showing": pyatspi.STATE_SHOWING,
    "checked": pyatspi.STATE_CHECKED,
    "modal": pyatspi.STATE_MODAL,
}


def program(pid: int) -> Any:
    """The program in the tree of all programs."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for found in pyatspi.Registry.getDesktop(0):
            try:
                if found is not None and found.get_process_id() == pid and found.childCount:
                    return found
            except Exception:  # noqa: BLE001, S112 - a program that is just ending
                continue
        time.sleep(0.05)
    raise TimeoutError("the program is not in the tree")


def child_of(pid: int) -> int:
    """The program with windows that a program has started."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout.split()
        if found:
            return int(found[0])
        time.sleep(0.05)
    raise TimeoutError("it has started none")


def walk(node: Any) -> Any:
    """A node and all below it, in the order in which they are read."""
    if node is None:
        return
    yield node
    try:
        children = [node.getChildAtIndex(index) for index in range(node.childCount)]
    except Exception:  # noqa: BLE001 - it has just gone
        return
    for child in children:
        yield from walk(child)


def text_of(node: Any) -> str:
    """The text that a screen reader can read of a node."""
    try:
        text = node.queryText()
    except NotImplementedError:
        return ""
    return str(text.getText(0, -1))


def actions_of(node: Any) -> list[str]:
    """Names of what can be done with a node."""
    try:
        action = node.queryAction()
    except NotImplementedError:
        return []
    return [str(action.getName(index)) for index in range(action.nActions)]


def describe(node: Any) -> dict[str, Any]:
    """What is told of a node."""
    states = node.getState()
    box = node.queryComponent().getExtents(pyatspi.DESKTOP_COORDS)
    return {
        "role": node.getRoleName(),
        "name": node.name,
        "description": node.description,
        "text": text_of(node),
        "actions": actions_of(node),
        "states": sorted(name for name, state in STATES.items() if states.contains(state)),
        "box": [box.x, box.y, box.width, box.height],
    }


def tree(root: Any) -> list[dict[str, Any]]:
    """Everything that is on the screen."""
    found = []
    for node in walk(root):
        try:
            if node.getState().contains(pyatspi.STATE_SHOWING):
                found.append(describe(node))
        except Exception:  # noqa: BLE001, S112 - it has just gone
            continue
    return found


def press(root: Any, name: str, role: str) -> bool:
    """Do the first action of the button of this name; False where there is none."""
    for node in walk(root):
        if not role and node.getRole() == pyatspi.ROLE_LIST_ITEM:  # which is called like a button now and then
            continue
        states = node.getState()
        if node.name == name and role in (node.getRoleName(), "") and states.contains(pyatspi.STATE_SHOWING):
            if not states.contains(pyatspi.STATE_ENABLED):
                continue
            action = node.queryAction()
            names = [action.getName(index).lower() for index in range(action.nActions)]
            wanted = next(name for name in ("press", "toggle", "showmenu") if name in names)
            return bool(action.doAction(names.index(wanted)))
    return False


def set_text(root: Any, text: str, name: str, role: str) -> bool:
    """Fill a field as an assistive program could; without a name the first of its role."""
    for node in walk(root):
        is_meant = node.getRoleName() == role and name in ("", node.name)
        if is_meant and node.getState().contains(pyatspi.STATE_SHOWING):
            return bool(node.queryEditableText().setTextContents(text))
    return False


def set_value(root: Any, value: float, name: str) -> bool:
    """Set the number of a field as an assistive program does."""
    for node in walk(root):
        if node.name == name and node.getState().contains(pyatspi.STATE_SHOWING):
            try:
                number = node.queryValue()
            except NotImplementedError:  # its label is called like it
                continue
            number.currentValue = value
            return bool(number.currentValue == value)
    return False


def choose(root: Any, name: str, within: str) -> bool:
    """Select the item of this name in the list of that name."""
    for node in walk(root):
        if node.name == within and node.getState().contains(pyatspi.STATE_SHOWING):
            for index in range(node.childCount):
                if node.getChildAtIndex(index).name == name:
                    return bool(node.querySelection().selectChild(index))
    return False


def keys(pid: int, pressed: list[str]) -> bool:
    """Press keys in the window that was opened last."""
    window = subprocess.run(
        ["xdotool", "search", "--onlyvisible", "--pid", str(pid)], capture_output=True, text=True, check=False
    ).stdout.split()
    subprocess.run(["xdotool", "windowfocus", window[-1]], check=False)
    return subprocess.run(["xdotool", "key", "--delay", "20", *pressed], check=True).returncode == 0


def focused(nodes: list[Any]) -> Any:
    """What of these has the keyboard."""
    return next((node for node in nodes if node.getState().contains(pyatspi.STATE_FOCUSED)), None)


def tab_to(root: Any, pid: int, name: str, role: str) -> bool:
    """Press Tab until what has this name has the keyboard; False where it does not come there."""
    wanted = (pyatspi.STATE_FOCUSABLE, pyatspi.STATE_SHOWING)
    nodes = [node for node in walk(root) if all(node.getState().contains(state) for state in wanted)]
    # The chosen item of a list says that it has the keyboard also while the list has not.
    nodes = [node for node in nodes if node.getRole() != pyatspi.ROLE_LIST_ITEM]
    for _ in range(2 * len(nodes)):
        at = focused(nodes)
        if at is not None and at.name == name and role in (at.getRoleName(), ""):
            return True
        keys(pid, ["Tab"])
        deadline = time.monotonic() + 5.0
        while focused(nodes) == at and time.monotonic() < deadline:
            time.sleep(0.02)
    return False


def main() -> None:
    """Start the program, and do as told until the input ends."""
    child = subprocess.Popen(sys.argv[1:])
    try:
        root, pid = program(child.pid), child.pid
        for line in sys.stdin:
            command = json.loads(line)
            try:
                if command["do"] in ("go_to_child", "go_back"):  # from now on everything is about that one
                    pid = child_of(child.pid) if command["do"] == "go_to_child" else child.pid
                    root = program(pid)
                answer = perform(root, pid, command) if child.poll() is None else {"ended": child.returncode}
                if command["do"] == "tree" and not answer and os.path.exists(f"/proc/{pid}"):
                    root = program(pid)  # what was held of it went stale
                    answer = tree(root)
            except Exception as exc:  # noqa: BLE001 - said to the test
                answer = {"error": repr(exc)}
            # The daemon of the tree prints too.
            print(f"= {json.dumps(answer)}", flush=True)  # noqa: T201 - the protocol
    finally:
        child.terminate()
        child.wait(PATIENCE)


def perform(root: Any, pid: int, command: dict[str, Any]) -> Any:
    """Do one thing."""
    name, role = command.get("name", ""), command.get("role", "")
    ways: dict[str, Callable[[], Any]] = {
        "tree": lambda: tree(root),
        "press": lambda: press(root, name, role),
        "set_text": lambda: set_text(root, command["text"], name, role or "password text"),
        "set_value": lambda: set_value(root, command["value"], name),
        "choose": lambda: choose(root, name, command["within"]),
        "tab_to": lambda: tab_to(root, pid, name, role),
        "keys": lambda: keys(pid, command["keys"]),
        "type": lambda: (
            subprocess.run(["xdotool", "type", "--delay", "20", command["text"]], check=True).returncode == 0
        ),
        "titles": lambda: titles(pid),
        "stop": lambda: os.kill(pid, signal.SIGABRT),
        "go_to_child": lambda: True,
        "go_back": lambda: True,
        "is_over": lambda: not os.path.exists(f"/proc/{pid}"),
    }
    return ways[command["do"]]()


def titles(pid: int) -> list[str]:
    """The titles of the program's windows."""
    found = subprocess.run(
        ["xdotool", "search", "--pid", str(pid), "getwindowname", "%@"], capture_output=True, text=True, check=False
    )
    return found.stdout.splitlines()


if __name__ == "__main__":
    os.environ.setdefault("QT_LINUX_ACCESSIBILITY_ALWAYS_ON", "1")
    main()

"""Users without a runtime folder, root, and paths that systemd refuses: what agent, install and doctor do."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from pkcs11bench import find_module, missing
from programrun import SECONDS, environment, run, running_agent

from jpki.agent import login_folder, runtime_folder
from jpki_cli.agent.installing import unit_text

USUAL = Path(f"/run/user/{os.geteuid()}")
ACCOUNT = Path(pwd.getpwuid(os.geteuid()).pw_dir)
IS_ROOT = os.geteuid() == 0
without_usual = pytest.mark.skipif(USUAL.is_dir(), reason=f"{USUAL} is there, in which nothing is tried")
REFUSED = ['a"b', "a'b", "a\\b", "a\tb", "a\x7fb"]
TAKEN = ["a b", "a%h", "a$x", "a;b&c", "あ", "a{b}"]


@pytest.fixture
def bare(tmp_path: Path) -> dict[str, str]:
    """An environment without a runtime folder, as after su; caches are the test's own."""
    env = environment(tmp_path) | {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    del env["XDG_RUNTIME_DIR"]
    return env


def tokens(env: dict[str, str], *options: str) -> str:
    """The tokens that p11tool finds."""
    if shutil.which("p11tool") is None:
        missing("p11tool")
    argv = ["p11tool", *options, "--list-tokens"]
    return subprocess.run(argv, env=env, capture_output=True, text=True, check=False, timeout=SECONDS).stdout


def causes(env: dict[str, str]) -> set[str]:
    """What doctor finds to be the matter."""
    done = run("--sim", "adult", "doctor", "--json", env=env)
    checks: list[dict[str, Any]] = json.loads(done.stdout)["checks"]
    return {str(found["cause"]) for found in checks if found["cause"]}


@without_usual
def test_without_a_runtime_folder_agent_install_and_p11_kit_agree(tmp_path: Path, bare: dict[str, str]) -> None:
    """All use the folder for caches: the module by itself, and the file that install writes, which says so."""
    module = find_module()
    done = run("pkcs11", "install", "--json", env=bare)
    said = " ".join(done.stderr.split())
    assert "XDG_RUNTIME_DIR is not set here" in said
    assert f"will look for the agent in {tmp_path}/cache/jpki. " in said
    with running_agent(bare) as places:
        assert places["p11_kit"] == f"{tmp_path}/cache/p11-kit/pkcs11"
        written = Path(json.loads(done.stdout)["written"][0]).read_text(encoding="utf-8")
        assert f"remote: unix:path={places['pkcs11']}\n" in written
        assert "My%20Number%20Card" in tokens(bare, "--provider", module)
        assert causes(bare).isdisjoint({"agent_not_running", "agent_elsewhere"})


def test_with_a_runtime_folder_install_says_nothing_of_it(tmp_path: Path) -> None:
    """Where the variable names one."""
    find_module()
    done = run("pkcs11", "install", "--json", env=environment(tmp_path))
    assert done.returncode == 0
    assert "XDG_RUNTIME_DIR" not in done.stderr


@without_usual
def test_doctor_finds_an_agent_elsewhere_than_programs_look(tmp_path: Path, bare: dict[str, str]) -> None:
    """Install after su, agent on the desktop; install again there, and all is well."""
    find_module()
    desktop = environment(tmp_path)
    (tmp_path / "run").mkdir(mode=0o700)
    run("pkcs11", "install", env=bare)
    with running_agent(desktop):
        assert "agent_elsewhere" in causes(desktop)
        assert "agent_elsewhere" in causes(bare)
        run("pkcs11", "install", env=desktop)
        assert causes(desktop).isdisjoint({"agent_not_running", "agent_elsewhere"})


@without_usual
def test_the_folder_for_caches_is_that_of_the_account(tmp_path: Path) -> None:
    """As for p11-kit, which looks at no HOME there (p11_get_runtime_directory)."""
    assert login_folder({"HOME": str(tmp_path)}) is None
    assert runtime_folder({"HOME": str(tmp_path)}) == ACCOUNT / ".cache"
    assert runtime_folder({"XDG_RUNTIME_DIR": "relative", "XDG_CACHE_HOME": "/c"}) == Path("/c")
    assert runtime_folder({"XDG_CACHE_HOME": "relative"}) == runtime_folder({}) == ACCOUNT / ".cache"
    assert login_folder({"XDG_RUNTIME_DIR": str(tmp_path)}) == tmp_path


@without_usual
@pytest.mark.skipif(not ACCOUNT.is_relative_to(tempfile.gettempdir()), reason="the account's home is not a test's own")
def test_p11_kit_looks_in_the_home_of_the_account(tmp_path: Path, bare: dict[str, str]) -> None:
    """Whatever HOME says; tests are run by a user with a new home in CI (scripts/as-user)."""
    module = find_module()
    del bare["XDG_CACHE_HOME"]
    with running_agent(bare) as places:
        assert places["p11_kit"] == f"{ACCOUNT}/.cache/p11-kit/pkcs11"
        assert bare["HOME"] == str(tmp_path)
        assert "My%20Number%20Card" in tokens(bare, "--provider", module)


def test_module_files_are_read_for_users_and_not_for_root(tmp_path: Path) -> None:
    """Root's programs need the module's path, which install and doctor say to root only."""
    module = find_module()
    env = environment(tmp_path)
    (tmp_path / "run").mkdir(mode=0o700)
    done = run("pkcs11", "install", "--json", env=env)
    assert done.returncode == 0
    assert ("run as root do not read" in " ".join(done.stderr.split())) is IS_ROOT
    with running_agent(env):
        assert ("My%20Number%20Card" in tokens(env)) is not IS_ROOT
        assert "My%20Number%20Card" in tokens(env, "--provider", module)
        assert ("root_without_modules" in causes(env)) is IS_ROOT


@pytest.mark.skipif(not IS_ROOT, reason="only root can be where another user's folder is its own")
def test_root_leaves_nothing_in_the_runtime_folder_of_a_user(tmp_path: Path) -> None:
    """As with sudo -E: exit 2; a folder of root's in there would keep the user's own agent from starting."""
    env = environment(tmp_path)
    place = tmp_path / "run"
    place.mkdir(mode=0o700)
    os.chown(place, 12345, 12345)
    done = run("--sim", "adult", "agent", "--json", env=env)
    assert (done.returncode, json.loads(done.stdout)["code"]) == (2, "unsafe_folder")
    assert list(place.iterdir()) == []


@pytest.mark.skipif(not IS_ROOT, reason="only root can write into another user's home")
def test_root_is_told_that_it_wrote_into_the_home_of_a_user(tmp_path: Path) -> None:
    """As with sudo -E; in a home of root's own nothing is said of it."""
    find_module()
    env = environment(tmp_path)
    said = []
    for owner in (0, 12345):
        os.chown(tmp_path, owner, owner)
        said.append(" ".join(run("pkcs11", "install", "--json", env=env).stderr.split()))
    assert ["belongs to another user" in text for text in said] == [False, True]
    assert json.loads(run("pkcs11", "uninstall", "--json", env=env).stdout)["removed"]


def install_at(folder: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run install with Python at a path of one's own."""
    program = folder / "python"
    folder.mkdir()
    program.symlink_to(sys.executable)
    argv = [str(program), "-m", "jpki_cli", "pkcs11", "install", "--json"]
    return subprocess.run(argv, env=env, capture_output=True, text=True, check=False, timeout=SECONDS)


def takes(unit: Path, env: dict[str, str]) -> bool:
    """Whether systemd takes a unit."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not installed")
    (Path(env["XDG_RUNTIME_DIR"])).mkdir(mode=0o700, exist_ok=True)
    argv = ["systemd-analyze", "--user", "verify", str(unit)]
    return subprocess.run(argv, env=env, capture_output=True, check=False, timeout=SECONDS).returncode == 0


@pytest.mark.parametrize("name", REFUSED)
def test_a_path_that_systemd_refuses_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Exit 2 with the path; systemd refuses the unit that would have been written."""
    find_module()
    env = environment(tmp_path)
    done = install_at(tmp_path / name, env)
    found = json.loads(done.stdout)
    assert (done.returncode, found["code"]) == (2, "unit_path")
    assert str(tmp_path) in found["message"]["en"]
    assert not (tmp_path / ".config").exists()
    monkeypatch.setattr("sys.executable", str(tmp_path / name / "python"))
    unit = tmp_path / "jpki-agent.service"
    unit.write_text(unit_text(with_signature=False), encoding="utf-8")
    assert not takes(unit, env)


@pytest.mark.parametrize("name", TAKEN)
def test_a_path_that_systemd_takes_is_written(tmp_path: Path, name: str) -> None:
    """Blanks, percent and dollar signs, brackets, Japanese."""
    find_module()
    env = environment(tmp_path)
    done = install_at(tmp_path / name, env)
    assert done.returncode == 0, done.stdout + done.stderr
    assert takes(tmp_path / ".config" / "systemd" / "user" / "jpki-agent.service", env)

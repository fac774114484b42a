"""``jpki pkcs11 install`` and ``uninstall``: what they write, change, leave alone and take back."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import subprocess
from pathlib import Path

import pytest
from pkcs11bench import find_module
from programrun import environment, run

from jpki_cli.agent.installing import module_files
from jpki_cli.agent.locations import learned_folder

needs_nss = pytest.mark.skipif(shutil.which("modutil") is None, reason="NSS's tools are not installed")


def make_database(folder: Path) -> Path:
    """Make an NSS database, as a Firefox profile has one."""
    folder.mkdir(parents=True)
    subprocess.run(["certutil", "-N", "-d", f"sql:{folder}", "--empty-password"], check=True)
    return folder


def test_install_writes_what_uninstall_removes(tmp_path: Path) -> None:
    """Module file, unit, link and Java's file; what is not ours is left alone."""
    find_module()
    env = environment(tmp_path)
    done = run("pkcs11", "install", "--java", "--with-signature", "--json", env=env)
    assert done.returncode == 0, done.stdout + done.stderr
    written = json.loads(done.stdout)["written"]
    assert len(written) == 5
    module = Path(written[0]).read_text(encoding="utf-8")
    assert f"remote: unix:path={tmp_path}/run/jpki/pkcs11\n" in module
    removed = json.loads(run("pkcs11", "uninstall", "--json", env=env).stdout)["removed"]
    assert sorted(removed) == sorted(written)
    assert [path for path in tmp_path.rglob("*") if path.is_file() or path.is_symlink()] == []

    Path(written[0]).write_text("remote: unix:path=/somewhere/else\n", encoding="utf-8")
    refused = run("pkcs11", "install", "--json", env=env)
    assert (refused.returncode, json.loads(refused.stdout)["code"]) == (2, "not_ours")
    assert json.loads(run("pkcs11", "uninstall", "--json", env=env).stdout)["removed"] == []


@needs_nss
def test_what_was_added_to_browsers_is_added_once_and_taken_out(tmp_path: Path) -> None:
    """Twice is as good as once; uninstall knows where it was added, and a second one finds nothing."""
    find_module()
    env = environment(tmp_path) | {"HOME": str(tmp_path / "home")}
    profile = make_database(tmp_path / "profile")
    lists = [profile / "pkcs11.txt", tmp_path / "home" / ".pki" / "nssdb" / "pkcs11.txt"]
    for _ in range(2):
        done = run("pkcs11", "install", "--chromium", "--firefox", str(profile), "--json", env=env)
        assert done.returncode == 0, done.stdout + done.stderr
        assert [path.read_text(encoding="utf-8").count("name=jpki\n") for path in lists] == [1, 1]
    found = [json.loads(run("pkcs11", "uninstall", "--json", env=env).stdout)["databases"] for _ in range(2)]
    assert [sorted(each) for each in found] == [sorted(str(path.parent) for path in lists), []]
    assert [path.read_text(encoding="utf-8").count("name=jpki\n") for path in lists] == [0, 0]


def test_without_home_files_go_to_the_home_of_the_user() -> None:
    """A service or ``env -i`` names none; nothing is written at the root of the file system."""
    own = Path(pwd.getpwuid(os.geteuid()).pw_dir)
    assert module_files({})["user"].parents[3] == own
    assert learned_folder({}).is_relative_to(own)
    assert module_files({"HOME": "relative"})["user"].parents[3] == own


@needs_nss
def test_a_browser_in_a_sandbox_is_named_with_what_to_do(tmp_path: Path) -> None:
    """By install, through a link too, and by doctor whether an agent runs or not; another profile is none."""
    find_module()
    env = environment(tmp_path)
    snap = make_database(tmp_path / "snap" / "firefox" / "common" / ".mozilla" / "firefox" / "some.default")
    own = make_database(tmp_path / ".config" / "mozilla" / "other.default")
    link = tmp_path / "profile"
    link.symlink_to(snap)
    done = run("pkcs11", "install", "--firefox", str(own), "--json", env=env)
    assert (json.loads(done.stdout)["in_sandbox"], "sandbox" in done.stderr) == ([], False)

    for profile in (link, snap):
        done = run("pkcs11", "install", "--firefox", str(profile), env=env)
        said = " ".join(done.stderr.split())
        assert done.returncode == 0
        assert "may not find the card: Firefox (snap)." in said
        assert "get the .deb of Firefox from Mozilla" in said
    shown = " ".join(run("--sim", "adult", "doctor", env=env).stdout.split())
    assert "The agent does not run" in shown
    assert "may not find the card: Firefox (snap)." in shown
    assert "get the .deb of Firefox from Mozilla" in shown

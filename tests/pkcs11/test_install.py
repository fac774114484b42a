"""``jpki pkcs11 install`` and ``uninstall``: what they write, change, leave alone and take back."""

from __future__ import annotations

import errno
import json
import os
import pwd
import shutil
import subprocess
from pathlib import Path

import pytest
from agentdesk import Desk
from pkcs11bench import find_module
from programrun import JPKI, environment, run

from jpki_cli.agent import nss
from jpki_cli.agent.installing import (
    MARK,
    Done,
    address,
    module_files,
    module_text,
    remove_all,
    unit_files,
    unit_text,
    write,
)
from jpki_cli.agent.locations import learned_folder
from jpki_cli.failures import CliError

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


def test_a_second_install_offers_what_it_is_told_and_no_more(tmp_path: Path) -> None:
    """Without the signature token its module file goes, since no agent would answer there."""
    find_module()
    env = environment(tmp_path)
    first = json.loads(run("pkcs11", "install", "--with-signature", "--json", env=env).stdout)
    second = json.loads(run("pkcs11", "install", "--json", env=env).stdout)
    signature = str(module_files(env)["signature"])
    assert signature in first["written"]
    assert (first["removed"], second["removed"]) == ([], [signature])
    assert not Path(signature).exists()
    assert "--with-signature" not in unit_files(env)[0].read_text(encoding="utf-8")


@needs_nss
def test_uninstall_leaves_what_a_person_has_changed(tmp_path: Path) -> None:
    """A unit and a link of the person's own, and another library under our name in a database."""
    find_module()
    env = environment(tmp_path)
    profile = make_database(tmp_path / "profile")
    run("pkcs11", "install", "--firefox", str(profile), env=env)
    unit, wants = unit_files(env)
    unit.write_text("[Service]\nExecStart=/usr/bin/true\n", encoding="utf-8")
    wants.unlink()
    wants.symlink_to("/dev/null")
    modules = profile / "pkcs11.txt"
    changed = modules.read_text(encoding="utf-8").replace("p11-kit-client.so", "another.so")
    modules.write_text(changed, encoding="utf-8")

    done = json.loads(run("pkcs11", "uninstall", "--json", env=env).stdout)
    assert done["databases"] == []
    assert not {str(unit), str(wants)} & set(done["removed"])
    assert (unit.exists(), wants.is_symlink(), modules.read_text(encoding="utf-8")) == (True, True, changed)


@needs_nss
def test_a_damaged_database_keeps_nothing_else_from_being_taken_back(tmp_path: Path) -> None:
    """The others and the files go, exit 2 names the one; it stays written down, and is taken back when it is whole."""
    find_module()
    env = environment(tmp_path)
    damaged, good = (make_database(tmp_path / name) for name in ("damaged", "good"))
    done = run("pkcs11", "install", "--firefox", str(damaged), "--firefox", str(good), "--json", env=env)
    assert done.returncode == 0, done.stdout + done.stderr
    whole = (damaged / "cert9.db").read_bytes()
    (damaged / "cert9.db").write_bytes(b"no database")
    refused = run("pkcs11", "uninstall", "--json", env=env)
    found = json.loads(refused.stdout)
    assert (refused.returncode, found["code"], found["databases"]) == (2, "nss_failed", [str(good)])
    assert str(damaged) in found["message"]["en"]
    assert not module_files(env)["user"].exists()

    (damaged / "cert9.db").write_bytes(whole)
    again = json.loads(run("pkcs11", "uninstall", "--json", env=env).stdout)
    assert again["databases"] == [str(damaged)]
    assert [path for path in (tmp_path / ".config").rglob("*") if path.is_file()] == []


@needs_nss
@pytest.mark.parametrize("name", ["two\nlines", "ends with one\n", "old\rmac"])
def test_a_database_is_found_again_whatever_its_folder_is_called(tmp_path: Path, name: str) -> None:
    """It is written down on a line of its own, in which nothing of its name ends the line."""
    find_module()
    env = environment(tmp_path)
    folder = make_database(tmp_path / name)
    run("pkcs11", "install", "--firefox", str(folder), "--json", env=env)
    assert "name=jpki" in (folder / "pkcs11.txt").read_text(encoding="utf-8")
    assert run("pkcs11", "uninstall", "--json", env=env).returncode == 0
    assert "name=jpki" not in (folder / "pkcs11.txt").read_text(encoding="utf-8")


@needs_nss
def test_a_list_of_modules_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """Nobody knows whether the module is in it: exit 2, and the database stays written down."""
    find_module()
    env = environment(tmp_path)
    folder = make_database(tmp_path / "profile")
    run("pkcs11", "install", "--firefox", str(folder), "--json", env=env)
    modules, aside = folder / "pkcs11.txt", folder / "aside"
    modules.rename(aside)
    modules.mkdir()
    refused = run("pkcs11", "uninstall", "--json", env=env)
    assert refused.returncode == 2
    assert str(modules) in json.loads(refused.stdout)["message"]["en"]
    modules.rmdir()
    aside.rename(modules)
    assert json.loads(run("pkcs11", "uninstall", "--json", env=env).stdout)["databases"] == [str(folder)]


@needs_nss
def test_what_was_done_before_a_database_refused_is_told(tmp_path: Path) -> None:
    """The files that were written and the browsers before it, for a person and in JSON."""
    find_module()
    env = environment(tmp_path)
    good, damaged = (make_database(tmp_path / name) for name in ("good", "damaged"))
    (damaged / "cert9.db").write_bytes(b"no database")
    options = ["pkcs11", "install", "--firefox", str(good), "--firefox", str(damaged)]
    told = run(*options, env=env)
    module = module_files(env)["user"]
    assert told.returncode == 2
    assert told.stdout.splitlines()[0] == f"written: {module}"
    assert told.stdout.splitlines()[-1] == f"added to: {good}"
    found = json.loads(run(*options, "--json", env=env).stdout)
    assert (found["code"], found["databases"]) == ("nss_failed", [str(good)])
    assert str(module) in found["written"]


@needs_nss
def test_a_database_that_cannot_be_written_is_not_one_that_a_browser_holds(tmp_path: Path) -> None:
    """Closing the browser would not help."""
    find_module()
    folder = make_database(tmp_path / "profile")
    for path in (*folder.iterdir(), folder):
        path.chmod(path.stat().st_mode & 0o555)
    argv = [*JPKI, "pkcs11", "install", "--firefox", str(folder), "--json"]
    if os.geteuid() == 0:  # who may write everywhere
        without = "-dac_override,-dac_read_search"
        argv = ["setpriv", f"--bounding-set={without}", f"--inh-caps={without}", *argv]
    refused = subprocess.run(argv, env=environment(tmp_path), capture_output=True, text=True, check=False)
    folder.chmod(0o700)
    found = json.loads(refused.stdout)
    assert (refused.returncode, found["code"]) == (2, "nss_failed")
    assert found["message"]["en"] == f"{folder} cannot be written: {os.strerror(errno.EACCES)}"


def test_a_full_disk_leaves_the_files_of_before(tmp_path: Path) -> None:
    """Exit 2; an empty file in their place would be taken for another program's, by install and by uninstall."""
    find_module()
    env = environment(tmp_path)
    run("pkcs11", "install", "--json", env=env)
    module = module_files(env)["user"]
    before = module.read_text(encoding="utf-8")
    argv = ["sh", "-c", 'ulimit -f 0; exec "$@"', "sh", *JPKI, "pkcs11", "install", "--relay", "--json"]
    full = subprocess.run(argv, env=env, capture_output=True, text=True, check=False)
    assert full.returncode == 2
    assert json.loads(full.stdout)["message"]["en"].startswith(f"{module} cannot be written")
    assert module.read_text(encoding="utf-8") == before
    assert [path.name for path in module.parent.iterdir()] == [module.name]
    assert run("pkcs11", "install", "--json", env=env).returncode == 0


def test_a_file_that_is_a_link_stays_one(tmp_path: Path) -> None:
    """As where somebody keeps all configuration in one place."""
    own, link = tmp_path / "own", tmp_path / "folder" / "jpki.module"
    own.write_text(f"{MARK}\n", encoding="utf-8")
    link.parent.mkdir()
    link.symlink_to(own)
    write(link, f"{MARK}\nnew\n", Done())
    assert (link.is_symlink(), own.read_text(encoding="utf-8")) == (True, f"{MARK}\nnew\n")


@needs_nss
def test_a_database_with_a_password_is_changed_without_it(tmp_path: Path) -> None:
    """The list of modules is not behind the password; nothing waits for somebody to type it."""
    find_module()
    profile = tmp_path / "profile"
    profile.mkdir()
    (tmp_path / "password").write_text("some password\n", encoding="ascii")
    subprocess.run(["certutil", "-N", "-d", f"sql:{profile}", "-f", str(tmp_path / "password")], check=True)
    done = run("pkcs11", "install", "--firefox", str(profile), "--json", env=environment(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "name=jpki\n" in (profile / "pkcs11.txt").read_text(encoding="utf-8")


def test_tools_that_do_not_end_are_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where another program keeps the database locked."""

    def never(argv: tuple[str, ...], **_: object) -> None:
        raise subprocess.TimeoutExpired(argv, 60)

    monkeypatch.setattr("subprocess.run", never)
    with pytest.raises(CliError) as raised:
        nss.add_to_nss(tmp_path / "nssdb", "/usr/lib/p11-kit-client.so", Done())
    assert raised.value.failure.code == "nss_failed"


def test_what_cannot_be_removed_or_made_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a home that is read-only: exit 2 with the file, and no unexpected error."""
    environment = {"HOME": str(tmp_path)}
    path = module_files(environment)["user"]
    write(path, f"{MARK}\n", Done())

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(Path, "unlink", refuse)
    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(CliError) as removing:
        remove_all(environment, Done())
    with pytest.raises(CliError) as adding:
        nss.add_to_nss(tmp_path / "nssdb", "/usr/lib/p11-kit-client.so", Done())
    for raised in (removing, adding):
        assert (raised.value.failure.exit_code, raised.value.failure.code) == (2, "usage")


def test_the_unit_says_an_unusual_path_as_the_service_manager_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """systemd.service(5): blanks inside of quotes, %% for a percent sign, and a colon where no variable is meant."""
    monkeypatch.setattr("sys.executable", "/opt/a b%h/python")
    assert 'ExecStart="/opt/a b%%h/python" "-I" "-m" "jpki_cli" "agent"\n' in unit_text(with_signature=False)
    monkeypatch.setattr("sys.executable", "/opt/$HOME/python")
    assert 'ExecStart=:"/opt/$HOME/python" "-I"' in unit_text(with_signature=False)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_the_service_manager_finds_the_program_at_an_unusual_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As systemd itself reads the unit."""
    program = tmp_path / "a b%h$x" / "python"
    program.parent.mkdir()
    program.symlink_to("/bin/true")
    monkeypatch.setattr("sys.executable", str(program))
    (tmp_path / "run").mkdir(mode=0o700)
    unit = tmp_path / "jpki-agent.service"
    unit.write_text(unit_text(with_signature=True), encoding="utf-8")
    checked = subprocess.run(
        ["systemd-analyze", "--user", "verify", str(unit)],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.skipif(shutil.which("p11tool") is None, reason="p11tool is not installed")
def test_p11_kit_runs_the_relay_at_an_unusual_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each word of the command line arrives as it is, with its blanks, quotes and percent signs."""
    module = find_module()
    program = tmp_path / "it's a % $x" / "python"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >"{tmp_path}/words"\n', encoding="utf-8")
    program.chmod(0o700)
    monkeypatch.setattr("sys.executable", str(program))
    place = tmp_path / "a b" / "relay"
    text = module_text(tmp_path / "pkcs11", place, is_signature=True)
    remote = text.partition("remote: ")[2].strip()
    env = environment(tmp_path) | {"P11_KIT_SERVER_ADDRESS": remote}
    subprocess.run(["p11tool", "--provider", module, "--list-tokens"], env=env, capture_output=True, check=False)
    words = (tmp_path / "words").read_text(encoding="utf-8").splitlines()
    assert words == ["-I", "-m", "jpki_cli", "pkcs11", "relay", "--socket", str(place), "--signature"]


@pytest.mark.skipif(shutil.which("p11tool") is None, reason="p11tool is not installed")
def test_p11_kit_finds_a_socket_at_an_unusual_path(tmp_path: Path) -> None:
    """The address has percent signs for what it could read otherwise."""
    module = find_module()
    folder = tmp_path / "a b%41$x"
    folder.mkdir()
    with Desk() as desk:
        desk.agent.open_pkcs11(folder / "s")
        env = environment(tmp_path) | {"P11_KIT_SERVER_ADDRESS": address(folder / "s")}
        shown = subprocess.run(
            ["p11tool", "--provider", module, "--list-tokens"], env=env, capture_output=True, text=True, check=False
        )
    assert "My%20Number%20Card" in shown.stdout, shown.stderr

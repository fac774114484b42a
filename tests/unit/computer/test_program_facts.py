"""Programs as Linux, Windows and macOS list them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from recordedoutputs import PS_MACOS, TASKLIST

from jpki.diagnosis.facts import Program, System
from jpki.diagnosis.system.bounded import LocalFiles, decoded, output_of
from jpki.diagnosis.system.programs import (
    LinuxPrograms,
    NoPrograms,
    PsPrograms,
    TasklistPrograms,
    parse_ps,
    parse_tasklist,
    programs_of,
)


def run_in(root: Path, pid: int, name: str, arguments: str = "", maps: str = "") -> None:
    """Lay out a process in /proc as the kernel does."""
    folder = root / "proc" / str(pid)
    folder.mkdir(parents=True)
    (folder / "comm").write_text(name + "\n")
    (folder / "cmdline").write_text("\0".join([name, *arguments.split()]) + "\0")
    (folder / "maps").write_text(maps)


def test_linux_tells_names_arguments_and_who_has_the_library_loaded(tmp_path: Path) -> None:
    """The service itself, the asking program and what is no process are told apart."""
    loaded = "7f00-7f01 r-xp 00000000 08:01 1 /usr/lib/x86_64-linux-gnu/libpcsclite.so.1.0.0\n"
    run_in(tmp_path, 10, "pcscd", "--foreground --apdu", loaded)
    run_in(tmp_path, 11, "firefox", "", loaded)
    run_in(tmp_path, 12, "bash")
    run_in(tmp_path, 99, "jpki", "doctor", loaded)
    (tmp_path / "proc" / "net").mkdir()
    (tmp_path / "proc" / "13").mkdir()  # it ended meanwhile

    assert LinuxPrograms(LocalFiles(tmp_path), own_pid=99).running() == (
        Program("pcscd", ("--foreground", "--apdu"), uses_pcsc=False, pid=10),
        Program("firefox", (), uses_pcsc=True, pid=11),
        Program("bash", (), uses_pcsc=False, pid=12),
    )


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="for POSIX systems")
def test_linux_tells_whose_program_it_is(tmp_path: Path) -> None:
    """By what the system says of the process: the folder is root's where a program allows no core files."""
    own = os.geteuid()
    for pid, user in ((10, own), (11, own + 1)):
        run_in(tmp_path, pid, "jpki", "agent")
        status = f"Name:\tjpki\nUid:\t{user}\t{user}\t{user}\t{user}\n"
        (tmp_path / "proc" / str(pid) / "status").write_text(status)
    programs = LinuxPrograms(LocalFiles(tmp_path), own_pid=99).running()
    assert {program.pid: program.is_own for program in programs} == {10: True, 11: False}


def test_a_real_program_is_seen_and_this_one_is_not() -> None:
    """On the system that the tests run on, as far as it has a /proc."""
    if not Path("/proc/self/comm").exists():
        assert programs_of(System.OTHER, LocalFiles()).running() == ()
        return
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        pids = {program.pid for program in LinuxPrograms(LocalFiles(), os.getpid()).running()}
        process.communicate(b"\n")

    assert process.pid in pids
    assert os.getpid() not in pids


def test_macos_lists_paths_of_programs() -> None:
    """The name is the last part of the path, and may hold blanks."""
    assert parse_ps(PS_MACOS + "  bad\n", own_pid=990) == (
        Program("launchd", pid=1),
        Program("com.apple.ctkpcscd", pid=247),
        Program("ctkd", pid=249),
        Program("Google Chrome", pid=812),
        Program("-zsh", pid=902),
    )


def test_the_ps_of_this_system_is_asked_for_two_columns() -> None:
    """Each option asks for one column without a heading; Linux's ps understands the same."""
    if "procps" not in (output_of(["ps", "--version"]) or ""):
        pytest.skip("no ps that takes the options of BSD's")
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        found = {program.pid: program.name for program in PsPrograms().running()}
        process.communicate(b"\n")

    assert found[process.pid].startswith("python")
    assert os.getpid() not in found


def test_windows_lists_images() -> None:
    """Names with blanks and commas stay whole; a remark is no program."""
    assert parse_tasklist(TASKLIST, own_pid=4) == (
        Program("System Idle Process", pid=0),
        Program("msedge.exe", pid=5144),
        Program("業務,受付.exe", pid=2048),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "cp932"])
def test_an_output_in_the_code_page_of_the_console_is_read(encoding: str) -> None:
    """UTF-8 is tried first: text in Shift_JIS is hardly ever UTF-8 as well."""
    text = "スマートカード リーダー"

    assert decoded(text.encode(encoding), "cp932") == text
    assert decoded(b"\xff ok", "ascii") == "\ufffd ok"


def test_each_system_is_asked_in_its_own_way() -> None:
    """One class for each, and one that knows nothing."""
    kinds = {system: type(programs_of(system, LocalFiles())) for system in System}

    assert kinds == {
        System.LINUX: LinuxPrograms,
        System.MACOS: PsPrograms,
        System.WINDOWS: TasklistPrograms,
        System.OTHER: NoPrograms,
    }


def test_a_program_that_is_not_there_or_fails_is_no_error() -> None:
    """None for what does not exist; what a failing one printed is kept."""
    assert output_of(["no-such-program-of-any-system"]) is None
    assert output_of(["sh", "-c", "echo said; exit 3"]) == "said\n"


@pytest.mark.skipif(sys.platform == "win32", reason="the programs are shell scripts")
def test_windows_own_programs_alone_are_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of the same name in the folder where the user is, as after a download, or on the path is left alone."""
    for folder, says in (("System32", "the system's"), ("Downloads", "another")):
        program = tmp_path / folder / "sc.exe"
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\necho "{says}"\n', encoding="utf-8")
        program.chmod(0o755)
    monkeypatch.chdir(tmp_path / "Downloads")
    monkeypatch.setenv("PATH", str(tmp_path / "Downloads"))
    monkeypatch.setenv("SYSTEMROOT", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "win32")

    assert output_of(["sc", "query"]) == "the system's\n"
    assert output_of(["pnputil"]) is None


def test_files_are_read_without_surprises(tmp_path: Path) -> None:
    """No file, a folder, a pipe and bytes that are no text: nothing blocks and nothing is raised."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "binary").write_bytes(b"\xff\xfeok")
    files = LocalFiles(tmp_path)

    assert [files.read_text(path) for path in ("/none", "/", "/pipe")] == [None, None, None]
    assert files.read_text("/binary") == "\ufffd\ufffdok"
    assert files.names("/none") == ()
    assert files.names("/") == ("binary", "pipe")
    assert files.link_name("/binary") == ""

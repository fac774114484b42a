"""The tests' own PC/SC service does what the other tests here rely on."""

from __future__ import annotations

import os
import signal
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

    from pcscd.conftest import Pcscd

SLOTS = ["Virtual PCD 00 00", "Virtual PCD 00 01"]


def test_the_only_readers_are_the_two_virtual_slots(pcscd: Pcscd) -> None:
    """No reader of the machine is seen, and both slots are."""
    listed = pcscd.run(["pcsc_scan", "-r"]).stdout.splitlines()
    assert [line.split(": ", 1)[1] for line in listed if ": " in line] == SLOTS


def test_without_the_service_there_is_no_reader(pcscd: Pcscd) -> None:
    """A stopped service is gone, and a started one is back."""
    pcscd.stop_daemon()
    stopped = pcscd.run(["opensc-tool", "--list-readers"])
    pcscd.start_daemon()
    started = pcscd.run(["opensc-tool", "--list-readers"])
    assert "No smart card readers found" in stopped.stdout
    assert all(slot in started.stdout for slot in SLOTS)


def test_a_program_gets_its_input_and_gives_its_output_and_exit_code(pcscd: Pcscd) -> None:
    """Both streams, stdin and the exit code are the program's own."""
    result = pcscd.run(["sh", "-c", "cat; echo oops >&2; exit 7"], "given")
    assert (result.returncode, result.stdout, result.stderr) == (7, "given", "oops\n")


def test_a_signal_reaches_the_program_itself(pcscd: Pcscd) -> None:
    """The pid is the program's, so that a signal is neither swallowed nor doubled on its way."""
    process = pcscd.popen(
        ["sh", "-c", "trap 'echo got it; exit 5' TERM; echo up; while :; do sleep 0.1; done"], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=120)
    assert (out, process.returncode) == ("got it\n", 5)


def test_ctrl_c_on_the_terminal_interrupts_the_program(pcscd: Pcscd) -> None:
    """A program that is started on a terminal is in the foreground there."""
    ours, theirs = os.openpty()
    try:
        process = pcscd.popen(["sh", "-c", "echo up >&2; exec sleep 60"], terminal=theirs, stderr=subprocess.PIPE)
        assert process.stderr is not None
        assert process.stderr.readline() == "up\n"
        os.write(ours, b"\x03")
        process.communicate(timeout=120)
        assert process.returncode == -signal.SIGINT
    finally:
        os.close(ours)
        os.close(theirs)


def test_settings_of_the_person_who_runs_the_tests_stay_outside(pcscd: Pcscd, monkeypatch: pytest.MonkeyPatch) -> None:
    """JPKI_… variables and the home folder are not those of the test run."""
    monkeypatch.setenv("JPKI_READER", "somebody's")
    seen = pcscd.run(["sh", "-c", 'echo "${JPKI_READER-unset} $HOME"']).stdout
    assert seen == f"unset {pcscd.home}\n"

"""A prompt gives the terminal its settings back, whatever ends, stops or continues it."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from terminal.conftest import Start

termios = pytest.importorskip("termios", reason="POSIX terminals")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_deadly_signals_restore_the_terminal(run: Start, number: signal.Signals) -> None:
    """A signal whose default is death restores the settings, ends the line, and is what the process dies of."""
    job = run()
    job.see("PIN? ")
    job.type("28")
    job.see("**")
    job.kill(number)
    assert job.told("ended") == -number
    assert job.settings() == job.before
    assert job.rest() == b"\rPIN? **\r\n"
    assert job.output == ""


@pytest.mark.parametrize("key", ["\x03", "\x1c"])
def test_keys_that_interrupt_restore_the_terminal(run: Start, key: str) -> None:
    """Ctrl-C and Ctrl-backslash end the program by their signals with the settings restored."""
    job = run()
    job.see("PIN? ")
    job.type("28" + key)
    assert job.told("ended") == -(signal.SIGINT if key == "\x03" else signal.SIGQUIT)
    assert job.settings() == job.before
    assert b"28" not in job.rest()


def test_a_signal_right_before_the_wait_is_answered(run: Start) -> None:
    """One that interrupts no system call, as when it comes between Python's look for signals and the reading of a key.

    Here another thread takes it. Nobody presses a key afterwards.
    """
    job = run("""
        import signal, threading, time
        from jpki_cli.terminal import prompts
        signal.signal(signal.SIGUSR1, signal.default_int_handler)
        def take():
            time.sleep(1)  # by now a key is waited for
            signal.pthread_kill(threading.get_ident(), signal.SIGUSR1)
        threading.Thread(target=take, daemon=True).start()
        try:
            prompts.prompt_secret("PIN? ")
        except KeyboardInterrupt:
            print("RESULT ended")
    """)
    job.see("PIN? ")
    assert job.result() == "RESULT ended\n"
    assert job.settings() == job.before


def test_ctrl_c_is_a_keyboard_interrupt(run: Start) -> None:
    """Ctrl-C reaches the caller as KeyboardInterrupt, after the settings were restored and the buffers overwritten."""
    job = run("""
        from jpki_cli.terminal import prompts
        lines = []
        class Kept(prompts.SecretLine):
            def __init__(self):
                super().__init__()
                lines.append(self)
        prompts.SecretLine = Kept
        try:
            prompts.prompt_secret("PIN? ")
        except KeyboardInterrupt:
            print("RESULT", any(lines[0]._buffer))
    """)
    job.see("PIN? ")
    job.type("28")
    job.see("**")
    job.type("\x03")
    assert job.result() == "RESULT False\n"
    assert job.settings() == job.before


def test_a_programs_handler_sees_the_terminal_restored(run: Start) -> None:
    """A handler that the program has for SIGTERM runs with the settings restored, and its exception ends the prompt."""
    job = run("""
        import signal, sys, termios
        from jpki_cli.terminal.prompts import prompt_secret
        def stop(number, frame):
            with open("/dev/tty") as tty:
                print("RESULT", bool(termios.tcgetattr(tty)[3] & termios.ECHO))
            sys.exit(143)
        signal.signal(signal.SIGTERM, stop)
        try:
            prompt_secret("PIN? ")
        finally:
            assert signal.getsignal(signal.SIGTERM) is stop
    """)
    job.see("PIN? ")
    job.kill(signal.SIGTERM)
    assert job.told("ended") == 143
    assert job.output == "RESULT True\n"
    assert job.settings() == job.before


def test_a_handler_that_returns_continues_the_prompt(run: Start) -> None:
    """After a handler that lets the program live the line is drawn again and stays unechoed; SIG_IGN stays ignored."""
    job = run(
        before="""
        import signal
        signal.signal(signal.SIGTERM, lambda number, frame: None)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    """
    )
    job.see("PIN? ")
    job.type("28")
    job.see("**")
    job.kill(signal.SIGHUP)
    job.kill(signal.SIGTERM)
    job.see("\r\n\rPIN? **")
    assert not job.is_echoing
    job.type("46\r")
    assert job.answer() == "2846"
    assert job.settings() == job.before


def test_stopping_and_continuing(run: Start) -> None:
    """^Z restores the settings and stops; on continuing, prompt and marks are drawn again and typing goes on."""
    job = run()
    for marks in ("", "*"):
        job.see(f"\rPIN? {marks}")
        job.type("2")
        job.see("*")
        job.type("\x1a")
        assert job.told("stopped") == signal.SIGTSTP
        assert job.settings() == job.before
        job.order("fg")
    job.see("\rPIN? **")
    assert not job.is_echoing
    job.type("46\r")
    assert job.answer() == "2246"
    assert job.settings() == job.before
    assert job.rest() == b"\rPIN? *\r\n\rPIN? **\r\n\rPIN? ****\r\n"


def test_continued_in_the_background_it_waits_for_the_foreground(run: Start) -> None:
    """After ^Z and bg the terminal is left alone until fg."""
    job = run()
    job.see("PIN? ")
    job.type("28")
    job.see("**")
    job.type("\x1a")
    assert job.told("stopped") == signal.SIGTSTP
    job.order("bg")
    assert job.told("stopped") == signal.SIGTTOU
    assert job.settings() == job.before
    job.order("fg")
    job.see("\rPIN? **")
    job.type("46\r")
    assert job.answer() == "2846"
    assert job.settings() == job.before


def test_after_sigstop_the_settings_are_taken_again(run: Start) -> None:
    """SIGSTOP cannot be caught: when the shell has reset the terminal meanwhile, continuing hides the input again."""
    job = run()
    job.see("PIN? ")
    job.type("28")
    job.see("**")
    job.kill(signal.SIGSTOP)
    assert job.told("stopped") == signal.SIGSTOP
    termios.tcsetattr(job.slave, termios.TCSANOW, job.before)
    job.order("fg")
    job.see("\rPIN? **")
    assert not job.is_echoing
    job.type("46\r")
    assert job.answer() == "2846"
    assert job.settings() == job.before


def test_a_hung_up_terminal_is_reported(run: Start) -> None:
    """When the terminal goes away and the program survives SIGHUP, the prompt ends with NoTerminalError."""
    job = run("""
        import signal
        from jpki_cli.terminal.prompts import NoTerminalError, prompt_secret
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        try:
            prompt_secret("PIN? ")
        except NoTerminalError as error:
            print("RESULT", error.fault.name)
    """)
    job.see("PIN? ")
    job.hang_up()
    assert job.result() == "RESULT LOST\n"


def test_outside_the_main_thread(run: Start) -> None:
    """In another thread, where no signal can be caught, the prompt works and restores the settings at its end."""
    job = run("""
        import threading
        from jpki_cli.terminal.prompts import prompt_secret
        answers = []
        thread = threading.Thread(target=lambda: answers.append(prompt_secret("PIN? ")))
        thread.start()
        thread.join()
        print("RESULT", answers[0].reveal().hex())
    """)
    job.see("PIN? ")
    assert not job.is_echoing
    job.type("2846\r")
    assert job.answer() == "2846"
    assert job.settings() == job.before


def test_unusual_settings_come_back(run: Start) -> None:
    """Settings that another program left, unechoed input among them, are given back as they were found."""
    job = run(
        before="""
        import termios
        with open("/dev/tty") as tty:
            changed = termios.tcgetattr(tty)
            changed[0] &= ~termios.IXON
            changed[3] &= ~(termios.ECHO | termios.IEXTEN)
            changed[6][termios.VERASE] = b"\\x08"
            termios.tcsetattr(tty, termios.TCSANOW, changed)
    """
    )
    job.see("PIN? ")
    job.type("2846\r")
    assert job.answer() == "2846"
    after = job.settings()
    assert not job.is_echoing
    assert after[6][termios.VERASE] == b"\x08"
    assert after[3] == job.before[3] & ~(termios.ECHO | termios.IEXTEN)
    assert after[0] == job.before[0] & ~termios.IXON


def test_a_visible_line_survives_a_stop(run: Start) -> None:
    """After ^Z the visible prompt is drawn again; Ctrl-C is KeyboardInterrupt; Ctrl-D is EOFError."""
    job = run("""
        from jpki_cli.terminal.prompts import prompt_line
        for error in (KeyboardInterrupt, EOFError):
            try:
                prompt_line("? ")
            except error:
                print(error.__name__)
    """)
    job.see("? ")
    job.type("no\x1a")
    assert job.told("stopped") == signal.SIGTSTP
    job.order("fg")
    job.see("? ")
    job.type("\x03")
    job.see("? ")
    job.type("\x04")
    assert job.result() == "KeyboardInterrupt\nEOFError\n"

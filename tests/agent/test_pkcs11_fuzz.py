"""Frames of any bytes and calls in any order: always an answer of the right form, never a lost try or an open card."""

from __future__ import annotations

from pkcs11fuzz import fuzz_calls, fuzz_frames

from jpki.agent.pkcs11.constants import Rv


def test_ten_thousand_frames_are_all_answered() -> None:
    """Each frame gets an answer whose signature is its call's, or a CK_RV; no error is unforeseen."""
    counts = fuzz_frames(10_000, seed=20261128).counts
    assert sum(counts.values()) > 9_000
    assert counts[hex(Rv.GENERAL_ERROR)] == 0
    assert {hex(Rv.OK), hex(Rv.ARGUMENTS_BAD), hex(Rv.FUNCTION_NOT_SUPPORTED), "closed"} <= set(counts)


def test_calls_in_any_order_leave_nothing_open() -> None:
    """Sessions, searches, logins and signatures mixed; some signatures are made."""
    counts = fuzz_calls(5_000, seed=20261128).counts
    assert counts[hex(Rv.GENERAL_ERROR)] == 0
    assert {hex(Rv.OK), hex(Rv.OPERATION_NOT_INITIALIZED), hex(Rv.SESSION_HANDLE_INVALID)} <= set(counts)

"""Options of the whole test suite; pytest reads them from here only."""

from __future__ import annotations

import os
import signal
import sys
from collections import Counter
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import givenday
import pytest
from hypothesis import HealthCheck, settings
from notonwindows import ALONE_ON_POSIX, NOT_ON_WINDOWS

from jpki_cli.app import clock
from jpki_sim import dates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timestamping import Service

#: The day that the tests are given. Nothing happened on it, and no birthday of a persona falls on it.
GIVEN_DAY = "2026-11-22"
HERE = Path(__file__).parent
#: What the fast tier leaves out: tests with other programs, and those that take every case at every place.
SLOW = {
    "browser",
    "fuzz",
    "pcscd",
    "ssh",
    "terminal",
    "window",
    "windows",
    "test_packaging.py",
    "test_references.py",
    "agent/test_pkcs11_faults.py",
    "agent/test_ssh_clients.py",
    "agent/test_ssh_door.py",
    "application/crash",
    "cli/canary",
    "cli/test_cli_advice_texts.py",
    "cli/test_cli_card_closed.py",
    "cli/test_cli_cms_cases.py",
    "cli/test_cli_cms_tampering.py",
    "cli/test_cli_languages.py",
    "cli/test_cli_others_cms.py",
    "cli/test_cli_pdf.py",
    "cli/test_cli_pdf_cases.py",
    "cli/test_cli_pdf_parts.py",
    "cli/test_cli_pdf_registry.py",
    "cli/test_cli_pdf_signing.py",
    "cli/test_cli_other_keys.py",
    "cli/test_cli_report.py",
    "cli/test_cli_report_privacy.py",
    "cli/test_cli_sign_many.py",
    "cli/test_cli_sign_resume.py",
    "cli/test_cli_sim_serve.py",
    "cli/test_cli_timestamp.py",
    "cli/test_cli_verify_card.py",
    "cli/test_cli_verify_screen.py",
    "cli/test_cli_verify_signer.py",
    "cli/test_cli_verify_sources.py",
    "cli/test_fault_enumeration.py",
    "cli/test_full_disks.py",
    "cli/test_outside_names_on_cards.py",
    "cli/test_sign_memory.py",
    "pkcs11/test_agent_command.py",
    "pkcs11/test_tls.py",
    "pkcs11/test_tools.py",
    "sim/data/test_sim_card_schema.py",
    "sim/data/test_sim_certificates.py",
    "sim/data/test_sim_keys.py",
    "sim/data/test_sim_personas.py",
    "unit/advice/test_advice_product.py",
    "unit/advice/test_card_advice.py",
    "unit/card/test_raw_commands.py",
    "unit/certificate/test_certificate_check_agreement.py",
    "unit/certificate/test_certificate_details.py",
    "unit/certificate/test_certificate_outline.py",
    "unit/certificate/test_personal_attributes.py",
    "unit/certificate/test_trust.py",
    "unit/signing/test_pdf_signatures.py",
    "unit/signing/test_pdf_stamp.py",
    "unit/signing/test_time_stamp_service.py",
    "unit/survey/test_survey_harm.py",
    "unit/survey/test_survey_holders.py",
    "unit/survey/test_survey_settings.py",
    "test_docs.py::test_examples_are_true",
    "test_layers.py::test_library_is_imported_only_where_it_belongs",
    "test_library_api.py::test_example_runs",
    "cli/test_cli_pem.py::test_pem_of_any_size_is_read_back",
    "cli/test_cli_sign.py::test_no_changed_byte_passes",
    "cli/test_cli_sign.py::test_one_password_signs_many_files",
    "cli/test_cli_sign.py::test_openssl_accepts_every_variant",
    "cli/test_cli_sign_resume.py::test_only_one_turns_copies_are_on_the_disk",
    "cli/test_cli_sign_resume.py::test_each_path_is_resolved_a_fixed_number_of_times",
    "cli/test_progress.py::test_what_is_foretold_of_a_pdf_is_what_is_read",
    "sim/data/test_sim_card_files.py::test_a_killed_program_leaves_the_old_or_the_new_file",
    "sim/plugin/test_pytest_plugin.py::test_nothing_is_loaded_that_no_test_asks_for",
    "unit/certificate/test_openssh.py::test_ssh_keygen_takes_the_line",
    "unit/iso7816/test_card_read.py::test_a_file_costs_as_many_reads_as_it_has_blocks",
    "unit/signing/test_cms_reading.py::test_many_small_objects_take_no_time_by_the_square",
    "window/accessibility",
    "window/pin/test_dialog_use.py",
    "window/pin/test_window_faults.py",
}
#: Of what takes every place or every persona, the fast tier takes one case in so many, others with each order of the
#: tests (pytest-randomly): so what they guard is not left out.
ONE_IN = {
    "application/test_card_left_closed.py::test_after_an_interruption_at_any_command": 4,
    "cli/test_cards_that_hold.py::test_it_is_left_after_a_few_commands": 8,
    "cli/test_change_answers.py::test_an_answer_that_proves_nothing": 8,
    "cli/test_cli_attributes.py::test_every_persona_is_shown": 4,
    "cli/test_cli_bad_cards.py::test_nonsense_at_any_command_is_a_sentence": 6,
    "cli/test_cli_doctor.py::test_every_cause_is_told_on_the_screen_and_in_json": 4,
    "cli/test_cli_guide.py::test_every_topic_fits_a_terminal": 4,
    "cli/test_cli_narrow.py::test_doctor_fits_into_40_columns": 6,
    "cli/test_cli_pin_use.py::test_the_flags_cost_one_command_and_only_where_a_certificate_pin_is_blocked": 6,
    "cli/test_cli_screens.py::test_no_line_of_status_needs_more_than_80_columns": 4,
    "cli/test_cli_status.py::test_status_never_calls_a_certificate_valid": 4,
    "cli/test_cli_status.py::test_status_reads_every_persona": 4,
    "cli/test_contradicting_refusals.py::test_what_is_said_is_what_the_card_holds": 6,
    "cli/test_cli_wrong_flags.py::test_no_other_card_is_said_to_contradict_itself": 5,
    "cli/test_lost_verify.py::test_a_lost_answer_is_told": 6,
    "cli/test_lost_verify.py::test_whether_a_try_was_used": 6,
    "sim/data/test_sim_card_files.py::test_a_file_is_read_back_as_it_was_written": 4,
    "unit/attributes/test_attributes.py::test_every_simulated_card_is_read_and_belongs_together": 4,
}
#: Folders whose tests share one service or one browser.
ONE_BY_ONE = {"browser", "pcscd", "ssh", "window"}

# How long one example takes is no fact about the code: a busy machine must not fail a test.
_UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("untimed", _UNTIMED)
settings.register_profile("few", _UNTIMED, max_examples=15)
settings.load_profile("untimed")

# A shell's job in the background ignores Ctrl-C, and so would every program that the tests start and press it for.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if sys.platform != "win32" and signal.getsignal(signal.SIGQUIT) is signal.SIG_IGN:
    signal.signal(signal.SIGQUIT, signal.SIG_DFL)


collect_ignore = list(NOT_ON_WINDOWS) if sys.platform == "win32" else []


def pytest_report_header() -> list[str]:
    """Name what is left out on this system."""
    return [f"not on Windows: tests/{name}: {reason}" for name, reason in NOT_ON_WINDOWS.items() if collect_ignore]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the tests run on another day, and the conformance suite (tests/contract) against a real card."""
    parser.addoption(
        "--today",
        metavar="DATE",
        default=GIVEN_DAY,
        help="the day that the tests of this process are given; 'now' is the clock's (scripts/sweep-dates)",
    )
    parser.addoption("--fast", action="store_true", help="leave out what is slow (./scripts/test fast)")
    parser.addoption(
        "--reader",
        metavar="NAME",
        help="run the read-only part of tests/contract against the card in this PC/SC reader (or a part of its name)",
    )


def _is_there(place: str, test: str) -> bool:
    """Whether a folder or file below tests exists, and the test of this name in it."""
    path = HERE / place
    return f"\ndef {test}(" in path.read_text(encoding="utf-8") if test and path.is_file() else path.exists()


def _require_terminals() -> None:
    """Skip tests that type on a terminal where the system gives out none; CI, which wants every test, fails there."""
    if sys.platform == "win32" or os.environ.get("JPKI_REQUIRE_PCSCD") == "1":
        return
    try:
        for descriptor in os.openpty():
            os.close(descriptor)
    except OSError as exc:
        reason = f"no pseudo terminals: {exc}"

        def refuse() -> NoReturn:
            pytest.skip(reason)

        os.openpty = refuse


def pytest_configure(config: pytest.Config) -> None:
    """Let property tests try few examples in the fast tier, and tell what is made early of the day."""
    _require_terminals()
    givenday.day = config.getoption("--today")
    if config.getoption("--fast"):
        settings.load_profile("few")
        gone = sorted(name for name in SLOW | set(ONE_IN) if not _is_there(*name.partition("::")[::2]))
        if gone:
            raise pytest.UsageError(f"tests/conftest.py names what is not there: {', '.join(gone)}")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the folders and files of SLOW out of the fast tier."""
    is_slow = collection_path.is_relative_to(HERE) and collection_path.relative_to(HERE).as_posix() in SLOW
    return True if is_slow and config.getoption("--fast") else None


def _are_in_the_fast_tier(items: list[pytest.Item]) -> list[bool]:
    """Whether each belongs to the fast tier, as far as SLOW and ONE_IN name single tests."""
    seen: Counter[str] = Counter()
    kept = []
    for item in items:
        name = f"{item.path.relative_to(HERE).as_posix()}::{item.name.partition('[')[0]}"
        kept.append(name not in SLOW and seen[name] % ONE_IN.get(name, 1) == 0)
        seen[name] += 1
    return kept


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is slow; keep tests that share a service or a browser in one process, where several run tests."""
    if config.getoption("--fast"):
        kept = _are_in_the_fast_tier(items)
        config.hook.pytest_deselected(items=[item for item, stays in zip(items, kept, strict=True) if not stays])
        items[:] = [item for item, stays in zip(items, kept, strict=True) if stays]
    for item in items:
        folder = item.path.parent.name
        if folder in ONE_BY_ONE and item.path.parent.parent == HERE:
            item.add_marker(pytest.mark.xdist_group(folder))
        reason = ALONE_ON_POSIX.get(item.name) or ALONE_ON_POSIX.get(item.name.partition("[")[0])
        if sys.platform == "win32" and reason is not None:
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session", autouse=True)
def given_day(pytestconfig: pytest.Config) -> Iterator[None]:
    """Noon of one day in Japan is the time for the program and the simulated cards in this process."""
    day = pytestconfig.getoption("--today")
    with pytest.MonkeyPatch.context() as patch:
        if day != "now":
            noon = datetime.combine(date.fromisoformat(day), time(12), dates.JST)
            patch.setattr(dates, "now", lambda: noon)
            patch.setattr(clock, "now", lambda: noon.astimezone(UTC))
        yield


def _core_limit() -> tuple[int, int] | None:
    if sys.platform == "win32":
        return None
    import resource

    return resource.getrlimit(resource.RLIMIT_CORE)


@pytest.fixture(autouse=True)
def _cores_stay_allowed() -> Iterator[None]:
    """No test takes from its process for good what a test that comes after it needs, in whatever order."""
    before = _core_limit()
    yield
    assert _core_limit() == before, "this test has taken from its process the right to write cores"


@pytest.fixture
def stamps(tmp_path: Path) -> Iterator[Service]:
    """A time stamp service on loopback."""
    from timestamping import running  # its certificates take a moment, which other tests need not wait for

    folder = tmp_path / "service"
    folder.mkdir()
    with running(folder) as found:
        yield found

"""What of the test suite is left out on Windows, and why; scripts/windows-test prints it."""

from __future__ import annotations

from typing import Final

#: Folders and files. tests/windows has for Windows what is the like of some.
NOT_ON_WINDOWS: Final = {
    "agent": "the agent's sockets and dialogs are of POSIX systems",
    "browser": "the browser is Debian's",
    "cli/test_cli_timestamp.py": "its service is openssl",
    "cli/test_fault_enumeration.py": "the agent is among what it drives, whose sockets are of POSIX systems",
    "cli/test_full_disks.py": "/dev/full is of Linux",
    "pkcs11": "p11-kit's sockets are of POSIX systems",
    "pcscd": "pcscd, OpenSC and the virtual reader's driver are of Linux",
    "ssh": "its server is OpenSSH for POSIX systems",
    "test_packaging.py": "git, the build and the index's tools are those of POSIX systems",
    "terminal": "pseudo terminals and job control are of POSIX",
    "window": "Qt wants the icuuc.dll of Windows 10, which Wine does not have",
    "windows": "its tests start Wine themselves",
    "sim/engine/test_engine_vpcd.py": "under Wine a socket that another thread shuts down does not wake who reads it",
    "sim/engine/test_engine_vpcd_slots.py": "the same",
}
#: Single tests, or single cases of them.
ALONE_ON_POSIX: Final = {
    "test_openssl_verifies_it": "starts openssl",
    "test_the_ssh_agent": "the SSH agent is not offered on Windows",
    "test_the_ssh_agent_asks_on_its_terminal_only": "the same",
    "test_a_phones_pin_is_not_kept": "the same",
    "test_a_place_where_no_socket_can_be": "the agent is not offered on Windows",
    "test_pkcs11_forget_and_uninstall_have_nothing_to_do": "the same, and HOME is no home there",
    "test_pipe_is_written_to_and_not_replaced": "named pipes in folders",
    "test_a_bar_goes_to_its_end_and_no_further": "Click hides the cursor on other systems only",
    "test_a_failure_leaves_the_cursor_shown": "the same",
    "test_nothing_heavy_is_loaded": "Windows' console and readers are reached by ctypes",
    "test_closed_standard_input": "a shell of POSIX starts it",
    "test_descriptors_that_cannot_be_read": "Windows opens no folder as a file",
    "test_a_link_is_followed": "a symbolic link needs a right of its own on Windows",
    "test_two_names_of_a_file_have_one_lock": "the same",
    "test_runit_shows_in_folders_whether_the_service_starts": "the same",
    "test_files_are_read_without_surprises": "named pipes in folders",
    "test_a_real_program_is_seen_and_this_one_is_not": "looks for programs of POSIX systems",
    "test_a_program_that_is_not_there_or_fails_is_no_error": "the same",
    "test_linux_shows_numbers_names_classes_drivers_and_the_group_of_the_device_file": "device files of Linux",
    "test_only_before_a_card_is_open_the_host_is_asked_for_the_reason": "pcscd's codes",
    "test_a_failed_exchange_on_a_reader_that_cannot_be_asked_is_a_lost_answer": "names that pyscard cannot ask for",
    "test_openssl_stamps_and_verifies": "starts openssl",
    "test_each_request_has_a_number_of_its_own": "its service is openssl",
    "test_whatever_goes_wrong_is_told": "the same",
    "test_a_service_that_drips_is_not_waited_for_without_end": "the same",
    "test_https_by_a_ca_that_the_system_knows": "the same",
    "test_no_network_is_used": "asyncio's loop, which pyHanko signs in, is woken by a pair of sockets on Windows",
    "test_examples_are_true": "the examples are lines of a POSIX shell",
    "test_import_contracts_are_kept": "import-linter reads the same files on other systems",
    "test_the_form_for_the_registry[visible]": "Wine brings no font with Japanese letters",
    "test_a_pyscard_that_knows_the_full_path_needs_no_search": "a library of Linux",
}

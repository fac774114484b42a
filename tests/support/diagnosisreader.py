"""Cases of readers, permission and the service while it is used (rows 3 to 8)."""

from __future__ import annotations

from diagnosiscase import NOTE, Case
from diagnosisfacts import (
    BUSY,
    FIREFOX,
    HELLO,
    REFUSED,
    SCDAEMON,
    SECOND,
    STOPPED,
    WINDOWS,
    opened,
    with_card,
    with_pcsc,
    with_pins,
    with_usb,
)
from fakefacts import (
    RC_S300,
    READER,
    FakeFacts,
    FakeFiles,
    FakePcsc,
    FakeProcesses,
)

from jpki import errors
from jpki.card import Pin, PinState
from jpki.diagnosis.causes import CardCause, ReaderCause, ServiceCause
from jpki.diagnosis.detectors import card, reader, service, usb
from jpki.diagnosis.facts import Program
from jpki.transport import ReaderState

READER_CASES = [
    Case("3", reader.card_present, with_pcsc((ReaderState("Reader", 0),)), ReaderCause.NO_CARD, code=0x8010000C),
    Case(
        "3",
        reader.card_answers,
        with_pcsc((ReaderState("Reader", 0, is_card_present=True, is_mute=True),)),
        ReaderCause.CARD_MUTE,
        code=0x80100066,
    ),
    Case(
        "3",
        card.connection,
        opened(errors.CardMuteError("mute", pcsc_code=0x80100067)),
        ReaderCause.CARD_MUTE,
        code=0x80100067,
    ),
    *(
        Case(
            "4", card.pins_blocked, with_pins((Pin.SIGN, PinState.BLOCKED, sw)), CardCause.PIN_BLOCKED, ("sign",), sw=sw
        )
        for sw in (0x63C0, 0x6983, 0x6984)
    ),
    Case(
        "4", card.pins_used, with_pins((Pin.AUTH, PinState.LAST_TRY, 0x63C1)), CardCause.PIN_TRIES_USED, ("auth",), NOTE
    ),
    Case("5", service.permission, with_pcsc(REFUSED), ServiceCause.PERMISSION_DENIED, code=0x8010006A),
    Case(
        "5",
        card.connection,
        opened(errors.PermissionDeniedError("the service, not the card", pcsc_code=0x80100013)),
        ServiceCause.PERMISSION_DENIED,
        code=0x80100013,
    ),
    Case(
        "5",
        service.permission_remote,
        with_pcsc(REFUSED, environment={"SSH_CONNECTION": "192.0.2.1 5 192.0.2.2 22"}),
        ServiceCause.PERMISSION_REMOTE,
        code=0x8010006A,
    ),
    Case(
        "5",
        service.permission_proc_hidden,
        with_pcsc(REFUSED, files=FakeFiles({"/proc/mounts": "proc /proc proc rw,nosuid,hidepid=invisible 0 0\n"})),
        ServiceCause.PERMISSION_PROC_HIDDEN,
        ("rw,nosuid,hidepid=invisible",),
        code=0x8010006A,
    ),
    Case(
        "6",
        reader.card_free,
        with_pcsc(
            (ReaderState("Reader", 0, is_card_present=True, is_exclusive=True),),
            processes=FakeProcesses((FIREFOX, SCDAEMON)),
        ),
        ReaderCause.EXCLUSIVE_USE,
        ("firefox (77)",),
        code=0x8010000B,
    ),
    *(
        Case(
            "6",
            reader.card_free,
            with_pcsc(
                (ReaderState("Reader", 0, is_card_present=True, is_exclusive=True),),
                processes=FakeProcesses((Program(name, pid=812), Program("launchd", pid=1))),
            ),
            ReaderCause.EXCLUSIVE_USE,
            (f"{name} (812)",),
            code=0x8010000B,
        )
        for name in ("Google Chrome", "msedge.exe")  # as macOS and Windows call them
    ),
    Case("6", card.connection, opened(BUSY, SCDAEMON), ReaderCause.CARD_BUSY, ("scdaemon (78)",), code=0x8010000A),
    Case(
        "6",
        usb.reader_taken_by_gnupg,
        with_usb(RC_S300, processes=FakeProcesses((SCDAEMON,))),
        ReaderCause.READER_TAKEN_BY_GNUPG,
        ("RC-S300/P (054c:0dc9)",),
        code=0x8010002E,
    ),
    Case(
        "7",
        service.service_waits_for_reader,
        with_pcsc(STOPPED, platform=WINDOWS),
        ServiceCause.SERVICE_WAITS_FOR_READER,
        code=0x8010001D,
    ),
    Case(
        "7",
        card.application_fails,
        with_card(errors.ServiceStoppedError("gone", pcsc_code=0x8010001E)),
        ReaderCause.SERVICE_GONE,
        code=0x8010001E,
    ),
    Case(
        "7",
        card.connection,
        opened(errors.ServiceStoppedError("the socket is left, nobody listens", pcsc_code=0x80100013)),
        ReaderCause.SERVICE_GONE,
        code=0x80100013,
    ),
    Case("8", reader.no_virtual_only, with_pcsc((HELLO,)), ReaderCause.VIRTUAL_READERS_ONLY, (HELLO.name,)),
    Case("8", reader.reader_choice, with_pcsc((HELLO, SECOND)), ReaderCause.VIRTUAL_READERS, (HELLO.name,), NOTE),
    Case(
        "8",
        reader.reader_choice,
        with_pcsc((READER, ReaderState("Slot", 1))),
        ReaderCause.SEVERAL_READERS,
        (READER.name,),
        NOTE,
    ),
    Case(
        "8",
        reader.several_cards,
        FakeFacts(pcsc=FakePcsc(listed=(READER, SECOND), applications=(READER.name, SECOND.name))),
        ReaderCause.SEVERAL_CARDS,
        (READER.name, SECOND.name),
    ),
    Case(
        "8", reader.known_reader, FakeFacts(pcsc=FakePcsc(wanted="nothing")), ReaderCause.UNKNOWN_READER, (READER.name,)
    ),
]

"""What can be wrong with other programs: those that log PINs, and those that do not find the card."""

from __future__ import annotations

from jpki.diagnosis.remedies import ProgramsRemedy, SetupRemedy
from jpki.words import M

from .record import Cause, Obstacle


class ProgramsCause(Cause):
    """What is wrong with another program: it logs PINs, or does not find the card."""

    PIN_LOGGED_BY_SERVICE = (
        "pin_logged_by_service",
        ("privacy",),
        M("The smart card service writes every command to its log, PINs included ({details})."),
        M("It was started or set up with --apdu, which is meant for developers."),
        (ProgramsRemedy.SERVICE_WITHOUT_APDU_LOG, SetupRemedy.RESTART_SERVICE),
        Obstacle.NONE,
    )
    PIN_LOGGED_BY_SPY = (
        "pin_logged_by_spy",
        ("privacy",),
        M("Another library sits between programs and the service, and sees every PIN: {details}."),
        M("These settings replace the real library with one for developers."),
        (ProgramsRemedy.UNSET_SPY,),
        Obstacle.NONE,
    )
    PIN_LOGGED_BY_DRIVER = (
        "pin_logged_by_driver",
        ("privacy",),
        M("The reader's driver is set to write every byte to the log, PINs included ({details})."),
        M("A log level with the bit 4 set is meant for developers; the usual one is 0x0003."),
        (ProgramsRemedy.DRIVER_LOG_LEVEL,),
        Obstacle.NONE,
    )
    PIN_LOGGED_BY_MACOS = (
        "pin_logged_by_macos",
        ("privacy",),
        M("macOS writes what goes to and from cards to its log, PINs included."),
        M("The setting Logging of com.apple.security.smartcard is meant for developers."),
        (ProgramsRemedy.MACOS_LOGGING_OFF,),
        Obstacle.NONE,
    )
    P11_KIT_MISSING = (
        "p11_kit_missing",
        ("22",),
        M("p11-kit-client.so is not installed, so other programs cannot reach the agent."),
        M("jpki pkcs11 install has set this user up for it. The module is a part of p11-kit."),
        (ProgramsRemedy.INSTALL_P11_KIT,),
        Obstacle.NONE,
    )
    AGENT_NOT_RUNNING = (
        "agent_not_running",
        ("22",),
        M("The agent does not run, so other programs do not find the card."),
        M("It starts with the desktop. Programs find it when they start, so it has to be there before them."),
        (ProgramsRemedy.START_AGENT, ProgramsRemedy.RESTART_PROGRAM),
        Obstacle.NONE,
    )
    AGENT_ELSEWHERE = (
        "agent_elsewhere",
        ("22",),
        M("An agent runs, but not where other programs look for it."),
        M(
            "jpki pkcs11 install writes that place into a file. It is another one after su or in cron, where there is "
            "no XDG_RUNTIME_DIR."
        ),
        (ProgramsRemedy.INSTALL_AGAIN, ProgramsRemedy.START_AGENT, ProgramsRemedy.RESTART_PROGRAM),
        Obstacle.NONE,
    )
    ROOT_WITHOUT_MODULES = (
        "root_without_modules",
        ("22",),
        M("Programs that run as root do not read the module files of a user."),
        M("p11-kit leaves them out for root, so such a program finds the card only by the path of the module."),
        (ProgramsRemedy.GIVE_MODULE_PATH,),
        Obstacle.NONE,
    )
    BROWSER_IN_SANDBOX = (
        "browser_in_sandbox",
        ("22",),
        M("Browsers in a sandbox of their own may not find the card: {details}."),
        M("They see other files than other programs do, so the module and the agent's socket are likely out of reach."),
        (ProgramsRemedy.USE_BROWSER_OF_SYSTEM,),
        Obstacle.NONE,
    )

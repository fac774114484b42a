"""What can be wrong with the smart card service."""

from __future__ import annotations

from jpki.diagnosis.remedies import RESTART_AND_LOG, ReaderRemedy, SetupRemedy
from jpki.words import M

from .record import Cause


class ServiceCause(Cause):
    """What is wrong with the smart card service."""

    SERVICE_MISSING = (
        "pcsc_service_missing",
        ("1",),
        M("The smart card service (pcscd) is not installed."),
        M("Programs reach card readers through this service."),
        (SetupRemedy.INSTALL_SERVICE, SetupRemedy.ENABLE_SERVICE),
    )
    SERVICE_DISABLED = (
        "pcsc_service_disabled",
        ("1",),
        M("The smart card service is installed but is switched off."),
        M("Some systems install it without starting it (Arch does), and somebody may have disabled it."),
        (SetupRemedy.ENABLE_SERVICE,),
    )
    SERVICE_STOPPED = (
        "pcsc_service_stopped",
        ("1",),
        M("The smart card service is installed but is not running."),
        M("Nothing is listening where the service should be."),
        (SetupRemedy.ENABLE_SERVICE, SetupRemedy.SEE_LOG),
    )
    SERVICE_WAITS_FOR_READER = (
        "pcsc_service_waits_for_reader",
        ("7",),
        M("Windows has not started the smart card service."),
        M(
            "Windows starts it when a reader is connected and stops it when the last one is unplugged; programs that "
            "ran before that have to be started again."
        ),
        (ReaderRemedy.CONNECT_READER, SetupRemedy.ENABLE_SERVICE),
    )
    PERMISSION_DENIED = (
        "pcsc_permission_denied",
        ("5",),
        M("The smart card service refuses this user."),
        M(
            "The service asks polkit, which by default allows only users who sit at the computer, but no service and "
            "no cron job."
        ),
        (SetupRemedy.USE_OWN_SCREEN, SetupRemedy.POLKIT_RULE),
    )
    PERMISSION_REMOTE = (
        "pcsc_permission_remote",
        ("5",),
        M("The smart card service refuses this user, who is logged in from elsewhere (SSH)."),
        M("The service asks polkit, which by default allows only users who sit at the computer."),
        (SetupRemedy.USE_OWN_SCREEN, SetupRemedy.POLKIT_RULE),
    )
    PERMISSION_PROC_HIDDEN = (
        "pcsc_permission_proc_hidden",
        ("5",),
        M(
            "The smart card service refuses this user: because of how /proc is mounted, it cannot see who is asking "
            "({details})."
        ),
        M("With hidepid, polkit cannot find out who owns the process, and refuses everybody."),
        (SetupRemedy.SHOW_PROC,),
    )
    SERVICE_HANGS = (
        "pcsc_service_hangs",
        ("1",),
        M("The smart card service does not respond."),
        M("It may be waiting for a reader or a driver that hangs."),
        RESTART_AND_LOG,
    )
    SERVICE_FAILED = (
        "pcsc_service_failed",
        ("1",),
        M("The smart card service failed."),
        M("The service was reached, and answered with an error of its own."),
        RESTART_AND_LOG,
    )

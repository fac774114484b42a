"""The words of a diagnosis: the parts of the way to the card, the questions asked, and why one was not."""

from __future__ import annotations

from jpki.words import LabelledEnum, M


class Step(LabelledEnum):
    """Parts of the way to the card, in the order in which they are looked at."""

    COMPUTER = "computer", M("Computer")
    SERVICE = "service", M("Smart card service")
    READER = "reader", M("Reader")
    CARD = "card", M("Card")
    PRIVACY = "privacy", M("Privacy")
    PROGRAMS = "programs", M("Other programs")


class Check(LabelledEnum):
    """One question, answered with pass, fail or not checked."""

    PYTHON = "python", M("Python")
    PYSCARD = "pyscard", M("pyscard")
    SANDBOX = "sandbox", M("Sandbox or container")
    WSL = "wsl", M("Linux in Windows (WSL)")
    REMOTE_DESKTOP = "remote_desktop", M("Remote Desktop")
    LIBRARY = "library", M("PC/SC library")
    SERVICE_INSTALLED = "service_installed", M("Service is installed")
    SERVICE_RUNNING = "service_running", M("Service runs")
    PERMISSION = "permission", M("Service accepts this user")
    SERVICE_ANSWERS = "service_answers", M("Service answers")
    READER = "reader", M("A reader is connected")
    READER_CHOICE = "reader_choice", M("Which reader is meant")
    CARD_PRESENT = "card_present", M("A card is on the reader")
    CARD_ANSWERS = "card_answers", M("The card answers")
    CARD_FREE = "card_free", M("No other program keeps it")
    CONNECTION = "connection", M("The card can be opened")
    READER_DRIVER = "reader_driver", M("Reader driver of macOS")
    PIN_PAD = "pin_pad", M("Keys on the reader")
    APPLICATION = "application", M("It is a My Number Card")
    CARD_PERIOD = "card_period", M("The card itself in period")
    PINS = "pins", M("No PIN is locked")
    CERTIFICATES = "certificates", M("Certificates in period")
    CA_CERTIFICATES = "ca_certificates", M("CA certificates in period")
    EXTENDED_APDU = "extended_apdu", M("Extended-length commands")
    PIN_LOGGING = "pin_logging", M("Nothing logs PINs")
    OTHER_PROGRAMS = "other_programs", M("Programs reach the card")
    BROWSERS = "browsers", M("Browsers reach the card")


class Reason(LabelledEnum):
    """Why something was not checked."""

    AFTER_FAILURE = "after_failure", M("after another check that failed")
    SIMULATED = "simulated", M("not needed for a simulated card")
    OTHER_SYSTEM = "other_system", M("not on this system")
    NOT_HERE = "not_here", M("does not apply here")
    NOT_VISIBLE = "not_visible", M("not reported")
    NEEDS_PIN = "needs_pin", M("can be read only with its PIN")

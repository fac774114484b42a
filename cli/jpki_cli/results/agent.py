"""What the commands print that let other programs use the card: agent, pkcs11, ssh."""

from typing import Annotated, Literal, Required

from jpki.json_types import Count

from .common import AgentPid, PinIfUsedFacts, ReaderResult, Result


class AgentResult(Result, total=False):
    """What `jpki agent --json` prints when it begins to listen, or when it could not."""

    schema: Required[Literal["jpki.agent/1"]]
    pid: AgentPid
    sockets: Annotated[dict[str, str], "Paths of the Unix sockets by what they are for."]


class SshAgentResult(ReaderResult, total=False):
    """What `jpki ssh agent --json` prints when it begins to listen, or when it could not.

    With a command behind it, in the second case only.
    """

    schema: Required[Literal["jpki.ssh-agent/1"]]
    socket: Annotated[str, "Path of the Unix socket: the value for SSH_AUTH_SOCK."]
    pid: AgentPid


class Pkcs11InstallResult(Result, total=False):
    """What `jpki pkcs11 install --json` prints."""

    schema: Required[Literal["jpki.pkcs11-install/1"]]
    module: Annotated[str, "Path of p11-kit-client.so."]
    written: Annotated[list[str], "Files that were written."]
    removed: Annotated[
        list[str],
        "The module file of the signature token, where it was there from another time and is not wanted now.",
    ]
    databases: Annotated[list[str], "Folders of NSS databases that the module was added to."]
    in_sandbox: Annotated[
        list[str],
        "Browsers among them that run in a sandbox (snap, flatpak) and may not find the card, as `Firefox (snap)`.",
    ]


class Pkcs11UninstallResult(Result, total=False):
    """What `jpki pkcs11 uninstall --json` prints."""

    schema: Required[Literal["jpki.pkcs11-uninstall/1"]]
    removed: Annotated[list[str], "Files that were removed."]
    databases: Annotated[list[str], "Folders of NSS databases that the module was taken out of."]


class Pkcs11RememberResult(ReaderResult, PinIfUsedFacts, total=False):
    """What `jpki pkcs11 remember --json` prints."""

    schema: Required[Literal["jpki.pkcs11-remember/1"]]
    path: Annotated[str, "The file that holds the certificate."]


class Pkcs11ForgetResult(Result, total=False):
    """What `jpki pkcs11 forget --json` prints."""

    schema: Required[Literal["jpki.pkcs11-forget/1"]]
    removed: Annotated[Count, "How many certificates were removed."]

"""A client of an SSH agent, not OpenSSH's: asks for the keys, and for signatures of logins with the first.

Usage: agentclient.py [REQUESTS]; the socket is SSH_AUTH_SOCK. It prints the environment that it was given and the type
of each answer. Exit code 0: everything was signed; 4: something was refused. Written from the protocol's draft
(draft-ietf-sshm-ssh-agent) and RFC 4252, not from the program under test.
"""

from __future__ import annotations

import os
import socket
import struct
import sys

FAILURE = 5
REQUEST_IDENTITIES, IDENTITIES_ANSWER = 11, 12
SIGN_REQUEST, SIGN_RESPONSE = 13, 14
SHA2_256 = 2


def string(value: bytes) -> bytes:
    """Write a string as SSH does."""
    return struct.pack(">I", len(value)) + value


def login(key: bytes, number: int) -> bytes:
    """What RFC 4252, section 7, has a client sign."""
    fields = (b"taro", b"ssh-connection", b"publickey")
    session = string(b"session %d" % number) + b"\x32"
    return session + b"".join(map(string, fields)) + b"\x01" + string(b"rsa-sha2-256") + string(key)


class AgentClient:
    """A connection to an agent."""

    def __init__(self, path: str, seconds: float = 60.0) -> None:
        """Connect."""
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(seconds)
        self._socket.connect(path)

    def ask(self, message: bytes) -> bytes:
        """Send a message and return the answer."""
        self._socket.sendall(string(message))
        (length,) = struct.unpack(">I", self._receive(4))
        return self._receive(length)

    def _receive(self, length: int) -> bytes:
        data = b""
        while len(data) < length:
            part = self._socket.recv(length - len(data))
            if not part:
                raise EOFError("the agent hung up")
            data += part
        return data

    def first_key(self) -> bytes:
        """The blob of the first key."""
        answer = self.ask(bytes((REQUEST_IDENTITIES,)))
        assert answer[0] == IDENTITIES_ANSWER
        (length,) = struct.unpack(">I", answer[5:9])
        return answer[9 : 9 + length]

    def sign(self, key: bytes, number: int) -> int:
        """Have a login signed; the type of the answer."""
        request = string(key) + string(login(key, number)) + struct.pack(">I", SHA2_256)
        return self.ask(bytes((SIGN_REQUEST,)) + request)[0]

    def close(self) -> None:
        """Hang up."""
        self._socket.close()


def main() -> int:
    """Ask for as many signatures as the command line says."""
    sys.stdout.write(f"{dict(os.environ)}\n")
    sys.stdout.flush()
    client = AgentClient(os.environ["SSH_AUTH_SOCK"])
    key = client.first_key()
    answers = [client.sign(key, number) for number in range(int(sys.argv[1]) if len(sys.argv) > 1 else 1)]
    sys.stdout.write(f"answers {answers}\n")
    client.close()
    return 0 if set(answers) == {SIGN_RESPONSE} else 4


if __name__ == "__main__":
    sys.exit(main())

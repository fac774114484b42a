"""A card in the virtual reader whose answer to reset is of no use. Usage: mute_card.py PORT ANSWER

The driver reads the answer when it looks whether a card is there, and again after it switched the power on. To the
first it gets a good one; to the second ANSWER, in hex. One that is longer than an answer to reset can be keeps the
card from being powered, so that it is mute; one that names no protocol leaves nothing to speak with.
"""

import socket
import sys

POWER_ON, RESET, ATR_WANTED = b"\x01", b"\x02", b"\x04"
ANSWER_TO_RESET = bytes.fromhex("3B80800101")


def main() -> None:
    """Be there until the reader goes away."""
    after_power, was_powered = bytes.fromhex(sys.argv[2]), False
    with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as link:
        while len(head := link.recv(2, socket.MSG_WAITALL)) == len(b"\0\0"):
            message = link.recv(int.from_bytes(head), socket.MSG_WAITALL)
            if message in {POWER_ON, RESET}:
                was_powered = True
            elif message == ATR_WANTED:
                answer = after_power if was_powered else ANSWER_TO_RESET
                was_powered = False
                link.sendall(len(answer).to_bytes(2) + answer)


if __name__ == "__main__":
    main()

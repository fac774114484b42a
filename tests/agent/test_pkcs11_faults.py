"""Every command of a signature with every fault of the simulator: a CK_RV, the card closed, and no other try lost."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from agentdesk import PIN, READER, Desk
from rpcclient import RpcClient, RvError, ulong

from jpki import errors
from jpki.agent import errors as agent_errors
from jpki.agent.pkcs11.constants import Rv
from jpki.agent.pkcs11.faults import TABLE, rv_of
from jpki_sim.faults import FaultyCard, parse_faults

if TYPE_CHECKING:
    from jpki_sim.card import CardPort

ROOT = Path(__file__).parents[2]
#: SELECT, certificate, counter for the dialog; then all of the presenting transaction, and a few more.
COMMANDS = range(1, 18)
FAULTS = (
    *("remove:{n}", "remove-after:{n}", "reader-gone:{n}", "mute:{n}", "mute-after:{n}", "reset:{n}", "unpower:{n}"),
    *("sw-before:{n}=6F00", "sw:{n}=6F00", "sw-before:{n}=6982", "sw-before:{n}=6A82", "sw:{n}=6581"),
    *("truncate:{n}=1", "empty:{n}", "garbage:{n}=16", "endless:{n}", "split:{n}", "wrong-le:{n}"),
)
#: What a program can be told of a signature that a fault met.
TOLD = {Rv.OK, Rv.DEVICE_ERROR, Rv.DEVICE_REMOVED, Rv.PIN_INCORRECT, Rv.PIN_LOCKED, Rv.FUNCTION_CANCELED}


def put_faults(desk: Desk, plan: str) -> CardPort:
    """Have the card follow a plan from now on; gives it as it was."""
    loaded = desk.readers._cards[READER]
    assert loaded is not None
    before = loaded.card
    loaded.card = FaultyCard(before, parse_faults(plan), sleep=lambda _seconds: None)  # type: ignore[assignment]
    return before


def sign(client: RpcClient, session: int) -> Rv:
    """Sign; the CK_RV."""
    try:
        assert len(client.sign(session)) == 256
    except RvError as exc:
        return Rv(exc.rv)
    return Rv.OK


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_at_any_command_is_an_answer(fault: str) -> None:
    """The CK_RV is one of few, the card is closed, a try is used at most, and the next signature works."""
    for number in COMMANDS:
        with Desk() as desk:
            client = RpcClient(desk.module().answer)
            session = client.open()
            client.private_key(session)
            card = put_faults(desk, fault.format(n=number))
            desk.person.secrets, desk.person.choices = [PIN], [0]

            assert sign(client, session) in TOLD, (fault, number)
            assert not desk_is_open(card), (fault, number)
            loaded = desk.readers._cards[READER]
            assert loaded is not None
            loaded.card = card  # type: ignore[assignment]
            assert desk.tries() >= 2, (fault, number)
            card.power_on()
            desk.person.secrets, desk.person.choices = [PIN], [0]
            assert sign(client, session) is Rv.OK, (fault, number)


def desk_is_open(card: CardPort) -> bool:
    """Whether a program that comes next finds a verified PIN."""
    return bool(card._state.verified)  # type: ignore[attr-defined]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_while_the_card_is_read_is_an_answer_too(fault: str) -> None:
    """Listing with a fault at any command: a token or none, and afterwards the token is there."""
    for number in range(1, 14):
        with Desk() as desk:
            card = put_faults(desk, fault.format(n=number))
            client = RpcClient(desk.module().answer)
            assert client.slots() in ([], [1])
            loaded = desk.readers._cards[READER]
            assert loaded is not None
            loaded.card = card  # type: ignore[assignment]
            card.power_on()
            desk.readers.remove(READER)
            assert client.slots() == []
            desk.readers.insert(READER, "adult")
            assert client.slots() == [1]
            session = client.open()
            assert len(client.find(session)) >= 3


def test_each_error_of_the_library_has_a_ck_rv() -> None:
    """No error of the tree is a general error, and the most specific class decides."""
    for module in (errors, agent_errors):
        for found in vars(module).values():
            if isinstance(found, type) and issubclass(found, errors.JpkiError):
                assert rv_of(found.__new__(found)) is not Rv.GENERAL_ERROR
    assert rv_of(ValueError()) is Rv.GENERAL_ERROR
    assert list(TABLE)[-1] is errors.JpkiError


def test_the_table_is_the_one_of_the_documentation() -> None:
    """docs/pkcs11.md has every class of the table with its CK_RV, and no other."""
    text = (ROOT / "docs" / "pkcs11.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| .* \| `(\w+Error)` \| `CKR_(\w+)` \|$", text, re.MULTILINE)
    assert dict(rows) == {kind.__name__: rv.name for kind, rv in TABLE.items()}


def test_a_card_that_comes_back_serves_the_open_session(desk: Desk, client: RpcClient) -> None:
    """Taken away: CKR_DEVICE_REMOVED and not a closed socket; put back: the same session signs."""
    session = client.open()
    desk.readers.remove(READER)
    assert client.slots() == []
    with pytest.raises(RvError) as caught:
        client.find(session, cls=ulong(3))
    assert caught.value.rv == Rv.DEVICE_REMOVED
    desk.readers.insert(READER, "adult")
    desk.person.secrets = [PIN]
    assert sign(client, session) is Rv.OK

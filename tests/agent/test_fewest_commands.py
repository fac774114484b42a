"""How many commands the agent sends: listing once, and a signature with each PIN."""

from __future__ import annotations

from math import ceil

from agentdesk import PIN, Desk
from rpcclient import RpcClient


def reads(certificate: bytes | None) -> int:
    """READ BINARY of 256 bytes each that a certificate takes."""
    return ceil(len(certificate or b"") / 256)


def list_all(client: RpcClient) -> int:
    """List the token's objects, as programs do; the number of objects."""
    client.slots()
    client.token_flags()
    return len(client.find(client.open()))


def test_listing_sends_four_commands_beside_the_reads_and_then_none() -> None:
    """SELECT, both certificates and the counter; a second client costs nothing while the card is unchanged."""
    with Desk() as desk:
        assert list_all(RpcClient(desk.module().answer)) == 4
        view = desk.cards.look()
        assert view is not None
        assert len(desk.apdus) <= 4 + reads(view.auth) + reads(view.auth_ca)
        assert list_all(RpcClient(desk.module(desk.client("another")).answer)) == 4
        assert desk.apdus == []


def test_a_signature_with_a_kept_pin_is_eight_commands(desk: Desk, client: RpcClient) -> None:
    """SELECT, fingerprint, SELECT EF, counter, VERIFY, SELECT key, signature, another application."""
    session = client.open()
    client.login(session, PIN.encode())
    key = client.private_key(session)
    assert key
    desk.apdus.clear()
    client.sign(session)
    assert [apdu[:4] for apdu in desk.apdus] == ["00A4", "00B0", "00A4", "0020", "0020", "00A4", "802A", "00A4"]


def test_a_person_costs_one_look_at_card_and_counter_more(desk: Desk, client: RpcClient) -> None:
    """SELECT, fingerprint and counter before the dialog, in a transaction of their own."""
    session = client.open()
    client.private_key(session)
    desk.person.secrets = [PIN]
    assert desk.apdus is not None
    client.sign(session)
    assert len(desk.apdus) == 3 + 8

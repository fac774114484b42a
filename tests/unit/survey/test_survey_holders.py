"""Nothing of a holder is in the result of a survey, whoever it is (docs/survey.md).

tests/support/holdersurvey.py does the same with as many holders as it is told.
"""

from __future__ import annotations

import json

import pytest
from holdersurvey import found_in, survey_text, without_times
from surveying import Holder

from jpki_sim.card import rsa

_HOLDERS = 200


@pytest.fixture(autouse=True)
def _signatures_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cards remember signatures: all sign one sentence with two TEST keys, and that is most of the time."""
    from functools import cache

    monkeypatch.setattr(rsa, "private_operation", cache(rsa.private_operation))


def test_two_hundred_holders_are_in_no_result_and_give_the_same() -> None:
    """Names, numbers, days, certificates and PINs come out in no spelling; all results are the same but for times."""
    results = set()
    for seed in range(_HOLDERS):
        holder = Holder(seed)
        value, text = survey_text(holder)
        assert found_in(holder, text) == [], seed
        results.add(json.dumps(without_times(value), sort_keys=True))
    assert len(results) == 1


def test_two_holders_give_the_same_file() -> None:
    """Byte for byte, with a clock that stands still."""
    texts = {survey_text(Holder(seed))[1] for seed in (1, 2)}

    assert len(texts) == 1


def test_holders_differ_and_would_be_found() -> None:
    """Each has secrets of their own, and each secret is found where it is, in each spelling."""
    one, other = Holder(1), Holder(2)
    assert not set(one.secrets()) & set(other.secrets())
    for secret in one.secrets():
        raw = secret.encode()
        for spelled in (secret, raw.hex(), raw.hex(" ").upper(), str(list(raw))):
            assert secret in found_in(one, f"answer: {spelled};")
    assert found_in(one, "63C3 160 bytes") == []


def test_what_the_card_says_is_the_holder_s() -> None:
    """The card holds what is looked for: a survey that kept what it reads would be found out."""
    holder = Holder(3)
    image = holder.card().image
    held = b"".join(
        file.data()
        for application in image.applications
        for file in application.files.values()
        if hasattr(file, "data") and file.ef_id not in (0x17, 0x1A)
    ) + b"".join(image.data_objects.values())
    raw = held.hex()

    for secret in (holder.name, holder.address, holder.my_number, holder.municipality, holder.common_names[0]):
        assert secret.encode().hex() in raw, secret

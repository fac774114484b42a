"""``jpki auth test``: a random challenge, signed by the card and checked with its certificate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from jpki_cli.app import AppContext, Command, clock, pass_app
from jpki_cli.pin import secret_options, take_secret_options
from jpki_cli.words import M

if TYPE_CHECKING:
    from jpki.certificate import Period
    from jpki.signing import SigningKey
    from jpki_cli.results.holder import AuthTestResult

#: As long as the hash that is signed.
_CHALLENGE_BYTES = 32


@pass_app
def _test(app: AppContext, /, **values: Any) -> None:
    from jpki_cli.pin import use_auth_key

    options = take_secret_options(values)
    result: AuthTestResult = {
        "schema": "jpki.auth-test/1",
        "outcome": "not_tested",
        "pin": "not_sent",
        "retries_remaining": None,
        "try_used": "no",
    }
    app.start_result(result)
    _tell(app, result, use_auth_key(app, result, options, _sign_challenge))


def _sign_challenge(key: SigningKey) -> bytes:
    """Sign what is not kept, since :meth:`SigningKey.sign` checks it; returns the certificate that confirmed it."""
    import secrets

    from jpki.crypto import Digest

    key.sign_data(Digest.SHA256, secrets.token_bytes(_CHALLENGE_BYTES))
    return key.certificate


def _tell(app: AppContext, result: AuthTestResult, certificate: bytes) -> None:
    from jpki.certificate import period_of, read_summary

    period = period_of(read_summary(certificate), clock.now())
    result["outcome"] = "works"
    result["certificate"] = {
        "state": period.state.value,
        "not_after": period.not_after.isoformat(),
        "revocation": "not_checked",
    }
    if app.options.json:
        app.print_result()
    else:
        _say(period)


def _say(period: Period) -> None:
    from jpki.certificate import PeriodState, period_sentence
    from jpki.words import CERTIFICATES, REVOCATION
    from jpki_cli.terminal import wrap

    works = M(
        "Logging in with the card works: it signed a random challenge, and its user certificate confirms the signature."
    )
    state = M("{certificate}: {reason}", certificate=CERTIFICATES["auth"], reason=period_sentence(period))
    click.echo(wrap(str(works)))
    click.echo(wrap(str(state)))
    if period.state in (PeriodState.EXPIRED, PeriodState.NOT_YET_VALID):
        click.echo(wrap(str(M("However, services refuse it while it is outside its period."))))
    click.echo(wrap(str(REVOCATION)))


command = Command(
    "test",
    params=secret_options(on_keys=True),
    callback=_test,
    text=M(
        "Check whether logging in with the card works.\n\nThe card signs a random challenge with the key of the "
        "user certificate, and the signature is checked with the certificate. Nothing leaves this computer. The "
        "4-digit PIN is used once."
    ),
    examples=("jpki auth test", "jpki --sim adult auth test --pin-stdin < pin.txt"),
)

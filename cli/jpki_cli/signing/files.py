"""``jpki sign`` at the card: the library signs, and what it did is noted for the JSON object and the screen."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING

from jpki.card import Pin
from jpki.certificate import Issuers
from jpki.files import (
    PERIOD_PROBABLY_OVER,
    Turns,
    period_warning,
    require_certificate,
    require_same_signer,
    sign_in_turns,
    turns_words,
)
from jpki.identifiers import CertificateKind
from jpki_cli.app import clock, following, stoppable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jpki.files import SigningJob
    from jpki.pin import PinPad, Secret, TryPolicy
    from jpki_cli.app import AppContext
    from jpki_cli.pin import SecretOptions
    from jpki_cli.results.signing import SignedFileFacts, SignResult

    from .jobs import Plan


def sign_all(
    app: AppContext,
    result: SignResult,
    plan: Plan,
    script: tuple[Secret | None, SecretOptions],
    written: Callable[[SigningJob], None],
) -> None:
    """Hash every file, then sign them, and write each signature once it is checked; asks for the password if need be.

    ``result["files"]`` grows with each file that was written, and ``written`` is called, so that a failure shows
    what is done.
    """
    from jpki_cli.certificate import simulated_issuers
    from jpki_cli.pin import PinUse, naming_absence, note_use

    secret, options = script
    files = result.setdefault("files", [])
    files += [_fact(plan.name(item.source), item.result, is_kept=True) for item in plan.kept]
    require_same_signer(plan.kept)
    if not plan.jobs:
        return
    issuers = Issuers(test=() if app.options.sim is None else simulated_issuers())

    def wrote(job: SigningJob) -> None:
        files.append(_fact(plan.name(job.source), job.target.path, is_kept=False))
        written(job)

    with ExitStack() as stack:
        turns = Turns(plan.jobs, stack, following())
        card = stack.enter_context(app.open_card())
        if secret is None:
            validity = require_certificate(card)
            if validity is not None and clock.now() > validity.not_after:
                app.note(PERIOD_PROBABLY_OVER)
        if turns.count > 1:
            app.note(turns_words(turns.count))

        def use(password: Secret | PinPad, policy: TryPolicy) -> None:
            with stoppable(policy.check_interrupts):
                certificate = sign_in_turns(card, turns, (password, policy), (wrote, plan.kept), issuers)
            _note_period(app, result, certificate)

        with naming_absence(CertificateKind.SIGN):
            PinUse(app, Pin.SIGN, options, secret, partial(note_use, result)).run_in_turns(card, use)


def _note_period(app: AppContext, result: SignResult, certificate: bytes) -> None:
    """Say that a signature is of no use when its certificate's period is over, or has not begun; a fact in JSON."""
    from jpki.certificate import Validity, period_of, read_summary

    now, summary = clock.now(), read_summary(certificate)
    period = period_of(summary, now)
    result["certificate"] = {"state": period.state.value, "not_after": period.not_after.isoformat()}
    warning = period_warning(Validity(summary.not_before, summary.not_after), now)
    if warning is not None:
        app.note(warning)


def _fact(name: str, signature: Path | None, *, is_kept: bool) -> SignedFileFacts:
    return {"file": name, "signature": None if signature is None else str(signature), "kept": is_kept}

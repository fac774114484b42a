"""``jpki auth sign``: sign a developer's challenge with the auth key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from jpki_cli.app import AppContext, Command, Format, Option, choose_format, format_option, pass_app
from jpki_cli.failures import usage_error
from jpki_cli.pin import secret_options, take_secret_options
from jpki_cli.words import M

if TYPE_CHECKING:
    from jpki_cli.results.holder import AuthSignResult

_DIGESTS: Final = ("sha256", "sha384", "sha512")
_FORMATS: Final = (Format.HEX, Format.BASE64, Format.BINARY, Format.JSON)
#: Shortest challenge. A shorter one could be a PIN typed by mistake, and it is printed in the JSON.
MIN_CHALLENGE: Final = 8
#: More than any protocol's challenge; what is longer is a document, and those are signed with the other key.
MAX_CHALLENGE: Final = 1024


@pass_app
def _sign(app: AppContext, /, challenge: str, digest: str, output_format: str | None, **values: Any) -> None:
    from jpki.crypto import Digest
    from jpki_cli.app import OutputTarget
    from jpki_cli.pin import use_auth_key

    options = take_secret_options(values)
    chosen = choose_format(app, output_format, Format.HEX)
    data = _challenge(challenge)
    name = Digest(digest)
    result: AuthSignResult = {
        "schema": "jpki.auth-sign/1",
        "challenge": data.hex(),
        "digest": name.value,
        "scheme": "rsassa-pkcs1-v1_5",
        "signature": None,
        "pin": "not_sent",
        "retries_remaining": None,
        "try_used": "no",
    }
    app.start_result(result)
    target = OutputTarget(values["output"], force=values["force"], is_binary=chosen is Format.BINARY)
    signature = use_auth_key(app, result, options, lambda key: key.sign_data(name, data))
    result["signature"] = signature.hex()
    encoded = _encode(result, signature, chosen)
    target.write_made(lambda: (encoded,))
    if target.path is not None:
        app.note(M("Written: {path}", path=target.path))


def _challenge(text: str) -> bytes:
    from jpki.signing.cms import require_login_data

    try:
        data = bytes.fromhex(text)
    except ValueError:
        data = b""
    require_login_data(data)
    if not MIN_CHALLENGE <= len(data) <= MAX_CHALLENGE:
        message = M(
            "The challenge has to be {least} to {limit} bytes in hex; anything shorter could be a PIN typed "
            "by mistake.",
            least=MIN_CHALLENGE,
            limit=MAX_CHALLENGE,
        )
        raise usage_error(message)
    return data


def _encode(result: AuthSignResult, signature: bytes, chosen: Format) -> bytes:
    from base64 import b64encode

    from jpki_cli.app import json_text

    if chosen is Format.BINARY:
        return signature
    if chosen is Format.JSON:
        return json_text(result).encode() + b"\n"
    return (b64encode(signature) if chosen is Format.BASE64 else signature.hex().encode()) + b"\n"


command = Command(
    "sign",
    params=[
        Option(["--challenge"], required=True, metavar="HEX", help=M("The bytes to hash and sign, in hex.")),
        Option(["--digest"], type=click.Choice(_DIGESTS), default="sha256", help=M("Hash function. Default: sha256.")),
        format_option(*_FORMATS, text=M("Form of the signature. Default: hex.")),
        Option(["-o", "--output"], metavar="FILE", help=M("Write to a file that only you can read.")),
        Option(["--force"], is_flag=True, help=M("Replace the output file if it exists.")),
        *secret_options(on_keys=True),
    ],
    callback=_sign,
    text=M(
        "Sign a challenge with the auth key, for developers.\n\nThe given bytes are hashed once, and the card "
        "signs the hash: RSASSA-PKCS1-v1_5 as in sha256WithRSAEncryption. Verify the signature with the "
        "certificate shown by: jpki cert show auth. Sign only challenges that you understand: such a signature can "
        "be used to log in as you."
    ),
    examples=(
        "jpki auth sign --challenge 00112233445566778899aabbccddeeff",
        "jpki auth sign --challenge 0011223344556677 --digest sha512 --format binary -o sig.bin",
    ),
)

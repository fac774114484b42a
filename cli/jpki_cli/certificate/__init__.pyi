from .ca_options import (
    issuer_options as issuer_options,
    read_expected_signer as read_expected_signer,
    read_issuers as read_issuers,
    simulated_issuers as simulated_issuers,
)
from .reading import read_certificate as read_certificate, script_secret as script_secret

from .attributes import CALENDAR_YEARS as CALENDAR_YEARS
from .ber import first_object as first_object, is_indefinite as is_indefinite
from .build import (
    SignedDataFrame as SignedDataFrame,
    frame as frame,
    signed_attributes as signed_attributes,
    signer_info as signer_info,
)
from .content import (
    Content as Content,
    Located as Located,
    file_pieces as file_pieces,
    hash_pieces as hash_pieces,
    hash_stream as hash_stream,
    locate as locate,
)
from .identity import expect_signer as expect_signer
from .login_data import is_attribute_set as is_attribute_set, require_login_data as require_login_data
from .pem import decode_pem as decode_pem
from .results import (
    SignatureItem as SignatureItem,
    SignatureReason as SignatureReason,
    SignatureResult as SignatureResult,
    SignerIdentity as SignerIdentity,
    SignerReport as SignerReport,
)
from .signers import SignedData as SignedData, SignerInfo as SignerInfo, read_signers as read_signers
from .smime import looks_like_mail as looks_like_mail, read_mail as read_mail
from .time_stamp import judge_time_stamp as judge_time_stamp
from .time_stamp_request import (
    TimeStampFault as TimeStampFault,
    TimeStampRequest as TimeStampRequest,
    signature_value as signature_value,
    unsigned_attributes as unsigned_attributes,
    with_time_stamp as with_time_stamp,
)
from .verify import ContentFacts as ContentFacts, Trust as Trust, verify_signer as verify_signer

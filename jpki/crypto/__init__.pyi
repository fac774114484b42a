from .algorithms import PublicKey as PublicKey, SignatureAlgorithm as SignatureAlgorithm
from .digest_info import Digest as Digest
from .rsa_signature import check_pss_signature as check_pss_signature, check_signature as check_signature
from .schemes import Padding as Padding, Scheme as Scheme

from .certificates_page import CertificatesPage as CertificatesPage
from .sign_page import SignPage as SignPage
from .verify_page import VerifyPage as VerifyPage

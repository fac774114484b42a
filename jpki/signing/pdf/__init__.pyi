from .appearance import SignaturePlace as SignaturePlace
from .parts import find_parts as find_parts
from .sign import PreparedPdf as PreparedPdf, examine_pdf as examine_pdf, prepare_pdf as prepare_pdf
from .verify import verify_pdf as verify_pdf

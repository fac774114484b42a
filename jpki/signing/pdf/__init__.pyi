from .appearance import Corner as Corner, Offset as Offset, SignaturePlace as SignaturePlace
from .pages import PageSize as PageSize, page_count as page_count, page_size as page_size
from .parts import find_parts as find_parts
from .sign import PreparedPdf as PreparedPdf, examine_pdf as examine_pdf, prepare_pdf as prepare_pdf
from .signatures import revision_count as revision_count
from .stamp import Stamp as Stamp, make_stamp as make_stamp
from .verify import verify_pdf as verify_pdf

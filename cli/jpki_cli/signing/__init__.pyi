from .card_ca import CardCa as CardCa, lacks_ca as lacks_ca
from .files import SigningJob as SigningJob, sign_all as sign_all
from .jobs import Plan as Plan, SignOptions as SignOptions, make_plan as make_plan
from .pdf_files import PARTS as PARTS, looks_like_pdf as looks_like_pdf, parts_of as parts_of
from .verification import verify_file as verify_file, verify_pdf_file as verify_pdf_file
from .verify_extract import extract_target as extract_target, no_content_inside as no_content_inside
from .verify_sources import Sources as Sources, choose as choose, has_signature_beside as has_signature_beside

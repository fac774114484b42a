"""PDF files as other programs sign them, and as somebody makes them who cheats, with what has to be found in each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pdfboxes
import pdfreadings
import pdftampering
from cmsforge import NOW, File, Signer, binding, ca_certificate, holder, time
from pdfsamples import hidden_object_shown, name, once, plain, signed, updated, with_two_tables, with_wrong_length
from pdfsigners import detached, forged, pyhanko_signed, stamper, time_stamped
from pyhanko.pdf_utils import generic
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from timestamping import token

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter


@dataclass(frozen=True)
class PdfCase:
    """A PDF, and of each signature what failed; ``reasons`` are those of coverage and later changes where they pass."""

    build: Callable[[], bytes]
    failed: tuple[dict[str, str], ...] = ({},)
    reasons: tuple[tuple[str, str], ...] = ()

    @property
    def code(self) -> int:
        """The exit code of ``jpki verify``."""
        return 7 if any(self.failed) else 0


def _add_certificate(update: IncrementalPdfFileWriter) -> None:
    """Data for later verification: a certificate, in a stream."""
    certificate = update.add_object(generic.StreamObject(stream_data=ca_certificate()))
    entries = {name("/Type"): name("/DSS"), name("/Certs"): generic.ArrayObject([certificate])}
    update.root["/DSS"] = update.add_object(generic.DictionaryObject(entries))
    update.update_root()


def _stamp_of_something_else(data: bytes) -> bytes:
    return File((Signer(stamp=lambda _: token(data)),), content=data).build()


def _text_date(text: str) -> Any:
    return generic.TextStringObject(text)


def _certified(level: MDPPerm) -> bytes:
    return pyhanko_signed(plain(), certify=True, docmdp_permissions=level)


def _wrapped() -> bytes:
    """The second signed part is moved to the end, and the range with it; unsigned bytes take its place."""
    pdf = once()
    _, gap, behind, length = pdftampering.ranges(pdf)
    return pdftampering.with_range(pdf + pdf[behind:], f"0 {gap} {behind + length} {length}")


_LARGE = (0, 0, 595, 400)
_SMALL = (300, 20, 560, 120)
_CHANGED = {"coverage": "not_whole_file"}
_NEW = ("ok", "nothing_added")
_STAMPED = ("whole_file_then", "validation_data_added")
_COVERED = ("whole_file_then", "signature_added")

SOUND: dict[str, PdfCase] = {
    "as this program signs": PdfCase(once, reasons=(_NEW,)),
    "signed by pyHanko, PAdES": PdfCase(
        lambda: pyhanko_signed(plain(), subfilter=SigSeedSubFilter.PADES), reasons=(_NEW,)
    ),
    "signed by pyHanko, adbe.pkcs7.detached": PdfCase(lambda: pyhanko_signed(plain()), reasons=(_NEW,)),
    "PSS": PdfCase(lambda: pyhanko_signed(plain(), pss=True), reasons=(_NEW,)),
    "ECDSA P-256": PdfCase(lambda: pyhanko_signed(plain(), who=holder(kind="P-256")), reasons=(_NEW,)),
    "ECDSA P-384": PdfCase(
        lambda: pyhanko_signed(plain(), who=holder(kind="P-384"), md_algorithm="sha384"), reasons=(_NEW,)
    ),
    "a time stamp inside (B-T)": PdfCase(lambda: pyhanko_signed(plain(), stamper=stamper()), reasons=(_NEW,)),
    "no signed attributes": PdfCase(lambda: forged(plain(), detached(has_attributes=False)), reasons=(_NEW,)),
    "BER, lengths not given": PdfCase(
        lambda: forged(plain(), lambda data: File(content=data).build_streaming()), reasons=(_NEW,)
    ),
    "data for later verification added (DSS)": PdfCase(
        lambda: updated(once(), pdftampering.add_dss),
        reasons=(("rest_not_signed", "validation_data_added"),),
    ),
    "a certificate for later verification added (DSS)": PdfCase(
        lambda: updated(once(), _add_certificate), reasons=(("rest_not_signed", "validation_data_added"),)
    ),
    "a document time stamp added": PdfCase(lambda: time_stamped(once()), ({}, {}), (_STAMPED,)),
    "DSS and document time stamp added": PdfCase(
        lambda: time_stamped(updated(once(), pdftampering.add_dss)),
        ({}, {}),
        (_STAMPED,),
    ),
    "certified, level 1": PdfCase(lambda: _certified(MDPPerm.NO_CHANGES), reasons=(_NEW,)),
    "certified, level 2, and a field filled": PdfCase(
        lambda: updated(_certified(MDPPerm.FILL_FORMS), pdftampering.UPDATES["a field filled"]),
        reasons=(("rest_not_signed", "form_filled"),),
    ),
    "certified, level 3, and a field filled": PdfCase(
        lambda: updated(_certified(MDPPerm.ANNOTATE), pdftampering.UPDATES["a field filled"]),
        reasons=(("rest_not_signed", "form_filled"),),
    ),
    "certified, level 2, and signed by this program": PdfCase(
        lambda: signed(_certified(MDPPerm.FILL_FORMS)), ({}, {}), (_COVERED, _NEW)
    ),
    "two people, a stream shorter than stated": PdfCase(
        lambda: signed(signed(with_wrong_length(plain()))), ({}, {}), (_COVERED, _NEW)
    ),
    "two people, a stream longer than stated": PdfCase(
        lambda: signed(signed(with_wrong_length(plain(), by=-7))), ({}, {}), (_COVERED, _NEW)
    ),
    "two people, both visible": PdfCase(
        lambda: pyhanko_signed(pyhanko_signed(plain(), box=_SMALL), box=(20, 20, 280, 120)), ({}, {}), (_COVERED, _NEW)
    ),
    "two people, and a generation too high of number 0": PdfCase(
        lambda: signed(signed(plain().replace(b"0000000000 65535 f", b"0000000000 65536 f", 1))),
        ({}, {}),
        (_COVERED, _NEW),
    ),
    "two people, and two tables of objects": PdfCase(
        lambda: signed(signed(with_two_tables(plain()))), ({}, {}), (_COVERED, _NEW)
    ),
    "two people, and fields locked": PdfCase(pdfboxes.locked, ({}, {}), (_COVERED, _NEW)),
    "two people, and a font for new fields": PdfCase(pdfboxes.with_font_for_new_fields, ({}, {}), (_COVERED, _NEW)),
    "two people, and a field with a drawing": PdfCase(
        lambda: signed(pdfreadings.with_drawn_field()), ({}, {}), (_COVERED, _NEW)
    ),
    "data for later verification added by hand": PdfCase(
        pdfreadings.plain_addition, reasons=(("rest_not_signed", "validation_data_added"),)
    ),
    "data for later verification added in a stream of objects": PdfCase(
        pdfreadings.in_object_stream, reasons=(("rest_not_signed", "validation_data_added"),)
    ),
    **{
        f"data for later verification added, {what}": PdfCase(
            build, reasons=(("rest_not_signed", "validation_data_added"),)
        )
        for what, build in {
            "and an empty line in the table": pdfreadings.with_empty_line,
            "and a number called free that nothing had": pdfreadings.with_free_number,
            "by a table that is not in itself": pdfreadings.table_not_in_itself,
        }.items()
    },
    "two people, and metadata as an older program writes them": PdfCase(
        lambda: signed(pdfreadings.with_bare_metadata(lambda pdf: forged(pdf, detached()))), ({}, {}), (_COVERED, _NEW)
    ),
    "two people, and metadata written twice between them": PdfCase(
        lambda: signed(pdfreadings.with_other_metadata(signed(pdfreadings.with_bare_metadata(lambda pdf: pdf)))),
        ({}, {}),
        (_COVERED, _NEW),
    ),
    "certified, level 2, all fields locked but one, which is filled": PdfCase(
        lambda: pdfreadings.locked_for_all_but("other", pyhanko_signed, lambda _: None),
        reasons=(("rest_not_signed", "form_filled"),),
    ),
    "visible and large, alone": PdfCase(lambda: pyhanko_signed(plain(), box=_LARGE), reasons=(_NEW,)),
}
UNSOUND: dict[str, PdfCase] = {
    "incremental saving: the page changed": PdfCase(
        lambda: updated(once(), pdftampering.UPDATES["another page content"]),
        ({**_CHANGED, "later_changes": "changed_after_signing"},),
    ),
    "incremental saving: an annotation over the text": PdfCase(
        lambda: updated(once(), pdftampering.UPDATES["an annotation"]),
        ({**_CHANGED, "later_changes": "changed_after_signing"},),
    ),
    "universal forgery: no ByteRange": PdfCase(
        lambda: once().replace(b"/ByteRange", b"/ByteRangX"), ({"signature": "unreadable_signature"},)
    ),
    "universal forgery: Contents of zeros": PdfCase(
        lambda: pdftampering.with_gap(once(), lambda gap: b"<" + b"0" * (len(gap) - 2) + b">"),
        ({"signature": "unreadable_signature"},),
    ),
    "signature wrapping: the second part moved": PdfCase(_wrapped, ({"coverage": "bad_range"},)),
    "two tables of objects added": PdfCase(
        lambda: with_two_tables(once()), ({**_CHANGED, "later_changes": "cannot_tell"},)
    ),
    "shadow: an object hidden in what was signed put in place of the page": PdfCase(
        hidden_object_shown, ({**_CHANGED, "later_changes": "changed_after_signing"},)
    ),
    "a field filled, not certified": PdfCase(
        lambda: updated(once(), pdftampering.UPDATES["a field filled"]), ({**_CHANGED, "later_changes": "form_filled"},)
    ),
    "certified, level 1, and a field filled": PdfCase(
        lambda: updated(_certified(MDPPerm.NO_CHANGES), pdftampering.UPDATES["a field filled"]),
        ({**_CHANGED, "later_changes": "form_filled"},),
    ),
    "certified, level 2, and the page changed": PdfCase(
        lambda: updated(_certified(MDPPerm.FILL_FORMS), pdftampering.UPDATES["another page content"]),
        ({**_CHANGED, "later_changes": "changed_after_signing"},),
    ),
    "a stream shorter than stated, and the page changed": PdfCase(
        lambda: updated(signed(with_wrong_length(plain())), pdftampering.UPDATES["another page content"]),
        ({**_CHANGED, "later_changes": "changed_after_signing"},),
    ),
    "a stream shorter than stated, added later": PdfCase(
        lambda: once() + with_wrong_length(updated(once(), _add_certificate)[len(once()) :]),
        ({**_CHANGED, "later_changes": "cannot_tell"},),
    ),
    "something unused added": PdfCase(lambda: updated(once(), pdftampering.UPDATES["something unused"]), (_CHANGED,)),
    "other document information": PdfCase(
        lambda: updated(once(), pdftampering.UPDATES["other document information"]), (_CHANGED,)
    ),
    "a later signature over half of the page": PdfCase(
        lambda: pyhanko_signed(once(), box=_LARGE), ({"later_changes": "covers_a_page"}, {})
    ),
    **{
        f"a later signature: {what}": PdfCase(build, ({"later_changes": "covers_a_page"}, {}))
        for what, build in pdfboxes.COVERING.items()
    },
    "an empty field added": PdfCase(pdfboxes.with_an_empty_field, (_CHANGED,)),
    **{
        f"form: {what}": PdfCase(
            lambda what=what: pdfboxes.redrawn(what),  # type: ignore[misc] # a default binds the loop's value
            ({**_CHANGED, "later_changes": "changed_after_signing"},),
        )
        for what in pdfboxes.REDRAWN
    },
    **{
        f"form: {what}, and another signature": PdfCase(
            lambda what=what: signed(pdfboxes.redrawn(what)),  # type: ignore[misc] # as above
            ({"later_changes": "changed_after_signing"}, {}),
        )
        for what in pdfboxes.REDRAWN
        if what != "fields to be drawn anew"  # whoever signs takes that back
    },
    "form: a field not drawn any longer, and another signature": PdfCase(
        pdfreadings.with_field_not_drawn, ({"later_changes": "changed_after_signing"}, {})
    ),
    "form: another size of locked fields, and one filled that is not locked": PdfCase(
        lambda: pdfreadings.locked_for_all_but("other", pyhanko_signed, pdfreadings.smaller_letters),
        ({**_CHANGED, "later_changes": "changed_after_signing"},),
    ),
    **{
        f"read in two ways: {what}": PdfCase(build, ({**_CHANGED, "later_changes": "cannot_tell"},))
        for what, build in pdfreadings.TWO_READINGS.items()
    },
    **{
        what: PdfCase(build, ({**_CHANGED, "later_changes": "cannot_tell"},))
        for what, build in pdfreadings.FREED.items()
    },
    "a time without a zone": PdfCase(
        lambda: forged(plain(), detached(signing_time=None), M=_text_date("D:20260101120000")),
        ({"signing_time": "time_unreadable"},),
    ),
    "a time in the year 9999": PdfCase(
        lambda: forged(plain(), detached(signing_time=None), M=_text_date("D:99991231235959+09'00'")),
        ({"signing_time": "time_unreadable"},),
    ),
    "a time that is none": PdfCase(
        lambda: forged(plain(), detached(signing_time=None), M=_text_date("yesterday")),
        ({"signing_time": "time_unreadable"},),
    ),
    "a time in the future": PdfCase(
        lambda: forged(plain(), detached(signing_time=time(NOW + timedelta(days=2)))),
        ({"signing_time": "time_in_future"},),
    ),
    "another certificate named": PdfCase(
        lambda: forged(plain(), detached(binding=binding(holder(kind="2048", serial=0x07000009).certificate))),
        ({"certificate_binding": "other_certificate"},),
    ),
    "a key of 1024 bits": PdfCase(
        lambda: forged(plain(), detached(holder=holder(kind="1024"))), ({"signature": "key_not_accepted"},)
    ),
    "the hash of something else": PdfCase(
        lambda: forged(plain(), detached(content_digest=bytes(32))), ({"content": "content_changed"},)
    ),
    "a content inside the CMS": PdfCase(
        lambda: forged(plain(), lambda data: File(content=data[:1000], is_attached=True).build()),
        ({"signature": "unreadable_signature"},),
    ),
    "two signers in one field": PdfCase(
        lambda: forged(plain(), lambda data: File((Signer(), Signer()), content=data).build()),
        ({"signature": "unreadable_signature"},),
    ),
    "the time stamp of something else": PdfCase(
        lambda: forged(plain(), _stamp_of_something_else), ({"time_stamp": "time_stamp_of_other"},)
    ),
    "a kind of signature that is not supported": PdfCase(
        lambda: forged(plain(), detached(), SubFilter=name("/adbe.x509.rsa_sha1")), ({"signature": "unsupported"},)
    ),
    "bytes outside, in ContentInfo": PdfCase(
        lambda: forged(plain(), lambda data: File(content=data, extra_in_info=b"\x04\x01x").build()),
        ({"signature": "unreadable_signature"},),
    ),
    "bytes outside, in the CMS": PdfCase(
        lambda: forged(plain(), lambda data: File(content=data, extra=b"\x04\x01x").build()),
        ({"signature": "unreadable_signature"},),
    ),
    "signed with the login key": PdfCase(
        lambda: forged(
            plain(),
            lambda data: File(
                (Signer(holder("auth")),),
                content=data,
                certificates=(holder("auth").certificate, ca_certificate("auth-2023")),
            ).build(),
        ),
        ({"key_usage": "usage_missing", "policy": "login_policy"},),
    ),
}

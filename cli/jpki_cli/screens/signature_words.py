"""The words of what a look at a signature can find."""

from __future__ import annotations

from typing import Final

from jpki_cli.words import M

ITEMS: Final = {
    "content": M("Content is unchanged"),
    "signature": M("Signature"),
    "signer_certificate": M("Signer's certificate"),
    "certificate_binding": M("Certificate is bound in"),
    "coverage": M("Covers the whole file"),
    "later_changes": M("Unchanged since"),
    "time_stamp": M("Time stamp"),
    "signing_time": M("Stated time"),
    "unsigned_attributes": M("Attributes that nobody signed"),
    "period_now": M("Certificate's period now"),
    "expected_signer": M("The expected signer"),
}
REASONS: Final = {
    "ok": M("as it should be"),
    "content_changed": M("the file is not the one that was signed"),
    "content_or_signature_changed": M("the file or its signature is not what it was"),
    "content_is_attributes": M("the file is itself what another signature signed: nobody's document"),
    "other_content_type": M("it signs something that is no file"),
    "no_content_hash": M("it does not say what was signed"),
    "bad_signature": M("the signature does not match"),
    "algorithm_not_accepted": M("a signature algorithm that is not accepted"),
    "key_not_accepted": M("a key that is not accepted: too short, or of another kind"),
    "no_certificate": M("the signer's certificate is not in the file"),
    "unreadable_certificate": M("the signer's certificate cannot be read"),
    "other_certificate": M("another certificate was put in its place"),
    "not_bound": M("the signature does not name its certificate's hash"),
    "weakly_bound": M("the signature names its certificate by a hash that is too weak"),
    "time_in_future": M("it is said to have been made in the future"),
    "time_unreadable": M("the time stated is none: without a zone, or outside the calendar"),
    "not_signed": M("they are there, and no signature covers them"),
    "expired": M("the period is over"),
    "not_yet_valid": M("the period has not begun; is this computer's date right?"),
    "no_signing_time": M("it does not say when it was signed"),
    "not_whole_file": M("it does not cover the whole file"),
    "another_signer": M("somebody else's certificate and key"),
    "unsupported": M("a kind of signature that this program does not support"),
    "unreadable_signature": M("the signature cannot be read"),
    "bad_range": M("what it covers is not the file but for the signature itself"),
    "whole_file_then": M("the file as it was; a later signature covers the rest"),
    "rest_not_signed": M("the file as it was; what was added since is judged by itself"),
    "covers_a_page": M("a signature was added later that lies over more than a quarter of a page"),
    "nothing_added": M("nothing was added"),
    "signature_added": M("another signature was added"),
    "validation_data_added": M("data for later verification were added"),
    "form_filled": M("form fields were filled in after signing"),
    "annotated": M("annotations were added after signing"),
    "changed_after_signing": M("the PDF was changed after signing"),
    "cannot_tell": M("what was added after signing cannot be told"),
    "third_party": M("a third party's statement of time, not judged here"),
}

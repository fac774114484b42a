"""What pyHanko's comparison of two revisions lets pass, put right where it errs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import RawPdfPath
from pyhanko.sign.diff_analysis import (
    CatalogModificationRule,
    DocInfoRule,
    DSSCompareRule,
    FormUpdatingRule,
    GenericFieldModificationRule,
    ModificationLevel,
    ObjectStreamRule,
    QualifiedWhitelistRule,
    ReferenceUpdate,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
    SuspiciousModification,
    WhitelistRule,
    XrefStreamRule,
)
from pyhanko.sign.diff_analysis.constants import ACROFORM_EXEMPT_STRICT_COMPARISON
from pyhanko.sign.diff_analysis.rules_api import Context

from .entries import raw_entry
from .metadata import is_metadata

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyhanko.pdf_utils.reader import HistoricalResolver
    from pyhanko.sign.diff_analysis import FieldComparisonContext, FieldComparisonSpec, FormUpdate


class _FieldRule(GenericFieldModificationRule):
    """Calls a field changed only if the revision writes something of it.

    PyHanko takes the drawing of a field for a new one where it is older than the revision that was signed, though
    nothing was written over it: every form with drawn fields that two people sign.
    """

    def check_form_field(
        self, fq_name: str, spec: FieldComparisonSpec, context: FieldComparisonContext
    ) -> Iterable[tuple[ModificationLevel, FormUpdate]]:
        """Judge one field."""
        there = context.new.explicit_refs_in_revision()
        found = super().check_form_field(fq_name, spec, context)
        return ((level, update) for level, update in found if update.updated_ref in there)


class _MetadataRule(WhitelistRule):
    """Looks at metadata that were written, and not at what was there before.

    PyHanko refuses every revision of a file whose metadata are not as it writes them: of an older program, or of one
    that leaves out the element around them, as it may (ISO 16684-1).
    """

    def apply(self, old: HistoricalResolver, new: HistoricalResolver) -> Iterable[ReferenceUpdate]:
        """Allow the metadata to be replaced by others."""
        before, after = (root.get_value_as_reference("/Metadata", optional=True) for root in (old.root, new.root))
        if after is None or (before == after and after not in new.explicit_refs_in_revision()):
            return ()
        # A stream put over another one shows it instead, so both have to be what they are called.
        written = [new(after), old(before)] if before is not None and before == after else [new(after)]
        if not all(isinstance(part, generic.StreamObject) and is_metadata(part.data) for part in written):
            raise SuspiciousModification("The metadata are none.")
        if before != after and not old.is_ref_unassignable(after):
            return ()
        context = Context.from_absolute(old, RawPdfPath("/Root", "/Metadata"))
        return (ReferenceUpdate(after, context_checked=context),)


class _KindRule(QualifiedWhitelistRule):
    """Refuses a name that became a string of the same letters, which pyHanko takes for the same.

    No viewer does: it draws no field whose ``/Subtype`` is not the name ``/Widget``.
    """

    def apply_qualified(
        self, old: HistoricalResolver, new: HistoricalResolver
    ) -> Iterable[tuple[ModificationLevel, ReferenceUpdate]]:
        """Allow nothing; raise where a kind changed."""
        for ref in new.explicit_refs_in_revision():
            is_old = old.reader.xrefs.get_historical_ref(ref, old.revision) is not None
            if is_old and not _is_same_kind(old(ref), new(ref)):
                raise SuspiciousModification(f"A name in {ref} became a string, or a string a name.")
        return ()


class _FreeingRule(QualifiedWhitelistRule):
    """Refuses an object that was there and is called free, by whatever generation, for some programs look at none.

    PyHanko refuses every free entry: iText writes one for a number that it took and did not use.
    """

    def apply_qualified(
        self,
        old: HistoricalResolver,  # noqa: ARG002 - what is taken away may have been added after the signature
        new: HistoricalResolver,
    ) -> Iterable[tuple[ModificationLevel, ReferenceUpdate]]:
        """Allow what was not there to stay so; raise where something is taken away."""
        for number, generation in new.reader.xrefs.get_xref_data(new.revision).freed.items():
            if _is_in_use(new, number, new.revision - 1):
                raise SuspiciousModification(f"Object {number} is free, and was not.")
            yield ModificationLevel.LTA_UPDATES, ReferenceUpdate(generic.Reference(number, generation - 1, new.reader))


def _is_in_use(resolver: HistoricalResolver, number: int, last: int) -> bool:
    """Whether there is an object of a number in a revision."""
    for revision in range(last, -1, -1):
        data = resolver.reader.xrefs.get_xref_data(revision)
        if number in data.standard_xrefs or number in data.xrefs_in_objstm or data.hybrid is not None:
            return True
        if number in data.freed:
            return False
    return False


def _is_same_kind(before: Any, after: Any) -> bool:
    """Whether what is written with the same letters in two objects is of the same kind in both."""
    if isinstance(before, generic.DictionaryObject) and isinstance(after, generic.DictionaryObject):
        return all(_is_same_kind(raw_entry(before, key), raw_entry(after, key)) for key in before.keys() & after.keys())
    if isinstance(before, generic.ArrayObject) and isinstance(after, generic.ArrayObject):
        return all(_is_same_kind(*pair) for pair in zip(before.iterate(), after.iterate(), strict=False))
    is_name = isinstance(before, generic.NameObject), isinstance(after, generic.NameObject)
    return is_name[0] is is_name[1] or before != after


#: PyHanko's own rules, with these.
POLICY: Final = StandardDiffPolicy(
    [
        CatalogModificationRule(),
        *(
            rule.as_qualified(ModificationLevel.LTA_UPDATES)
            for rule in (DocInfoRule(), XrefStreamRule(), ObjectStreamRule(), DSSCompareRule(), _MetadataRule())
        ),
        _KindRule(),
        _FreeingRule(),
    ],
    # That there are signatures, and that a file is only to be added to, nobody sees; not each program says both.
    FormUpdatingRule(
        [SigFieldCreationRule(), SigFieldModificationRule(), _FieldRule()],
        ACROFORM_EXEMPT_STRICT_COMPARISON | {"/SigFlags"},
    ),
    reject_object_freeing=False,
)

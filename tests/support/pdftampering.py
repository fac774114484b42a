"""Ways to tamper with a signed PDF, by name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from pdfsamples import name, once, other, plain, twice, updated
from pyhanko.pdf_utils import generic

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    Tamper = Callable[[], bytes]

_RANGE: Final = re.compile(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)\]( *)")


def flipped(pdf: bytes, at: int, mask: int = 1) -> bytes:
    """One byte changed."""
    changed = bytearray(pdf)
    changed[at] ^= mask
    return bytes(changed)


def ranges(pdf: bytes, which: int = 0) -> tuple[int, int, int, int]:
    """The numbers of a signature's ByteRange."""
    found = list(_RANGE.finditer(pdf))[which]
    start, gap, behind, length = (int(found[i]) for i in range(1, 5))
    return start, gap, behind, length


def with_range(pdf: bytes, text: str) -> bytes:
    """Another ByteRange in the same space."""
    found = next(iter(_RANGE.finditer(pdf)))
    room = found.end() - found.start()
    return pdf[: found.start()] + f"/ByteRange [{text}]".encode().ljust(room)[:room] + pdf[found.end() :]


def with_gap(pdf: bytes, change: Callable[[bytes], bytes], which: int = 0) -> bytes:
    """Another content of the gap; the change keeps its length."""
    _, gap, behind, _ = ranges(pdf, which)
    inside = change(pdf[gap:behind])
    assert len(inside) == behind - gap
    return pdf[:gap] + inside + pdf[behind:]


def _flips() -> dict[str, Tamper]:
    """Single bytes all over a signed PDF."""
    _, gap, behind, _ = ranges(once())
    digits = once().index(b"/ByteRange [") + len(b"/ByteRange [")
    places = {f"header+{i}": i for i in (0, 1, 5, 7, 9, 12)}
    places |= {f"ByteRange+{i}": digits + i for i in range(18)}
    # Up to 3002 stands the issuer's certificate: that copy is not signed, and the one that comes along is used.
    places |= {f"gap+{i}": gap + i for i in (0, 1, 2, 3, 60, 61, 3002, 4003, 5003, 6001, 7004)}
    places |= {"end of the gap": behind - 1, "padding": behind - 2, "padding's begin": behind - 5000}
    places |= {f"behind the gap+{i}": behind + i for i in (0, 1, 20, 100, 300)}
    places |= {f"{i} before the end": len(once()) - i for i in (1, 2, 6, 8, 20, 60, 200)}
    places |= {f"{word!r}": once().index(word) for word in (b"100 yen", b"/Catalog", b"/Kids", b"xref", b"/Contents")}
    places |= {f"the signature's {word!r}": once().rindex(word) for word in (b"/M (D", b"/SubFilter", b"/Type /Sig")}
    found: dict[str, Tamper] = {f"flip {what}": lambda at=at: flipped(once(), at) for what, at in places.items()}  # type: ignore[misc] # a default binds the loop's value
    found["flip the case of a digit of the signature"] = lambda: with_gap(once(), _one_lower)
    return found


def _one_lower(gap: bytes) -> bytes:
    at = next(i for i, digit in enumerate(gap) if digit in b"ABCDEF")
    return flipped(gap, at, 0x20)


def _range_cases() -> dict[str, Tamper]:
    """The numbers of ByteRange replaced."""
    _, gap, behind, length = ranges(once())
    numbers = {
        "one byte less at the end": f"0 {gap} {behind} {length - 1}",
        "half of the rest": f"0 {gap} {behind} {length // 2}",
        "no rest": f"0 {gap} {behind} 0",
        "longer than the file": f"0 {gap} {behind} {length + 1}",
        "begins later": f"1 {gap} {behind} {length}",
        "wider gap in front": f"0 {gap - 1} {behind} {length}",
        "wider gap behind": f"0 {gap} {behind + 1} {length - 1}",
        "a gap over the page": f"0 20 {behind} {length}",
        "narrower gap": f"0 {gap + 1} {behind} {length}",
        "no gap": f"0 {gap} {gap} {length}",
        "swapped": f"{behind} {length} 0 {gap}",
        "zeros": "0 0 0 0",
        "two numbers": f"0 {gap}",
        "six numbers": f"0 9 9 {gap - 9} {behind} {length}",
        "negative": f"0 {gap} {behind} -{length}",
        "negative start": f"-1 {gap} {behind} {length}",
        "real numbers": f"0.0 {gap} {behind} {length}",
        "names": "/A /B /C /D",
        "empty": "",
        "huge": f"0 {gap} {behind} {10**20}",
    }
    return {f"ByteRange: {what}": lambda text=text: with_range(once(), text) for what, text in numbers.items()}  # type: ignore[misc] # a default binds the loop's value


def _other_contents(gap: bytes) -> bytes:
    _, start, end, _ = ranges(other())
    assert len(gap) == end - start
    return other()[start:end]


def _gap_cases() -> dict[str, Tamper]:
    """What is between the ranges replaced."""
    changes: dict[str, Callable[[bytes], bytes]] = {
        "the signature of another file": _other_contents,
        "zeros": lambda gap: b"<" + b"0" * (len(gap) - 2) + b">",
        "padded with something": lambda gap: gap[:-9] + b"DEADBEEF>",
        "a blank in it": lambda gap: gap[:-3] + b"0 >",
        "a comment behind it": lambda gap: gap[:-9] + b">%000000\n",
        "shorter, with blanks behind": lambda gap: gap[:-9] + b">        ",
        "shorter, with a name behind": lambda gap: gap[:-9] + b"> /A true",
        "moved by a byte": lambda gap: b" " + gap[:-2] + b">",
        "cut": lambda gap: gap[:2001] + b"0" * (len(gap) - 2002) + b">",
        "its first byte cut": lambda gap: b"<" + gap[3:-1] + b"00>",
        "a text string": lambda gap: b"(" + gap[1:-1] + b")",
        "lower case in a half": lambda gap: gap[:1000] + gap[1000:].lower(),
    }
    return {f"gap: {what}": lambda change=change: with_gap(once(), change) for what, change in changes.items()}  # type: ignore[misc] # a default binds the loop's value


def _page(update: IncrementalPdfFileWriter) -> Any:
    page, _ = update.find_page_for_modification(0)
    return page.get_object()


def _field(update: IncrementalPdfFileWriter, title: str) -> Any:
    fields = (field.get_object() for field in update.root["/AcroForm"]["/Fields"])
    return next(field for field in fields if field["/T"] == title)


def _set_content(update: IncrementalPdfFileWriter) -> None:
    page = _page(update)
    page["/Contents"] = update.add_object(generic.StreamObject(stream_data=b"BT (I owe 999 yen.) Tj ET"))
    update.update_container(page)


def _overwrite_content(update: IncrementalPdfFileWriter) -> None:
    content = _page(update)["/Contents"]
    content._data = content._encoded_data = None
    content._data = b"BT (I owe 999 yen.) Tj ET"
    update.mark_update(content.container_ref)


def _fill(update: IncrementalPdfFileWriter) -> None:
    field = _field(update, "amount")
    field["/V"] = generic.pdf_string("999")
    update.update_container(field)


def _annotate(update: IncrementalPdfFileWriter) -> None:
    page = _page(update)
    note = generic.DictionaryObject(
        {
            name("/Type"): name("/Annot"),
            name("/Subtype"): name("/FreeText"),
            name("/Contents"): generic.pdf_string("I owe 999 yen."),
            name("/Rect"): generic.ArrayObject(generic.NumberObject(number) for number in (72, 700, 300, 760)),
        }
    )
    page["/Annots"].append(update.add_object(note))
    update.update_container(page["/Annots"])
    update.update_container(page)


def _drop_page(update: IncrementalPdfFileWriter) -> None:
    pages = update.root["/Pages"]
    del pages["/Kids"][1]
    pages["/Count"] = generic.NumberObject(1)
    update.update_container(pages)


def _new_catalogue(update: IncrementalPdfFileWriter) -> None:
    update.root["/PageMode"] = name("/FullScreen")
    update.update_root()


def _script(update: IncrementalPdfFileWriter) -> None:
    action = {name("/S"): name("/JavaScript"), name("/JS"): generic.pdf_string("app.alert(1)")}
    update.root["/OpenAction"] = update.add_object(generic.DictionaryObject(action))
    update.update_root()


def _signature_field(update: IncrementalPdfFileWriter) -> Any:
    return _field(update, "Signature1")


def _drop_value(update: IncrementalPdfFileWriter) -> None:
    field = _signature_field(update)
    del field["/V"]
    update.update_container(field)


def _drop_field(update: IncrementalPdfFileWriter) -> None:
    form = update.root["/AcroForm"]
    form["/Fields"] = generic.ArrayObject()
    update.update_container(form)


def _other_range(update: IncrementalPdfFileWriter) -> None:
    signature = _signature_field(update)["/V"]
    signature["/ByteRange"] = generic.ArrayObject(generic.NumberObject(n) for n in (0, 10, 20, 10))
    update.update_container(signature)


def _information(update: IncrementalPdfFileWriter) -> None:
    update.set_info(generic.DictionaryObject({name("/Title"): generic.pdf_string("another title")}))


def _unused(update: IncrementalPdfFileWriter) -> None:
    update.add_object(generic.pdf_string("nobody refers to this"))


def add_dss(update: IncrementalPdfFileWriter) -> None:
    """Add data for later verification: the one update that may follow a signature without being signed."""
    update.root["/DSS"] = update.add_object(generic.DictionaryObject({name("/Certs"): generic.ArrayObject()}))
    update.update_root()


UPDATES: Final[dict[str, Callable[[IncrementalPdfFileWriter], None]]] = {
    "another page content": _set_content,
    "the page content overwritten": _overwrite_content,
    "a field filled": _fill,
    "an annotation": _annotate,
    "a page dropped": _drop_page,
    "another catalogue": _new_catalogue,
    "a script": _script,
    "the signature dropped": _drop_value,
    "the field dropped": _drop_field,
    "another ByteRange": _other_range,
    "other document information": _information,
    "something unused": _unused,
}


def _appended() -> dict[str, Tamper]:
    found: dict[str, Tamper] = {
        f"appended: {what}": lambda change=change: updated(once(), change)  # type: ignore[misc] # as above
        for what, change in UPDATES.items()
    }
    found |= {
        f"appended to two signatures: {what}": lambda change=change: updated(twice(), change)  # type: ignore[misc] # as above
        for what, change in UPDATES.items()
    }
    tails = (b"\n", b"\0", b" ", b"%", b"%%EOF\n", b"garbage", once()[-300:], plain(), b"startxref\n0\n%%EOF\n")
    found |= {f"appended: {tail[:12]!r}, {len(tail)} bytes": lambda tail=tail: once() + tail for tail in tails}  # type: ignore[misc] # as above
    return found


def _without(pdf: bytes, start: int, end: int) -> bytes:
    return pdf[:start] + pdf[end:]


def _cut() -> dict[str, Tamper]:
    _, gap, behind, _ = ranges(once())
    _, gap2, behind2, _ = ranges(twice(), 1)
    found: dict[str, Tamper] = {
        f"cut by {count}": lambda count=count: once()[:-count]  # type: ignore[misc] # as above
        for count in (1, 2, 5, 7, 20, 200)
    }
    return found | {
        "cut in the middle": lambda: once()[: len(once()) // 2],
        "cut in the gap": lambda: once()[: gap + 100],
        "cut before the signature": plain,
        "without the gap": lambda: _without(once(), gap, behind),
        "without a byte of the page": lambda: _without(once(), 100, 101),
        "with one more byte in the page": lambda: once()[:100] + b" " + once()[100:],
        "a comment before the header": lambda: b"%\n" + once(),
        "two: cut by one": lambda: twice()[:-1],
        "two: the second one cut in its gap": lambda: twice()[: gap2 + 100],
        "two: the second one cut behind its gap": lambda: twice()[:behind2],
        "two: the second gap zeros": lambda: with_gap(twice(), lambda g: b"<" + b"0" * (len(g) - 2) + b">", 1),
        "two: the second gap holds the first signature": lambda: with_gap(twice(), lambda _: once()[gap:behind], 1),
        "two: the first gap holds the second signature": lambda: with_gap(twice(), lambda _: twice()[gap2:behind2]),
        "two: the page changed": lambda: twice().replace(b"100 yen", b"999 yen"),
        "two: a byte between them": lambda: flipped(twice(), len(once()) + 10),
        "two: the first revision of another file": lambda: other() + twice()[len(once()) :],
        "a signed file behind another one": lambda: other() + once(),
        "the page changed": lambda: once().replace(b"100 yen", b"999 yen"),
        "the header's version": lambda: once().replace(b"%PDF-1.", b"%PDF-2.", 1),
    }


def cases() -> dict[str, Tamper]:
    """Every tampered file by name."""
    return _flips() | _range_cases() | _gap_cases() | _appended() | _cut()

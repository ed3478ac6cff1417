"""The parts of a message: text, HTML, pictures, calendar, attachments."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.delivered.difference import Difference, excerpt
from newsletter_cli.check.delivered.html import compare_pages
from newsletter_cli.check.delivered.parsed import Parsed, Part, words_of
from newsletter_cli.check.delivered.texts import compare_lines, compare_words

PLAIN, PAGE = "text/plain", "text/html"
TNEF = ("application/ms-tnef", "application/vnd.ms-tnef")
SIGNATURES = ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature")
SEALED = ("application/pkcs7-mime", "application/x-pkcs7-mime")


def compare_parts(was: Parsed, now: Parsed) -> Iterator[Difference]:
    """What is gone, another or new. How a part is encoded for the way is no difference."""
    yield from _compare_bodies(was, now)
    yield from _charsets(was, now)
    if was.structure[:1] == ("multipart/alternative",) and was.structure[:1] != now.structure[:1]:
        yield from _alternatives(was, now)
    yield from _others(was, now)


def _compare_bodies(was: Parsed, now: Parsed) -> Iterator[Difference]:
    before, after = was.body(PLAIN), now.body(PLAIN)
    place = _("the plain text")
    if before and not after:
        yield Difference(kind="text-part-lost", message=_("the plain text is gone"), place=place)
    elif before and after:
        one, other = before.text or "", after.text or ""
        found = list(compare_words(words_of(one), words_of(other), place, is_page=False))
        yield from found or compare_lines(one, other, place)
    before, after = was.body(PAGE), now.body(PAGE)
    if before and not after:
        yield Difference(
            kind="html-lost", message=_("the HTML is gone: readers see the plain text"), place=_("the HTML")
        )
    elif before and after and before.text != after.text:
        yield from compare_pages(before.text or "", after.text or "")
    if (not before and after and was.body(PLAIN)) or (not was.body(PLAIN) and now.body(PLAIN) and was.body(PAGE)):
        yield Difference(
            kind="part-added", message=_("there is a part now that was made from the other one"), place=PAGE
        )


def _charsets(was: Parsed, now: Parsed) -> Iterator[Difference]:
    for media_type, place in ((PLAIN, _("the plain text")), (PAGE, _("the HTML"))):
        before, after = was.body(media_type), now.body(media_type)
        if before and after and before.is_charset_known and not after.is_charset_known:
            yield Difference(
                kind="charset-lost",
                message=_("its character set is not said any more: mail readers guess"),
                place=place,
                was=before.charset,
                now=after.charset,
            )


def _alternatives(was: Parsed, now: Parsed) -> Iterator[Difference]:
    if "multipart/alternative" not in now.structure and now.body(PLAIN) and now.body(PAGE):
        yield Difference(
            kind="structure-changed",
            message=_("plain text and HTML are no longer two forms of one text: some mail readers show both"),
            place="Content-Type",
            was=was.structure[0],
            now=now.structure[0] if now.structure else now.parts[0].media_type if now.parts else "",
        )


def _others(was: Parsed, now: Parsed) -> Iterator[Difference]:
    """All but the two bodies, each with the one of its type and name."""
    left = [part for part in now.parts if part not in (now.body(PLAIN), now.body(PAGE))]
    for before in was.parts:
        if before in (was.body(PLAIN), was.body(PAGE)):
            continue
        after = _partner(before, left)
        if after is None:
            yield _gone(before)
        else:
            left.remove(after)
            yield from _compare_part(before, after)
    for part in left:
        yield from _new(part)


def _partner(part: Part, among: list[Part]) -> Part | None:
    for is_it in (
        lambda one: one.octets == part.octets and one.media_type == part.media_type,
        lambda one: part.content_id and one.content_id == part.content_id,
        lambda one: part.file_name and one.file_name == part.file_name,
        lambda one: one.media_type == part.media_type,
        lambda one: _kind(one) == _kind(part) == "image",
    ):
        found = next((one for one in among if is_it(one)), None)
        if found is not None:
            return found
    return None


def _kind(part: Part) -> str:
    return part.media_type.partition("/")[0]


def _label(part: Part) -> str:
    return part.file_name or part.content_id or part.media_type


def _gone(part: Part) -> Difference:
    if part.media_type == "text/calendar":
        return Difference(kind="calendar-lost", message=_("the calendar is gone"), place=_label(part))
    if _kind(part) == "image":
        return Difference(kind="picture-lost", message=_("an embedded picture is gone"), place=_label(part))
    return Difference(kind="attachment-lost", message=_("an attachment is gone"), place=_label(part))


def _compare_part(before: Part, after: Part) -> Iterator[Difference]:
    place = _label(before)
    if before.content_id != after.content_id and before.content_id:
        yield Difference(
            kind="picture-lost",
            message=_("an embedded picture is not found by its place in the text any more"),
            place=place,
            was=before.content_id,
            now=after.content_id,
        )
    if before.octets == after.octets:
        return
    if _kind(before) == "image":
        yield Difference(
            kind="picture-reencoded",
            message=_("an embedded picture is another: {before} bytes became {after}").format(
                before=len(before.octets), after=len(after.octets)
            ),
            place=place,
            was=before.media_type,
            now=after.media_type,
        )
    elif _kind(before) != "text" or before.octets.split() != after.octets.split():
        yield Difference(kind="attachment-changed", message=_("an attachment is another"), place=place)


def _new(part: Part) -> Iterator[Difference]:
    if part.media_type in TNEF or part.file_name.lower() == "winmail.dat":
        message = _("parts were packed into winmail.dat, which Outlook alone can open")
        yield Difference(kind="winmail", message=message, place=_label(part))
    elif part.media_type in SIGNATURES:
        yield Difference(kind="signed", message=_("a relay has signed it"), place=_label(part), is_note=True)
    elif part.media_type in SEALED:
        yield Difference(kind="sealed", message=_("a relay has packed it into a signature"), place=_label(part))
    elif part.text is not None:
        if part.text.strip():
            yield Difference(
                kind="footer-added",
                message=_("a part with a text of its own was added"),
                place=part.media_type,
                now=excerpt(part.text),
            )
    else:
        yield Difference(kind="attachment-added", message=_("an attachment was added"), place=_label(part))

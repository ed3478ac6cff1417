"""Writing into a file on the web, never over somebody's later change (WebDAV; RFC 9110, 9.3.4 and 13.1.1).

Of the hosts of pads none lets a program write into a pad that is there without signing in: HedgeDoc 1 makes new ones
only (`POST /new`), La Suite Docs wants a session, Etherpad its administrator's key. A file that takes `PUT` from
whoever has its address does, a public share of Nextcloud for one (`/public.php/dav/files/TOKEN/…`).
"""

from __future__ import annotations

from newsletter_cli.base.i18n import _
from newsletter_cli.base.web.asking import Answer, Asker, NotAnswered
from newsletter_cli.pads.hosts.answers import failure_refusal, status_refusal, text_of
from newsletter_cli.pads.pad import PadRefusal, PadTakesNone, PadText

# Nextcloud takes no PUT on a public share without the second.
HEADERS = {"Content-Type": "text/markdown; charset=utf-8", "X-Requested-With": "XMLHttpRequest"}
WRITTEN = (200, 201, 204)
CHANGED = (409, 412, 428)
# The server knows the file, and not the method, or not who asks.
NOT_TAKEN = (301, 302, 303, 307, 308, 400, 401, 403, 404, 405, 415, 422, 501)


def takes_none(host: str) -> PadTakesNone:
    """What is said of a host that takes no text."""
    return PadTakesNone(
        reason=_("{host} takes no text from a program").format(host=host),
        hint=_("paste the text above into the pad, in place of what stands there"),
    )


def write_file(asker: Asker, url: str, text: str, *, over: str, is_rehearsal: bool = False) -> PadText | PadRefusal:
    """As `Pad.write`, at this address."""
    try:
        before = asker.ask(url)
    except NotAnswered as error:
        return failure_refusal(error)
    refusal = _unlike(before, over) or _versionless(before)
    if refusal is not None:
        return refusal
    return PadText(text=text) if is_rehearsal else _written(asker, url, before, text)


def _written(asker: Asker, url: str, before: Answer, text: str) -> PadText | PadRefusal:
    try:
        refusal = _put(asker, before, text)
        if refusal is not None:
            return refusal
        after = asker.ask(url)
    except NotAnswered as error:
        refused = failure_refusal(error)
        return PadRefusal(reason=refused.reason, hint=_("whether it was written is not known: run nl pull, then look"))
    return _unlike(after, text) or PadText(text=text)


def _put(asker: Asker, before: Answer, text: str) -> PadRefusal | None:
    """Write over this very version; why not, if not. Raises `NotAnswered`."""
    version = before.headers["etag"]
    # As the file has its line ends.
    newline = "\r\n" if b"\r\n" in before.body else "\n"
    said = asker.put(before.address.page, text.replace("\n", newline).encode(), {**HEADERS, "If-Match": version})
    if said.status in WRITTEN:
        return None
    if said.status in CHANGED:
        return changed_meanwhile()
    if said.status in NOT_TAKEN:
        return takes_none(before.address.host)
    return status_refusal(said)


def _versionless(before: Answer) -> PadRefusal | None:
    """A refusal where no version is named, or a weak one: a save at the same moment would be written over."""
    is_named = before.headers.get("etag", "").startswith('"')
    return None if is_named else takes_none(before.address.host)


def changed_meanwhile() -> PadRefusal:
    """Somebody was quicker."""
    return PadRefusal(
        reason=_("somebody has changed the pad meanwhile"), hint=_("run nl pull, look at the section, then nl push")
    )


def _unlike(answer: Answer, text: str) -> PadRefusal | None:
    """A refusal unless this text is what came."""
    found = status_refusal(answer) or text_of(answer)
    if isinstance(found, PadRefusal):
        return found
    return None if found == text else changed_meanwhile()

"""La Suite Docs (DINUM), 5.4 and newer: `GET /api/v1.0/documents/ID/formatted-content/?content_format=markdown`.

It answers JSON with `title`, `content` and `updated_at`; without a session only where the link is public. The
`content` of a document that nobody has written in is `null`, with status 200.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from newsletter_cli.base.i18n import _
from newsletter_cli.base.web.asking import Answer
from newsletter_cli.pads.hosts.answers import NOTHING, decoded, empty_refusal, page_refusal, status_refusal
from newsletter_cli.pads.hosts.reading import Read
from newsletter_cli.pads.markup import carry_over
from newsletter_cli.pads.pad import PadRefusal, PadText


def read(given: Read) -> PadText | PadRefusal:
    """The text of a document."""
    answer = given.answer
    refusal = _refusal(answer)
    if refusal is not None:
        return refusal
    body = decoded(answer)
    if isinstance(body, PadRefusal):
        return body
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        document = None
    if isinstance(document, dict) and "content" in document:
        return _text(document, given)
    return _strange()


def _refusal(answer: Answer) -> PadRefusal | None:
    if answer.status in (401, 403):
        return PadRefusal(
            reason=_("the document is not public ({status})").format(status=answer.status),
            hint=_("in Docs: Share, then the link’s visibility “Public”, reading; it is asked without signing in"),
        )
    if answer.status == 404:
        return PadRefusal(
            reason=_("there is no such document, or its host is older than Docs 5.4 ({status})").format(status=404),
            hint=_("compare the address; on an older host, download it as .docx or Markdown, then nl import FILE"),
        )
    refusal = status_refusal(answer)
    if refusal is None and answer.media_type != "application/json":
        return page_refusal(answer)
    return refusal


def _strange() -> PadRefusal:
    return PadRefusal(
        reason=_("its answer is not that of La Suite Docs"), hint=_("compare the address with that in the browser")
    )


def _text(document: dict[str, Any], given: Read) -> PadText | PadRefusal:
    content, title = document["content"], document.get("title")
    if content is None or (isinstance(content, str) and NOTHING.fullmatch(content)):
        return empty_refusal()
    if not isinstance(content, str):
        return _strange()
    text = content.replace("\r\n", "\n").replace("\r", "\n")
    carried = carry_over(text, origin=given.page, has_breaks=False, has_hard_breaks=given.has_hard_breaks)
    return PadText(
        text=carried.text,
        title=title if isinstance(title, str) and title.strip() else None,
        updated=_moment(document.get("updated_at")),
        notes=carried.notes,
    )


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None

"""What a mail server answers (RFC 5321 §4.2): bytes in, whole replies out, without a socket."""

from __future__ import annotations

from newsletter_cli.base.i18n import _
from newsletter_cli.model.delivery import ENHANCED_STATUS, Reply

# Far above what any server says, far below what would hurt: RFC 5321 §4.5.3.1.5 allows 512 octets a line.
MOST_LINES = 512
MOST_BYTES = 64 * 1024
# What is kept of a reply's words; they end up in the ledger, one for each row.
MOST_CHARACTERS = 500


class ReplyParser:
    """Puts replies together from bytes that may be split anywhere.

    Lines may end in CRLF or LF. Once something is no reply (no code, codes that differ within one reply, too many
    lines or bytes), `fault` says what was wrong and nothing further is read: the dialogue has lost its place.
    """

    def __init__(self) -> None:
        self.fault: str | None = None
        self._tail = b""
        self._code = b""
        self._lines: list[bytes] = []
        self._size_bytes = 0

    def feed(self, data: bytes) -> list[Reply]:
        """The replies that are whole now, in order; those before a fault are given too."""
        replies: list[Reply] = []
        if self._is_broken():
            return replies
        lines = (self._tail + data if self._tail else data).split(b"\n")
        self._tail = lines.pop()
        for line in lines:
            reply = self._take(line)
            if reply is not None:
                replies.append(reply)
            elif self._is_broken():
                return replies
        if self._size_bytes + len(self._tail) > MOST_BYTES:
            self._fail(_("the reply is too long"))
        return replies

    def _take(self, line: bytes) -> Reply | None:
        if line.endswith(b"\r"):
            line = line[:-1]
        code, mark = line[:3], line[3:4]
        # 1yz is no SMTP reply, and 6yz and above no reply at all.
        if not (len(code) == 3 and code.isdigit() and b"200" <= code < b"600") or mark not in (b" ", b"-", b""):
            self._fail(_("this is no reply: {line}").format(line=clean_text(line.decode("utf-8", "replace"))))
            return None
        if self._lines and code != self._code:
            self._fail(_("a reply with two codes"))
            return None
        if mark == b"-":
            self._code = code
            self._lines.append(line[4:])
            self._size_bytes += len(line)
            if len(self._lines) >= MOST_LINES or self._size_bytes > MOST_BYTES:
                self._fail(_("the reply is too long"))
            return None
        if not self._lines:
            return Reply(int(code), clean_text(line[4:].decode("utf-8", "replace")))
        text = _join([*self._lines, line[4:]])
        self._lines.clear()
        self._size_bytes = 0
        return Reply(int(code), text)

    def _is_broken(self) -> bool:
        return self.fault is not None

    def _fail(self, fault: str) -> None:
        self.fault = fault
        self._tail = b""
        self._lines.clear()


def clean_text(text: str) -> str:
    """On one line, without control characters, at most `MOST_CHARACTERS` long."""
    if not text.isprintable():
        text = "".join(character if character.isprintable() else " " for character in text)
    text = " ".join(text.split()) if "  " in text else text.strip()
    return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1] + "…"


def read_answer(code: int, text: bytes) -> Reply:
    """What smtplib read; it has -1 for what is no code."""
    return Reply(max(code, 0), clean_text(text.decode("utf-8", "replace")))


def _join(lines: list[bytes]) -> str:
    """The words of all lines; an enhanced status that each line repeats (RFC 2034 §4) is said once."""
    texts = [line.decode("utf-8", "replace") for line in lines]
    found = ENHANCED_STATUS.match(texts[0])
    if found:
        again = found.group() + " "
        texts[1:] = [text.removeprefix(again) for text in texts[1:]]
    return clean_text(" ".join(texts))

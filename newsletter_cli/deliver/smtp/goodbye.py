"""A 421 while a message is on its way: what the rest that is heard makes of that message. Pure.

421 means that the connection is about to be closed (RFC 5321 §3.8). Heard once the final dot is out, it may answer that
dot (the message is not taken), or may have been said before it, in the middle of the body (and the answer to the dot is
still to come). So it is no answer by itself: what follows tells, and silence tells nothing.

Where the envelope of the next message travelled with the dot, its answers follow too, and have to be told apart from
the dot's: there are three of them (MAIL, RCPT, DATA), of which only the last can be 354.
"""

from __future__ import annotations

from collections.abc import Sequence

from newsletter_cli.deliver.transport import Happened
from newsletter_cli.model.delivery import Reply

# What the answer to a final dot makes of its row; a 421 is not among them.
FINAL_VERDICTS = {2: Happened.SENT, 4: Happened.DEFERRED, 5: Happened.REFUSED}
ENVELOPE_REPLIES = 3
# RFC 3463 §3.2: X.1.Y is about an address, as the answers to MAIL and RCPT are; of a message it is X.0.Y or X.6.Y.
ABOUT_ADDRESS, ABOUT_MESSAGE = "2.1.", ("2.0.", "2.6.")


def judge_after_goodbye(heard: Sequence[Reply], *, is_envelope_out: bool) -> Happened | None:
    """What became of a message whose dot is out, from what was heard after a 421; `None`: it is too early to tell."""
    if not heard:
        return None
    first, last = heard[0].code, heard[-1].code
    if first == 421:
        return Happened.RETURNED
    if not is_envelope_out:
        return FINAL_VERDICTS.get(first // 100, Happened.IN_DOUBT)
    if first >= 400 or (len(heard) == ENVELOPE_REPLIES and last == 354):
        # The dot's no, or MAIL's after the dot's 421; or the whole envelope's answers: not taken in any case.
        return Happened.RETURNED
    is_one_more = len(heard) > ENVELOPE_REPLIES or (len(heard) == ENVELOPE_REPLIES and last < 400)
    return Happened.SENT if is_one_more else None


def judge_close(heard: Sequence[Reply]) -> Happened:
    """The same, where the server has closed the connection and that had not told yet."""
    if not heard:
        return Happened.RETURNED
    status = heard[0].enhanced_status
    if status.startswith(ABOUT_MESSAGE):
        return Happened.SENT
    return Happened.RETURNED if status.startswith(ABOUT_ADDRESS) else Happened.IN_DOUBT

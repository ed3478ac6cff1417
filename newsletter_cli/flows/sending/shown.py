"""One reader's message before there is a send, for looking at: made by the code that makes the send's, octet for octet.

All of it is what will travel, but for what only the moment of sending knows (date, Message-ID, token): something of the
same form stands in their place. A message that is signed here (DKIM) gets its signature then, too: the header field
above all others.
"""

from __future__ import annotations

from newsletter_cli.deliver.message.person import make_person
from newsletter_cli.deliver.message.reading import unstuff
from newsletter_cli.deliver.message.tokens import Tokens
from newsletter_cli.flows.sending.content import Content
from newsletter_cli.model.subscriber import Recipient

# No ledger knows its tokens: the links in a message that was only looked at lead nowhere.
STAND_IN_SECRET = b"nl: a look at a message, no send"
# Who reads where nobody was chosen; a domain that is nobody's (RFC 2606).
ANYBODY = "reader@example.org"


def message_shown(content: Content, recipient: Recipient | None, *, row: int = 0) -> bytes:
    """The message of `recipient`, or of anybody; `row` makes its tokens differ. Raises `Unbuildable`.

    Of anybody nothing is known: a field shows its fallback, or its name where it has none.
    """
    template, tokens = content.template, Tokens(STAND_IN_SECRET)
    person = make_person(
        tokens,
        row,
        template.message_id_domain,
        address=recipient.address if recipient else ANYBODY,
        name=recipient.name if recipient else "",
        values=content.patterns.values_of(recipient),
    )
    return unstuff(template.splice(person).data)

"""The networks that an issue is announced in, under the names that people know, and what each of them takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct

from newsletter_cli.render.announce import dress
from newsletter_cli.render.announce.clusters import count_clusters
from newsletter_cli.render.announce.counting import mastodon_length, octet_length, utf16_length
from newsletter_cli.render.announce.dress import Dress


class Network(Struct, frozen=True, kw_only=True):
    """`limit` is how long a message may be, as `length` counts it; `shown` how much of it readers see before they ask
    for more. `posted` is the dress of what a program posts, where that is another one; `is_markdown`: the chat is told
    that it is Markdown. `is_counted_in_octets`: `length` is no number of characters. `takes_posts`: a program may post
    there.
    """

    name: str
    title: str
    dress: Dress
    limit: int
    length: Callable[[str], int]
    posted: Dress | None = None
    is_markdown: bool = False
    is_counted_in_octets: bool = False
    takes_posts: bool = True
    shown: int | None = None

    @property
    def template(self) -> str:
        """The name of its template."""
        return f"{self.name}.txt.j2"

    def dress_for(self, *, is_posted: bool) -> Dress:
        """How it is written, to be pasted by a person or posted by a program."""
        return self.posted if is_posted and self.posted is not None else self.dress


# Matrix takes events of 65,536 octets (specification, 4.1), in which a message stands twice; Mattermost messages of
# 16,383 characters; Slack's programs should send 4,000 at most; LinkedIn takes 3,000, Mastodon 500.
_ALL = (
    Network(
        name="tchap", title="Tchap", dress=dress.TCHAP, limit=16_000, length=octet_length, is_markdown=True,
        is_counted_in_octets=True,
    ),
    Network(name="mattermost", title="Mattermost", dress=dress.MATTERMOST, limit=16_383, length=count_clusters),
    Network(
        name="slack", title="Slack", dress=dress.SLACK, posted=dress.SLACK_POSTED, limit=4000, length=utf16_length
    ),
    Network(
        name="linkedin", title="LinkedIn", dress=dress.LINKEDIN, limit=3000, length=utf16_length, shown=210,
        takes_posts=False,
    ),
    Network(name="mastodon", title="Mastodon", dress=dress.MASTODON, limit=500, length=mastodon_length),
)  # fmt: skip
NETWORKS: Mapping[str, Network] = {one.name: one for one in _ALL}
# Other names for the same.
ALSO = {"matrix": "tchap", "element": "tchap"}

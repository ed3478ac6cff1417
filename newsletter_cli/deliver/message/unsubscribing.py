"""The link by which one person leaves the list."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit, urlunsplit

SUBJECT = re.compile(r"(?<=[?&])(subject=[^&#]*)", re.IGNORECASE)


def personal_unsubscribe_url(url: str, token: str) -> str:
    """The common link `url` as one person's own: it tells `token`, never their address.

    Addresses of pages are kept in logs: a page gets `u=TOKEN` in its query. A mail may come from another of their
    addresses, and programs that write it by themselves keep only its subject: the token ends it (RFC 6068).
    """
    if url.lower().startswith("mailto:"):
        marked, count = SUBJECT.subn(lambda found: f"{found[1]}%20{quote(token)}", url, count=1)
        if count:
            return marked
        return f"{url}{'&' if '?' in url else '?'}subject=unsubscribe%20{quote(token)}"
    scheme, host, path, query, fragment = urlsplit(url)
    return urlunsplit((scheme, host, path, f"{query}&u={quote(token)}" if query else f"u={quote(token)}", fragment))

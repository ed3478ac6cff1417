"""Images on other sites, weighed: how many bytes a reader downloads, of what type, how many pixels wide.

lychee says whether an image is there. Its weight it does not say, so the head of the file is read here.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from newsletter_cli.base.web.address import WebAddress, parse_address
from newsletter_cli.check.links.image import RemoteImage
from newsletter_cli.check.links.program import USER_AGENT
from newsletter_cli.check.links.together import ask_all

if TYPE_CHECKING:
    import requests

THREADS = 4
# Enough for the size in pixels of nearly every JPEG, whatever its camera wrote before.
HEAD_BYTES = 256 * 1024
CHUNK_BYTES = 16 * 1024
MOST_REDIRECTS = 5
IDENTITY = {"User-Agent": USER_AGENT, "Accept": "image/*,*/*;q=0.5", "Accept-Encoding": "identity"}


def weigh_images(
    asked: Mapping[str, WebAddress], *, timeout_seconds: int, is_allowed: Callable[[WebAddress], bool]
) -> dict[str, RemoteImage]:
    """What is known of each image by the address of the issue; those that could not be read are left out.

    At most `HEAD_BYTES` of each are read. `is_allowed` is asked before each request, those after a redirect included.
    """
    if not asked:
        return {}
    weighed = {}
    found = ask_all(
        lambda url: _weigh(asked[url], timeout_seconds, is_allowed),
        asked,
        threads=THREADS,
        deadline_seconds=timeout_seconds * 2 * (1 + len(asked) / THREADS),
    )
    for url, image in found:
        if image is not None:
            weighed[url] = image
    return weighed


def _weigh(address: WebAddress, timeout_seconds: int, is_allowed: Callable[[WebAddress], bool]) -> RemoteImage | None:
    from http.cookiejar import DefaultCookiePolicy

    import requests
    from urllib3.exceptions import HTTPError

    with requests.Session() as session:
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        # As for lychee: an organisation may have certificates of its own.
        session.verify = os.environ.get("SSL_CERT_FILE") or True
        # Else requests would look for a password in ~/.netrc.
        session.auth = lambda request: request
        try:
            for _step in range(MOST_REDIRECTS + 1):
                if not is_allowed(address):
                    return None
                with session.get(
                    address.page, headers=IDENTITY, timeout=timeout_seconds, stream=True, allow_redirects=False
                ) as response:
                    if not response.is_redirect:
                        return _measure(response) if response.status_code == requests.codes.ok else None
                    address = parse_address(urljoin(address.page, response.headers["Location"]))
        except (requests.RequestException, HTTPError, OSError, ValueError):
            return None
    return None


def _measure(response: requests.Response) -> RemoteImage:
    head = bytearray()
    is_whole = True
    for chunk in response.raw.stream(CHUNK_BYTES, decode_content=False):
        head += chunk
        if len(head) >= HEAD_BYTES:
            is_whole = False
            break
    said = response.headers.get("Content-Length", "")
    size = int(said) if said.isdecimal() else len(head) if is_whole else None
    media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    width, height = _pixels(bytes(head))
    return RemoteImage(size_bytes=size, media_type=media_type, width=width, height=height)


def _pixels(head: bytes) -> tuple[int | None, int | None]:
    import imagesize

    # The head of a file of strangers, cut off anywhere: whatever it does to the reader, it has no size.
    try:
        width, height = imagesize.get(io.BytesIO(head))
    except Exception:
        return None, None
    return (int(width), int(height)) if width > 0 and height > 0 else (None, None)

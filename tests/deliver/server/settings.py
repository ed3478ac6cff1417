"""How a test server is set up."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from typing import Literal

USER, PASSWORD = "nl", "correct horse"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """`login`: user and password, where somebody has to log in."""

    tls: Literal["none", "starttls", "implicit"] = "none"
    tls_context: ssl.SSLContext | None = None
    is_tls_required: bool = False
    login: tuple[str, str] | None = None

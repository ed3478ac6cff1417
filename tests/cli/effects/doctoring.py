"""What the options of `nl doctor` do."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.cli.effects.scenario import Effect
from tests.cli.effects.stages import plain


@contextlib.contextmanager
def domain_server(_folder: Path) -> Iterator[Mapping[str, str]]:
    """A DNS server, at `{dns}`, that knows one domain and a key of it."""
    from tests.check.domain.dns_server import serving

    zone = {"example.org": {"TXT": "v=spf1 -all"}, "s1._domainkey.example.org": {"TXT": "v=DKIM1; p="}}
    with serving(zone) as server:
        yield {"dns": server.address}


ASKING: dict[str, Any] = {"stage": plain, "around": domain_server, "env": {"NL_OFFLINE": None}}
ASK = "doctor --domain example.org --resolver {dns}"

EFFECTS = {
    "doctor --domain": [
        Effect(
            of="doctor", option="--domain example.org --resolver {dns}", shows="the DNS says of example.org", **ASKING
        ),
        Effect(of="doctor example.org", option="--domain", stage=plain, refused="NL_OFFLINE"),
    ],
    "doctor --selector": [
        Effect(of=ASK, option="--selector s1", shows="the key at s1._domainkey.example.org is withdrawn", **ASKING),
        Effect(of="doctor", option="--selector s1", stage=plain, refused="--selector does nothing with nl doctor"),
    ],
    "doctor --resolver": [
        Effect(
            of="doctor --domain example.org", option="--resolver dns", refused="is no address of a DNS server", **ASKING
        ),
        Effect(of="doctor", option="--resolver 9.9.9.9", stage=plain, refused="--resolver does nothing with nl doctor"),
    ],
    "doctor --copy": [
        Effect(of="doctor", option="--copy", stage=plain, refused="--copy does nothing with nl doctor"),
    ],
}

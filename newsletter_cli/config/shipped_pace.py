"""How fast the large providers are written to where `newsletter.toml` says nothing of it."""

from __future__ import annotations

from newsletter_cli.config.send_settings import PaceSettings

# Orange: two connections for an address, as its postmaster pages say. The others publish no number; two is what senders
# of middling lists keep to in France, and the large ones take more.
SHIPPED_PACE = (
    PaceSettings(name="Orange", domains=("orange.fr", "wanadoo.fr"), connections=2),
    PaceSettings(
        name="SFR", domains=("sfr.fr", "neuf.fr", "cegetel.net", "club-internet.fr", "numericable.fr"), connections=2
    ),
    PaceSettings(name="La Poste", domains=("laposte.net",), connections=2),
    PaceSettings(name="Free", domains=("free.fr", "aliceadsl.fr", "libertysurf.fr"), connections=2),
    PaceSettings(name="Gmail", domains=("gmail.com", "googlemail.com"), connections=5),
    PaceSettings(
        name="Microsoft",
        domains=("outlook.com", "outlook.fr", "hotmail.com", "hotmail.fr", "live.com", "live.fr", "msn.com"),
        connections=5,
    ),
)

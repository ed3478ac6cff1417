"""The rules on addresses: pure functions of what was learnt about them."""

from newsletter_cli.check.rules.links import (
    image_remote_heavy,
    link_broken,
    link_fragment_missing,
    link_https_available,
    link_redirected,
    link_timeout,
    link_unverifiable,
    links_unchecked,
    mail_address_invalid,
)

RULES = (
    image_remote_heavy,
    link_broken,
    link_fragment_missing,
    link_https_available,
    link_redirected,
    link_timeout,
    link_unverifiable,
    links_unchecked,
    mail_address_invalid,
)

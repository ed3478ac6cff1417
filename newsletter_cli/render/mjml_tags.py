"""The tags of MJML and the attributes that each may have (https://documentation.mjml.io/), which mrml does not look at.

`*` is any attribute, `*padding` and `*border` stand for those of one side, too. A test compares them with npm's mjml.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

SIDES = ("", "-bottom", "-left", "-right", "-top")
EVERYWHERE = ("css-class", "mj-class", "mj-head-attributes")
ANY = "*"
_TABLE = """
mj-accordion: *padding border container-background-color font-family icon-align icon-height icon-position
    icon-unwrapped-alt icon-unwrapped-url icon-width icon-wrapped-alt icon-wrapped-url
mj-accordion-element: background-color border font-family icon-align icon-height icon-position icon-unwrapped-alt
    icon-unwrapped-url icon-width icon-wrapped-alt icon-wrapped-url
mj-accordion-text: *padding background-color color font-family font-size font-weight letter-spacing line-height
mj-accordion-title: *padding background-color color font-family font-size font-weight
mj-all: *
mj-attributes:
mj-body: background-color width
mj-breakpoint: width
mj-button: *padding *border align background-color border-radius color container-background-color
    font-family font-size font-style font-weight height href inner-padding letter-spacing
    line-height name rel target text-align text-decoration text-transform title vertical-align
    width
mj-carousel: *padding align border-radius container-background-color icon-width left-icon right-icon
    tb-border tb-border-radius tb-hover-border-color tb-selected-border-color tb-width thumbnails
mj-carousel-image: alt border-radius href rel src target tb-border tb-border-radius thumbnails-src title
mj-class: *
mj-column: *padding *border background-color border-radius direction inner-background-color inner-border
    inner-border-bottom inner-border-left inner-border-radius inner-border-right inner-border-top
    vertical-align width
mj-divider: *padding align border-color border-style border-width container-background-color width
mj-font: href name
mj-group: background-color direction vertical-align width
mj-head:
mj-hero: *padding background-color background-height background-position background-url background-width
    border-radius container-background-color height inner-background-color inner-padding
    inner-padding-bottom inner-padding-left inner-padding-right inner-padding-top mode
    vertical-align
mj-html-attribute: name
mj-html-attributes:
mj-image: *padding *border align alt border-radius container-background-color fluid-on-mobile font-size
    height href max-height name rel sizes src srcset target title usemap width
mj-include: path type css-inline
mj-navbar: *padding align base-url hamburger ico-align ico-close ico-color ico-font-family ico-font-size
    ico-line-height ico-open ico-padding ico-padding-bottom ico-padding-left ico-padding-right
    ico-padding-top ico-text-decoration ico-text-transform
mj-navbar-link: *padding color font-family font-size font-style font-weight href letter-spacing line-height
    name rel target text-decoration text-transform
mj-preview:
mj-raw: position
mj-section: *padding *border background-color background-position background-position-x
    background-position-y background-repeat background-size background-url border-radius direction
    full-width text-align text-padding
mj-selector: path
mj-social: *padding align border-radius color container-background-color font-family font-size font-style
    font-weight icon-height icon-padding icon-size inner-padding line-height mode table-layout
    text-decoration text-padding vertical-align
mj-social-element: *padding align alt background-color border-radius color font-family font-size font-style
    font-weight href icon-height icon-padding icon-position icon-size line-height name rel sizes
    src srcset target text-decoration text-padding title vertical-align
mj-spacer: *padding *border container-background-color height
mj-style: inline
mj-table: *padding align border cellpadding cellspacing color container-background-color font-family
    font-size font-weight line-height role table-layout vertical-align width
mj-text: *padding align background-color color container-background-color font-family font-size
    font-style font-weight height letter-spacing line-height text-decoration text-transform
    vertical-align
mj-title:
mj-wrapper: *padding *border background-color background-position background-position-x
    background-position-y background-repeat background-size background-url border-radius direction
    full-width gap text-align text-padding
mjml: lang dir owa
"""


@cache
def known_tags() -> Mapping[str, frozenset[str]]:
    """Tag → its attributes."""
    found: dict[str, frozenset[str]] = {}
    for line in _TABLE.strip().replace("\n    ", " ").splitlines():
        tag, _colon, rest = line.partition(":")
        names = list(EVERYWHERE)
        for word in rest.split():
            is_group = word.startswith(ANY) and word != ANY
            names += [word[1:] + side for side in SIDES] if is_group else [word]
        found[tag] = frozenset(names)
    return found

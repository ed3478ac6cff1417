"""What mrml writes around a column, and no mail reader needs, taken out: a third of an issue would be frame.

It is done before the content is put in, so that nothing an author writes is touched. What does not look exactly as
mrml 6 writes it (several columns, widths of a theme's own) stays as it is.
"""

from __future__ import annotations

import re

TABLE = '<table border="0" cellpadding="0" cellspacing="0" role="presentation"'
# A row of one column that takes the whole: Outlook needs a table for the columns beside each other only, and the others
# need no box that could stand beside another.
ROW = (
    f"<!--[if mso | IE]>{TABLE}><tr><![endif]-->"
    '<!--[if mso | IE]><td style="vertical-align:top;width:WIDTH;"><![endif]-->'
    '<div class="mj-outlook-group-fix mj-column-per-100" style="font-size:0px;text-align:left;direction:DIRECTION;'
    'display:inline-block;vertical-align:top;width:100%;">'
    f'{TABLE} width="100%" style="vertical-align:top;">'
)
COLUMN = re.compile(
    # The cell around: the size 0 and the centre are for columns that stand beside each other.
    r'font-size:0px;(?P<padding>(?:padding[a-z-]*:[^;"]*;)*)text-align:center;">'
    + re.escape(ROW).replace("WIDTH", r"[\d.]+px").replace("DIRECTION", "(?:ltr|rtl)")
)
COLUMN_END = "</div><!--[if mso | IE]></td><![endif]--><!--[if mso | IE]></tr></table><![endif]-->"
SECTION = re.compile(
    r'(?P<div><div(?: class="[^"]*")? style="(?P<paper>background:[^;"]*;background-color:[^;"]*;)?[^"]*">)'
    + re.escape(TABLE)
    + r' align="center" style="(?P=paper)?(?P<rest>[^"]*)width:100%;(?P<more>[^"]*)">'
)
# Outlook takes the width from the attribute.
GHOST = re.compile(r'( width="(\d+)" class="[^"]*") style="width:\2px;"(?=><tr><td style="line-height:0px)')
CELL = re.compile(r'(<td(?: align="[a-z]+")?(?: class="[^"]*")? style=")font-size:0px;(?:padding:0;)?')
PICTURE = f'{TABLE} style="border-collapse:collapse;border-spacing:0px;">'
# The head's style says these of every picture.
IMAGE = re.compile(r'(?<=style="border:0;display:block;)outline:none;text-decoration:none;')
PREVIEW = re.compile(
    r'<div style="display:none;font-size:1px;color:#ffffff;line-height:1px;max-height:0px;max-width:0px;opacity:0;'
    r'overflow:hidden;">'
)
# Outlook knows no `display: none` on what it has begun to write.
PREVIEW_HIDDEN = '<div aria-hidden="true" style="display:none;max-height:0;overflow:hidden;opacity:0;mso-hide:all">'
COLUMN_STYLES = re.compile(
    r'<style type="text/css">@media only screen and \(min-width:480px\) \{ \.mj-column-per-100 [^<]*</style>'
    r'<style media="screen and \(min-width:480px\)">\.moz-text-html \.mj-column-per-100 [^<]*</style>'
    r"|<!--\[if lte mso 11\]>\s*<style[^<]*</style>\s*<!\[endif\]-->\s*"
)
MOBILE_STYLES = re.compile(r'<style type="text/css">@media only screen and \(max-width:479px\) \{[^<]*</style>')


def lean_frame(page: str) -> str:
    """The page that mrml made, with less around each column, cell and picture; nothing of it looks different."""
    page = _lean_columns(page)
    page = SECTION.sub(_lean_section, page)
    page = CELL.sub(r"\1", GHOST.sub(r"\1", page))
    page = page.replace(PICTURE, f"{TABLE}>").replace(' height="auto" src=', " src=")
    page = PREVIEW.sub(PREVIEW_HIDDEN, IMAGE.sub("", page))
    body = page.partition("</head>")[2]
    if "mj-column-per" not in body:
        page = COLUMN_STYLES.sub("", page)
    if "mj-full-width-mobile" not in body:
        page = MOBILE_STYLES.sub("", page)
    return page


def _lean_columns(page: str) -> str:
    done, at = [], 0
    while found := COLUMN.search(page, at):
        end = page.find("</div><!--[if mso | IE]></td>", found.end())
        if page.startswith(COLUMN_END, end):
            done += [page[at : found.start()], found["padding"], f'">{TABLE} width="100%">', page[found.end() : end]]
            at = end + len(COLUMN_END)
        else:
            done.append(page[at : found.end()])
            at = found.end()
    return "".join([*done, page[at:]])


def _lean_section(found: re.Match[str]) -> str:
    style = found["rest"] + found["more"]
    return found["div"] + TABLE + ' align="center" width="100%"' + (f' style="{style}">' if style else ">")

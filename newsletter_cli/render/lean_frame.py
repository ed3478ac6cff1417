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
GHOST = re.compile(
    r'(?P<width> width="(?P<pixels>\d+)")(?P<name> class="[^"]*-outlook")? style="width:(?P=pixels)px;"><tr>'
    r'<td style="line-height:0px;font-size:0px;'
)
# A class that a theme's own style may name, as mrml gives it to the table that Outlook alone sees.
GHOST_NAMED = re.compile(r"-outlook(?![\w-])")
CELL = re.compile(r'(<td(?: align="[a-z]+")?(?: class="[^"]*")? style=")font-size:0px;(?:padding:0;)?')
# A title and the text below it: two cells without padding that begin alike are one.
CELL_END = "</div></td></tr>"
ALIKE = re.compile(
    rf'(?P<start><td class="nl"(?! style="[^"]*padding)[^>]*><div style="[^"]*">)'
    rf"(?P<title>(?:(?!{CELL_END}).)*){CELL_END}<tr>(?P=start)",
    re.DOTALL,
)
# The side on which a cell's text begins anyway, once nothing around it is centred.
STARTING = {
    direction: re.compile(rf'<td align="{side}"(?=[ >])') for direction, side in (("ltr", "left"), ("rtl", "right"))
}
RIGHT_TO_LEFT = re.compile(r'<html[^>]* dir="rtl"')
# Every table of the frame has `cellspacing="0"`: to collapse its borders changes nothing, but for round corners, which
# are lost then, and a word against it on every table that has some. Tables of a text say it themselves.
COLLAPSE = "table, td { border-collapse: collapse; "
SEPARATE = "border-collapse:separate;"
# Nothing in a card reaches its corners; what is too wide for a mail reader that breaks no word is to be seen, not cut.
CUT = "overflow:hidden;"
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
    is_named = bool(GHOST_NAMED.search(page.partition("</head>")[0]))
    page = GHOST.sub(lambda found: _lean_ghost(found, is_named=is_named), page)
    page = CELL.sub(r"\1", page.replace(COLLAPSE, "table, td { "))
    page = ALIKE.sub(r"\g<start>\g<title>", page)
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
    starting = STARTING["rtl" if RIGHT_TO_LEFT.search(page) else "ltr"]
    while found := COLUMN.search(page, at):
        end = page.find("</div><!--[if mso | IE]></td>", found.end())
        if page.startswith(COLUMN_END, end):
            column = starting.sub("<td", page[found.end() : end])
            done += [page[at : found.start()], found["padding"], f'">{TABLE} width="100%">', column]
            at = end + len(COLUMN_END)
        else:
            done.append(page[at : found.end()])
            at = found.end()
    return "".join([*done, page[at:]])


def _lean_ghost(found: re.Match[str], *, is_named: bool) -> str:
    name = found["name"] if is_named and found["name"] else ""
    return f'{found["width"]}{name}><tr><td style="line-height:0;font-size:0;'


def _lean_section(found: re.Match[str]) -> str:
    style = (found["rest"] + found["more"]).replace(SEPARATE, "")
    return (
        found["div"].replace(CUT, "")
        + TABLE
        + ' align="center" width="100%"'
        + (f' style="{style}">' if style else ">")
    )

"""What the e-mail makes of a tree, and that text and post know nothing of it."""

from __future__ import annotations

import pytest

from newsletter_cli.base.values import replace
from newsletter_cli.render.email import EmailParts, render_email
from tests.rendering import Page, compose, email_of, make_issue, make_section, post_of, text_of_email, theme_of

LONG = "https://example.org/2031/06/the-tide-tables-of-the-year-and-of-the-next.html"
BODY = f"""\
See {LONG} and <{LONG}?a=1>.

> One says
>
> > what another said.

- [ ] to *do*
- [x] done
- neither

3. [ ] numbered

==marked==, <kbd>Ctrl</kbd>.
"""


def page_of(body: str, **changes: str) -> Page:
    """The page, its theme with the files of `changes` in place of its own."""
    theme = theme_of()
    files = {**theme.files, **{name.replace("_", "."): text for name, text in changes.items()}}
    composed = compose(make_issue(body), language="en")
    return Page(render_email(composed, EmailParts(theme=replace(theme, files=files), sizes={})))


def test_bare_addresses_are_short_and_lead_to_the_whole() -> None:
    links = [(text, href) for text, href in page_of(BODY).links() if href.startswith(LONG)]
    short = "example.org/…/the-tide-tables-of-the…"
    assert links == [(short, LONG), (short, f"{LONG}?a=1")]
    assert LONG in text_of_email(make_issue(BODY))
    assert BODY in post_of(make_issue(BODY))


def test_words_of_a_link_stay_as_they_are() -> None:
    words = "The tables of the tides of the year and of the next"
    assert (words, LONG) in page_of(f"[{words}]({LONG})").links()


def test_a_quotation_is_a_cell_within_a_quotation() -> None:
    body = page_of(BODY).body
    inner = body.xpath("//blockquote/table/tr/td[@class='quote']//blockquote/table/tr/td[@class='quote']")
    assert ["".join(one.itertext()).strip() for one in inner] == ["what another said."]
    assert all("padding" in one.get("style") and "border-left:4px" in one.get("style") for one in inner)
    assert {one.get("role") for one in body.xpath("//blockquote/table")} == {"presentation"}


def test_tasks_have_a_box_for_a_bullet_and_a_word_for_it() -> None:
    items = page_of(BODY).body.xpath("//li[span[@role='img']]")
    said = [(one.get("class"), one[0].get("aria-label"), one[0].text.strip()) for one in items]
    assert said == [("task", "to do", "☐"), ("task", "done", "☑"), (None, "to do", "☐")]
    styles = [one.get("style") or "" for one in items]
    assert ["list-style:none" in style for style in styles] == [True, True, False]


@pytest.mark.parametrize("missing", [".quote", ".task"])
def test_a_former_style_sheet_gets_what_it_knows(missing: str) -> None:
    """A theme may have the file of the version before: what that has no looks for stays as it was."""
    css = theme_of().files["content.css"]
    kept = "\n".join(line for line in css.split("\n") if missing not in line)
    body = page_of(BODY, content_css=kept).body
    assert body.xpath("//td[@class='quote']") == [] or missing != ".quote"
    assert body.xpath("//*[@class='task']") == [] or missing != ".task"
    assert "what another said." in "".join(body.itertext())


def test_titles_of_events_and_jobs_are_links_for_the_mouse() -> None:
    from tests.render.test_email import EVENTS, JOBS

    page = Page(email_of(make_issue(make_section(events=EVENTS, jobs=JOBS))))
    titles = [(one.get("href"), one.get("tabindex")) for one in page.body.xpath("//h3/a")]
    assert titles == [(EVENTS[0].url, "-1"), (JOBS[0].url, "-1")]
    # Without an address the title is a title.
    assert [one.text for one in page.body.xpath("//h3[not(a)]")] == ["Fête", "Aide"]

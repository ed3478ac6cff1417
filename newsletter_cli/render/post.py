"""The Markdown post for the site: headings numbered, section bodies byte for byte."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from newsletter_cli.markdown.frontmatter import dump_header
from newsletter_cli.markdown.lines import dominant_newline, split_lines
from newsletter_cli.model import Event, Issue, Job
from newsletter_cli.render.compose import ComposedIssue, ComposedSection
from newsletter_cli.render.dates import format_day, format_event_time
from newsletter_cli.render.frame import Frame

# Angle brackets around it allow every address but one that holds these (CommonMark 0.31, 6.3); two
# braces may begin a shortcode of Hugo's.
UNSAFE_IN_ADDRESS = {ord(sign): f"%{ord(sign):02X}" for sign in "<>\\{"} | dict.fromkeys(map(ord, "\t\r\n"))
# A title that ends in hashes would lose them: CommonMark takes them for the heading's closing sequence.
CLOSING_HASHES = re.compile(r"(?:(?<=\s)|^)(#+\s*)$")


def render_post(composed: ComposedIssue) -> str:
    """The post: front matter, editorial, then each section under its heading.

    Bodies are those of the section files, less the comments for editors; line ends are those most used there.
    """
    return "".join(_parts(composed))


def render_post_body(composed: ComposedIssue) -> str:
    """The same without its front matter."""
    return "".join(_parts(composed)[1:])


def _parts(composed: ComposedIssue) -> list[str]:
    """The front matter first."""
    texts = [composed.published_editorial, *(section.published for section in composed.sections)]
    newline = dominant_newline("".join(texts))
    frame = composed.frame
    parts = [_own("---\n" + dump_header(front_matter(composed.issue)) + "---\n", newline)]
    parts.append(composed.published_editorial)
    for section in composed.sections:
        _separate(parts, newline)
        heading = "#" * frame.heading_level + " " + _heading_text(section)
        parts.append(_own(heading.rstrip() + "\n" + _structured(section, frame), newline))
        parts.append(section.published)
    if parts[-1] and not parts[-1].endswith(("\n", "\r")):
        parts.append(newline)
    return parts


def front_matter(issue: Issue) -> dict[str, Any]:
    """The post's front matter: the newsletter's usual keys first, then the keys kept aside."""
    header: dict[str, Any] = {"title": issue.title, "slug": issue.slug}
    if issue.date is not None:
        header["date"] = issue.date
    if issue.summary:
        header["summary"] = issue.summary
    if issue.images:
        header["images"] = list(issue.images)
    for key, value in issue.extra.items():
        header.setdefault(key, value)
    return header


def _heading_text(section: ComposedSection) -> str:
    title = CLOSING_HASHES.sub(r"\\\1", _one_line(section.section.title))
    return title if section.number is None else f"{section.number}. {title}"


def _own(text: str, newline: str) -> str:
    return text if newline == "\n" else text.replace("\n", newline)


def _separate(parts: list[str], newline: str) -> None:
    """A heading stands on a line of its own, with a blank one above unless the text above is the header."""
    above = parts[-1] or (parts[-2] if len(parts) > 1 else "")
    if not above.endswith(("\n", "\r")):
        parts.append(newline)
    if not re.search(r"(?:\r\n|\n|\r(?!\n))[ \t]*(?:\r\n|\n|\r)$", above[-80:]):
        parts.append(newline)


def _structured(section: ComposedSection, frame: Frame) -> str:
    """The events and jobs of the section's front matter, as Markdown lists."""
    # As typed: the site sets its own texts.
    typed = section.section
    events = [_event_item(event, frame) for event in sorted(typed.events, key=lambda event: event.sort_key)]
    jobs = [_job_item(job, frame) for job in typed.jobs]
    lists = ["\n" + "".join(items).rstrip("\n") + "\n" for items in (events, jobs) if items]
    is_apart = re.match(r"[ \t]*[\r\n]", section.published) is not None
    return "".join(lists) + ("\n" if lists and section.published.strip() and not is_apart else "")


def _event_item(event: Event, frame: Frame) -> str:
    when = format_event_time(event, frame.words, frame.language, frame.timezone)
    title = _linked(event.title, event.url)
    lines = [f"- **{_capitalised(when)}** – {title}"]
    if event.place:
        lines.append(frame.words.labelled(frame.words.place, _escaped(event.place)))
    item = "  \n  ".join(lines) + "\n"
    if event.description and event.description.strip():
        lines = [line.rstrip("\r\n") for line in split_lines(event.description.strip())]
        item += "\n" + "".join(f"  {line}\n" if line.strip() else "\n" for line in lines) + "\n"
    return item


def _job_item(job: Job, frame: Frame) -> str:
    words = frame.words
    line = f"- {_linked(job.title, job.url, strong=True)}"
    if job.employer:
        line += f", {_escaped(job.employer)}"
    details = []
    if job.reference:
        details.append(words.labelled(words.reference, _escaped(job.reference)))
    if job.deadline:
        details.append(words.labelled(words.deadline, _day(job.deadline, frame)))
    return "  \n  ".join([line, *details]) + "\n"


def _day(day: date, frame: Frame) -> str:
    return format_day(day, frame.words, frame.language)


def _linked(title: str, url: str | None, *, strong: bool = False) -> str:
    text = _escaped(title)
    if url:
        address = url.strip().translate(UNSAFE_IN_ADDRESS)
        # What looks like a character reference would be read as one.
        address = re.sub(r"&(?=#?\w+;)", "&amp;", address)
        text = f"[{text}](<{address}>)" if re.search(r"[\s()]", address) else f"[{text}]({address})"
    return f"**{text}**" if strong else text


def _escaped(text: str) -> str:
    """Plain text as inline Markdown. Two braces may begin a shortcode of Hugo's, `&…;` is a character reference."""
    return re.sub(r"([\\`*_\[\]<>~]|(?<=\{)\{|&(?=#?\w+;))", r"\\\1", _one_line(text))


def _one_line(text: str) -> str:
    return re.sub(r"[ \t\r\n]*[\r\n][ \t\r\n]*", " ", text).strip()


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]

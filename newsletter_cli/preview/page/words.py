"""What the page says, in the editor's language."""

from __future__ import annotations

from collections.abc import Callable

from newsletter_cli.base.i18n import _, ngettext

Words = dict[str, str | list[str]]


def page_words() -> Words:
    """The words by name; those that a number decides as [singular, plural]."""
    return _tools() | _views() | _stage() | _panel() | _clients() | _help()


def _tools() -> Words:
    return {
        "preview": _("Preview"),
        "tools": _("What is shown"),
        "to-rendering": _("To the rendering"),
        "to-panel": _("To the findings"),
        "issue": _("Issue"),
        "issue-number": _("Issue {number}"),
        "compare": _("Compare with"),
        "compare-none": _("nothing"),
        "reader": _("Reader"),
        "everybody": _("Everybody"),
        "find-reader": _("Find a reader"),
        "no-reader": _("Nobody by that name or address."),
        "readers": _plural(lambda n: ngettext("{count} reader", "{count} readers", n)),
        "readers-more": _("The first {count} are listed: type to find others."),
        "readers-private": _("Names and addresses stay on this machine."),
        "remote": _("Remote images"),
        "remote-hint": _("Load images that are not the issue’s own from the network"),
        "help": _("Keyboard shortcuts"),
        "live": _("Live"),
        "connecting": _("Connecting…"),
        "lost": _("Connection lost"),
        "lost-hint": _("The preview was stopped. Start it again (nl preview) and open the address it prints."),
    }


def _views() -> Words:
    return {
        "kind": _("What is shown"),
        "view": _("View"),
        "view-email": _("E-mail"),
        "view-light": _("Light"),
        "view-dark": _("Dark"),
        "view-inverted": _("Inverted"),
        "view-images-off": _("Images off"),
        "view-style-stripped": _("No styles"),
        "view-text": _("Text"),
        "view-post": _("Post"),
        "view-post-source": _("Post source"),
        "view-page": _("Page"),
        "view-markdown": _("Markdown"),
        "view-source": _("Message source"),
        "view-message": _("Message"),
        "view-html": _("HTML"),
        "view-announce": _("Announcement"),
        "view-calendar": _("Calendar"),
        "kind-source": _("Source"),
        "hint-kind-source": _("The HTML of the e-mail, and the whole message"),
        "hint-html": _("The HTML of the e-mail, as nl assemble writes it"),
        "hint-announce": _("The announcement for the chat, ready to be pasted"),
        "hint-calendar": _("The events as a calendar will have them, and the file"),
        "hint-email": _("The e-mail in the light"),
        "hint-dark": _("The dark colours of the theme, for readers who prefer the dark"),
        "hint-inverted": _("Colours turned by force, as some mail apps do in the dark"),
        "hint-images-off": _("What is read before images are loaded: their alternative texts"),
        "hint-style-stripped": _("What SFR and La Poste show: style sheets are dropped, style attributes stay"),
        "hint-text": _("The plain text part"),
        "hint-post": _("The Markdown post as a page"),
        "hint-post-source": _("The Markdown post as it is written to the site"),
        "hint-source": _(
            "The message as it travels; its date, its identifier and the token to leave are put in by the send"
        ),
        "width": _("Width"),
        "width-free": _("Free"),
        "width-handle": _("Width of the rendering: drag, or use the arrow keys"),
        "pixels": _("{count} px"),
    }


def _stage() -> Words:
    return {
        "rendering": _("The issue"),
        "frame-title": _("Issue {number}: {view}"),
        "comparing": _("How two issues are compared"),
        "side-by-side": _("Side by side"),
        "differences": _("Differences"),
        "together": _("Scroll together"),
        "differences-title": _("Issue {number}: what differs from issue {other}"),
        "no-rendering": _("Issue {number} cannot be rendered."),
        "inbox": _("In the inbox"),
        "no-subject": _("(no subject)"),
        "no-sender": _("(no sender)"),
        "no-preheader": _("(no preheader: the first words of the e-mail will stand here)"),
        "to": _("To:"),
        "written": _("Find and copy"),
        "find": _("Find in this text"),
        "find-next": _("Next place"),
        "find-before": _("Place before"),
        "found-of": _("{number} of {count}"),
        "found-none": _("not found"),
        "copy": _("Copy"),
        "copied": _("Copied"),
        "not-copied": _("The browser refuses: select the text and press Ctrl+C"),
        "error-one": _("This cannot be rendered. Below is the last rendering that worked."),
        "error-first": _("This cannot be rendered yet."),
        "fixed": _("Fixed: the rendering is up to date."),
        "empty": _("Nothing to show yet"),
        "empty-hint": _("Start an issue with “nl new”, write in its files, and it appears here by itself."),
        "updated": _("Updated."),
        "link-opened": _("Opened in a new tab: {address}"),
        "link-to": _("This link leads to {address}"),
        "from": _("From {place}"),
        "open-editor": _("Open in the editor"),
    }


def _panel() -> Words:
    return {
        "panel": _("About this issue"),
        "tab-findings": _("Findings"),
        "tab-sections": _("Sections"),
        "tab-links": _("Links"),
        "tab-outline": _("Read aloud"),
        "size": _("Size of the e-mail"),
        "size-of": _("{size} of {limit}"),
        "size-fits": _("fits"),
        "size-close": _("close to Gmail’s limit"),
        "size-over": _("Gmail will cut it off"),
        "words": _plural(lambda n: ngettext("{count} word", "{count} words", n)),
        "minutes": _plural(lambda n: ngettext("{count} minute to read", "{count} minutes to read", n)),
        "level-error": _("Error"),
        "level-warning": _("Warning"),
        "level-info": _("Note"),
        "errors": _plural(lambda n: ngettext("{count} error", "{count} errors", n)),
        "warnings": _plural(lambda n: ngettext("{count} warning", "{count} warnings", n)),
        "infos": _plural(lambda n: ngettext("{count} note", "{count} notes", n)),
        "heading-error": _("Errors"),
        "heading-warning": _("Warnings"),
        "heading-info": _("Notes"),
        "only-levels": _("Show only these levels"),
        "all-levels": _("Show all"),
        "none-of-these": _("Nothing of what you chose to see: {levels}."),
        "no-findings": _("Nothing found. Well done!"),
        "no-anchor": _("This finding has no place of its own in the rendering."),
        "elsewhere": _("Elsewhere"),
        "fixable": _("nl check --fix does it"),
        "card": _("What is said of these words"),
        "put-in": _("Put in:"),
        "take-out": _("Take it out"),
        "own-word": _("Add to the newsletter’s words"),
        "no-proposal": _("There is no proposal."),
        "undo": _("Undo"),
        "not-done": _("Nothing was changed: the preview gives no answer."),
        "reading": _("The language is being read…"),
        "no-sections": _("No section yet."),
        "status-ready": _("Ready"),
        "status-draft": _("Draft"),
        "status-skip": _("Left out"),
        "status-absent": _("No file"),
        "missing-file": _("the file"),
        "missing-text": _("the text"),
        "missing-author": _("the author"),
        "missing-ready": _("status: ready"),
        "missing": _("Missing: {what}"),
        "by": _("by {author}"),
        "no-links": _("No link in this issue."),
        "offline": _("Links are not checked: the preview works offline."),
        "link-ok": _("Works"),
        "link-broken": _("Broken"),
        "link-redirected": _("Moved"),
        "link-timeout": _("No answer"),
        "link-unverifiable": _("Cannot be checked"),
        "link-unchecked": _("Not checked"),
        "outline-intro": _("What a screen reader announces, in order."),
        "no-outline": _("Nothing to announce yet."),
        "kind-heading": _("Heading {level}"),
        "kind-link": _("Link"),
        "kind-image": _("Image"),
        "kind-list": _("List"),
        "kind-table": _("Table"),
    }


def _clients() -> Words:
    return {
        "tab-clients": _("Mail readers"),
        "clients-intro": _(
            "What of this issue each mail reader does not show, by caniemail’s tests (as of {date}). "
            "A button shows the issue as that reader does."
        ),
        "clients-asking": _("Looking…"),
        "clients-others": _("Other mail readers"),
        "client": _("Mail reader"),
        "client-lacks": _("Does not show"),
        "show-as": _("Show the issue as {client} does"),
        "as-reader": _("As {reader} shows it."),
        "as-reader-end": _("As it was made"),
        "known-little": _("Not everything is known of it."),
        "not-known": _("{platform}: not known"),
        "all-shown": _("Shows all of it"),
        "lost-text": _("Words and pictures"),
        "lost-look": _("Looks"),
        "lost-ear": _("Read aloud"),
        "places": _plural(lambda n: ngettext("{count} place", "{count} places", n)),
        "place-of": _("Place {number} of {count}"),
        "dark-own": _("In the dark it takes the e-mail’s own dark colours."),
        "dark-marked": _("In the dark it takes the e-mail’s own dark colours, as far as it is told them."),
        "dark-forced": _("In the dark it turns the colours over."),
        "dark-none": _("It knows no dark colours: the e-mail stays light."),
        "dark-unknown": _("What it does in the dark is not known."),
    }


def _help() -> Words:
    return {
        "close": _("Close"),
        "keys-on": _("Single keys act as shortcuts"),
        "key-views": _("Choose the view"),
        "key-files": _("HTML source, announcement, calendar"),
        "key-differences": _("Differences of the two issues, or side by side"),
        "key-find": _("Find in a text; copy all of it"),
        "key-width": _("Next width"),
        "key-issue": _("Issue before, issue after"),
        "key-next": _("Next finding, previous finding"),
        "key-accept": _("Where a finding on words is chosen: put in its first, second or third proposal"),
        "key-word": _("Add its word to the newsletter’s words"),
        "key-undo": _("Undo the last change made here"),
        "key-compare": _("Compare with the issue before, or stop"),
        "key-remote": _("Remote images on or off"),
        "key-tabs": _("Findings, sections, links, read aloud, mail readers"),
        "key-help": _("This list"),
        "key-arrows": _("Arrow keys move within views, widths and tabs; Tab leads on."),
    }


def _plural(message: Callable[[int], str]) -> list[str]:
    return [message(1), message(2)]

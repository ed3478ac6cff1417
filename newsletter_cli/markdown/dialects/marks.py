"""What tokens say of the marks they come from, and what a callout is called."""

from __future__ import annotations

import re

# In a token's `meta`: which kind of mark it is, by the name that `[post] extensions` has for it.
MARK = "nl_mark"
# The inline content is the title of a callout; its `LABEL` is the callout's kind, typed in place of a title.
TITLE = "nl_title"
LABEL = "nl_label"
# The first line of a quotation is `[!NOTE]`: what the library of GitHub calls an alert.
ALERT = "nl_alert"

# `{.button}`, `{.btn-primary}` behind a link, as themes of many sites call it.
BUTTON_CLASS = r"\.(?:button|btn)(?![A-Za-z0-9_])[\w-]*"

# Who is quoted, when, in which colour, in HedgeDoc: `[name=Noor] [time=…] [color=red]` at the end of a quotation.
QUOTE_DETAIL = re.compile(r"(?:\A|(?<=\s))\[(?P<what>name|time|color)=(?P<value>[^\[\]\n]+)\]")

# By kind: other names of it, then what it is called.
ALIASES = {
    "hint": "tip",
    "attention": "warning",
    "error": "danger",
    "failure": "danger",
    "faq": "question",
    "help": "question",
    "cite": "quote",
    "summary": "abstract",
    "tldr": "abstract",
    "check": "success",
    "done": "success",
}
LABELS = {
    "en": {
        "note": "Note",
        "tip": "Tip",
        "important": "Important",
        "warning": "Warning",
        "caution": "Caution",
        "info": "Information",
        "danger": "Danger",
        "success": "Success",
        "question": "Question",
        "example": "Example",
        "quote": "Quote",
        "abstract": "Summary",
    },
    "fr": {
        "note": "Note",
        "tip": "Astuce",
        "important": "Important",
        "warning": "Attention",
        "caution": "Prudence",
        "info": "Information",
        "danger": "Danger",
        "success": "Bravo",
        "question": "Question",
        "example": "Exemple",
        "quote": "Citation",
        "abstract": "En résumé",
    },
    "de": {"note": "Hinweis", "tip": "Tipp", "important": "Wichtig", "warning": "Warnung", "caution": "Vorsicht"},
    "es": {"note": "Nota", "tip": "Consejo", "important": "Importante", "warning": "Aviso", "caution": "Precaución"},
    "it": {"note": "Nota", "tip": "Consiglio", "important": "Importante", "warning": "Avviso", "caution": "Attenzione"},
}


def callout_label(kind: str, language: str) -> str:
    """What readers are told a callout is: `[!WARNING]` → Attention; a kind that nobody knows is its own name."""
    name = kind.lower()
    name = ALIASES.get(name, name)
    words = LABELS.get(language.lower().partition("-")[0], LABELS["en"])
    return words.get(name) or LABELS["en"].get(name) or kind.replace("-", " ").capitalize()


def readable_details(text: str) -> str:
    """The text of a quotation, with who is quoted behind a dash; the colour is not told."""
    shown = QUOTE_DETAIL.sub(lambda one: "" if one["what"] == "color" else f"— {one['value']}", text)
    return shown if shown == text else shown.rstrip()

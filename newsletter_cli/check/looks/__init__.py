"""How a finished e-mail is shown: a small cascade over its `<style>` and its style attributes, without a browser.

Enough CSS for what e-mails are made of: colours, sizes of text, line heights, alignment, underlines. What it cannot
tell (a picture behind the text, a colour by a variable) is unknown, never guessed.
"""

from newsletter_cli.check.looks.cascade import Cascade, ShownText, look_at, running_texts
from newsletter_cli.check.looks.look import Look
from newsletter_cli.model.colour import Colour, contrast_of, inverted, written

__all__ = ["Cascade", "Colour", "Look", "ShownText", "contrast_of", "inverted", "look_at", "running_texts", "written"]

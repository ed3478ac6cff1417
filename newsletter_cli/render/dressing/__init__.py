"""A tree dressed for the e-mail: what mail readers need that the text and the post have no use for."""

from newsletter_cli.render.dressing.buttons import button_link
from newsletter_cli.render.dressing.code import colour_code
from newsletter_cli.render.dressing.direction import turned_direction
from newsletter_cli.render.dressing.dress import Dress, dress_of, dressed

__all__ = ["Dress", "button_link", "colour_code", "dress_of", "dressed", "turned_direction"]

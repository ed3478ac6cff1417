"""A tree dressed for the e-mail: what mail readers need that the text and the post have no use for."""

from newsletter_cli.render.dressing.direction import turned_direction
from newsletter_cli.render.dressing.dress import Dress, dress_of, dressed

__all__ = ["Dress", "dress_of", "dressed", "turned_direction"]

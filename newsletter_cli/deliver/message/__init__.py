"""One message per recipient: rendered once, serialised once, the personal parts spliced in as bytes."""

"""The archive: static pages of all issues, an index and a feed, for a newsletter without a site of its own. Pure."""

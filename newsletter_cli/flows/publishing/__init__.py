"""`nl publish N`: the post and its pictures into the site's repository."""

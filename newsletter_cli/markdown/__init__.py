"""Markdown text → tokens with line numbers → a sanitised tree, plain text; front matter."""

"""The header (front matter) of a Markdown file: split off byte-exactly, read in one pass, written.

python-frontmatter does the loading; its own splitting strips the body and swallows blank lines, so `split_header` does
that part. Pure functions: text in, values out.
"""

from newsletter_cli.markdown.frontmatter.dump import dump_header
from newsletter_cli.markdown.frontmatter.fences import find_fence_faults
from newsletter_cli.markdown.frontmatter.filling import fill_header
from newsletter_cli.markdown.frontmatter.header import Header
from newsletter_cli.markdown.frontmatter.parse import parse_header, read_header
from newsletter_cli.markdown.frontmatter.split import Document, split_header

__all__ = [
    "Document",
    "Header",
    "dump_header",
    "fill_header",
    "find_fence_faults",
    "parse_header",
    "read_header",
    "split_header",
]

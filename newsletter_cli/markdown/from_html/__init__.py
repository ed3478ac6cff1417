"""HTML as word processors and pages give it → Markdown that says the same to the parser here.

Few elements are known: paragraphs, headings, lists, quotations, tables, code, pictures, links, notes, and what stands
out in a line. Each paragraph is read back by the parser, and written more carefully where it would be understood
otherwise. Pure: text in, values out.
"""

from newsletter_cli.markdown.from_html.blocks import FromHtml, Loss, LossKind, markdown_of_html

__all__ = ["FromHtml", "Loss", "LossKind", "markdown_of_html"]

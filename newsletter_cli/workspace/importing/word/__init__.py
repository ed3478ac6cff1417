"""A Word document → its Markdown, its pictures, and a list of all that cannot come along.

`package.py` opens the file and refuses what is none, or an attack; `parts.py` names what is in it; `tidying.py` brings
its text into the form that mammoth understands, and writes down what goes (`losses.py`); `reading.py` has mammoth make
HTML of it, and compares every word at the end.
"""

from newsletter_cli.workspace.importing.word.reading import read_word

__all__ = ["read_word"]

"""Reading a published post: header, sections, and what had to be guessed. Text in, values out."""

"""A newsletter with issues of every kind, for the tests of its archive."""

from __future__ import annotations

from pathlib import Path

from tests.pictures import png
from tests.workspaces import CONFIG, write

BASE = "https://letter.example.org/news/"
ARCHIVE = f"""
[post]
slug = "issue-{{number}}"
url = "{BASE}{{slug}}/"

[sender]
address = "desk@example.org"

[personal]
greeting = "Dear {{first_name}},"
[[personal.fields]]
name = "first_name"
fallback = "reader"

[archive]
url = "{BASE}"
subscribe = "https://example.org/join"
also = "1"
"""
SENT = 'ledger = "0123456789abcdef"\nat = "2026-07-02T08:30:00Z"\n'
RICH = """\
---
status: ready
---

### Table & code

| a | b |
|---|---:|
| x | 1 |

Seen [earlier](https://letter.example.org/news/issue-1/#1-coming-up) and [above](#table--code); a
[sheet](files/sheet.csv), a note.[^n]

![A drawing](drawing.png "Drawn")

```python
def f(x):
    return "{{ x }}"
```

**[Join us](https://example.org/go)**

- [ ] to do

[^n]: At the *foot*.
"""


def make_newsletter(root: Path) -> None:
    """Issue 1 is imported, 2 sent, 3 not."""
    write(root / "newsletter.toml", CONFIG + ARCHIVE)
    write(root / "list.csv", "email;first_name\nada@example.org;Ada\n")
    write(root / "sections/001/_issue.md", "---\ntitle: The first\ndate: 2026-06-11\n---\nHello.\n")
    write(
        root / "sections/001/agenda.md",
        "---\nevents:\n  - title: Tea\n    start: 2026-06-18T16:00\n    place: Paris\n    url: https://example.org/tea\n---\n",
    )
    write(
        root / "sections/002/_issue.md",
        "---\ntitle: The second\ndate: 2026-07-01\nsummary: All of it\nimages:\n  - drawing.png\n---\nHello again.\n",
    )
    write(root / "sections/002/news.md", RICH)
    write(root / "sections/002/files/sheet.csv", "a,b\n1,2\n")
    write(root / "sections/002/aside.csv", "nobody links to this\n")
    (root / "sections/002/drawing.png").write_bytes(png(64, 32))
    write(root / "sections/003/_issue.md", "---\ntitle: The third\ndate: 2026-08-01\n---\nSoon.\n")
    write(root / "sent/002.toml", SENT)

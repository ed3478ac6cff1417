"""Word documents become Markdown; whatever does not come along is named, with its place."""

from __future__ import annotations

import contextlib
import struct
import sys
import zipfile
from pathlib import Path
from unittest import mock

import docx
import pytest
from docx.enum.text import WD_BREAK, WD_COLOR_INDEX
from docx.shared import RGBColor
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.base.errors import ContentError, UsageError
from newsletter_cli.model import Level
from newsletter_cli.workspace.importing.incoming import Incoming
from newsletter_cli.workspace.importing.word import package, read_word
from tests.inside import call, run
from tests.samples import sample
from tests.workspace.importing.word.documents import changed, paragraph, picture, saved, with_body
from tests.workspace.importing.word.documents import run as text_run
from tests.workspaces import CONFIG, make_workspace, tree, write


def read(path: Path, **options: int) -> Incoming:
    return read_word(path, stem="news", **options)


def told(incoming: Incoming) -> list[str]:
    return [one.message for one in incoming.findings]


class TestCarriedOver:
    def test_all_that_markdown_can_say(self, tmp_path: Path) -> None:
        document = docx.Document()
        document.add_heading("The harbour", 0)
        document.add_heading("Ships", 1)
        one = document.add_paragraph("Hello ")
        one.add_run("to all ").bold = True
        one.add_run("of ")
        one.add_run("you").italic = True
        one.add_run(", 2")
        one.add_run("nd").font.superscript = True
        one.add_run().add_break()
        one.add_run("a second line")
        document.add_paragraph("one", style="List Bullet")
        document.add_paragraph("below", style="List Bullet 2")
        document.add_paragraph("first", style="List Number")
        document.add_paragraph("As they say.", style="Quote")
        table = document.add_table(2, 2)
        for cell, text in zip((table.cell(0, 0), table.cell(0, 1), table.cell(1, 0)), ("A", "B", "x|y"), strict=True):
            cell.text = text
        document.add_heading("Berths", 2)
        write(tmp_path / "pier.png", picture(size=(2000, 10)))
        document.add_picture(str(tmp_path / "pier.png"))
        document.inline_shapes[0]._inline.docPr.set("descr", "The pier")
        document.add_paragraph("The pier, seen from the sea", style="Caption")
        incoming = read(saved(document, tmp_path / "a.docx"), headings_from=3)
        assert incoming.text == (
            "# The harbour\n\n### Ships\n\nHello **to all** of *you*, 2<sup>nd</sup>\\\na second line\n\n"
            "- one\n  - below\n\n1. first\n\n> As they say.\n\n| A | B |\n| --- | --- |\n| x\\|y |  |\n\n"
            "#### Berths\n\n![The pier](news-1.png)\n\n*The pier, seen from the sea*\n"
        )
        assert list(incoming.files) == ["news-1.png"]
        assert told(incoming) == []

    def test_links_and_notes(self, tmp_path: Path) -> None:
        body = (
            '<w:p><w:hyperlink r:id="rId90"><w:r><w:rPr><w:rStyle w:val="Hyperlink"/><w:u w:val="single"/></w:rPr>'
            "<w:t>the plan</w:t></w:r></w:hyperlink>"
            '<w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
            '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
            '<w:r><w:instrText xml:space="preserve"> HYPERLINK "https://example.org/b" </w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
            + text_run("another")
            + '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
        )
        path = with_body(tmp_path / "a.docx", body)
        with zipfile.ZipFile(path) as archive:
            relations = archive.read("word/_rels/document.xml.rels").decode()
        link = (
            '<Relationship Id="rId90" TargetMode="External" Target="https://example.org/a" Type='
            '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"/></Relationships>'
        )
        notes = (
            '<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
            '<w:footnote w:id="2"><w:p><w:r><w:t>By </w:t></w:r><w:r><w:rPr><w:i/></w:rPr><w:t>her</w:t></w:r></w:p>'
            "</w:footnote></w:footnotes>"
        )
        changed(path, parts={
            "word/_rels/document.xml.rels": relations.replace("</Relationships>", link).encode(),
            "word/footnotes.xml": notes.encode(),
        })  # fmt: skip
        incoming = read(path)
        assert "[the plan](https://example.org/a)[^news-1]\n\n[^news-1]: By *her*\n" in incoming.text
        assert "[another](https://example.org/b)" in incoming.text
        assert told(incoming) == []

    @pytest.mark.parametrize(
        ("style", "expected"),
        sample(
            [
                ("Titre 1", "# Words\n"),
                ("Titre", "# Words\n"),
                ("Titre 8", "###### Words\n"),
                ("Liste à puces", "- Words\n"),
                ("Liste à puces 2", "- - Words\n"),
                ("Liste à numéros", "1. Words\n"),
                ("Citation", "> Words\n"),
                ("Légende", "*Words*\n"),
                ("Corps de texte", "Words\n"),
            ],
            ("Titre 1", "# Words\n"),
            ("Liste à puces 2", "- - Words\n"),
            ("Citation", "> Words\n"),
        ),
    )
    def test_styles_by_french_names(self, tmp_path: Path, style: str, expected: str) -> None:
        document = docx.Document()
        document.styles.add_style(style, 1)
        document.add_paragraph("Words", style=style)
        assert read(saved(document, tmp_path / "a.docx")).text == expected


BOX = (
    "<w:p>" + text_run("The anchor.") + "<w:r><mc:AlternateContent><mc:Choice Requires=\"wps\"><w:drawing><wp:anchor>"
    "<a:graphic><a:graphicData><wps:wsp><wps:txbx><w:txbxContent>" + paragraph(text_run("In the box."))
    + "</w:txbxContent></wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>"
    "<mc:Fallback><w:pict><v:shape><v:textbox><w:txbxContent>" + paragraph(text_run("In the box."))
    + "</w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
)  # fmt: skip
GRAPHIC = (
    "<w:p>"
    + text_run("See it.")
    + "<w:r><w:drawing><wp:inline><a:graphic><a:graphicData>{}</a:graphicData></a:graphic></wp:inline></w:drawing>"
    "</w:r></w:p>"
)


class TestListed:
    @pytest.mark.parametrize(
        ("body", "message", "text"),
        [
            (BOX, "the text of a text box stands behind its paragraph now: “In the box.” (near “The anchor.",
             "The anchor.\n\nIn the box."),
            (paragraph(text_run("So "), "<m:oMath><m:r><m:t>x=2</m:t></m:r></m:oMath>", text_run("it is.")),
             "an equation is left out: “x=2” (near “So x=2 it is.”)", "So it is."),
            (GRAPHIC.format('<c:chart r:id="rId1"/>'), "a chart is left out (near “See it.”)", "See it."),
            (GRAPHIC.format('<dgm:relIds r:dm="rId1"/>'), "a SmartArt diagram is left out (near “See it.”)", "See it."),
            (paragraph(text_run("See."), '<w:r><w:object><o:OLEObject ProgID="Excel.Sheet.12"/></w:object></w:r>'),
             "an embedded object is left out (Excel.Sheet.12) (near “See.”)", "See."),
            (paragraph(text_run("See."), "<w:r><w:pict><v:line/></w:pict></w:r>"),
             "a drawing is left out (near “See.”)", "See."),
            (paragraph('<w:ins w:author="Ada">', text_run("new "), "</w:ins>", text_run("text")),
             "a tracked insertion of Ada is taken as accepted: “new” (near “new text”)", "new text"),
            (paragraph(text_run("a "), '<w:del w:author="Ada"><w:r><w:delText>bad </w:delText></w:r></w:del>',
                       text_run("text")),
             "a tracked deletion of Ada is taken as accepted, and left out: “bad” (near “a text”)", "a text"),
            (paragraph(text_run("a "), text_run("secret ", "<w:vanish/>"), text_run("text")),
             "hidden text is left out: “secret” (near “a secret text”)", "a text"),
            (paragraph("<w:fldSimple w:instr=' DATE \\@ \"d MMMM\" '>", text_run("3 June"), "</w:fldSimple>"),
             "a field is plain text now (DATE): “3 June” (near “3 June”)", "3 June"),
            ('<w:altChunk r:id="rId1"/>', "a document within the document is left out", ""),
            (paragraph(text_run("A"), '<w:r><w:sym w:font="Odd" w:char="F0AA"/></w:r>'),
             "a sign of the font Odd is left out", "A"),
            (paragraph(text_run("loud", '<w:highlight w:val="yellow"/><w:color w:val="FF0000"/><w:u w:val="single"/>')),
             "what only looks different is not kept: colours, highlighting, underlining (near “loud”)", "loud"),
            (paragraph(f"<w:ruby><w:rt>{text_run('kan')}</w:rt><w:rubyBase>{text_run('漢')}</w:rubyBase></w:ruby>"),
             "", "漢"),
            (paragraph("<w:smartTag>", text_run("Paris"), "</w:smartTag> <w:bdo>", text_run(" again"), "</w:bdo>"),
             "", "Paris again"),
            (paragraph("<w:unheardOf>", text_run("a whole word"), "</w:unheardOf>", text_run("here")),
             "these words did not come along: “a whole wordhere”", "here"),
        ],
    )  # fmt: skip
    def test_each_kind(self, tmp_path: Path, body: str, message: str, text: str) -> None:
        incoming = read(with_body(tmp_path / "a.docx", body))
        middle = f"{text}\n\n" if text else ""
        assert incoming.text == f"Before it.\n\n{middle}After it.\n"
        if message:
            assert any(message in one for one in told(incoming)), told(incoming)
            assert len(incoming.findings) == 1
            assert incoming.findings[0].rule == "import-not-carried"
        else:
            assert told(incoming) == []

    def test_comments_margins_and_merged_cells(self, tmp_path: Path) -> None:
        document = docx.Document()
        one = document.add_paragraph("Is this so?")
        document.add_comment(one.runs, text="No, it is not.", author="Grace", initials="G")
        document.sections[0].header.paragraphs[0].text = "Draft 3"
        table = document.add_table(2, 2)
        table.cell(0, 0).merge(table.cell(0, 1)).text = "both"
        table.cell(1, 0).text = "x"
        incoming = read(saved(document, tmp_path / "a.docx"))
        assert told(incoming) == [
            "a comment of Grace is left out: “No, it is not.” (near “Is this so?”)",
            "a page's header or footer is left out: “Draft 3”",
            "a table has merged cells; their text stands in the first, the others are empty (near “both x”)",
        ]

    def test_pictures_that_no_mail_reader_shows(self, tmp_path: Path) -> None:
        document = docx.Document()
        document.add_paragraph("See it.")
        write(tmp_path / "pier.png", picture())
        document.add_picture(str(tmp_path / "pier.png"))
        path = saved(document, tmp_path / "a.docx")
        with zipfile.ZipFile(path) as archive:
            types = archive.read("[Content_Types].xml").decode().replace("image/png", "image/x-emf")
        incoming = read(changed(path, parts={"[Content_Types].xml": types.encode()}))
        assert incoming.text == "See it.\n"
        assert told(incoming) == ["a picture in a format that no mail reader shows is left out (x-emf)"]

    def test_numbers_that_go_on_or_begin_beyond_one(self, tmp_path: Path) -> None:
        schema = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
        level = '<w:lvl w:ilvl="0"><w:start w:val="{}"/><w:numFmt w:val="{}"/></w:lvl>'
        kinds = {"1": level.format(1, "decimal"), "2": level.format(1, "bullet"), "3": level.format(4, "upperRoman")}
        numbering = (
            f"<w:numbering {schema}>"
            + "".join(f'<w:abstractNum w:abstractNumId="{one}">{kind}</w:abstractNum>' for one, kind in kinds.items())
            + "".join(f'<w:num w:numId="{one}"><w:abstractNumId w:val="{one}"/></w:num>' for one in kinds)
            + "</w:numbering>"
        )

        def item(words: str, one: str) -> str:
            number = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{one}"/></w:numPr>'
            return f"<w:p><w:pPr>{number}</w:pPr>{text_run(words)}</w:p>"

        body = "".join((
            item("one", "1"), item("two", "1"), paragraph(text_run("Between.")), item("three", "1"), item("a", "2"),
            paragraph(text_run("Between.")), item("b", "2"), item("fourth", "3"), item("fifth", "3"),
        ))  # fmt: skip
        incoming = read(with_body(tmp_path / "a.docx", body, parts={"word/numbering.xml": numbering.encode()}))
        goes_on = "a numbered list goes on behind other text, or begins beyond 1; here it counts from 1"
        assert told(incoming) == [f"{goes_on} (near “three”)", f"{goes_on} (near “fourth”)"]
        assert "1. one\n2. two\n\nBetween.\n\n1. three" in incoming.text

    def test_looks_are_notes_and_the_rest_warnings(self, tmp_path: Path) -> None:
        document = docx.Document()
        red = document.add_paragraph().add_run("red")
        red.font.color.rgb = RGBColor(255, 0, 0)
        red.font.highlight_color = WD_COLOR_INDEX.YELLOW
        red.add_break(WD_BREAK.PAGE)
        document.add_comment([red], text="Why?", author="Ada", initials="A")
        levels = [one.level for one in read(saved(document, tmp_path / "a.docx")).findings]
        assert levels == [Level.WARNING, Level.INFO]


def bomb(path: Path) -> Path:
    """Thirty megabytes of blanks for a text, packed into thirty kilobytes."""
    with_body(path, paragraph(text_run("x")))
    return changed(path, parts={"word/document.xml": b"<a>" + b" " * 30_000_000 + b"</a>"})


def lying(path: Path) -> Path:
    """The same, where the directory says that it is small."""
    bomb(path)
    content = path.read_bytes()
    size = struct.pack("<I", 30_000_007)
    return write(path, content.replace(size, struct.pack("<I", 100)))


ENTITIES = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>&b;</w:t>'
    "</w:r></w:p></w:body></w:document>"
)


def entities(path: Path) -> Path:
    return changed(with_body(path, ""), parts={"word/document.xml": ENTITIES.encode()})


def entities_elsewhere(path: Path) -> Path:
    styles = '<?xml version="1.0" encoding="UTF-16"?>' + ENTITIES
    return changed(with_body(path, ""), parts={"word/styles.xml": styles.encode("utf-16")})


def protected(path: Path) -> Path:
    return write(path, package.OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 900)


def encrypted_entry(path: Path) -> Path:
    with_body(path, "")
    content = bytearray(path.read_bytes())
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1
    return write(path, bytes(content))


def renamed(kind: bytes) -> object:
    def make(path: Path) -> Path:
        return write(path, kind)

    return make


class TestRefused:
    @pytest.mark.parametrize(
        ("make", "said"),
        [
            (bomb, "would take more room"),
            (lying, ""),
            (entities, "declares entities"),
            (entities_elsewhere, "declares entities"),
            (protected, "protected by a password"),
            (encrypted_entry, "protected by a password"),
            (renamed(package.OLE + b"\0" * 600), "Word 97–2003"),
            (renamed(b"{\\rtf1 x}"), "another kind (RTF)"),
            (renamed(b"%PDF-1.7"), "another kind (PDF)"),
            (renamed(b"\n<html>x</html>"), "another kind (HTML)"),
            (renamed(b""), "the file is empty"),
            (renamed(b"PK\x03\x04garbage"), "damaged"),
            (renamed(b"Hello."), "damaged"),
            (lambda path: changed(with_body(path, ""), parts={"word/vbaProject.bin": b"x"}), "holds macros"),
            (lambda path: changed(with_body(path, ""), parts={"xl/workbook.xml": b"<x/>"}), "Excel"),
            (lambda path: changed(with_body(path, ""), parts={"word/document.xml": b"<w:document"}), "damaged"),
            (lambda path: changed(with_body(path, ""), parts={"mimetype": b"application/vnd.oasis.opendocument.text"}),
             "another kind (OpenDocument)"),
        ],
    )  # fmt: skip
    def test_with_a_reason_and_what_to_do(self, tmp_path: Path, make: object, said: str) -> None:
        assert callable(make)
        with pytest.raises(ContentError) as caught:
            read(make(tmp_path / "a.docx"))
        assert said in caught.value.message
        assert caught.value.hint

    def test_where_mammoth_is_not_installed(self, tmp_path: Path) -> None:
        path = with_body(tmp_path / "a.docx", "")
        with mock.patch.dict(sys.modules, {"mammoth": None}), pytest.raises(UsageError) as caught:
            read(path)
        assert 'pip install "mammoth>=' in str(caught.value.hint)

    @given(st.integers(0, 20_000), st.integers(0, 255), st.booleans())
    def test_no_damage_is_a_fault_of_ours(self, place: int, byte: int, is_cut: bool) -> None:
        import tempfile

        with tempfile.TemporaryDirectory() as folder:
            path = with_body(Path(folder) / "a.docx", BOX)
            content = bytearray(path.read_bytes())
            place %= len(content)
            content[place] = byte
            path.write_bytes(bytes(content[:place]) if is_cut else bytes(content))
            with contextlib.suppress(ContentError):
                assert isinstance(read(path).text, str)


WORD = st.text(st.characters(categories=("L", "N", "P", "S"), exclude_characters="<&>"), min_size=1, max_size=8)
SHAPES = {
    "plain": "{}",
    "bold": "<w:r><w:rPr><w:b/></w:rPr><w:t xml:space='preserve'>{0}</w:t></w:r>",
    "hidden": "<w:r><w:rPr><w:vanish/></w:rPr><w:t xml:space='preserve'>{0}</w:t></w:r>",
    "inserted": "<w:ins><w:r><w:t xml:space='preserve'>{0}</w:t></w:r></w:ins>",
    "formula": "<m:oMath><m:r><m:t xml:space='preserve'>{0}</m:t></m:r></m:oMath>",
    "unknown": "<w:unheardOf><w:r><w:t xml:space='preserve'>{0}</w:t></w:r></w:unheardOf>",
    "control": "<w:sdt><w:sdtContent><w:r><w:t xml:space='preserve'>{0}</w:t></w:r></w:sdtContent></w:sdt>",
    "box": "<w:r><w:pict><v:textbox><w:txbxContent><w:p><w:r><w:t xml:space='preserve'>{0}</w:t></w:r></w:p>"
    "</w:txbxContent></v:textbox></w:pict></w:r>",
}


@given(st.lists(st.tuples(WORD, st.sampled_from(sorted(SHAPES))), min_size=1, max_size=8))
def test_every_word_stands_in_the_text_or_in_the_list(words: list[tuple[str, str]]) -> None:
    import tempfile

    runs = [SHAPES[shape].format(f" {word} ") if shape != "plain" else text_run(f" {word} ") for word, shape in words]
    with tempfile.TemporaryDirectory() as folder:
        incoming = read(with_body(Path(folder) / "a.docx", paragraph(*runs)))
    from newsletter_cli.workspace.importing.word.reading import _said

    said = _said(incoming.text) + " ".join(told(incoming))
    for word, _shape in words:
        assert word in said


class TestCommand:
    def test_one_section(self, tmp_path: Path) -> None:
        make_workspace(tmp_path / "w", CONFIG, {1: {"_issue.md": "---\ntitle: One\ndate: 2026-06-11\n---\n"}})
        document = docx.Document()
        document.add_heading("News", 1)
        document.add_heading("From the harbour", 2)
        document.add_paragraph("Text.")
        write(tmp_path / "pier.png", picture(size=(2000, 10)))
        document.add_picture(str(tmp_path / "pier.png"))
        saved(document, tmp_path / "w/Article d’Ada.docx")
        done = run("import", "Article d’Ada.docx", "--section", "news", cwd=tmp_path / "w")
        assert done.returncode == 0, done.stderr
        folder = tmp_path / "w/sections/001"
        assert (folder / "news.md").read_text() == (
            "---\nstatus: draft\n---\n\n### From the harbour\n\nText.\n\n![](images/news-1.png)\n"
        )
        assert (folder / "images/news-1.png").is_file()
        again = run("import", "Article d’Ada.docx", "--section", "news", cwd=tmp_path / "w")
        assert "nothing to do" in again.stdout
        idle = run("import", "Article d’Ada.docx", "--section", "news", "--encoding", "cp1252", cwd=tmp_path / "w")
        assert (idle.returncode, "--encoding does nothing with a document" in idle.stderr) == (2, True)

    def test_a_whole_issue(self, tmp_path: Path) -> None:
        make_workspace(tmp_path / "w", CONFIG, {})
        document = docx.Document()
        document.add_heading("Tidings #4", 0)
        document.add_paragraph("Hello.")
        document.add_heading("Coming up", 1)
        document.add_paragraph("Tea.")
        document.add_heading("News", 1)
        document.add_heading("Ships", 2)
        write(tmp_path / "pier.png", picture(size=(2000, 10)))
        document.add_picture(str(tmp_path / "pier.png"))
        saved(document, tmp_path / "w/issue.docx")
        done = run("import", "issue.docx", cwd=tmp_path / "w")
        assert done.returncode == 0, done.stderr
        files = tree(tmp_path / "w/sections/004")
        assert files["agenda.md"].decode().endswith("---\n\nTea.\n\n")
        assert files["news.md"].decode().endswith("\n### Ships\n\n![](images/issue-1.png)\n")
        assert b'"Tidings #4"' in files["_issue.md"]
        assert "images/issue-1.png" in files

    def test_a_page_of_html(self, tmp_path: Path) -> None:
        make_workspace(tmp_path / "w", CONFIG, {1: {"_issue.md": "---\ntitle: One\ndate: 2026-06-11\n---\n"}})
        write(tmp_path / "w/a.html", "<html><head><title>x</title><style>p{}</style></head><body><h1>News</h1>"
              "<p>A <b>text</b>.<script>bad()</script></p><img src='pier.png' alt='Pier'></body></html>")  # fmt: skip
        write(tmp_path / "w/pier.png", picture())
        done = run("import", "a.html", "--section", "news", cwd=tmp_path / "w")
        assert done.returncode == 0, done.stderr
        text = (tmp_path / "w/sections/001/news.md").read_text()
        assert text == "---\nstatus: draft\n---\n\nA **text**.\n\n![Pier](images/pier.png)\n"

    @pytest.mark.parametrize("name", ["a.odt", "a.doc", "a.docm", "a.rtf", "a.pages"])
    def test_other_documents_say_what_to_do(self, tmp_path: Path, name: str) -> None:
        make_workspace(tmp_path)
        write(tmp_path / name, package.OLE + b"\0" * 600)
        before = tree(tmp_path)
        done = call("import", name, "--section", "news", cwd=tmp_path, env={"NL_LANG": "fr"})
        assert (done.status, tree(tmp_path)) == (1, before)
        assert "enregistrez-le en .docx" in done.err

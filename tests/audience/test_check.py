"""Faults and doubts: proposed, never applied, and by row, never by address."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter_cli.audience.check import check_list
from newsletter_cli.audience.csv_source import CsvSource
from newsletter_cli.audience.doubtful import PROVIDERS, suggest_domain
from newsletter_cli.audience.row import Tally
from newsletter_cli.model.finding import Level


@pytest.mark.parametrize(
    ("domain", "meant"),
    [
        ("gmial.com", "gmail.com"), ("gmail.con", "gmail.com"), ("gamil.com", "gmail.com"),
        ("hotmial.fr", "hotmail.fr"),
        ("oragne.fr", "orange.fr"), ("orange.f", "orange.fr"), ("numerique.gouv.f", "numerique.gouv.fr"),
        ("gouv.f", "gouv.fr"), ("laposte.nte", "laposte.net"), ("culture.gouv", "culture.gouv.fr"),
    ],
)  # fmt: skip
def test_likely_slips(domain: str, meant: str) -> None:
    assert suggest_domain(domain) == meant


@pytest.mark.parametrize(
    "domain",
    [
        *PROVIDERS,
        "example.org",
        "gmail.fr",
        "hotmail.de",
        "culture.gouv.fr",
        "insee.fr",
        "tree.fr",
        "xn--pple-43d.com",
        "ymail.com",
    ],
)
def test_what_is_no_slip(domain: str) -> None:
    assert suggest_domain(domain) is None


def test_findings_name_rows_and_rules_and_nobody(tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    rows = [
        "lea@gmial.com",
        "contact@example.org",
        "x@yopmail.com",
        "bad",
        "é@example.org",
        "a@аpple.com",
        "LEA@gmial.com",
    ]
    path.write_text("email\n" + "\n".join(rows) + "\n", "utf-8")
    findings = list(check_list(CsvSource(path=path, name="l.csv"), Tally(), probe=lambda domain: None))
    assert [(one.line, one.rule, one.level) for one in findings] == [
        (2, "list-domain-slip", Level.WARNING),
        *([(2, "list-domain-disposable", Level.WARNING)] if findings[1].line == 2 else []),
        (3, "list-role-address", Level.WARNING),
        (4, "list-domain-disposable", Level.WARNING),
        (5, "list-address-invalid", Level.ERROR),
        (6, "list-address-smtputf8", Level.INFO),
        (7, "list-domain-lookalike", Level.WARNING),
        (8, "list-address-double", Level.INFO),
    ]
    said = " ".join(f"{one.message} {one.suggestion}" for one in findings)
    assert "lea" not in said.lower()
    assert "xn--pple-43d.com" in said
    assert "gmail.com" in said


def test_domains_are_looked_up_only_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    path.write_text("email\na@gone.example.org\nb@example.org\n", "utf-8")
    asked: list[str] = []

    def probe(domain: str) -> str | None:
        asked.append(domain)
        return "takes no mail" if domain.startswith("gone") else None

    findings = list(check_list(CsvSource(path=path, name="l.csv"), Tally(), probe=probe))
    assert [(one.line, one.rule) for one in findings] == [(2, "list-domain-unreachable")]
    assert asked == ["gone.example.org", "example.org"]

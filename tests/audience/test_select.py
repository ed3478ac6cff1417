"""Who is written to: one decision a candidate, the sum checked, whoever left anywhere has left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter_cli.audience.csv_source import CsvSource
from newsletter_cli.audience.row import Candidate, Tally
from newsletter_cli.audience.select import Selection, parse_segment, select_recipients
from newsletter_cli.base.errors import ListError, UsageError
from newsletter_cli.model.subscriber import GONE, NOTHING, Exclusion, Recipient, SubscriberStatus


@dataclass
class FixedSource:
    """A list in memory. `miscount` makes it lie about its rows."""

    candidates: list[Candidate]
    kind: str = "csv"
    name: str = "fixed"
    has_doubles: bool = True
    miscount: int = 0

    def read(self, tally: Tally) -> Iterator[Candidate]:
        for one in self.candidates:
            tally.rows += 1
            yield one
        tally.rows += self.miscount

    def read_gone(self) -> Iterator[Candidate]:
        return (one for one in self.candidates if one.status in GONE and not one.fault)


def person(row: int, key: str, status: str = "confirmed", groups: tuple[str, ...] = (), fault: str = "") -> Candidate:
    return Candidate(
        row=row,
        key=key,
        address=key,
        name="",
        status=SubscriberStatus(status),
        groups=groups,
        attributes=NOTHING,
        consent=None,
        fault=fault,
        notes=(),
    )


def decide(*candidates: Candidate, **options: object) -> tuple[Selection, dict[int, str]]:
    selection = select_recipients(FixedSource(list(candidates)), **({"is_suppressed": None} | options))  # type: ignore[arg-type]
    said = {one.row: "" if isinstance(one, Recipient) else f"{one.reason} {one.detail}".strip() for one in selection}
    return selection, said


def test_one_reason_each() -> None:
    selection, said = decide(
        person(2, "", fault="it has no @"),
        person(3, "a@x.fr"),
        person(4, "a@x.fr"),
        person(5, "b@x.fr", "unsubscribed"),
        person(6, "c@x.fr", "bounced"),
        person(7, "d@x.fr", "complained"),
        person(8, "e@x.fr", "unconfirmed"),
        person(9, "f@x.fr"),
        is_suppressed=lambda key: key == "f@x.fr",
    )
    assert said == {
        2: "invalid it has no @",
        3: "",
        4: "double duplicate of row 3",
        5: "unsubscribed",
        6: "bounced",
        7: "complained",
        8: "unconfirmed",
        9: "suppressed",
    }
    assert selection.candidates == 8


def test_somebody_who_left_in_any_row_has_left() -> None:
    _selection, said = decide(person(2, "a@x.fr"), person(3, "a@x.fr", "unsubscribed"), person(4, "a@x.fr"))
    assert said == {2: "unsubscribed row 3 says so", 3: "unsubscribed", 4: "unsubscribed row 3 says so"}


def test_a_double_that_is_not_written_to_hides_nobody() -> None:
    _selection, said = decide(person(2, "a@x.fr", "unconfirmed"), person(3, "a@x.fr"), person(4, "a@x.fr"))
    assert said == {2: "unconfirmed", 3: "", 4: "double duplicate of row 3"}
    _selection, said = decide(
        person(2, "a@x.fr", groups=("other",)),
        person(3, "a@x.fr", groups=("Proof",)),
        segment=parse_segment("group:proof"),
    )
    assert said == {2: "not-in-group", 3: ""}


def test_two_addresses_of_one_cell_that_are_one_person(tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    path.write_text('email;name\n"a@x.fr, A@x.fr";\nb@x.fr;\n', "utf-8")
    selection = select_recipients(CsvSource(path=path, name="l.csv"), is_suppressed=None)
    assert sum(isinstance(one, Recipient) for one in selection) == 2
    assert selection.as_counts() == {"candidates": 3, "recipients": 2, "excluded": {"double": 1}}


@pytest.mark.parametrize("miscount", [-1, 1])
def test_a_sum_that_does_not_come_out_stops_everything(miscount: int) -> None:
    source = FixedSource([person(2, "a@x.fr"), person(3, "b@x.fr")], miscount=miscount)
    with pytest.raises(ListError, match="2 decisions"):
        list(select_recipients(source, is_suppressed=None))


PEOPLE = st.lists(
    st.builds(
        person,
        row=st.just(0),
        key=st.sampled_from(["a@x.fr", "b@x.fr", "c@x.fr", "d@x.fr"]),
        status=st.sampled_from([str(status) for status in SubscriberStatus]),
        groups=st.sampled_from([(), ("proof",)]),
        fault=st.sampled_from(["", "", "", "broken"]),
    ),
    max_size=12,
).map(lambda people: [one._replace(row=row) for row, one in enumerate(people, 2)])


@settings(deadline=None)
@given(people=PEOPLE, suppressed=st.sets(st.sampled_from(["a@x.fr", "b@x.fr"])), is_part=st.booleans())
def test_whatever_the_list(people: list[Candidate], suppressed: set[str], is_part: bool) -> None:
    selection = select_recipients(
        FixedSource(people),
        is_suppressed=suppressed.__contains__,
        segment=parse_segment("group:proof") if is_part else None,
    )
    decisions = list(selection)
    recipients = [one.key for one in decisions if isinstance(one, Recipient)]
    assert len(decisions) == len(people)
    assert len(set(recipients)) == len(recipients)
    gone = {one.key for one in people if one.status in GONE and not one.fault}
    assert not (gone | suppressed) & set(recipients)
    # Nobody who may be written to is missed.
    wanted = {
        one.key for one in people
        if not one.fault and one.status is SubscriberStatus.CONFIRMED and (not is_part or one.groups)
    }  # fmt: skip
    assert set(recipients) == wanted - gone - suppressed
    assert all("x.fr" not in one.detail for one in decisions if isinstance(one, Exclusion))


@pytest.mark.parametrize("text", ["", "proof", "group:", "=x", "lea@example.org"])
def test_what_is_no_part_of_the_list(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_segment(text)
    assert "lea@" not in caught.value.message


def test_parts_are_compared_without_case_or_accents() -> None:
    assert parse_segment("groupe: Équipe ").has(("equipe",), {})
    assert parse_segment("Ville=PARIS").has((), {"ville": "paris"})
    assert str(parse_segment("Ville=Paris")) == "ville=paris"

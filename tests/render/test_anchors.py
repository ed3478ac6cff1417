"""The fragments of the post's headings."""

from __future__ import annotations

from newsletter_cli.render.anchors import Anchors


def test_none_is_given_twice() -> None:
    anchors = Anchors()
    given = [anchors.give(heading) for heading in ("Même", "Même", "Même-1", "Même", "!?")]
    assert given == ["même", "même-1", "même-1-1", "même-2", "heading"]


class Asked(set[str]):
    """Names given, and how often it was asked whether one is among them."""

    count = 0

    def __contains__(self, name: object) -> bool:
        self.count += 1
        return super().__contains__(name)


def asked_for(headings: int) -> int:
    anchors = Anchors()
    anchors._taken = asked = Asked()
    for _each in range(headings):
        anchors.give("Même")
    return asked.count


def test_twice_the_headings_of_one_name_ask_twice_as_often() -> None:
    assert asked_for(800) <= 2.5 * asked_for(400)

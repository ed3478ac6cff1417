"""YAML loaded safely: a header's text → nodes that know their places → plain values."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from newsletter_cli.base.i18n import _
from newsletter_cli.markdown.frontmatter.yaml_faults import HeaderFault, explain_yaml_error

if TYPE_CHECKING:
    from yaml.nodes import Node

MAX_DEPTH = 50
# Python refuses to show a number of more than 4,300 digits; one of a few hundred is a text at best.
MAX_NUMBER = 400


class Composed(Struct, frozen=True):
    """A header's YAML nodes. `dedented` holds the (line from 0, key) of each key that was moved out."""

    text: str
    root: Node | None
    dedented: tuple[tuple[int, str], ...] = ()

    def line_of(self, node: Node) -> int:
        """The line (from 0) on which the node begins."""
        # Not the mark's own line: YAML also counts the breaks of HIDDEN_BREAK.
        return bisect_left(_line_ends(self.text), node.start_mark.index)


@lru_cache(maxsize=4)
def _line_ends(text: str) -> tuple[int, ...]:
    return tuple(found.start() for found in re.finditer("\n", text))


def load_mapping(composed: Composed) -> dict[Any, Any]:
    """The header's values. The nodes are of no more use then: merged keys (`<<`) are written out in them.

    Raises `HeaderFault`.
    """
    import yaml

    if composed.root is None:
        return {}
    try:
        loaded: dict[Any, Any] = _constructor()().construct_document(composed.root)
    except yaml.YAMLError as error:
        raise explain_yaml_error(error, composed.text) from error
    return loaded


def compose_nodes(text: str) -> Composed:
    """The nodes of the text as it stands, unchecked. Raises `HeaderFault`."""
    import yaml
    from frontmatter.default_handlers import YAMLHandler

    try:
        return Composed(text, YAMLHandler().load(text, Loader=_composer()))
    except yaml.YAMLError as error:
        raise explain_yaml_error(error, text) from error


@cache
def _composer() -> type[Any]:
    import yaml
    from yaml.composer import Composer

    # libyaml's own composer recurses without a guard and takes the process down: its events, composed here.
    libyaml = getattr(yaml, "CSafeLoader", None)
    bases: Any = (Composer, libyaml) if libyaml else (yaml.SafeLoader,)

    class HeaderComposer(*bases):  # type: ignore[misc]
        """Text → nodes, of a depth that is bounded."""

        def __init__(self, text: str):
            bases[-1].__init__(self, text)
            Composer.__init__(self)
            self.text = text
            self.depth = 0

        def get_single_data(self) -> Any:
            """What python-frontmatter's handler asks of a loader: the nodes, which know their places."""
            return self.get_single_node()

        def compose_node(self, parent: Any, index: Any) -> Any:
            """The next node, with all that stands in it."""
            self.depth += 1
            if self.depth > MAX_DEPTH and self.check_event(yaml.SequenceStartEvent, yaml.MappingStartEvent):
                line = self.text.count("\n", 0, self.peek_event().start_mark.index)
                raise HeaderFault(_("the header's values are nested too deeply"), line, is_whole=True)
            node = super().compose_node(parent, index)
            self.depth -= 1
            return node

    return HeaderComposer


@cache
def _constructor() -> type[Any]:
    import yaml

    class HeaderConstructor(yaml.constructor.SafeConstructor):
        """Nodes → plain values; what only looks like a date or a number (`2023-02-30`) stays text, as do keys."""

        def flatten_mapping(self, node: Any) -> None:
            """Keys as typed: YAML 1.1 makes one boolean of `on` and `yes`, and a number of `2023`."""
            super().flatten_mapping(node)
            for key, _value in node.value:
                if key.id == "scalar":
                    key.tag = "tag:yaml.org,2002:str"

    def lenient(construct: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
        def value_or_text(constructor: Any, node: Any) -> Any:
            if len(node.value) > MAX_NUMBER:
                return node.value
            try:
                return construct(constructor, node)
            except (ValueError, OverflowError, LookupError, AttributeError):
                # The last two are PyYAML's own slips, on `!!int` or `!!timestamp` before anything else.
                return node.value

        return value_or_text

    for name in ("timestamp", "int", "float", "bool"):
        HeaderConstructor.add_constructor(
            f"tag:yaml.org,2002:{name}", lenient(getattr(yaml.SafeLoader, f"construct_yaml_{name}"))
        )
    return HeaderConstructor

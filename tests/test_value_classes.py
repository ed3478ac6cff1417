"""Values are built by keyword: where two fields have one type, a value in the wrong place is no error of types."""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import dataclass
from functools import cache

from tests.tree import definition, imported_names, modules, nodes


@dataclass(frozen=True, kw_only=True)
class ValueClass:
    """A struct, a table, a dataclass or a named tuple of the package."""

    module: str
    name: str
    is_tuple: bool
    is_keyword_only: bool
    fields: tuple[tuple[str, str], ...]
    bases: tuple[str, ...]


def fields_of(node: ast.ClassDef) -> tuple[tuple[str, str], ...]:
    """Name and type of what is given when a value is built; `str | None` counts as `str`."""
    found = []
    for line in node.body:
        if not isinstance(line, ast.AnnAssign) or not isinstance(line.target, ast.Name):
            continue
        kind = ast.unparse(line.annotation).strip("'\"")
        if "ClassVar" in kind or (line.value is not None and "init=False" in ast.unparse(line.value)):
            continue
        found.append((line.target.id, " | ".join(sorted(set(kind.split(" | ")) - {"None"}))))
    return tuple(found)


def _is_struct(module: str, base: str) -> bool:
    """Whether a class that stands in a module is, or inherits from, `msgspec.Struct`."""
    where, name = definition(module, base)
    if (where, name) == ("msgspec", "Struct"):
        return True
    found = (
        [one for one in modules()[where].body if isinstance(one, ast.ClassDef) and one.name == name]
        if where in modules()
        else []
    )
    return any(_is_struct(where, ast.unparse(above).partition("[")[0]) for one in found for above in one.bases)


@cache
def value_classes() -> dict[tuple[str, str], ValueClass]:
    found = {}
    for module, tree in modules().items():
        for node in nodes(tree, ast.ClassDef):
            marks = [ast.unparse(mark) for mark in node.decorator_list if "dataclass" in ast.unparse(mark)]
            marks += [ast.unparse(mark) for mark in node.keywords]
            bases = tuple(ast.unparse(base).partition("[")[0] for base in node.bases)
            is_tuple = any(base.endswith("NamedTuple") for base in bases)
            is_struct = any(_is_struct(module, base) for base in bases)
            if is_struct or is_tuple or any("dataclass" in mark for mark in marks):
                found[module, node.name] = ValueClass(
                    module=module,
                    name=node.name,
                    is_tuple=is_tuple,
                    is_keyword_only="kw_only=True" in " ".join(marks),
                    fields=fields_of(node),
                    bases=bases,
                )
    return found


def all_fields(one: ValueClass) -> dict[str, str]:
    """Its own and those it inherits."""
    fields: dict[str, str] = {}
    for base in one.bases:
        parent = value_classes().get(definition(one.module, base))
        fields |= all_fields(parent) if parent else {}
    return fields | dict(one.fields)


def has_twins(one: ValueClass) -> bool:
    return any(count > 1 for count in Counter(all_fields(one).values()).values())


def calls_by_position() -> list[str]:
    """Where a value with two fields of one type is built by position. A whole row (`Person(*row)`) is none."""
    found = []
    for top in ("newsletter_cli", "bench", "tests"):
        for module, tree in modules(top).items():
            here = {name: (there, original) for name, there, original in imported_names(tree)}
            for call in nodes(tree, ast.Call):
                if len(call.args) > 1 and isinstance(call.func, ast.Name):
                    one = value_classes().get(definition(*here.get(call.func.id, (module, call.func.id))))
                    if one is not None and has_twins(one):
                        found.append(f"{module}:{call.lineno} {ast.unparse(call)}")
    return found


def test_the_tree_has_value_classes() -> None:
    assert sum(map(has_twins, value_classes().values())) > 150


def test_two_fields_of_one_type_are_given_by_name() -> None:
    loose = [one for one in value_classes().values() if not one.is_tuple and not one.is_keyword_only and has_twins(one)]
    assert not [f"{one.module}.{one.name}: kw_only=True" for one in loose]


def test_no_value_is_built_by_position() -> None:
    assert calls_by_position() == []

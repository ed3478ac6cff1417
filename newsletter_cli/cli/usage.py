"""Help pages and usage errors in the editor's language, in the form of all of `nl`'s errors.

Of typer's own texts only the headings can be translated; the others are fixed English. So the help is written by a
formatter of our own, and an error of the parsing becomes one of ours: what, and what to do next.
"""

from __future__ import annotations

import re
import sys
from functools import partial
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from newsletter_cli.base.called import called
from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.console import READING_WIDTH, has_styles
from newsletter_cli.console.palette import painted

# Typer's own, or those of the click it stands on: it depends on typer's version.
_exceptions: Any = sys.modules[typer.BadParameter.__module__]
_Context: Any = TyperCommand.context_class


class _Formatter(_Context.formatter_class):  # type: ignore[misc]
    """Headings in bold and names in the accent colour, where somebody looks on."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, f"{_('Usage:')} ")

    def write_heading(self, heading: str) -> None:
        text = _("{question}:").format(question=heading)
        self.write(f"{'':>{self.current_indent}}{_painted(text, 'strong')}\n")

    def write_dl(self, rows: Any, *sizes: int, **named_sizes: int) -> None:
        super().write_dl([(_painted(name, "accent"), text) for name, text in rows], *sizes, **named_sizes)

    def write_text(self, text: str) -> None:
        said, _separator, example = text.partition(f"\n\n\b\n{_('Example:')}\n")
        super().write_text(said)
        if example:
            indent = " " * self.current_indent
            self.write(f"\n{indent}{_painted(_('Example:'), 'strong')}\n")
            for line in example.strip().splitlines():
                self.write(f"{indent}  {_painted(line.strip(), 'accent')}\n")


def _painted(text: str, style: str) -> str:
    return painted(text, style) if has_styles() else text


class _SpokenContext(_Context):  # type: ignore[misc]
    formatter_class = _Formatter

    def __init__(self, *arguments: Any, **options: Any):
        super().__init__(*arguments, **{"max_content_width": READING_WIDTH} | options)
        if help_option := self.command.get_help_option(self):
            help_option.help = _("Show this help and stop.")


def _write_group(group: Any, context: Any, formatter: Any) -> None:
    """The commands of a group, under the heading of the panel that each was given, then its options."""
    panels: dict[str, list[tuple[str, str]]] = {}
    names = [name for name in group.list_commands(context) if not group.commands[name].hidden]
    widest = max(map(len, names), default=0)
    for name in names:
        command = group.commands[name]
        text = command.get_short_help_str(formatter.width - 6 - widest)
        # As wide in every panel, so that all lines of the page begin in one column.
        panels.setdefault(command.rich_help_panel or _("Commands"), []).append((name.ljust(widest), text))
    for heading, rows in panels.items():
        with formatter.section(heading):
            formatter.write_dl(rows)
    TyperCommand.format_options(group, context, formatter)


def run(app: typer.Typer, arguments: list[str]) -> int:
    """Run the application; its exit status. Raises `UsageError` for arguments that cannot be followed,
    `KeyboardInterrupt` where a question was left with Ctrl-C.
    """
    command = typer.main.get_command(app)
    dress(command)
    try:
        status = command.main(args=arguments, prog_name=called(), standalone_mode=False)
    except typer.Abort:
        raise KeyboardInterrupt from None
    except _exceptions.NoArgsIsHelpError as error:
        error.show()
        return int(error.exit_code)
    except _exceptions.UsageError as error:
        raise told(error) from None
    return status if isinstance(status, int) else 0


def dress(command: Any) -> None:
    """Have the command, and those under it, speak the editor's language."""
    command.context_class = _SpokenContext
    command.options_metavar = _("[OPTIONS]")
    if isinstance(command, TyperGroup):
        command.subcommand_metavar = _("COMMAND …")
        group: Any = command
        group.format_options = partial(_write_group, group)
        for inner in group.commands.values():
            dress(inner)


def told(error: Any) -> UsageError:
    """An error of the parsing as one of ours."""
    context = error.ctx
    usage = (
        None if context is None else f"{context.command_path} {' '.join(context.command.collect_usage_pieces(context))}"
    )
    more = None if context is None else _("see: {command}").format(command=f"{context.command_path} --help")
    message, hint = _what(error)
    if hint is None and isinstance(error, _exceptions.BadParameter | _exceptions.BadOptionUsage):
        hint = more
    elif hint is None and usage is not None:
        hint = _("usage: {usage} (more: {command})").format(usage=usage, command=f"{context.command_path} --help")
    return UsageError(message, hint=hint)


def _what(error: Any) -> tuple[str, str | None]:
    """What is wrong, and what to do where that is plain."""
    text = str(error.message)
    if isinstance(error, _exceptions.NoSuchOption):
        return _("there is no option {name}").format(name=error.option_name), _nearest_option(error)
    if isinstance(error, _exceptions.BadOptionUsage):
        is_flag = "does not take" in text
        pattern = _("{name} takes no value") if is_flag else _("{name} needs a value after it")
        return pattern.format(name=error.option_name), None
    if isinstance(error, _exceptions.MissingParameter):
        return _("{name} is missing").format(name=_name(error)), None
    if isinstance(error, _exceptions.BadParameter):
        return _bad_value(error, text), None
    return _what_text_says(error, text)


def _what_text_says(error: Any, text: str) -> tuple[str, str | None]:
    """The same for the faults that typer tells by their words alone."""
    if found := re.fullmatch(r"Got unexpected extra arguments?(?:\(s\))? \((?P<rest>.*)\)", text, re.DOTALL):
        rest = found["rest"]
        pattern = ngettext("one argument too many: {words}", "too many arguments: {words}", len(rest.split()))
        return pattern.format(words=rest), None
    if found := re.match(r"No such command (['\"])(?P<name>.*?)\1\.", text, re.DOTALL):
        return _("there is no command {name}").format(name=found["name"]), _nearest_command(error.ctx, found["name"])
    return (_("a command is missing") if text == "Missing command." else text), None


def _nearest_option(error: Any) -> str | None:
    from difflib import get_close_matches

    options = {name for param in error.ctx.command.get_params(error.ctx) for name in param.opts} if error.ctx else set()
    near = sorted(error.possibilities or get_close_matches(error.option_name, options))
    return _did_you_mean(near, error.ctx)


def _nearest_command(context: Any, name: str) -> str | None:
    from difflib import get_close_matches

    return _did_you_mean(get_close_matches(name, context.command.commands), context)


def _did_you_mean(near: list[str], context: Any) -> str | None:
    path = context.command_path if context is not None else called()
    if not near:
        return _("see all of them: {command}").format(command=f"{path} --help")
    pattern = _("did you mean {names}? (all of them: {command})")
    return pattern.format(names=_(" or ").join(near), command=f"{path} --help")


def _name(error: Any) -> str:
    """What the parameter is called on the command line."""
    if error.param is None:
        return str(error.param_hint or "")
    return str(error.param.human_readable_name if error.param.param_type_name == "argument" else error.param.opts[0])


def _bad_value(error: Any, text: str) -> str:
    kind = getattr(error.param, "type", None)
    given = re.match(r"(?:(['\"])(?P<quoted>.*)\1|(?P<bare>\S+)) (?:is not|does not)", text, re.DOTALL)
    if kind is None or given is None:
        return _("{name}: {reason}").format(name=_name(error), reason=text)
    value = given["quoted"] if given["quoted"] is not None else given["bare"]
    choices = getattr(kind, "choices", None)
    if choices is not None:
        names = ", ".join(str(getattr(choice, "value", choice)) for choice in choices)
        pattern = _("{name} cannot be “{value}”: choose one of {choices}")
        return pattern.format(name=_name(error), value=value, choices=names)
    least = getattr(kind, "min", None)
    if least is not None:
        pattern = _("{name} must be a whole number, {least} or more, not “{value}”")
        return pattern.format(name=_name(error), value=value, least=least)
    return _("{name} must be a whole number, not “{value}”").format(name=_name(error), value=value)

"""A theme's templates, filled in by Jinja2, their faults told with file and line."""

from __future__ import annotations

from collections.abc import Mapping, Sized
from contextvars import ContextVar
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import jinja2
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import missing

from newsletter_cli.base.called import called
from newsletter_cli.base.errors import RenderError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.reasons import library_reason
from newsletter_cli.base.strict import nearest
from newsletter_cli.render.gaps import Gap, gathered, is_nothing, named_nothings, write_value
from newsletter_cli.render.mjml import escape_attribute
from newsletter_cli.render.theme import Theme

if TYPE_CHECKING:
    from newsletter_cli.render.announce.dress import Dress

# The names that the template under way may use.
_names: ContextVar[tuple[str, ...]] = ContextVar("names", default=())
# More than a theme has use for.
MOST_REPEATS = 10_000
MOST_POWER = 100


def render_template(
    theme: Theme,
    name: str,
    context: Mapping[str, Any],
    *,
    compiled: jinja2.BytecodeCache | None = None,
    gaps: list[Gap] | None = None,
    dress: Dress | None = None,
) -> str:
    """The template `name` of the theme, filled in.

    `compiled` keeps compiled templates from run to run; what is written without a value is told in `gaps`. `dress`
    writes texts for another network than e-mail, and no HTML. Raises
    `RenderError`, with the template's file and line, for a template that is missing or broken, or that names something
    that is not in the context.
    """
    environment = _environment(
        tuple(sorted((file, text, theme.places[file]) for file, text in theme.files.items())),
        compiled,
        dress,
    )
    page = "themes" if dress is None else "announce"
    names = _names.set(tuple(context))
    try:
        return gathered(lambda: environment.get_template(name).render(named_nothings(context)), gaps)
    except jinja2.TemplateNotFound as error:
        file, line = _place_of(error, theme)
        close = nearest(str(error.name), sorted(theme.files))
        raise RenderError(
            _("the theme “{theme}” has no file {name}").format(theme=theme.name, name=error.name),
            file=file or theme.places.get(name, name),
            line=line,
            hint=_("did you mean “{key}”?").format(key=close)
            if close
            else _('add it, or write extends = "default" in its theme.toml')
            if dress is None
            else _("choose one of: {choices}").format(choices=", ".join(sorted(theme.files))),
        ) from None
    except jinja2.TemplateSyntaxError as error:
        raise RenderError(
            _("the template cannot be read: {reason}").format(reason=library_reason(error.message)),
            file=error.filename or name,
            line=error.lineno,
        ) from None
    except (RecursionError, MemoryError) as error:
        file, line = _place_of(error, theme)
        raise RenderError(
            _("the template goes round in a circle, or makes something too large"),
            file=file or theme.places.get(name, name),
            line=line,
            hint=_("does a file include itself, a macro call itself?"),
        ) from None
    except (
        jinja2.TemplateRuntimeError,
        TypeError,
        ValueError,
        ArithmeticError,
        LookupError,
        AttributeError,
    ) as error:
        file, line = _place_of(error, theme)
        raise RenderError(
            _("the template uses something that does not exist or is not allowed: {reason}").format(
                reason=library_reason(error)
            ),
            file=file or theme.places.get(name, name),
            line=line,
            hint=_("the names a template may use are listed by: {command}").format(command=f"{called()} help {page}"),
        ) from None
    finally:
        _names.reset(names)


class _Unknown(jinja2.StrictUndefined):
    """A name that does not exist, told with the nearest that does."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        name, owner = self._undefined_name, self._undefined_obj
        if self._undefined_hint or not isinstance(name, str):
            return super()._undefined_message
        if owner is missing:
            known: list[str] = list(_names.get())
            message = _("there is no “{name}”").format(name=name)
        elif is_nothing(owner):
            return _("what “{name}” is asked of has no value here: {{% if … %}} asks first").format(name=name)
        else:
            is_table = isinstance(owner, Mapping)
            known = [str(key) for key in owner] if is_table else [one for one in dir(owner) if not one.startswith("_")]
            message = _("it has no “{name}”").format(name=name)
        close = nearest(name, known)
        return f"{message}; {_('did you mean “{key}”?').format(key=close)}" if close else message


class _Sandbox(SandboxedEnvironment):
    """Jinja2's, which bounds `range` and not what is multiplied: ten signs make gigabytes, or a number without end."""

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Raises `SecurityError` for what would be too large."""
        if operator == "**":
            if not (abs(left) <= MOST_REPEATS and abs(right) <= MOST_POWER):
                raise SecurityError(f"{left} ** {right}")
        elif any(isinstance(one, int) and abs(one) > MOST_REPEATS for one in (left, right)) or any(
            isinstance(one, Sized) and len(one) > MOST_REPEATS for one in (left, right)
        ):
            raise SecurityError(f"… * {MOST_REPEATS}")
        return super().call_binop(context, operator, left, right)


@lru_cache(maxsize=8)
def _environment(
    files: tuple[tuple[str, str, str], ...], bytecode_cache: jinja2.BytecodeCache | None, dress: Dress | None = None
) -> jinja2.Environment:
    """Templates compiled once a theme: that takes as long as all the rest of the rendering."""
    found = {file: (text, place, None) for file, text, place in files}
    # Sandboxed: a workspace's own templates come with a clone, and are run without anybody having read them.
    environment = _Sandbox(
        # Not a DictLoader: with the file's place, tracebacks and the cache's keys know one theme from another.
        loader=jinja2.FunctionLoader(found.get),
        bytecode_cache=bytecode_cache,
        autoescape=dress is None,
        undefined=_Unknown,
        finalize=write_value if dress is None else dress.write,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    if dress is None:
        environment.filters["attr"] = escape_attribute
    else:
        environment.filters |= {"bold": dress.bold_filter, "link": dress.link_filter}
    environment.tests["none"] = is_nothing
    return environment


def _place_of(error: BaseException, theme: Theme) -> tuple[str | None, int | None]:
    """The innermost template in the traceback; Jinja has rewritten its frames to the template's own lines."""
    places = set(theme.places.values())
    found: tuple[str | None, int | None] = (None, None)
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in places:
            found = (trace.tb_frame.f_code.co_filename, trace.tb_lineno)
        trace = trace.tb_next
    return found

"""The entry of `nl` and `newsletter`: runs a command, turns every failure into a message and an exit status."""

from __future__ import annotations

import _thread
import atexit
import gc
import signal
import sys
import time
from typing import TYPE_CHECKING

# Nothing of `nl` before `main` has begun: a signal that comes earlier would be answered by Python, with a traceback.
if TYPE_CHECKING:
    from newsletter_cli.base.errors import NewsletterError

INTERRUPTED = 130
UNEXPECTED = 2
# How many new objects it takes until garbage is looked for.
GARBAGE_THRESHOLD = 100_000
HOOK_SECONDS = 0.05


def main() -> None:
    """Run the command line; never returns."""
    try:
        end_as_by_hand()
        sys.exit(_run())
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def end_as_by_hand() -> None:
    """Whoever ends `nl` (a runner's time limit, a terminal that closes) ends it as Ctrl-C does: nothing runs on."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        # `nohup` has it ignored, and means it.
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)
    sys.unraisablehook = _hear


def _hear(lost: sys.UnraisableHookArgs) -> None:
    """A signal that comes while Python tidies up (a weak reference's callback, as imports have them) is lost there: it
    is given once more, outside.
    """
    if lost.exc_type is KeyboardInterrupt:
        _thread.start_new_thread(_interrupt_again, (_thread.get_ident(),))
    else:
        sys.__unraisablehook__(lost)


def _interrupt_again(thread: int) -> None:
    # Not before the hook has returned: what is raised in it would be lost, too.
    time.sleep(HOOK_SECONDS)
    if sys.platform == "win32":
        _thread.interrupt_main()
    else:
        # A signal, not only its mark: it wakes what waits. Whichever of the two is not ignored.
        heard = (one for one in (signal.SIGTERM, signal.SIGINT) if signal.getsignal(one) is signal.default_int_handler)
        for number in heard:
            signal.pthread_kill(thread, number)
            break


def _run() -> int:
    # Collecting garbage after every 700 objects, and once more at the end, costs a short command a tenth of its time.
    gc.set_threshold(GARBAGE_THRESHOLD)
    atexit.register(gc.freeze)
    from newsletter_cli import console
    from newsletter_cli.base import called, i18n
    from newsletter_cli.console import streams

    # Before typer is imported: some of its own texts are looked up then.
    i18n.translate_libraries()
    from newsletter_cli.cli.app import COMMANDS, build_app
    from newsletter_cli.cli.usage import run

    streams.prepare_streams()
    # `nl --debug send`, `nl send --debug`: before parsing, so that a failure of the parsing shows, too.
    is_debugging = "--debug" in sys.argv
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    name = called.USUAL if called.is_for_scripts(arguments) else called.name_of(sys.argv, sys.orig_argv)
    called.be_called(name, COMMANDS)
    if arguments[:2] == ["completion", "--words"]:
        from newsletter_cli.cli.completion import propose

        propose(arguments[3:])
        return 0
    try:
        return run(build_app(arguments), arguments)
    except Exception as error:  # the last resort: no traceback reaches a user
        if is_debugging:
            console.show_traceback(error)
        streams.drop_unwritable_output()
        known = _known(error)
        if known is not None:
            console.show_error(known)
            return known.exit_status
        from newsletter_cli.cli.report import write_report

        console.show_unexpected(error, None if is_debugging else write_report(error, arguments))
        return UNEXPECTED


def _known(error: Exception) -> NewsletterError | None:
    """The error as one of `nl`'s own; what the system refuses anywhere is no fault of `nl`."""
    from newsletter_cli.base.errors import NewsletterError

    if isinstance(error, OSError):
        from newsletter_cli.workspace.files import storage_error

        return storage_error(error, name=None if error.filename is None else str(error.filename))
    return error if isinstance(error, NewsletterError) else None


if __name__ == "__main__":
    main()

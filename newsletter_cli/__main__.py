"""The entry of `nl` and `newsletter`: runs a command, turns every failure into a message and an exit status."""

from __future__ import annotations

import gc
import sys

from newsletter_cli.errors import NewsletterError

INTERRUPTED = 130
UNEXPECTED = 2


def main() -> None:
    """Run the command line; never returns."""
    from newsletter_cli import console
    from newsletter_cli.cli.app import build_app

    # Collecting garbage after every 700 objects costs a short command a twentieth of its time.
    gc.set_threshold(100_000)
    console.prepare_streams()
    # `nl --debug send`, `nl send --debug`: before parsing, so that a failure of the parsing shows, too.
    is_debugging = "--debug" in sys.argv
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    try:
        build_app(arguments)(args=arguments, prog_name="nl")
    except NewsletterError as error:
        if is_debugging:
            raise
        console.show_error(error)
        sys.exit(error.exit_status)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except Exception as error:  # the last resort: no traceback reaches a user
        if is_debugging:
            raise
        from newsletter_cli.cli.report import write_report

        console.show_unexpected(error, write_report(error, arguments))
        sys.exit(UNEXPECTED)


if __name__ == "__main__":
    main()

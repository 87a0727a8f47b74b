"""The way in: the command `mapsto`, and `python -m mapsto`."""

import signal

from mapsto.interrupt import abort, listen


def main() -> None:
    """Listen to Ctrl-C before anything heavy is imported, then run the command."""
    listen()
    if hasattr(signal, "SIGPIPE"):
        # Where the reader of our output has gone (mapsto show … | head), end quietly.
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        from mapsto import cli

        cli.main()
    except KeyboardInterrupt:
        abort()
    finally:
        # The work is done, and while Python ends it has no handlers any more.
        signal.signal(signal.SIGINT, signal.SIG_IGN)


if __name__ == "__main__":
    main()

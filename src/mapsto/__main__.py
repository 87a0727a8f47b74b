"""The way in: the command `mapsto`, and `python -m mapsto`."""

from mapsto.interrupt import listen


def main() -> None:
    """Listen to Ctrl-C before anything heavy is imported, then run the command."""
    listen()
    from mapsto import cli

    cli.main()


if __name__ == "__main__":
    main()

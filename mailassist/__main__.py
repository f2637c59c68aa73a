"""Where the command `mailassist` and `python -m mailassist` begin."""

import sys


def main() -> int:
    """Run the command line; return the exit status."""
    if sys.argv[1:] in (["--version"], ["-V"]):  # answered before anything is imported
        from mailassist import __version__

        print(f"mailassist {__version__}")
        return 0
    from mailassist.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())

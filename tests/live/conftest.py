"""Prints the seed that every random choice starts from."""

import kit


def pytest_terminal_summary(terminalreporter):
    """The line to run the same cases again; shown with -q too."""
    terminalreporter.write_line(f"CONVEY_SEED={kit.SEED}")

"""Prints what every random choice starts from, and how tight the bounds are."""

import kit


def pytest_configure(config):
    """What the frameworks say to themselves would bury what a test says."""
    config.option.showcapture = "no"
    config.addinivalue_line("filterwarnings", "ignore")


def pytest_terminal_summary(terminalreporter):
    """The seed that runs the same cases again; shown with -q too."""
    terminalreporter.write_line(f"CONVEY_SEED={kit.SEED}")
    if kit.WORST:
        rows = sorted(kit.WORST.items())
        words = ", ".join(f"{kind} {share:.2f}" for kind, share in rows)
        terminalreporter.write_line(f"worst error as a share of its bound: {words}")
    for line in kit.SAID:
        terminalreporter.write_line(line)

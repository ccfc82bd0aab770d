"""convey carries convolutional networks from Keras to PyTorch.

port() makes a port of a model file, show() lists what is in one. Options have
the names of the command's, with underscores; `convey port --help` tells more.
Neither framework is needed.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path

from convey import _convey
from convey._convey import (
    Damaged,
    Error,
    ProofFailed,
    Refused,
    System,
    Usage,
    __version__,
)

__all__ = [
    "Damaged",
    "Error",
    "Port",
    "ProofFailed",
    "Refused",
    "Show",
    "System",
    "Usage",
    "__version__",
    "port",
    "show",
]

for _error in (Damaged, Error, ProofFailed, Refused, System, Usage):
    _error.__module__ = __name__


@dataclass(frozen=True)
class Port:
    """A port that was made; as a str it is what the command prints."""

    folder: Path
    report: dict = field(repr=False)
    text: str = field(repr=False)

    def __str__(self):
        return self.text


@dataclass(frozen=True)
class Show:
    """What is in a model file; as a str it is the command's table."""

    report: dict = field(repr=False)
    text: str = field(repr=False)
    graph: str = field(repr=False)

    def __str__(self):
        return self.text


def _call(function, *args, **options):
    """An error's report becomes a dict on the way out."""
    try:
        return function(*args, **options)
    except Error as error:
        if error.report is not None:
            error.report = json.loads(error.report)
        if error.folder is not None:
            error.folder = Path(error.folder)
        raise


def port(path, to="torch", out=None, *, progress=None, **options):
    """Ports a model file into the folder `out`.

    progress(phase, done, total) is called now and then; what it raises ends
    the port, and nothing is written then. So does KeyboardInterrupt.
    """
    folder, report, text = _call(
        _convey.port, progress, source=path, to=to, out=out, **options
    )
    return Port(Path(folder), json.loads(report), text)


def show(path, **options):
    """Lists a model: layers, shapes, parameters, multiply-adds."""
    report, text, graph = _call(_convey.show, source=path, **options)
    return Show(json.loads(report), text, graph)

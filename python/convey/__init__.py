"""convey carries convolutional networks from Keras to PyTorch.

port() makes a port of a model file, show() lists what is in one, explain()
says what one layer is in the other framework's words, layer() computes one.
Options have the names of the command's, with underscores; `convey port --help`
tells more. Neither framework is needed.
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
    "Array",
    "Damaged",
    "Error",
    "Explanation",
    "Layer",
    "Port",
    "ProofFailed",
    "Refused",
    "Show",
    "System",
    "Usage",
    "__version__",
    "explain",
    "layer",
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


@dataclass(frozen=True)
class Explanation:
    """One layer on both sides; as a str it is what the command prints."""

    report: dict = field(repr=False)
    text: str = field(repr=False)

    @property
    def code(self):
        """The counterpart: lines of Python that leave `layer`."""
        return self.report["target"]["code"]

    def __str__(self):
        return self.text


class Array:
    """Memory of the library, for numpy.from_dlpack, torch.from_dlpack and so on."""

    def __init__(self, export):
        self._export = export

    def __dlpack__(self, *, max_version=None, **_):
        return self._export(max_version is not None and max_version[0] >= 1)

    def __dlpack_device__(self):
        return (1, 0)  # the CPU


class Layer:
    """One layer of a framework, computed by convey's engine in float32.

    Its weights are arrays in the framework's own order, zero at first:
    numpy.from_dlpack(layer.weights["kernel"])[...] = kernel. Calling it takes
    arrays of any library that speaks DLPack, with any strides and without a
    copy, and gives an Array.
    """

    def __init__(self, made):
        self._made = made
        names = _convey.layer_names(made)
        self.weights = {
            name: Array(lambda new, i=i: _convey.layer_weight(made, i, new))
            for i, name in enumerate(names)
        }

    def __call__(self, *arrays):
        given = [array.__dlpack__() for array in arrays]
        taken = _call(_convey.layer_run, self._made, given)
        return Array(lambda new: _convey.array_export(taken, new))


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


def explain(call, to=None, *, inputs=None, **options):
    """Says what a call such as "nn.Conv2d(3, 16, 3)" is on the other side.

    `inputs` are shapes in the source's order: ["1x3x32x32"]. `from_` is the
    call's dialect, where its names do not tell it.
    """
    report, text = _call(_convey.explain, code=call, to=to, inputs=inputs, **options)
    return Explanation(json.loads(report), text)


def layer(call, inputs, *, from_=None):
    """A layer such as "nn.Conv2d(3, 16, 3)" for inputs of these shapes."""
    return Layer(_call(_convey.layer, code=call, inputs=inputs, from_=from_))

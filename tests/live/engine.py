"""convey's own engine, through the C library as a stranger would call it."""

import ctypes
import os
from pathlib import Path

import numpy as np

MAX_RANK = 12
FLOAT32 = 0
OK, UNSUPPORTED = 0, 5


class View(ctypes.Structure):
    """cvy_view of convey/tensor.h."""

    _fields_ = [
        ("data", ctypes.c_void_p),
        ("dtype", ctypes.c_int),
        ("rank", ctypes.c_int32),
        ("dims", ctypes.c_int64 * MAX_RANK),
        ("strides", ctypes.c_int64 * MAX_RANK),
    ]


class Fault(ctypes.Structure):
    """cvy_error of convey/base.h: its text is all that is read here."""

    _fields_ = [("bytes", ctypes.c_char * 1024)]


class Weight(ctypes.Structure):
    """cvy_layer_weight."""

    _fields_ = [("name", ctypes.c_char_p), ("view", View)]


class Options(ctypes.Structure):
    """cvy_layer_options."""

    _fields_ = [
        ("code", ctypes.c_char_p),
        ("dialect", ctypes.c_char_p),
        ("inputs", ctypes.POINTER(ctypes.c_char_p)),
        ("n_inputs", ctypes.c_int32),
    ]


def _load():
    folder = Path(os.environ["CONVEY"]).parent
    library = ctypes.CDLL(str(next(folder.glob("libconvey.so"))))
    library.cvy_layer_weight_at.restype = Weight
    library.cvy_layer_input.restype = View
    library.cvy_layer_output.restype = View
    for name in ("weights", "weight_at", "inputs", "input", "output", "close"):
        getattr(library, f"cvy_layer_{name}").argtypes = [ctypes.c_void_p] + (
            [ctypes.c_int32] if name in ("weight_at", "input") else []
        )
    return library


def _view(array):
    view = View(array.ctypes.data, FLOAT32, array.ndim)
    for i in range(array.ndim):
        view.dims[i] = array.shape[i]
        view.strides[i] = array.strides[i] // array.itemsize
    return view


class Layer:
    """cvy_layer: a call, its weights, and its value on arrays."""

    library = None

    def __init__(self, code, shapes, dialect=None):
        Layer.library = Layer.library or _load()
        words = [text.encode() for text in shapes]
        options = Options(
            code.encode(),
            dialect.encode() if dialect else None,
            (ctypes.c_char_p * len(words))(*words),
            len(words),
        )
        self._layer = ctypes.c_void_p()
        fault = Fault()
        self.status = self.library.cvy_layer_open(
            ctypes.byref(self._layer), ctypes.byref(options), ctypes.byref(fault)
        )

    def weights(self):
        """Names and arrays over the layer's own memory."""
        found = []
        for i in range(self.library.cvy_layer_weights(self._layer)):
            weight = self.library.cvy_layer_weight_at(self._layer, i)
            shape = tuple(weight.view.dims[: weight.view.rank])
            size = int(np.prod(shape))
            memory = (ctypes.c_float * size).from_address(weight.view.data)
            found.append((weight.name.decode(), np.frombuffer(memory, "f4")))
            found[-1] = (found[-1][0], found[-1][1].reshape(shape))
        return found

    def run(self, arrays):
        """The output, and how far one evaluation may be from the truth."""
        shape = self.library.cvy_layer_output(self._layer)
        dims = tuple(shape.dims[: shape.rank])
        out, bound = np.zeros(dims, "f4"), np.zeros(dims, "f4")
        views = (View * len(arrays))(*map(_view, arrays))
        fault = Fault()
        status = self.library.cvy_layer_run(
            self._layer,
            views,
            ctypes.byref(_view(out)),
            ctypes.byref(_view(bound)),
            ctypes.byref(fault),
        )
        assert status == OK, f"status {status}"
        return out, bound

    def close(self):
        """Its memory."""
        if self._layer:
            self.library.cvy_layer_close(self._layer)
        self._layer = None

"""Five pairs that articles show, in our own numbers: PyTorch and TensorFlow."""

from dataclasses import dataclass

from calls import Case


@dataclass(frozen=True)
class Pair:
    """Two calls that mean the same, and what convey makes of each."""

    title: str
    torch: str
    x: tuple  # torch's input
    tensorflow: str
    dialect: str
    kernel: tuple = ()  # of a function, TensorFlow's order
    relu: bool = False  # both are followed by one
    to_keras: str = ""
    to_torch: str = ""

    @property
    def torch_case(self):
        """The layer of PyTorch."""
        return Case(self.torch, {"x": self.x}, "torch")

    @property
    def tensorflow_case(self):
        """The layer, or function, of TensorFlow."""
        n, channels, *spatial = self.x
        shapes = {"x": (n, *spatial, channels)}
        if self.kernel:
            shapes["filters"] = self.kernel
        return Case(self.tensorflow, shapes, self.dialect)


PAIRS = [
    Pair(
        "2-D, no border",
        "nn.Conv2d(3, 12, 3, stride=1, padding=0)",
        (2, 3, 24, 20),
        'layers.Conv2D(12, 3, strides=1, padding="valid")',
        "keras3",
        to_keras="layer = layers.Conv2D(12, 3)\n",
        to_torch="layer = nn.Conv2d(3, 12, 3)\n",
    ),
    Pair(
        "2-D, the size stays",
        "nn.Conv2d(3, 12, 3, stride=1, padding=1)",
        (2, 3, 24, 20),
        'layers.Conv2D(12, 3, strides=1, padding="same")',
        "keras3",
        to_keras='layer = layers.Conv2D(12, 3, padding="same")\n',
        to_torch="layer = nn.Conv2d(3, 12, 3, padding=1)\n",
    ),
    Pair(
        "1-D, the length stays",
        'nn.Conv1d(2, 6, 3, padding="same")',
        (7, 2, 13),
        'tf.nn.conv1d(x, filters, stride=1, padding="SAME")',
        "tf1",
        kernel=(3, 2, 6),
        to_keras='layer = layers.Conv1D(6, 3, padding="same")\n',
        to_torch="layer = nn.Conv1d(2, 6, 3, padding=1, bias=False)\n",
    ),
    Pair(
        "1-D, no border, stride 2",
        "nn.Conv1d(4, 5, 5, stride=2, padding=0)",
        (7, 4, 22),
        'tf.nn.conv1d(x, filters, stride=2, padding="VALID")',
        "tf1",
        kernel=(5, 4, 5),
        to_keras="layer = layers.Conv1D(5, 5, strides=2)\n",
        to_torch="layer = nn.Conv1d(4, 5, 5, stride=2, bias=False)\n",
    ),
    Pair(
        "1-D, the length stays, then ReLU",
        'nn.Conv1d(3, 4, 3, padding="same")',
        (7, 3, 16),
        'tf.nn.conv1d(x, filters, stride=1, padding="SAME")',
        "tf1",
        kernel=(3, 3, 4),
        relu=True,
        to_keras='layer = layers.Conv1D(4, 3, padding="same")\n',
        to_torch="layer = nn.Conv1d(3, 4, 3, padding=1, bias=False)\n",
    ),
]

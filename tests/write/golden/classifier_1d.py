"""classifier_1d, ported by convey from net.keras (Keras 3.15.1) to PyTorch.

Input  N C L: (batch, 9, 128), float32     Keras had N L C
Output (batch, 6), float32

Remarks
- bn1: training: the running variance is unbiased in torch and biased in the source;
  inference is the same
"""

from collections import OrderedDict
from pathlib import Path

from safetensors.torch import load_file
from torch import nn


class Classifier1d(nn.Sequential):
    def __init__(self) -> None:
        super().__init__(
            OrderedDict(
                conv1=nn.Conv1d(9, 32, 5, padding=2),  # 32 x 128
                bn1=nn.BatchNorm1d(32, eps=1e-3, momentum=0.01),
                relu1=nn.ReLU(),
                conv2_pad=nn.ZeroPad1d((1, 2)),  # SAME: kernel 5, stride 2 over 128
                conv2=nn.Conv1d(32, 64, 5, stride=2),  # 64 x 64
                conv2_activation=nn.ReLU(),
                pool=nn.MaxPool1d(2),  # 64 x 32
                dropout=nn.Dropout(0.5),
                flatten=nn.Flatten(),  # weights of `dense` are permuted: L C -> C L
                dense=nn.Linear(2048, 6),
                softmax=nn.Softmax(dim=1),
            )
        )


def load_model(weights: str | None = None, *, device: str = "cpu") -> Classifier1d:
    """Build the network, load its weights and switch to inference mode."""
    model = Classifier1d()
    path = weights or Path(__file__).with_suffix(".safetensors")
    model.load_state_dict(load_file(path))
    return model.to(device).eval()

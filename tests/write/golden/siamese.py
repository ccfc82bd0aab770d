"""siamese, ported by convey from net.keras (Keras 3.15.1) to PyTorch.

Inputs
    left  N C H W: (batch, 1, 28, 28), float32     Keras had N H W C
    right  N C H W: (batch, 1, 28, 28), float32     Keras had N H W C
Output (batch, 1), float32
"""

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn


class Encoder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv_a = nn.Conv2d(1, 16, 3)  # 16 x 26 x 26
        self.conv_b = nn.Conv2d(16, 32, 3)  # 32 x 24 x 24

    def forward(self, x: Tensor) -> Tensor:
        x = torch.relu(self.conv_a(x))
        x = torch.relu(self.conv_b(x))
        return x.mean(dim=(2, 3))  # 32


class Siamese(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder()  # called twice, as in the source
        self.score = nn.Linear(32, 1)

    def forward(self, left: Tensor, right: Tensor) -> Tensor:
        return torch.sigmoid(self.score(self.encoder(left) + self.encoder(right)))


def load_model(weights: str | None = None, *, device: str = "cpu") -> Siamese:
    """Build the network, load its weights and switch to inference mode."""
    model = Siamese()
    path = weights or Path(__file__).with_suffix(".safetensors")
    model.load_state_dict(load_file(path))
    return model.to(device).eval()

"""squeeze, ported by convey from net.keras (Keras 3.15.1) to PyTorch.

Input  N C H W: (batch, 8, 16, 16), float32     Keras had N H W C
Output N C H W: (batch, 2, 16, 16), float32     Keras had N H W C
"""

from pathlib import Path

from safetensors.torch import load_file
from torch import Tensor, nn


class Block(nn.Module):
    """block*: a unit that the source repeats 3 times."""

    def __init__(self, mid_channels: int, kernel_size: int, padding: int) -> None:
        super().__init__()
        self.expand = nn.Conv2d(8, mid_channels, 1)
        self.conv = nn.Conv2d(mid_channels, mid_channels, kernel_size, padding=padding)
        self.reshape = nn.Unflatten(1, (mid_channels, 1, 1))
        self.excite = nn.Conv2d(mid_channels, mid_channels, 1)
        self.project = nn.Conv2d(mid_channels, 8, 1)  # 8 x 16 x 16

    def forward(self, x: Tensor) -> Tensor:
        y = self.expand(x)
        conv = self.conv(y)
        y = conv.mean(dim=(2, 3))
        y = self.reshape(y)
        y = self.excite(y)
        y = self.project(conv * y)
        return y + x


class Squeeze(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.blocks = nn.ModuleList([Block(24, 3, 1), Block(32, 3, 1), Block(40, 5, 2)])
        self.head = nn.Conv2d(8, 2, 1)  # 2 x 16 x 16

    def forward(self, image: Tensor) -> Tensor:
        x = image
        for block in self.blocks:
            x = block(x)
        return self.head(x)


def load_model(weights: str | None = None, *, device: str = "cpu") -> Squeeze:
    """Build the network, load its weights and switch to inference mode."""
    model = Squeeze()
    path = weights or Path(__file__).with_suffix(".safetensors")
    model.load_state_dict(load_file(path))
    return model.to(device).eval()

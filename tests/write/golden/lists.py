"""lists, ported by convey from net.keras (Keras 3.15.1) to PyTorch.

Input  N C H W: (batch, 4, 8, 8), float32     Keras had N H W C
Output N C H W: (batch, 4, 8, 8), float32     Keras had N H W C
"""

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn


class Lists(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.towers = nn.ModuleList(
            [
                nn.Conv2d(4, 4, 3, padding=1),
                nn.Conv2d(4, 4, 1),
                nn.Conv2d(4, 4, 3, padding=1),
            ]
        )
        self.mix = nn.Conv2d(12, 4, 1)  # 4 x 8 x 8

    def forward(self, image: Tensor) -> Tensor:
        layer_0 = self.towers[0](image)
        layer_1 = self.towers[1](image)
        x = self.towers[2](image)
        x = torch.cat([layer_0, layer_1, x], dim=1)  # 12 x 8 x 8
        x = self.mix(x)
        return x + layer_1


def load_model(weights: str | None = None, *, device: str = "cpu") -> Lists:
    """Build the network, load its weights and switch to inference mode."""
    model = Lists()
    path = weights or Path(__file__).with_suffix(".safetensors")
    model.load_state_dict(load_file(path))
    return model.to(device).eval()

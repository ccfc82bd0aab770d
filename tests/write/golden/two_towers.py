"""two_towers, ported by convey from net.keras (Keras 3.15.1) to PyTorch.

Inputs
    image  N C L: (batch, 4, 12), float32     Keras had N L C
    facts  (batch, 5), float32
Outputs
    0  (batch, 1), float32
    1  (batch, 12), float32
"""

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn


class TwoTowers(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv1d(4, 6, 3, padding=1)  # 6 x 12
        self.embed = nn.Linear(5, 6)
        self.score = nn.Linear(12, 1)

    def forward(self, image: Tensor, facts: Tensor) -> list[Tensor]:
        x = self.conv(image)
        peak = x.amax(dim=2)  # 6
        x = torch.tanh(self.embed(facts))
        joined = torch.cat([peak, x], dim=1)  # 12
        score = self.score(joined)
        return [score, joined]


def load_model(weights: str | None = None, *, device: str = "cpu") -> TwoTowers:
    """Build the network, load its weights and switch to inference mode."""
    model = TwoTowers()
    path = weights or Path(__file__).with_suffix(".safetensors")
    model.load_state_dict(load_file(path))
    return model.to(device).eval()

"""residual, ported by convey from net.keras (Keras 3.15.1) to PyTorch.

Input  N C H W: (batch, 3, 8, 8), float32     Keras had N H W C
Output (batch, 10), float32

Remarks
- norm_a: training: the running variance is unbiased in torch and biased in the source;
  inference is the same
"""

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn


class Residual(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, padding=1)  # 8 x 8 x 8
        self.conv_a = nn.Conv2d(8, 8, 3, padding=1)
        self.norm_a = nn.BatchNorm2d(8, eps=1e-3, momentum=0.01)
        self.relu_a = nn.ReLU()
        self.conv_b = nn.Conv2d(8, 8, 3, padding=1)
        self.norm_b = nn.BatchNorm2d(8, eps=1e-3, momentum=0.01)
        self.relu_b = nn.ReLU()
        self.logits = nn.Linear(8, 10)

    def forward(self, image: Tensor) -> Tensor:
        stem = torch.relu(self.stem(image))
        x = self.conv_a(stem)
        x = self.norm_a(x)
        x = self.relu_a(x)
        x = self.conv_b(x)
        x = self.norm_b(x)
        x = self.relu_b(x + stem)
        x = x.mean(dim=(2, 3))  # 8
        return self.logits(x)


def load_model(weights: str | None = None, *, device: str = "cpu") -> Residual:
    """Build the network, load its weights and switch to inference mode."""
    model = Residual()
    path = weights or Path(__file__).with_suffix(".safetensors")
    model.load_state_dict(load_file(path))
    return model.to(device).eval()

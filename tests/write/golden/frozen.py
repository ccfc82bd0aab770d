"""frozen, ported by convey from net.keras (Keras 3.15.1) to PyTorch.

Input  N C H W: (batch, 3, 8, 8), float32     Keras had N H W C
Output N C H W: (batch, 2, 8, 8), float32     Keras had N H W C
"""

from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import Tensor, nn


class FrozenBatchNorm2d(nn.BatchNorm2d):
    """Keeps to its running statistics, also in training."""

    def forward(self, x: Tensor) -> Tensor:
        mean, variance = self.running_mean, self.running_var
        weight, bias = self.weight, self.bias
        return F.batch_norm(x, mean, variance, weight, bias, eps=self.eps)


class KerasBatchNorm2d(nn.BatchNorm2d):
    """Keeps the running variance as Keras does: biased."""

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return super().forward(x)
        axes = [0, *range(2, x.dim())]
        variance, mean = torch.var_mean(x.detach(), dim=axes, correction=0)
        self.running_mean.lerp_(mean, self.momentum)
        self.running_var.lerp_(variance, self.momentum)
        weight, bias = self.weight, self.bias
        return F.batch_norm(x, None, None, weight, bias, True, 0.0, self.eps)


class Backbone(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, padding=1)  # 4 x 8 x 8
        self.norm = FrozenBatchNorm2d(4, eps=1e-3, momentum=0.01)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv(x)
        return self.norm(x)


class Frozen(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.backbone = Backbone()  # 4 x 8 x 8
        self.extra = nn.Conv2d(4, 4, 3, padding=1)
        self.trained = KerasBatchNorm2d(4, eps=1e-3, momentum=0.01)
        self.head = nn.Conv2d(4, 2, 1)  # 2 x 8 x 8
        self.backbone.requires_grad_(False)
        self.extra.requires_grad_(False)

    def forward(self, image: Tensor) -> Tensor:
        x = self.backbone(image)
        x = self.extra(x)
        x = self.trained(x)
        return self.head(x)


def load_model(weights: str | None = None, *, device: str = "cpu") -> Frozen:
    """Build the network, load its weights and switch to inference mode."""
    model = Frozen()
    path = weights or Path(__file__).with_suffix(".safetensors")
    model.load_state_dict(load_file(path))
    return model.to(device).eval()

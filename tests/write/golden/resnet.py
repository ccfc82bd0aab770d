"""resnet, ported by convey from net.keras (Keras 3.15.1) to PyTorch.

Input  N C H W: (batch, 3, 32, 32), float32     Keras had N H W C
Output (batch, 10), float32

Remarks
- stage1_block1_bn1: training: the running variance is unbiased in torch and biased in
  the source; inference is the same
"""

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn


class BasicBlock(nn.Module):
    """stage*_block*: a unit that the source repeats 10 times."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(channels, eps=1e-3, momentum=0.01)
        self.relu = nn.ReLU()
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(channels, eps=1e-3, momentum=0.01)
        self.out = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        y = self.conv1(x)
        y = self.bn1(y)
        y = self.relu(y)
        y = self.conv2(y)
        y = self.bn2(y)
        return self.out(y + x)


class BasicBlock2(nn.Module):
    """stage*_block*: a unit that the source has twice."""

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.conv1_pad = nn.ZeroPad2d((0, 1, 0, 1))
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride=2)
        self.bn1 = nn.BatchNorm2d(out_channels, eps=1e-3, momentum=0.01)
        self.relu = nn.ReLU()
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(out_channels, eps=1e-3, momentum=0.01)
        self.shortcut = nn.Conv2d(in_channels, out_channels, 1, stride=2)
        self.out = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        y = self.conv1(self.conv1_pad(x))
        y = self.bn1(y)
        y = self.relu(y)
        y = self.conv2(y)
        bn2 = self.bn2(y)
        y = self.shortcut(x)
        return self.out(bn2 + y)


class Resnet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 16, 3, padding=1)  # 16 x 32 x 32
        self.stage1 = nn.Sequential(*[BasicBlock(16) for _ in range(4)])
        # 32 x 16 x 16
        self.stage2 = nn.Sequential(
            BasicBlock2(16, 32), *[BasicBlock(32) for _ in range(3)]
        )
        # 64 x 8 x 8
        self.stage3 = nn.Sequential(
            BasicBlock2(32, 64), *[BasicBlock(64) for _ in range(3)]
        )
        self.logits = nn.Linear(64, 10)

    def forward(self, image: Tensor) -> Tensor:
        x = torch.relu(self.stem(image))
        x = self.stage1(x)
        x = self.stage2(x)
        x = self.stage3(x)
        x = x.mean(dim=(2, 3))  # 64
        return self.logits(x)


def load_model(weights: str | None = None, *, device: str = "cpu") -> Resnet:
    """Build the network, load its weights and switch to inference mode."""
    model = Resnet()
    path = weights or Path(__file__).with_suffix(".safetensors")
    model.load_state_dict(load_file(path))
    return model.to(device).eval()

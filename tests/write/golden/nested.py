"""nested, ported by convey from net.keras (Keras 3.15.1) to PyTorch.

Inputs
    image  N C H W: (batch, 3, 12, 12), float32     Keras had N H W C
    mask  N C H W: (batch, 3, 12, 12), float32     Keras had N H W C
Outputs
    0  (batch, 5), float32
    1  N C H W: (batch, 1, 12, 12), float32     Keras had N H W C

Remarks
- norm: training: the running variance is unbiased in torch and biased in the source;
  inference is the same
"""

from collections import OrderedDict
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn


class Stem(nn.Sequential):
    def __init__(self) -> None:
        super().__init__(
            OrderedDict(
                conv=nn.Conv2d(3, 8, 3, padding=1),  # 8 x 12 x 12
                norm=nn.BatchNorm2d(8, eps=1e-3, momentum=0.01),
                relu=nn.ReLU(),
            )
        )


class Head(nn.Sequential):
    def __init__(self) -> None:
        super().__init__(
            OrderedDict(
                dropout=nn.Dropout(0.5),
                logits=nn.Linear(16, 5),
            )
        )


class Body(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.stem = Stem()  # 8 x 12 x 12
        # SAME: kernel 3, stride 2 over 12 x 12
        self.deep_pad = nn.ZeroPad2d((0, 1, 0, 1))
        self.deep = nn.Conv2d(8, 16, 3, stride=2)  # 16 x 6 x 6

    def forward(self, image: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        stem = self.stem(image * mask)
        deep = torch.relu(self.deep(self.deep_pad(stem)))
        return stem, deep


class Nested(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.body = Body()
        self.head = Head()  # 5
        self.map = nn.Conv2d(8, 1, 1)  # 1 x 12 x 12

    def forward(self, image: Tensor, mask: Tensor) -> list[Tensor]:
        stem, deep = self.body(image, mask)
        x = deep.mean(dim=(2, 3))  # 16
        head = self.head(x)
        map = self.map(stem)
        return [head, map]


def load_model(weights: str | None = None, *, device: str = "cpu") -> Nested:
    """Build the network, load its weights and switch to inference mode."""
    model = Nested()
    path = weights or Path(__file__).with_suffix(".safetensors")
    model.load_state_dict(load_file(path))
    return model.to(device).eval()

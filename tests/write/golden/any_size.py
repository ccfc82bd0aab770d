"""any_size, ported by convey from net.keras (Keras 3.15.1) to PyTorch.

Input  N C H W: (batch, 3, H, W), float32     Keras had N H W C
Output N C H W: (batch, 8, ceil(H / 8), ceil(W / 8)), float32     Keras had N H W C
"""

from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import Tensor, nn


class SamePad(nn.Module):
    """What TensorFlow's SAME adds for this input size, per spatial axis."""

    def __init__(
        self, window: tuple[int, ...], stride: tuple[int, ...], value: float = 0.0
    ) -> None:
        super().__init__()
        self.window = window  # (kernel_size - 1) * dilation + 1
        self.stride = stride
        self.value = value

    def forward(self, x: Tensor) -> Tensor:
        pads: list[int] = []
        axes = zip(x.shape[2:], self.window, self.stride, strict=True)
        for size, window, stride in reversed(list(axes)):
            total = max((-(-size // stride) - 1) * stride + window - size, 0)
            pads += [total // 2, total - total // 2]
        return F.pad(x, pads, value=self.value)


class SameAvgPool(nn.Module):
    """Means over TensorFlow's SAME windows: only real elements count."""

    def __init__(self, kernel_size: tuple[int, ...], stride: tuple[int, ...]) -> None:
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = stride

    def forward(self, x: Tensor) -> Tensor:
        pads: list[int] = []
        axes = zip(x.shape[2:], self.kernel_size, self.stride, strict=True)
        for size, kernel, stride in reversed(list(axes)):
            total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
            pads += [total // 2, total - total // 2]
        pool = (F.avg_pool1d, F.avg_pool2d, F.avg_pool3d)[len(self.stride) - 1]
        means = pool(F.pad(x, pads), self.kernel_size, self.stride)
        ones = F.pad(torch.ones_like(x[:1, :1]), pads)
        return means / pool(ones, self.kernel_size, self.stride)


class AnySize(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.stem_pad = SamePad((3, 3), (2, 2))  # SAME: kernel 3, stride 2 over H x W
        self.stem = nn.Conv2d(3, 16, 3, stride=2)  # 16 x ceil(H / 2) x ceil(W / 2)
        self.body = nn.Conv2d(16, 16, 3, padding=1)
        self.mean = SameAvgPool((3, 3), (2, 2))  # 16 x ceil(H / 4) x ceil(W / 4)
        # SAME: kernel 2, stride 2 over ceil(H / 4) x ceil(W / 4)
        self.head_pad = SamePad((2, 2), (2, 2))
        self.head = nn.Conv2d(16, 8, 2, stride=2)  # 8 x ceil(H / 8) x ceil(W / 8)

    def forward(self, image: Tensor) -> Tensor:
        x = torch.relu(self.stem(self.stem_pad(image)))
        x = torch.relu(self.body(x))
        x = self.mean(x)
        return self.head(self.head_pad(x))


def load_model(weights: str | None = None, *, device: str = "cpu") -> AnySize:
    """Build the network, load its weights and switch to inference mode."""
    model = AnySize()
    path = weights or Path(__file__).with_suffix(".safetensors")
    model.load_state_dict(load_file(path))
    return model.to(device).eval()

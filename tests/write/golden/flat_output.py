"""flat_output, ported by convey from net.keras (Keras 3.15.1) to PyTorch.

Input  N C H W: (batch, 2, 4, 5), float32     Keras had N H W C
Output (batch, 60), float32

Remarks
- flatten: its features are used in the source's order, so channels go last before they
  are flattened
"""

from collections import OrderedDict
from pathlib import Path

from safetensors.torch import load_file
from torch import Tensor, nn


class Permute(nn.Module):
    """x.permute(axes) as a module."""

    def __init__(self, *axes: int) -> None:
        super().__init__()
        self.axes = axes

    def forward(self, x: Tensor) -> Tensor:
        return x.permute(self.axes)


class FlatOutput(nn.Sequential):
    def __init__(self) -> None:
        super().__init__(
            OrderedDict(
                conv=nn.Conv2d(2, 3, 3, padding=1),  # 3 x 4 x 5
                # its features are used in the source's order, so channels go last
                # before they are flattened
                flatten_permute=Permute(0, 2, 3, 1),
                flatten=nn.Flatten(),
            )
        )


def load_model(weights: str | None = None, *, device: str = "cpu") -> FlatOutput:
    """Build the network, load its weights and switch to inference mode."""
    model = FlatOutput()
    path = weights or Path(__file__).with_suffix(".safetensors")
    model.load_state_dict(load_file(path))
    return model.to(device).eval()

"""shared_layer, ported by convey from net.keras (Keras 3.15.1) to PyTorch.

Input  N C H W: (batch, 4, 8, 8), float32     Keras had N H W C
Output N C H W: (batch, 4, 8, 8), float32     Keras had N H W C
"""

from pathlib import Path

from safetensors.torch import load_file
from torch import Tensor, nn


class SharedLayer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.twice = nn.Conv2d(4, 4, 3, padding=1)  # called twice, as in the source
        self.relu = nn.ReLU()

    def forward(self, image: Tensor) -> Tensor:
        twice = self.twice(image)
        x = self.relu(twice)
        x = self.twice(x)
        return twice + x


def load_model(weights: str | None = None, *, device: str = "cpu") -> SharedLayer:
    """Build the network, load its weights and switch to inference mode."""
    model = SharedLayer()
    path = weights or Path(__file__).with_suffix(".safetensors")
    model.load_state_dict(load_file(path))
    return model.to(device).eval()

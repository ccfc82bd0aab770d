"""ranks, ported by convey from net.keras (Keras 3.15.1) to PyTorch.

Inputs
    image  N C H W: (batch, 4, 8, 9), float32     Keras had N H W C
    series  N C L: (batch, 4, 9), float32     Keras had N L C
    the_measured_temperature_of_the_left_sensor  N C L: (batch, 4, 9), float32     Keras had N L C
Outputs
    0  (batch, 4, 1, 1, 1, 1, 9), float32
    1  N C H W: (batch, 4, 8, 9), float32     Keras had N H W C
"""

from pathlib import Path

from safetensors.torch import load_file
from torch import Tensor, nn


class Ranks(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.held = nn.Conv1d(4, 4, 3, padding=1)
        self.trace = nn.Conv1d(4, 4, 3, padding=1)
        self.stem = nn.Conv2d(4, 4, 3, padding=1)
        self.gate = nn.Linear(4, 4)

    def forward(
        self,
        image: Tensor,
        series: Tensor,
        the_measured_temperature_of_the_left_sensor: Tensor,
    ) -> list[Tensor]:
        x = self.held(series)
        # 4 x 1 x 1 x 1 x 1 x 9
        both = the_measured_temperature_of_the_left_sensor[:, :, None, None, None, None]
        both_2 = x[:, :, None, None, None, None] + both
        trace = self.trace(series)
        stem = self.stem(image)
        x = stem.mean(dim=(2, 3))  # 4
        x = self.gate(x)
        scale = stem * x[:, :, None, None]
        x = trace.unsqueeze(2) + scale  # 4 x 8 x 9
        many = x + scale + stem + x + scale + stem + x + scale + stem + x + scale + stem
        return [both_2, many]


def load_model(weights: str | None = None, *, device: str = "cpu") -> Ranks:
    """Build the network, load its weights and switch to inference mode."""
    model = Ranks()
    path = weights or Path(__file__).with_suffix(".safetensors")
    model.load_state_dict(load_file(path))
    return model.to(device).eval()

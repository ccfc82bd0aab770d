"""heads_by_name, ported by convey from net.keras (Keras 3.15.1) to PyTorch.

Input  N C H W: (batch, 2, 6, 5), float32     Keras had N H W C
Outputs
    class  (batch, 4), float32
    box 'xyxy'  (batch, 4), float32
"""

from pathlib import Path

from safetensors.torch import load_file
from torch import Tensor, nn


class HeadsByName(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.trunk = nn.Conv2d(2, 3, 3, padding=1)  # 3 x 6 x 5
        self.flat = nn.Flatten()  # weights of `scores` are permuted: H W C -> C H W
        self.scores = nn.Linear(90, 4)
        self.softmax = nn.Softmax(dim=1)
        self.box = nn.Linear(90, 4)

    def forward(self, image: Tensor) -> dict[str, Tensor]:
        x = self.trunk(image)
        flat = self.flat(x)
        x = self.scores(flat)
        softmax = self.softmax(x)
        box = self.box(flat)
        return {"class": softmax, 'box "xyxy"': box}


def load_model(weights: str | None = None, *, device: str = "cpu") -> HeadsByName:
    """Build the network, load its weights and switch to inference mode."""
    model = HeadsByName()
    path = weights or Path(__file__).with_suffix(".safetensors")
    model.load_state_dict(load_file(path))
    return model.to(device).eval()

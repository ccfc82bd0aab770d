"""names, ported by convey from net.keras (Keras 3.15.1) to PyTorch.

Input  N C H W: (batch, 2, 4, 4), float32     Keras had N H W C
Output N C H W: (batch, 2, 4, 4), float32     Keras had N H W C
"""

from pathlib import Path

from safetensors.torch import load_file
from torch import Tensor, nn


class Names(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer_class = nn.Conv2d(2, 2, 1)
        self.layer_1x1 = nn.Conv2d(2, 2, 1)
        self.block_0 = nn.Conv2d(2, 2, 1)
        self.block_0_2 = nn.Conv2d(2, 2, 1)
        self.na__ve = nn.Conv2d(2, 2, 1)
        self.add = nn.Conv2d(2, 2, 1)
        self.layer_train = nn.Conv2d(2, 2, 1)
        self.layer_forward = nn.Conv2d(2, 2, 1)
        self.image = nn.Conv2d(2, 2, 1)
        self.x = nn.Conv2d(2, 2, 1)
        self.layer__hidden = nn.Conv2d(2, 2, 1)
        self.layer_ = nn.Conv2d(2, 2, 1)
        self.F = nn.Conv2d(2, 2, 1)
        self.torch = nn.Conv2d(2, 2, 1)

    def forward(self, image: Tensor) -> Tensor:
        x = self.layer_class(image)
        x = self.layer_1x1(x)
        x = self.block_0(x)
        x = self.block_0_2(x)
        x = self.na__ve(x)
        x = self.add(x)
        x = self.layer_train(x)
        x = self.layer_forward(x)
        x = self.image(x)
        x = self.x(x)
        x = self.layer__hidden(x)
        x = self.layer_(x)
        x = self.F(x)
        x = self.torch(x)
        return x + x


def load_model(weights: str | None = None, *, device: str = "cpu") -> Names:
    """Build the network, load its weights and switch to inference mode."""
    model = Names()
    path = weights or Path(__file__).with_suffix(".safetensors")
    model.load_state_dict(load_file(path))
    return model.to(device).eval()

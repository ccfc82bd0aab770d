"""hostile_names, ported by convey from net.keras (Keras 3.15.1) to PyTorch.

Input  N C H W: (batch, 2, 4, 3), float32     Keras had N H W C
Outputs
    torch # F  (batch, 4), float32
    '''/  (batch, 24), float32

Remarks
- Tensor: its features are used in the source's order, so channels go last before they
  are flattened
"""

from pathlib import Path

from safetensors.torch import load_file
from torch import Tensor, nn


class HostileNames(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.torch = nn.Conv2d(2, 3, 3, padding=1)  # 3 x 4 x 3
        self.F = nn.Conv2d(3, 2, 3, padding=1)  # 2 x 4 x 3
        self.Tensor = nn.Flatten()
        self.dense_import_os = nn.Linear(24, 4)

    def forward(self, layer_____import_os_: Tensor) -> dict[str, Tensor]:
        x = self.torch(layer_____import_os_)
        x = self.F(x)
        # its features are used in the source's order, so channels go last before they
        # are flattened
        layer_Tensor = self.Tensor(x.permute(0, 2, 3, 1))
        dense_import_os = self.dense_import_os(layer_Tensor)
        return {"torch # F": dense_import_os, '"""\\': layer_Tensor}


def load_model(weights: str | None = None, *, device: str = "cpu") -> HostileNames:
    """Build the network, load its weights and switch to inference mode."""
    model = HostileNames()
    path = weights or Path(__file__).with_suffix(".safetensors")
    model.load_state_dict(load_file(path))
    return model.to(device).eval()

"""two_meanings, ported by convey from net.keras (Keras 3.15.1) to PyTorch.

Inputs
    image  N C H W: (batch, 4, 6, 6), float32     Keras had N H W C
    row  N C L: (batch, 4, 5), float32     Keras had N L C
Outputs
    0  N C H W: (batch, 4, 6, 6), float32     Keras had N H W C
    1  N C L: (batch, 3, 5), float32     Keras had N L C

Remarks
- attend: its calls need different code in torch: its layers are written into the model
  around it
"""

from pathlib import Path

from safetensors.torch import load_file
from torch import Tensor, nn


class TwoMeanings(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(4, 4, 3, padding=1)
        self.attend_softmax = nn.Softmax(dim=1)
        self.attend_dropout = nn.Dropout(0.5)  # called twice, as in the source
        self.plain = nn.Conv1d(4, 3, 1)  # 3 x 5
        self.attend_softmax_2 = nn.Softmax(dim=2)

    def forward(self, image: Tensor, row: Tensor) -> list[Tensor]:
        x = self.conv(image)
        x = self.attend_softmax(x)
        dropout = self.attend_dropout(x)
        x = self.plain(row)
        x = self.attend_softmax_2(x)
        dropout_2 = self.attend_dropout(x)
        return [dropout, dropout_2]


def load_model(weights: str | None = None, *, device: str = "cpu") -> TwoMeanings:
    """Build the network, load its weights and switch to inference mode."""
    model = TwoMeanings()
    path = weights or Path(__file__).with_suffix(".safetensors")
    model.load_state_dict(load_file(path))
    return model.to(device).eval()

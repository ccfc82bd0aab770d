"""long_names, ported by convey from net.keras (Keras 3.15.1) to PyTorch.

Input  N C H W: (batch, 2, 9, 9), float32     Keras had N H W C
Outputs
    0  N C H W: (batch, 4, 5, 5), float32     Keras had N H W C
    1  N C H W: (batch, 8, 5, 5), float32     Keras had N H W C
"""

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn


class LongNames(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        # 4 x 5 x 5
        self.efficientnet_block_1_expand_convolution_with_a_very_long_name_indeed = (
            nn.Conv2d(2, 4, 3, stride=2, padding=1)
        )
        # SAME: kernel 4, stride 2 over 9 x 9
        self.efficientnet_block_1_project_convolution_and_an_even_longer_name_than_before_pad = nn.ZeroPad2d(
            (1, 2, 1, 2)
        )
        # 4 x 5 x 5
        self.efficientnet_block_1_project_convolution_and_an_even_longer_name_than_before = nn.Conv2d(
            2, 4, 4, stride=2
        )
        self.gate = nn.Conv2d(4, 4, 1)

    def forward(self, image: Tensor) -> list[Tensor]:
        efficientnet_block_1_expand_convolution_with_a_very_long_name_indeed = (
            self.efficientnet_block_1_expand_convolution_with_a_very_long_name_indeed(
                image
            )
        )
        x = self.efficientnet_block_1_project_convolution_and_an_even_longer_name_than_before_pad(
            image
        )
        efficientnet_block_1_project_convolution_and_an_even_longer_name_than_before = self.efficientnet_block_1_project_convolution_and_an_even_longer_name_than_before(
            x
        )
        x = (
            efficientnet_block_1_expand_convolution_with_a_very_long_name_indeed
            + efficientnet_block_1_project_convolution_and_an_even_longer_name_than_before
        )
        gate = torch.sigmoid(self.gate(x))
        # 8 x 5 x 5
        the_concatenation_of_both_branches = torch.cat(
            [
                efficientnet_block_1_expand_convolution_with_a_very_long_name_indeed,
                efficientnet_block_1_project_convolution_and_an_even_longer_name_than_before,
            ],
            dim=1,
        )
        return [gate, the_concatenation_of_both_branches]


def load_model(weights: str | None = None, *, device: str = "cpu") -> LongNames:
    """Build the network, load its weights and switch to inference mode."""
    model = LongNames()
    path = weights or Path(__file__).with_suffix(".safetensors")
    model.load_state_dict(load_file(path))
    return model.to(device).eval()

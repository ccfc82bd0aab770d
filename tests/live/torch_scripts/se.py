import torch
from torch import nn


class SELayer(nn.Module):
    def __init__(self, channel, reduction=4):
        super(SELayer, self).__init__()
        self.avg_pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Sequential(
            nn.Linear(channel, channel // reduction, bias=False),
            nn.ReLU(inplace=True),
            nn.Linear(channel // reduction, channel, bias=False),
            nn.Sigmoid(),
        )

    def forward(self, x):
        b, c, _, _ = x.size()
        y = self.avg_pool(x).view(b, c)
        y = self.fc(y).view(b, c, 1, 1)
        return x * y.expand_as(x)


class Swish(nn.Module):
    def forward(self, x):
        return x * torch.sigmoid(x)


class Scale(nn.Module):
    """LayerScale and a shift, as parameters of its own."""

    def __init__(self, dim, init_values=1e-1):
        super().__init__()
        self.gamma = nn.Parameter(init_values * torch.ones(dim, 1, 1), requires_grad=True)
        self.register_parameter("unused", None)
        self.beta = nn.Parameter(torch.zeros(1, dim, 1, 1))
        self.register_buffer("steps", torch.tensor([1.0, 2.0]))

    def forward(self, x):
        return x.mul(self.gamma) + self.beta


class Net(nn.Module):
    def __init__(self, channels=(8, 16, 16)):
        super().__init__()
        self.stem = nn.Conv2d(3, channels[0], 3, padding=1, padding_mode="reflect")
        blocks = []
        for cin, cout in zip(channels[:-1], channels[1:]):
            blocks.append(
                nn.ModuleDict(
                    {
                        "conv": nn.Conv2d(cin, cout, 3, padding="same", bias=False),
                        "norm": nn.InstanceNorm2d(cout, affine=True),
                        "act": Swish(),
                        "se": SELayer(cout),
                        "scale": Scale(cout),
                    }
                )
            )
        self.blocks = nn.ModuleList(blocks)
        self.register_buffer("mean", torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1))
        self.head = nn.Linear(channels[-1], 4)
        self.idle = nn.Conv2d(channels[-1], 2, 1)
        for p in self.stem.parameters():
            p.requires_grad = False

    def forward(self, x):
        x = (x - self.mean) / self.std
        x = self.stem(x)
        for i, block in enumerate(self.blocks):
            x = block["act"](block["norm"](block["conv"](x)))
            x.sigmoid_()
            x = block["scale"](block["se"](x))
            if i == 0:
                a, b = torch.chunk(x, 2, dim=1)
                x = torch.cat((b, torch.tanh(a)), dim=1)
        x = x.mean([2, 3])
        return self.head(x)


se_net = Net()

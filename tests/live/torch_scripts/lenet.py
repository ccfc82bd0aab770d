import torch.nn as nn
import torch
from collections import OrderedDict


class LeNet5(nn.Module):
    def __init__(self, n_classes=10):
        super(LeNet5, self).__init__()

        self.convnet = nn.Sequential(
            OrderedDict(
                [
                    ("c1", nn.Conv2d(1, 6, kernel_size=(5, 5))),
                    ("tanh1", nn.Tanh()),
                    ("s2", nn.AvgPool2d(kernel_size=(2, 2), stride=2)),
                    ("c3", nn.Conv2d(6, 16, kernel_size=(5, 5))),
                    ("tanh3", nn.Tanh()),
                    ("s4", nn.AvgPool2d(kernel_size=(2, 2), stride=2)),
                    ("c5", nn.Conv2d(16, 120, kernel_size=(5, 5))),
                    ("sig5", nn.Sigmoid()),
                ]
            )
        )
        self.fc = nn.Sequential()
        self.fc.add_module("f6", nn.Linear(120, 84))
        self.fc.add_module("relu6", nn.ReLU())
        self.fc.add_module("f7", nn.Linear(84, n_classes))
        self.softmax = nn.Softmax(dim=-1)

    def forward(self, img):
        output = self.convnet(img)
        output = output.view(img.size(0), -1)
        logits = self.fc(output)
        return {"logits": logits, "probabilities": self.softmax(logits)}


device = torch.device("cuda:0" if torch.cuda.is_available() else "cpu")
net = LeNet5()
net.to(device)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(net.parameters(), lr=2e-3)
y = net(torch.randn(2, 1, 32, 32))

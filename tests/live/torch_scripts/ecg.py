"""Heartbeats: a residual network in one dimension with "same" padding."""
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


class MyConv1dPadSame(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size, stride, groups=1):
        super(MyConv1dPadSame, self).__init__()
        self.kernel_size = kernel_size
        self.stride = stride
        self.conv = torch.nn.Conv1d(in_channels, out_channels, kernel_size, stride=stride, groups=groups)

    def forward(self, x):
        net = x
        # compute pad shape
        in_dim = net.shape[-1]
        out_dim = (in_dim + self.stride - 1) // self.stride
        p = max(0, (out_dim - 1) * self.stride + self.kernel_size - in_dim)
        pad_left = p // 2
        pad_right = p - pad_left
        net = F.pad(net, (pad_left, pad_right), "constant", 0)
        net = self.conv(net)
        return net


class MyMaxPool1dPadSame(nn.Module):
    def __init__(self, kernel_size):
        super(MyMaxPool1dPadSame, self).__init__()
        self.kernel_size = kernel_size
        self.stride = 1
        self.max_pool = torch.nn.MaxPool1d(kernel_size=self.kernel_size)

    def forward(self, x):
        net = x
        p = max(0, self.kernel_size - 1)
        pad_left = p // 2
        net = F.pad(net, (pad_left, p - pad_left), "constant", 0)
        return self.max_pool(net)


class BasicBlock(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size, stride, groups, downsample, use_do, is_first_block=False):
        super(BasicBlock, self).__init__()
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.downsample = downsample
        self.stride = stride if self.downsample else 1
        self.is_first_block = is_first_block
        self.use_do = use_do
        self.bn1 = nn.BatchNorm1d(in_channels)
        self.relu1 = nn.ReLU()
        self.do1 = nn.Dropout(p=0.5)
        self.conv1 = MyConv1dPadSame(in_channels, out_channels, kernel_size, self.stride, groups)
        self.bn2 = nn.BatchNorm1d(out_channels)
        self.relu2 = nn.ReLU()
        self.do2 = nn.Dropout(p=0.5)
        self.conv2 = MyConv1dPadSame(out_channels, out_channels, kernel_size, 1, groups)
        self.max_pool = MyMaxPool1dPadSame(kernel_size=self.stride)

    def forward(self, x):
        identity = x
        out = x
        if not self.is_first_block:
            out = self.relu1(self.bn1(out))
            if self.use_do:
                out = self.do1(out)
        out = self.conv1(out)
        out = self.relu2(self.bn2(out))
        if self.use_do:
            out = self.do2(out)
        out = self.conv2(out)
        if self.downsample:
            identity = self.max_pool(identity)
        # if expand channel, also pad zeros to identity
        if self.out_channels != self.in_channels:
            identity = identity.transpose(-1, -2)
            ch1 = (self.out_channels - self.in_channels) // 2
            ch2 = self.out_channels - self.in_channels - ch1
            identity = F.pad(identity, (ch1, ch2), "constant", 0)
            identity = identity.transpose(-1, -2)
        out += identity
        return out


class ResNet1D(nn.Module):
    def __init__(
        self, in_channels, base_filters, kernel_size, stride, groups, n_block, n_classes,
        downsample_gap=2, increasefilter_gap=2, use_do=True, verbose=False,
    ):
        super(ResNet1D, self).__init__()
        self.verbose = verbose
        self.n_block = n_block
        self.first_block_conv = MyConv1dPadSame(in_channels, base_filters, kernel_size, 1)
        self.first_block_bn = nn.BatchNorm1d(base_filters)
        self.first_block_relu = nn.ReLU()
        out_channels = base_filters
        self.basicblock_list = nn.ModuleList()
        for i_block in range(self.n_block):
            is_first_block = i_block == 0
            downsample = i_block % downsample_gap == 1
            if is_first_block:
                in_channels = base_filters
                out_channels = in_channels
            else:
                in_channels = int(base_filters * 2 ** ((i_block - 1) // increasefilter_gap))
                if (i_block % increasefilter_gap == 0) and (i_block != 0):
                    out_channels = in_channels * 2
                else:
                    out_channels = in_channels
            tmp_block = BasicBlock(
                in_channels, out_channels, kernel_size, stride, groups,
                downsample=downsample, use_do=use_do, is_first_block=is_first_block,
            )
            self.basicblock_list.append(tmp_block)
        self.final_bn = nn.BatchNorm1d(out_channels)
        self.final_relu = nn.ReLU(inplace=True)
        self.dense = nn.Linear(out_channels, n_classes)

    def forward(self, x):
        out = x
        if self.verbose:
            print("input shape", out.shape)
        out = self.first_block_conv(out)
        out = self.first_block_relu(self.first_block_bn(out))
        for i_block in range(self.n_block):
            net = self.basicblock_list[i_block]
            if self.verbose:
                print("i_block: {0}, downsample: {1}".format(i_block, net.downsample))
            out = net(out)
        out = self.final_relu(self.final_bn(out))
        out = out.mean(-1)
        return self.dense(out)


kernel_size = 15
model = ResNet1D(1, 8, kernel_size, 2, groups=4, n_block=5, n_classes=4)

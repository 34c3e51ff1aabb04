"""ResNet (He et al. 2016) in the layout of the usual checkpoints: the stride is in the 3x3 convolution."""

import torch
from torch import nn

EXPANSION = {'basic': 1, 'bottleneck': 4}


def convolution(inside, outside, size, stride=1):
    return nn.Conv2d(inside, outside, size, stride, padding=size // 2, bias=False)


class Block(nn.Module):
    """A residual block: two 3x3 convolutions, or 1x1, 3x3, 1x1."""

    def __init__(self, kind, inside, width, stride):
        super().__init__()
        outside = width * EXPANSION[kind]
        if kind == 'basic':
            plan = [(inside, width, 3, stride), (width, outside, 3, 1)]
        else:
            plan = [(inside, width, 1, 1), (width, width, 3, stride), (width, outside, 1, 1)]
        self.depth = len(plan)
        for index, (fan_in, fan_out, size, step) in enumerate(plan, 1):
            self.add_module(f'conv{index}', convolution(fan_in, fan_out, size, step))
            self.add_module(f'bn{index}', nn.BatchNorm2d(fan_out))
        self.relu = nn.ReLU(inplace=True)
        self.downsample = None
        if stride != 1 or inside != outside:
            self.downsample = nn.Sequential(
                convolution(inside, outside, 1, stride), nn.BatchNorm2d(outside)
            )

    def forward(self, x):
        residual = x
        for index in range(1, self.depth + 1):
            convolve, normalise = getattr(self, f'conv{index}'), getattr(self, f'bn{index}')
            residual = normalise(convolve(residual))
            if index < self.depth:
                residual = self.relu(residual)
        residual += x if self.downsample is None else self.downsample(x)
        return self.relu(residual)


class ResNet(nn.Module):
    """Pictures `[batch, 3, height, width]` to the last map and its 7 x 7 regions, in evaluation mode always."""

    def __init__(self, config):
        super().__init__()
        kind, width = config['block'], config['width']
        self.conv1 = nn.Conv2d(3, width, 7, 2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, 2, padding=1)
        inside = width
        for stage, count in enumerate(config['layers']):
            blocks = []
            for index in range(count):
                stride = 2 if stage > 0 and index == 0 else 1
                blocks.append(Block(kind, inside, width * 2**stage, stride))
                inside = width * 2**stage * EXPANSION[kind]
            self.add_module(f'layer{stage + 1}', nn.Sequential(*blocks))
        self.pool = nn.AdaptiveAvgPool2d(7)

    def forward(self, pixels):
        x = self.maxpool(self.relu(self.bn1(self.conv1(pixels))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        regions = self.pool(x).flatten(2).transpose(1, 2)  # [batch, 49, channels]
        return regions, x.mean((2, 3))

    def train(self, mode=True):
        """Stays in evaluation mode: a frozen network keeps its statistics."""
        return super().train(False)


def encode_pictures(network, pixels):
    """Regions and summary without a gradient, as in every published step."""
    with torch.no_grad():
        return network(pixels)

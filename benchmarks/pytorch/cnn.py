"""Convolutional networks that are trained whole: those of ours/cnn.ts."""

import torch
import torch.nn.functional as F
from resnet import ResNet
from torch import nn

RESNETS = {
    'resnet18': {'block': 'basic', 'layers': [2, 2, 2, 2], 'width': 64},
    'resnet50': {'block': 'bottleneck', 'layers': [3, 4, 6, 3], 'width': 64},
}


class Small(nn.Module):
    """Three convolutions, two poolings, the mean of the map; its filters come as [height, width, inside, outside]."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(3, 32, 3, padding=1)
        self.second = nn.Conv2d(32, 64, 3, padding=1)
        self.third = nn.Conv2d(64, 128, 3, padding=1)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.first(x)), 2)
        x = F.max_pool2d(F.relu(self.second(x)), 2)
        return F.relu(self.third(x)).mean((2, 3))


class Cnn:
    """A network's loss, its gradients, or a training step."""

    def __init__(self, batch, layout, network, part):
        self.pixels = batch.pop('pixels')
        self.is_small = network not in RESNETS
        # A ResNet's batch norm stays in evaluation mode even in training.
        self.network = Small() if self.is_small else ResNet(RESNETS[network])
        weights = {name: self.turned(array, (3, 2, 0, 1)) for name, array in batch.items()}
        self.network.load_state_dict(weights, strict=False)
        self.network.to(self.pixels.dtype).to(memory_format=layout)
        self.optimizer = torch.optim.AdamW(self.network.parameters(), lr=1e-4)
        self.run = {'forward': torch.no_grad()(self.loss), 'gradients': self.gradients, 'step': self.step}[part]

    def turned(self, array, axes):
        return array.permute(axes).contiguous() if self.is_small and array.ndim == 4 else array

    def loss(self):
        out = self.network(self.pixels)
        return (out if self.is_small else out[1]).square().mean()

    def gradients(self):
        self.optimizer.zero_grad(set_to_none=True)
        loss = self.loss()
        loss.backward()
        return loss

    def step(self):
        self.gradients()
        self.optimizer.step()

    def compare(self):
        arrays = {'loss': self.gradients()}
        for name, parameter in self.network.named_parameters():
            if parameter.grad is not None:
                arrays[f'gradients/{name}'] = self.turned(parameter.grad, (2, 3, 1, 0))
        return arrays

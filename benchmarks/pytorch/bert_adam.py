"""The published optimiser: Adam without bias correction, decoupled decay, every tensor clipped by its own norm."""

import torch

BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-6


class BertAdam:
    """Updates named parameters in place; biases and layer norms are not decayed."""

    def __init__(self, named_parameters, rate=5e-5, decay=0.01, clip=1.0):
        self.rate, self.clip = rate, clip
        self.slots = []
        for name, parameter in named_parameters:
            if parameter.requires_grad:
                plain = 'bias' in name or 'LayerNorm' in name
                moments = torch.zeros_like(parameter), torch.zeros_like(parameter)
                self.slots.append((parameter, *moments, 0.0 if plain else decay))

    @torch.no_grad()
    def step(self):
        for parameter, first, second, decay in self.slots:
            gradient = parameter.grad
            if gradient is None:
                continue
            torch.nn.utils.clip_grad_norm_(parameter, self.clip)
            first.mul_(BETA1).add_(gradient, alpha=1 - BETA1)
            second.mul_(BETA2).addcmul_(gradient, gradient, value=1 - BETA2)
            if decay:
                parameter.mul_(1 - self.rate * decay)
            parameter.addcdiv_(first, second.sqrt().add_(EPSILON), value=-self.rate)

    def zero(self):
        for slot in self.slots:
            slot[0].grad = None

"""PyTorch's side of the CNN race: the networks of works.ts; one JSON request a line in, one JSON answer a line out."""

import json
import os
import sys
import time
import traceback

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'pytorch'))

RESNETS = {
    'resnet18': {'block': 'basic', 'layers': [2, 2, 2, 2], 'width': 64},
    'resnet50': {'block': 'bottleneck', 'layers': [3, 4, 6, 3], 'width': 64},
}


def small_cnn():
    from torch import nn
    import torch.nn.functional as functional

    class Small(nn.Module):
        def __init__(self):
            super().__init__()
            self.first = nn.Conv2d(3, 32, 3, padding=1)
            self.second = nn.Conv2d(32, 64, 3, padding=1)
            self.third = nn.Conv2d(64, 128, 3, padding=1)

        def forward(self, x):
            x = functional.max_pool2d(functional.relu(self.first(x)), 2)
            x = functional.max_pool2d(functional.relu(self.second(x)), 2)
            return functional.relu(self.third(x)).mean((2, 3))

    return Small()


def in_torch_layout(network, array):
    """The small network's filters come as [height, width, inside, outside]."""
    return array.transpose(3, 2, 0, 1).copy() if network == 'small' and array.ndim == 4 else array


class Peer:
    def about(self, request):
        import torch

        return {'name': f'PyTorch {torch.__version__}'}

    def load(self, request):
        import torch
        from tensor_files import read_tensors

        torch.manual_seed(5)
        torch.set_num_threads(request['threads'])
        torch.set_num_interop_threads(1)
        self.kind = 'resnet' if request['work'] in RESNETS else 'small'
        if self.kind == 'resnet':
            from resnet import ResNet

            network = ResNet(RESNETS[request['work']])
        else:
            network = small_cnn()
        arrays = read_tensors(request['file'])
        pixels = torch.from_numpy(arrays.pop('pixels')).permute(0, 3, 1, 2).contiguous()
        state = {name: torch.from_numpy(in_torch_layout(self.kind, array)) for name, array in arrays.items()}
        network.load_state_dict(state, strict=False)
        if request['layout'] == 'channelsLast':
            network = network.to(memory_format=torch.channels_last)
            pixels = pixels.contiguous(memory_format=torch.channels_last)
        if request.get('double'):
            network, pixels = network.double(), pixels.double()
        # A ResNet's batch norm stays in evaluation mode even so.
        self.network, self.pixels = network.train(), pixels
        self.optimizer = torch.optim.AdamW(network.parameters(), lr=1e-4)
        return {}

    def loss(self):
        out = self.network(self.pixels)
        return (out[1] if self.kind == 'resnet' else out).square().mean()

    def forward(self):
        import torch

        with torch.no_grad():
            self.loss()

    def gradients(self):
        self.optimizer.zero_grad(set_to_none=True)
        self.loss().backward()

    def step(self):
        self.gradients()
        self.optimizer.step()

    def run(self, request):
        started = time.perf_counter()
        cpu = time.process_time()
        getattr(self, request['what'])()
        return {
            'ms': (time.perf_counter() - started) * 1000,
            'cpu': (time.process_time() - cpu) * 1000,
        }

    def compare(self, request):
        from tensor_files import write_tensors

        self.optimizer.zero_grad(set_to_none=True)
        loss = self.loss()
        loss.backward()
        arrays = {'loss': loss.detach().double().numpy().reshape(1)}
        for name, parameter in self.network.named_parameters():
            if parameter.grad is None:
                continue
            array = parameter.grad.double().numpy()
            arrays[name] = array.transpose(2, 3, 1, 0).copy() if self.kind == 'small' and array.ndim == 4 else array
        write_tensors(request['to'], {name: array.astype('float32') for name, array in arrays.items()})
        return {'tensors': len(arrays)}


def main():
    peer = Peer()
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        try:
            request = json.loads(line)
            answer = getattr(peer, request['do'])(request)
        except Exception as error:
            traceback.print_exc()
            answer = {'error': f'{type(error).__name__}: {error}'}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == '__main__':
    main()

"""What is measured. A work is built once, runs many times, and can show what it computes."""

import json
from contextlib import nullcontext
from os.path import join

import torch
from bert_adam import BertAdam
from cnn import Cnn
from contrastive import CONTRASTIVE
from crf import crf_loss
from maf import Maf
from tensor_files import read_tensors, write_tensors

UPDATES_COMPARED = 2
SHOWN = 'emissions', 'match'


def load_batches(folder, inputs, dtype, layout, device='cpu'):
    """The batches of a file, as tensors; pictures in PyTorch's order of axes."""
    batches = {}
    for name, array in read_tensors(join(folder, f'{inputs}.safetensors')).items():
        index, part = name.split('/')
        tensor = torch.from_numpy(array)
        if part == 'pixels':
            tensor = tensor.permute(0, 3, 1, 2).to(dtype).contiguous(memory_format=layout)
        elif tensor.is_floating_point():
            tensor = tensor.to(dtype)
        else:
            tensor = tensor.long()
        batches.setdefault(int(index), {})[part] = tensor.to(device)
    return [batches[index] for index in sorted(batches)]


def build_model(folder, dtype, layout, settings, variant):
    """The model with the weights of the file; every one of its names must be there, and none else."""
    with open(join(folder, 'reference.json')) as file:
        config = json.load(file)
    model = Maf(config, variant, settings.get('attention') == 'fused')
    weights = read_tensors(join(folder, 'reference.safetensors'))
    own = {name: value for name, value in model.state_dict().items() if 'num_batches' not in name}
    if own.keys() != weights.keys():
        raise ValueError(f'names differ: {sorted(own.keys() ^ weights.keys())[:8]}')
    with torch.no_grad():
        for name, value in own.items():
            value.copy_(torch.from_numpy(weights.pop(name)))
    model = model.to(dtype)
    model.image_encoder.to(memory_format=layout)
    if settings.get('compile') == 'inductor':
        for part in (model.text_encoder, model.image_encoder, model.interaction):
            part.forward = torch.compile(part.forward)
    return model


class ModelWork:
    """A work on the whole model."""

    def __init__(self, folder, inputs, settings, double, variant='vectorised', **_):
        dtype = torch.float64 if double else torch.float32
        wide = settings.get('layout') == 'channelsLast'
        self.layout = layout = torch.channels_last if wide else torch.contiguous_format
        self.device = settings.get('device', 'cpu')
        if self.device != 'cpu':
            # Products in float32 as everywhere else, and what the model makes on the way beside its parameters.
            torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = False
            torch.set_default_device(self.device)
        self.batches = load_batches(folder, inputs, dtype, layout, self.device)
        self.model = build_model(folder, dtype, layout, settings, variant).to(self.device)
        self.half = settings.get('precision') == 'bf16'
        self.next = 0

    def finish(self):
        """Waits for the device."""
        if self.device == 'cuda':
            torch.cuda.synchronize()

    def autocast(self):
        return torch.autocast('cpu', dtype=torch.bfloat16) if self.half else nullcontext()

    def batch(self):
        self.next += 1
        return self.batches[(self.next - 1) % len(self.batches)]


class Training(ModelWork):
    """One step: forward, backward, clip, update."""

    def __init__(self, **options):
        super().__init__(**options)
        self.model.train()
        self.optimizer = BertAdam(self.model.named_parameters())

    def losses(self, batch):
        with self.autocast():
            return self.model(batch)

    def update(self, batch):
        self.losses(batch)['losses']['total'].backward()
        self.optimizer.step()
        self.optimizer.zero()

    def run(self):
        self.update(self.batch())
        self.finish()

    def compare(self):
        self.model.eval()
        batch = self.batches[0]
        outputs = self.losses(batch)
        outputs['losses']['total'].backward()
        arrays = {name: outputs[name].detach() for name in SHOWN}
        arrays |= {f'losses/{name}': value.detach() for name, value in outputs['losses'].items()}
        for name, parameter in self.model.named_parameters():
            if parameter.grad is not None:
                arrays[f'gradients/{name}'] = parameter.grad.clone()
        self.optimizer.step()
        self.optimizer.zero()
        for count in range(1, UPDATES_COMPARED + 1):
            loss = self.losses(batch)['losses']['total']
            arrays[f'losses/after {count} updates'] = loss.detach()
            if count < UPDATES_COMPARED:
                loss.backward()
                self.optimizer.step()
                self.optimizer.zero()
        return arrays


class Inference(ModelWork):
    """Emissions and match of a batch."""

    def __init__(self, **options):
        super().__init__(**options)
        self.model.eval()
        # inference_mode saves most, but a graph that is compiled with its weights frozen into it wants no_grad.
        self.mode = torch.inference_mode
        if options['settings'].get('compile') == 'inductor':
            import torch._inductor.config as inductor

            inductor.freezing = True
            self.mode = torch.no_grad

    def outputs(self):
        with self.mode(), self.autocast():
            return self.model.emissions(self.batch())

    def run(self):
        self.outputs()

    def compare(self):
        outputs = self.outputs()
        return {name: outputs[name] for name in SHOWN}


class Loss:
    """A loss of given tensors, and its gradient with respect to those of floating point, masks apart."""

    def __init__(self, folder, inputs, settings, double, **_):
        dtype = torch.float64 if double else torch.float32
        self.inputs = load_batches(folder, inputs, dtype, torch.contiguous_format)[0]
        for name, tensor in self.inputs.items():
            tensor.requires_grad_(tensor.is_floating_point() and name != 'mask')

    def run(self):
        for tensor in self.inputs.values():
            tensor.grad = None
        loss = self.loss(**self.inputs)
        loss.backward()
        return loss

    def compare(self):
        arrays = {'loss': self.run().detach()}
        for name, tensor in self.inputs.items():
            if tensor.grad is not None:
                arrays[f'gradients/{name}'] = tensor.grad
        return arrays


class Contrastive(Loss):
    """The alignment loss of given vectors."""

    def __init__(self, variant, temperature, textToImageWeight, **options):
        super().__init__(**options)
        self.variant = CONTRASTIVE[variant]
        self.settings = temperature, textToImageWeight

    def loss(self, text, image):
        return self.variant(text, image, *self.settings)


class CrfLikelihood(Loss):
    """The CRF's loss of given emissions."""

    def loss(self, emissions, labels, mask, start, end, transitions):
        return crf_loss(emissions, labels, mask, start, end, transitions)


def load_cnn(folder, inputs, settings, double, network, part):
    """A network on its own pictures."""
    layout = torch.channels_last if settings.get('layout') == 'channelsLast' else torch.contiguous_format
    dtype = torch.float64 if double else torch.float32
    return Cnn(load_batches(folder, inputs, dtype, layout)[0], layout, network, part)


def load_text(kind, folder, inputs, settings, double, **options):
    """The text encoder alone; what needs more than torch is imported where it is asked for."""
    from text import Tagging, TrainerEpoch

    batches = load_batches(folder, inputs, torch.float64 if double else torch.float32, torch.contiguous_format)
    work = TrainerEpoch if kind == 'epoch' else Tagging
    return work(folder=folder, batches=batches, settings=settings, double=double)


def load_epoch(**options):
    from published_epoch import PublishedEpoch

    return PublishedEpoch(**options)


WORKS = {'train': Training, 'infer': Inference, 'contrastive': Contrastive, 'crf': CrfLikelihood, 'cnn': load_cnn, 'epoch': load_epoch}


def load_work(kind, **options):
    """A work by its kind."""
    if options.get('model') == 'text':
        return load_text(kind, **options)
    return WORKS[kind](**options)


def compare_work(work, path):
    """Writes what the work computes, dropout off."""
    arrays = {name: value.detach().float().cpu().contiguous().numpy() for name, value in work.compare().items()}
    write_tensors(path, arrays)
    return len(arrays)

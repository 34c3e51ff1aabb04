"""Trains transformers' BERT with a CRF over word pieces by the published optimiser, on batches that were written before.

    python agree.py ENCODER FOLDER THREADS

FOLDER holds batches.safetensors (`0/ids`, `0/mask`, `0/labels` ...; the first classifier and CRF) and settings.json, the learning
rate of every step and the weight of tagging in the loss; losses.json is written there. No dropout. Without pictures a post's
fused states are `[T ; 0]`.
"""

import json
import pathlib
import sys

import torch
from safetensors.torch import load_file
from torch import nn
from transformers import AutoModel

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / 'pytorch'))
from bert_adam import BertAdam  # noqa: E402
from crf import Crf  # noqa: E402


class Tagger(nn.Module):
    """Emissions over word pieces, and the CRF's loss."""

    def __init__(self, encoder, labels):
        super().__init__()
        self.encoder = AutoModel.from_pretrained(encoder, attn_implementation='eager')
        self.classifier = nn.Linear(2 * self.encoder.config.hidden_size, labels)
        self.crf = Crf(labels)

    def forward(self, ids, mask, labels):
        states = self.encoder(input_ids=ids.long(), attention_mask=mask).last_hidden_state
        fused = torch.cat([states, torch.zeros_like(states)], dim=2)
        return self.crf(self.classifier(fused), labels.long(), mask)


def main():
    encoder, folder, threads = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3])
    torch.set_num_threads(threads)
    stored = load_file(folder / 'batches.safetensors')
    settings = json.loads((folder / 'settings.json').read_text())
    model = Tagger(encoder, len(stored['classifier.bias'])).eval()
    first = {name: value for name, value in stored.items() if name.startswith(('classifier.', 'crf.'))}
    assert not model.load_state_dict(first, strict=False).unexpected_keys
    optimizer = BertAdam(model.named_parameters())
    losses = []
    for step, rate in enumerate(settings['rates']):
        loss = model(*(stored[f'{step}/{name}'] for name in ('ids', 'mask', 'labels')))
        # Adam's epsilon and the limit of the norm do not scale with the loss.
        (settings['lossWeight'] * loss).backward()
        optimizer.rate = rate
        optimizer.step()
        optimizer.zero()
        losses.append(loss.item())
    (folder / 'losses.json').write_text(json.dumps(losses))


if __name__ == '__main__':
    main()

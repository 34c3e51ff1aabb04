"""MAF (doi 10.1145/3488560.3498475) as the `reference` preset has it, wired from its parts."""

import torch
import torch.nn.functional as F
from bert import Bert, Layers, attention_bias
from contrastive import CONTRASTIVE
from crf import Crf
from resnet import ResNet, encode_pictures
from torch import nn


class Projection(nn.Module):
    """linear - relu - linear."""

    def __init__(self, inside, hidden):
        super().__init__()
        self.dense = nn.Linear(inside, hidden)
        self.output = nn.Linear(hidden, hidden)

    def forward(self, summary):
        return self.output(F.relu(self.dense(summary)))


class Alignment(nn.Module):
    """CA: both summaries in one space, and the contrastive loss there."""

    def __init__(self, config, loss):
        super().__init__()
        self.text_projection = Projection(config['textSize'], config['hidden'])
        self.image_projection = Projection(config['imageSize'], config['hidden'])
        self.temperature = config['temperature']
        self.weight = config['textToImageWeight']
        self.loss = CONTRASTIVE[loss]

    def forward(self, text, image):
        text, image = self.text_projection(text), self.image_projection(image)
        return self.loss(text, image, self.temperature, self.weight)


class Interaction(Layers):
    """CI: regions brought to the hidden size, then one cross layer from the tokens to them."""

    def __init__(self, config, fused):
        super().__init__(config, config['layers'], fused)
        self.projection = nn.Linear(config['imageSize'], config['hidden'])

    def forward(self, states, regions):
        here = torch.ones(regions.shape[:2], dtype=states.dtype)
        return super().forward(states, attention_bias(here), self.projection(regions))


class Matching(nn.Module):
    """CM: all positions of `[T ; C]` side by side into one linear layer."""

    def __init__(self, config):
        super().__init__()
        self.classifier = nn.Linear(2 * config['hidden'] * config['tokens'], 2)

    def forward(self, text, states):
        rows = torch.cat([text, states], dim=2).flatten(1)
        # A shorter sentence takes the columns of its own positions; the published code always pads to the full length.
        return F.linear(rows, self.classifier.weight[:, : rows.shape[1]], self.classifier.bias)


class Fusion(nn.Module):
    """CF: a gate for every channel of every token."""

    def __init__(self, config):
        super().__init__()
        self.text = nn.Linear(config['hidden'], config['hidden'])
        self.image = nn.Linear(config['hidden'], config['hidden'])

    def forward(self, text, states):
        gate = torch.sigmoid(self.text(text) + self.image(states))
        return torch.cat([text, gate * states], dim=2)


class Maf(nn.Module):
    """The whole model; parameter names are those of the TypeScript model."""

    def __init__(self, config, contrastive='vectorised', fused=False):
        super().__init__()
        labels, hidden = len(config['labels']), config['textEncoder']['hidden']
        self.text_encoder = Bert(config['textEncoder'], fused)
        self.image_encoder = ResNet(config['imageEncoder'])
        self.alignment = Alignment(config['alignment'], contrastive)
        self.interaction = Interaction(config['interaction'], fused)
        self.matching = Matching(config['matching'])
        self.fusion = Fusion(config['fusion'])
        self.dropout = nn.Dropout(config['dropout'])
        self.classifier = nn.Linear(2 * hidden, labels)
        self.crf = Crf(labels)
        self.loss_weight = config['lossWeight']
        self.image_encoder.requires_grad_(False)

    def emissions(self, batch, partners=None):
        """Everything up to the emissions; with partners the states C are exchanged, as in training."""
        text, summary = self.text_encoder(batch['ids'], batch['mask'])
        regions, image = encode_pictures(self.image_encoder, batch['pixels'])
        states = self.interaction(text, regions)
        if partners is not None:
            states = states[partners]
        logits = self.matching(text, states)
        probability = torch.softmax(logits, dim=1)[:, 1]
        fused = self.fusion(text, probability[:, None, None] * states)
        emissions = self.classifier(self.dropout(fused))
        return {'emissions': emissions, 'match.logits': logits, 'match': probability, 'summaries': (summary, image)}

    def forward(self, batch):
        """The losses of one training step, and what they come from."""
        outputs = self.emissions(batch, batch['partners'])
        tagging = self.crf(outputs['emissions'].to(batch['pixels'].dtype), batch['labels'], batch['mask'])
        matching = F.cross_entropy(outputs['match.logits'], batch['matched'])
        alignment = self.alignment(*outputs['summaries'])
        total = self.loss_weight * tagging + (1 - self.loss_weight) * (matching + alignment)
        outputs['losses'] = {
            'total': total, 'tagging': tagging, 'matching': matching, 'alignment': alignment,
        }
        return outputs

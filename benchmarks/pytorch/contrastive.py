"""The symmetric contrastive loss of cross-modal alignment: anchor by anchor, and as one matrix product."""

import torch
import torch.nn.functional as F


def loop_direction(anchors, others, temperature):
    """Sum over the anchors of -log of the own partner's share, one anchor after another."""
    total = 0.0
    for index in range(anchors.shape[0]):
        similarity = F.cosine_similarity(anchors[index].unsqueeze(0), others, dim=1)
        scores = torch.exp(similarity / temperature)
        total = total - torch.log(scores[index] / scores.sum())
    return total


def contrastive_loop(text, image, temperature, weight):
    """The loss as the published code computes it: in Python, over the anchors of both directions."""
    text_to_image = loop_direction(text, image, temperature)
    image_to_text = loop_direction(image, text, temperature)
    return (weight * text_to_image + (1 - weight) * image_to_text) / text.shape[0]


def contrastive_vectorised(text, image, temperature, weight):
    """The same loss: one product of unit vectors, two cross entropies."""
    scores = F.normalize(text, dim=1) @ F.normalize(image, dim=1).t() / temperature
    own = torch.arange(text.shape[0])
    return weight * F.cross_entropy(scores, own) + (1 - weight) * F.cross_entropy(scores.t(), own)


CONTRASTIVE = {'loop': contrastive_loop, 'vectorised': contrastive_vectorised}

"""A linear-chain CRF (Lafferty et al. 2001), position by position as the published layer does it."""

import torch
from torch import nn


def path_scores(emissions, labels, mask, start, end, transitions):
    """`[batch]`: the score of the given labels; all inputs have the position first."""
    length, batch = labels.shape
    row = torch.arange(batch)
    real = mask.to(emissions.dtype)
    score = start[labels[0]] + emissions[0, row, labels[0]]
    for t in range(1, length):
        score = score + transitions[labels[t - 1], labels[t]] * real[t]
        score = score + emissions[t, row, labels[t]] * real[t]
    last = labels[mask.long().sum(0) - 1, row]
    return score + end[last]


def log_partition(emissions, mask, start, end, transitions):
    """`[batch]`: the logarithm of the summed exponential scores of all paths."""
    score = start + emissions[0]
    for t in range(1, emissions.shape[0]):
        into = score.unsqueeze(2) + transitions + emissions[t].unsqueeze(1)  # [batch, from, to]
        score = torch.where(mask[t].unsqueeze(1), torch.logsumexp(into, dim=1), score)
    return torch.logsumexp(score + end, dim=1)


def crf_loss(emissions, labels, mask, start, end, transitions):
    """The mean negative log likelihood of the sentences; emissions `[batch, positions, labels]`."""
    steps, tags, real = emissions.transpose(0, 1), labels.transpose(0, 1), mask.bool().transpose(0, 1)
    given = path_scores(steps, tags, real, start, end, transitions)
    return (log_partition(steps, real, start, end, transitions) - given).mean()


class Crf(nn.Module):
    """The CRF's three tables."""

    def __init__(self, labels):
        super().__init__()
        self.start_transitions = nn.Parameter(torch.empty(labels))
        self.end_transitions = nn.Parameter(torch.empty(labels))
        self.transitions = nn.Parameter(torch.empty(labels, labels))

    def forward(self, emissions, labels, mask):
        return crf_loss(
            emissions, labels, mask, self.start_transitions, self.end_transitions, self.transitions
        )

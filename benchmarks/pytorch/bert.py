"""BERT (Devlin et al. 2019) with post-norm layers; names as in the usual state dict."""

import math

import torch
import torch.nn.functional as F
from torch import nn

MASKED_SCORE = -10_000.0


class Heads(nn.Module):
    """The three projections of an attention."""

    def __init__(self, hidden):
        super().__init__()
        self.query = nn.Linear(hidden, hidden)
        self.key = nn.Linear(hidden, hidden)
        self.value = nn.Linear(hidden, hidden)


class DenseAndNorm(nn.Module):
    """A linear layer, dropout, the residual, a layer norm."""

    def __init__(self, inside, hidden, dropout, epsilon):
        super().__init__()
        self.dense = nn.Linear(inside, hidden)
        self.LayerNorm = nn.LayerNorm(hidden, eps=epsilon)
        self.dropout = nn.Dropout(dropout)

    def forward(self, states, residual):
        return self.LayerNorm(self.dropout(self.dense(states)) + residual)


class Attention(nn.Module):
    """Multi-head attention from states to a context, which is the states themselves in BERT."""

    def __init__(self, config, fused):
        super().__init__()
        hidden = config['hidden']
        self.heads = config['heads']
        self.size = hidden // self.heads
        self.rate = config['attentionDropout']
        self.fused = fused
        self.self = Heads(hidden)
        self.output = DenseAndNorm(hidden, hidden, config['hiddenDropout'], config['layerNormEpsilon'])

    def split(self, x):
        return x.view(x.shape[0], -1, self.heads, self.size).transpose(1, 2)

    def forward(self, states, context, bias):
        query = self.split(self.self.query(states))  # [batch, heads, tokens, size]
        key = self.split(self.self.key(context))
        value = self.split(self.self.value(context))
        rate = self.rate if self.training else 0.0
        if self.fused:
            attended = F.scaled_dot_product_attention(query, key, value, attn_mask=bias, dropout_p=rate)
        else:
            scores = torch.matmul(query / math.sqrt(self.size), key.transpose(-1, -2))
            weights = F.dropout(torch.softmax(scores + bias, dim=-1), rate, self.training)
            attended = torch.matmul(weights, value)
        merged = attended.transpose(1, 2).reshape(states.shape)
        return self.output(merged, states)


class Intermediate(nn.Module):
    """The widening half of the feed-forward part."""

    def __init__(self, config):
        super().__init__()
        self.dense = nn.Linear(config['hidden'], config['intermediate'])

    def forward(self, states):
        return F.gelu(self.dense(states))


class Layer(nn.Module):
    """One BERT layer; given a context it is a cross layer, with its residual to the states."""

    def __init__(self, config, fused):
        super().__init__()
        self.attention = Attention(config, fused)
        self.intermediate = Intermediate(config)
        self.output = DenseAndNorm(
            config['intermediate'], config['hidden'], config['hiddenDropout'], config['layerNormEpsilon']
        )

    def forward(self, states, context, bias):
        attended = self.attention(states, context, bias)
        return self.output(self.intermediate(attended), attended)


class Embeddings(nn.Module):
    """Word, position and type embeddings; every token is of type 0."""

    def __init__(self, config):
        super().__init__()
        hidden = config['hidden']
        self.word_embeddings = nn.Embedding(config['vocabSize'], hidden, padding_idx=config['padId'])
        self.position_embeddings = nn.Embedding(config['maxPositions'], hidden)
        self.token_type_embeddings = nn.Embedding(config['typeVocabSize'], hidden)
        self.LayerNorm = nn.LayerNorm(hidden, eps=config['layerNormEpsilon'])
        self.dropout = nn.Dropout(config['hiddenDropout'])

    def forward(self, ids):
        places = self.position_embeddings.weight[: ids.shape[1]]
        total = self.word_embeddings(ids) + (places + self.token_type_embeddings.weight[0])
        return self.dropout(self.LayerNorm(total))


class Layers(nn.Module):
    """Layers under the name `layer`, one upon the other."""

    def __init__(self, config, count, fused):
        super().__init__()
        self.layer = nn.ModuleList(Layer(config, fused) for _ in range(count))

    def forward(self, states, bias, context=None):
        for layer in self.layer:
            states = layer(states, states if context is None else context, bias)
        return states


class Pooler(nn.Module):
    """The first token's state through a dense layer and tanh."""

    def __init__(self, hidden):
        super().__init__()
        self.dense = nn.Linear(hidden, hidden)

    def forward(self, states):
        return torch.tanh(self.dense(states[:, 0]))


class Bert(nn.Module):
    """Token ids to states `[batch, tokens, hidden]` and the pooled summary `[batch, hidden]`."""

    def __init__(self, config, fused=False):
        super().__init__()
        self.embeddings = Embeddings(config)
        self.encoder = Layers(config, config['layers'], fused)
        self.pooler = Pooler(config['hidden'])

    def forward(self, ids, mask):
        states = self.encoder(self.embeddings(ids), attention_bias(mask))
        return states, self.pooler(states)


def attention_bias(mask):
    """`[batch, 1, 1, positions]`: what is added to the scores, so that padding gets no attention."""
    return ((1.0 - mask) * MASKED_SCORE)[:, None, None, :]

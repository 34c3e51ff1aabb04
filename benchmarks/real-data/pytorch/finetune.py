"""The opponent: an encoder with a linear head, fine-tuned for token classification as it is usually done.

    python finetune.py --posts FOLDER --encoder FOLDER --out FOLDER --seed 37 [...]

Reads train.jsonl, valid.jsonl and, where there is one, test.jsonl: one post a line, {"tokens": [...], "labels": [...]},
"labelledTypes" and "unlabelledTokens" where it is labelled in part. A word is tagged at its first piece; the loss is cross
entropy over those. The best epoch by strict F1 on the validation split is kept. Writes the labels it gives to every word
(valid.jsonl, test.jsonl and what --predict names) and run.json. A run that was stopped, or had come to --until, goes on from its
last whole epoch (last.pt), to the same numbers.
"""

import argparse
import json
import pathlib
import random
import re
import time

import torch
from transformers import AutoConfig, AutoModelForTokenClassification, AutoTokenizer
from transformers import get_linear_schedule_with_warmup

IGNORED = -100
# Batches whose posts are put in order of length together: little padding, and still a random order.
SORTED_BATCHES = 32


def strict_spans(labels):
    """Entities by the strict IOB2 rule: B- opens one, I- of the same type goes on, an I- that continues nothing is none."""
    spans, start, kind = set(), None, None
    for place, label in enumerate([*labels, 'O']):
        if kind is not None and label != f'I-{kind}':
            spans.add((kind, start, place))
            kind = None
        if label.startswith('B-'):
            start, kind = place, label[2:]
    return spans


def to_score(labels, post):
    """The entities predicted in a post, but for those of a type, or on a word, that was not labelled."""
    types, silent = post.get('labelledTypes'), post.get('unlabelledTokens', ())
    return {
        (kind, start, end)
        for kind, start, end in strict_spans(labels)
        if (types is None or kind in types) and not any(start <= word < end for word in silent)
    }


def strict_f1(posts, predicted):
    pairs = [(strict_spans(post['labels']), to_score(one, post)) for post, one in zip(posts, predicted, strict=True)]
    correct = sum(len(one & other) for one, other in pairs)
    total = sum(len(one) + len(other) for one, other in pairs)
    return 2 * correct / total if total else 0.0


def read_posts(file):
    # Not splitlines: a word may be a character that Python takes for the end of a line.
    return [json.loads(line) for line in file.read_text('utf8').split('\n') if line]


def first_pieces(encoded, post, words):
    """The piece at which each word is tagged; None where it has none, or was cut off."""
    places = [None] * words
    for place, word in enumerate(encoded.word_ids(post)):
        if word is not None and places[word] is None:
            places[word] = place
    return places


class Batches:
    """Posts as tensors."""

    def __init__(self, tokenizer, max_length, label_ids):
        self.tokenizer, self.max_length, self.label_ids = tokenizer, max_length, label_ids

    def encode(self, posts, **options):
        return self.tokenizer(
            [post['tokens'] for post in posts],
            is_split_into_words=True,
            truncation=True,
            max_length=self.max_length,
            **options,
        )

    def lengths(self, posts):
        return [len(ids) for ids in self.encode(posts)['input_ids']]

    def make(self, posts):
        encoded = self.encode(posts, padding=True, return_tensors='pt')
        places = [first_pieces(encoded, i, len(post['tokens'])) for i, post in enumerate(posts)]
        labels = torch.full(encoded['input_ids'].shape, IGNORED)
        for i, post in enumerate(posts):
            silent = set(post.get('unlabelledTokens', ()))
            for word, (place, label) in enumerate(zip(places[i], post['labels'], strict=True)):
                if place is not None and word not in silent:
                    labels[i, place] = self.label_ids[label]
        return encoded, labels, places


def epoch_order(lengths, size, chance):
    order = list(range(len(lengths)))
    chance.shuffle(order)
    batches = []
    for start in range(0, len(order), SORTED_BATCHES * size):
        stretch = sorted(order[start : start + SORTED_BATCHES * size], key=lambda place: -lengths[place])
        batches += [stretch[i : i + size] for i in range(0, len(stretch), size)]
    chance.shuffle(batches)
    return batches


@torch.inference_mode()
def predict(model, batches, posts, names, size=64):
    model.eval()
    order = sorted(range(len(posts)), key=lambda place: len(posts[place]['tokens']))
    predicted = [None] * len(posts)
    for start in range(0, len(order), size):
        chosen = order[start : start + size]
        encoded, _, places = batches.make([posts[place] for place in chosen])
        best = model(**encoded).logits.argmax(-1).tolist()
        for row, place in enumerate(chosen):
            predicted[place] = ['O' if piece is None else names[best[row][piece]] for piece in places[row]]
    return predicted


def depth(name, layers):
    """How often the layer-wise decay applies: once to the last layer, most to the embeddings, never to the head."""
    if name.startswith('classifier.'):
        return 0
    layer = re.search(r'\.layer\.(\d+)\.', name)
    return layers - int(layer[1]) if layer else layers + 1


def optimizer_for(model, options):
    """AdamW without decay for biases and layer norms; the head may have a rate of its own."""
    groups = {}
    for name, parameter in model.named_parameters():
        rate = options.head_rate if name.startswith('classifier.') else options.learning_rate
        rate *= options.layer_decay ** depth(name, model.config.num_hidden_layers)
        decay = 0.0 if name.endswith('.bias') or 'LayerNorm' in name else options.weight_decay
        groups.setdefault((rate, decay), []).append(parameter)
    return torch.optim.AdamW(
        [{'params': members, 'lr': rate, 'weight_decay': decay} for (rate, decay), members in groups.items()]
    )


def build(options, names):
    settings = {'num_labels': len(names), 'id2label': dict(enumerate(names))}
    if options.random_encoder:
        config = AutoConfig.from_pretrained(options.encoder, **settings)
        return AutoModelForTokenClassification.from_config(config)
    return AutoModelForTokenClassification.from_pretrained(options.encoder, **settings)


class Progress:
    """All that the next epoch depends on."""

    def __init__(self, given, model, optimizer, schedule, chance):
        # Of threads the numbers depend by their last digits alone.
        self.given = {name: value for name, value in given.items() if name not in ('threads', 'until', 'predict')}
        self.file = pathlib.Path(given['out']) / 'last.pt'
        self.parts = {'model': model, 'optimizer': optimizer, 'schedule': schedule}
        self.chance = chance
        self.best, self.kept, self.history = -1.0, None, []

    def restore(self):
        if not self.file.exists():
            return
        saved = torch.load(self.file, weights_only=False)
        if saved['given'] != self.given:
            return
        for name, part in self.parts.items():
            part.load_state_dict(saved[name])
        self.chance.setstate(saved['chance'])
        torch.set_rng_state(saved['torch'])
        self.best, self.kept, self.history = saved['best'], saved['kept'], saved['history']

    def save(self):
        self.file.parent.mkdir(parents=True, exist_ok=True)
        states = {name: part.state_dict() for name, part in self.parts.items()}
        own = {'best': self.best, 'kept': self.kept, 'history': self.history, 'given': self.given}
        aside = self.file.with_suffix('.tmp')
        torch.save({**states, **own, 'chance': self.chance.getstate(), 'torch': torch.get_rng_state()}, aside)
        aside.replace(self.file)

    def is_out_of_patience(self, patience):
        if patience == 0 or not self.history:
            return False
        best = max(self.history, key=lambda entry: entry['strict'])
        return self.history[-1]['epoch'] - best['epoch'] >= patience


def train(options):
    given = {name: str(value) if isinstance(value, pathlib.Path) else value for name, value in vars(options).items()}
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    chance = random.Random(options.seed)
    splits = {
        file.stem: read_posts(file)
        for name in ('train', 'valid', 'test')
        if (file := options.posts / f'{name}.jsonl').exists()
    }
    names = sorted({label for posts in splits.values() for post in posts for label in post['labels']})
    tokenizer = AutoTokenizer.from_pretrained(options.encoder)
    batches = Batches(tokenizer, options.max_length, {name: id for id, name in enumerate(names)})
    model = build(options, names)
    optimizer = optimizer_for(model, options)
    lengths = batches.lengths(splits['train'])
    steps = options.epochs * -(-len(lengths) // options.batch_size)
    schedule = get_linear_schedule_with_warmup(optimizer, round(options.warmup * steps), steps)
    progress = Progress(given, model, optimizer, schedule, chance)
    progress.restore()
    while len(progress.history) < (options.until or options.epochs) and not progress.is_out_of_patience(options.patience):
        epoch = len(progress.history) + 1
        began, total = time.monotonic(), 0.0
        model.train()
        for chosen in epoch_order(lengths, options.batch_size, chance):
            encoded, labels, _ = batches.make([splits['train'][place] for place in chosen])
            loss = model(**encoded, labels=labels).loss
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), options.clip)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            total += loss.item() * len(chosen)
        f1 = strict_f1(splits['valid'], predict(model, batches, splits['valid'], names))
        seconds = time.monotonic() - began
        progress.history.append({'epoch': epoch, 'loss': total / len(lengths), 'strict': f1, 'seconds': seconds})
        print(f'epoch {epoch}: loss {total / len(lengths):.4f}, validation {100 * f1:.2f}, {seconds:.0f} s', flush=True)
        if f1 > progress.best:
            progress.best = f1
            progress.kept = {name: value.clone() for name, value in model.state_dict().items()}
        progress.save()
    best, history = progress.best, progress.history
    options.out.mkdir(parents=True, exist_ok=True)
    if options.until:
        (options.out / 'history.json').write_text(json.dumps(history) + '\n', 'utf8')
        return
    model.load_state_dict(progress.kept)
    others = {name: read_posts(options.posts / f'{name}.jsonl') for name in options.predict}
    for name, posts in ({**splits, **others}).items():
        if name == 'train':
            continue
        text = ''.join(json.dumps(labels) + '\n' for labels in predict(model, batches, posts, names))
        file = options.out / f'{name}.jsonl'
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, 'utf8')
    best_epoch = next(entry['epoch'] for entry in history if entry['strict'] == best)
    config = model.config.to_dict()
    run = {'torch': torch.__version__, 'options': given, 'history': history, 'bestEpoch': best_epoch, 'config': config}
    # Written last: it says that the run is whole.
    (options.out / 'run.json').write_text(json.dumps(run, indent=2) + '\n', 'utf8')
    progress.file.unlink(missing_ok=True)


def main():
    parser = argparse.ArgumentParser(description='Fine-tunes an encoder for token classification')
    for name in ('posts', 'encoder', 'out'):
        parser.add_argument(f'--{name}', type=pathlib.Path, required=True)
    parser.add_argument('--random-encoder', action='store_true')
    parser.add_argument('--predict', nargs='*', default=[], help='further files to tag, below --posts and without .jsonl')
    parser.add_argument('--until', type=int, default=0, help='ends after this epoch, with its history.json, to go on later')
    defaults = {
        'seed': 37, 'epochs': 5, 'batch-size': 32, 'learning-rate': 1e-4, 'warmup': 0.1, 'weight-decay': 0.01,
        'layer-decay': 1.0, 'clip': 1.0, 'max-length': 128, 'threads': 2, 'patience': 0,
    }
    for name, value in defaults.items():
        parser.add_argument(f'--{name}', type=type(value), default=value)
    parser.add_argument('--head-rate', type=float, help='that of the linear head; default: the same')
    options = parser.parse_args()
    options.head_rate = options.head_rate or options.learning_rate
    train(options)


if __name__ == '__main__':
    main()

"""The text encoder alone: transformers' token classification, and its Trainer."""

import json
import queue
import threading
from os.path import join

import torch
from tensor_files import read_tensors
from transformers import BertConfig, BertForTokenClassification, Trainer, TrainerCallback, TrainingArguments


def build_tagger(folder):
    """Transformers' model with the weights of the race."""
    with open(join(folder, 'text.json')) as file:
        config = json.load(file)
    text = config['textEncoder']
    model = BertForTokenClassification(
        BertConfig(
            vocab_size=text['vocabSize'],
            hidden_size=text['hidden'],
            num_hidden_layers=text['layers'],
            num_attention_heads=text['heads'],
            intermediate_size=text['intermediate'],
            max_position_embeddings=text['maxPositions'],
            num_labels=len(config['labels']),
        )
    )
    stored = read_tensors(join(folder, 'reference.safetensors')) | read_tensors(join(folder, 'text.safetensors'))
    names = {'bert.': 'text_encoder.', 'classifier.': 'classifier.'}
    with torch.no_grad():
        for name, value in model.named_parameters():
            prefix = next(prefix for prefix in names if name.startswith(prefix))
            value.copy_(torch.from_numpy(stored[names[prefix] + name[len(prefix) :]]))
    return model


def tagger_inputs(batch):
    """What transformers' model is given of a batch."""
    return {'input_ids': batch['ids'], 'attention_mask': batch['mask']}


def piece_labels(batch):
    """A label for the first piece of every word; -100, which counts for nothing, for all other pieces."""
    first, labels = batch['firstPieces'], batch['labels']
    known = first.sum(1) > 0
    placed = torch.einsum('bwt,bw->bt', first, labels.to(first.dtype)).long()
    return torch.where(known, placed, -100)


class Tagging:
    """The scores of every piece between the special ones."""

    def __init__(self, folder, batches, settings, double, **_):
        self.batch = batches[0]
        self.model = build_tagger(folder).eval()
        if double:
            self.model = self.model.double()
        self.mode = torch.inference_mode
        if settings.get('compile') == 'inductor':
            self.mode = torch.no_grad
            self.model = torch.compile(self.model)

    def outputs(self):
        with self.mode():
            return {'emissions': self.model(**tagger_inputs(self.batch)).logits[:, 1:-1]}

    run = compare = outputs


class Handed(TrainerCallback):
    """Tells that a step is done."""

    def __init__(self):
        self.done = threading.Semaphore(0)

    def on_step_end(self, args, state, control, **_):
        self.done.release()


class HandedBatches(torch.utils.data.IterableDataset):
    """Gives a batch when one is handed over."""

    def __init__(self):
        self.waiting = queue.Queue()

    def __iter__(self):
        while True:
            yield self.waiting.get()


class TrainerEpoch:
    """Transformers' Trainer on the same batches, a step a run."""

    def __init__(self, folder, batches, **_):
        self.batches = [self.trained(batch) for batch in batches]
        self.next = 0
        self.handed = HandedBatches()
        self.callback = Handed()
        arguments = TrainingArguments(
            output_dir=join(folder, 'trainer'),
            max_steps=100_000,
            per_device_train_batch_size=1,
            learning_rate=5e-5,
            use_cpu=True,
            report_to=[],
            save_strategy='no',
            logging_strategy='no',
            disable_tqdm=True,
            dataloader_pin_memory=False,
        )
        self.trainer = Trainer(
            model=build_tagger(folder),
            args=arguments,
            train_dataset=self.handed,
            data_collator=lambda members: members[0],
            callbacks=[self.callback],
        )
        self.failure = None
        # The Trainer takes one batch ahead of the step at hand.
        self.hand()
        # It waits for batches for ever; it ends with the process.
        threading.Thread(target=self.train, daemon=True).start()

    def train(self):
        try:
            self.trainer.train()
        except Exception as error:
            self.failure = error
        self.callback.done.release()

    def hand(self):
        self.handed.waiting.put(self.batches[self.next % len(self.batches)])
        self.next += 1

    @staticmethod
    def trained(batch):
        length = int(batch['mask'].sum(1).max())
        inputs = {**tagger_inputs(batch), 'labels': piece_labels(batch)}
        return {name: tensor[:, :length].contiguous() for name, tensor in inputs.items()}

    def run(self):
        self.hand()
        self.callback.done.acquire()
        if self.failure is not None:
            raise self.failure

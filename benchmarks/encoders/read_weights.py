"""Writes the numbers of a model's own format as safetensors, under their own names; of a TensorFlow BERT, tokenizer and configuration too.

    python read_weights.py FORMAT MODEL FOLDER

needs `safetensors`, for `tensorflow-bert` also `tensorflow-cpu` and `transformers`, for `efficientnet-lite` `torch`.
"""

import pathlib
import shutil
import sys


def tensorflow_bert(model, out):
    from safetensors.numpy import save_file
    from tensorflow.train import load_checkpoint
    from transformers import BertConfig, BertTokenizerFast

    checkpoint = load_checkpoint(str(model / 'variables' / 'variables'))
    names = checkpoint.get_variable_to_shape_map()
    save_file({name: checkpoint.get_tensor(name) for name in names}, out / 'variables.safetensors')
    vocabulary = out / 'vocab.txt'
    shutil.copy(model / 'assets' / 'vocab.txt', vocabulary)
    BertTokenizerFast(vocab=str(vocabulary), do_lower_case=False, model_max_length=512).save_pretrained(out)
    # All other sizes are those of BERT-base, which are the defaults.
    size = names['module/bert/embeddings/word_embeddings'][0]
    BertConfig(vocab_size=size, architectures=['BertForMaskedLM']).save_pretrained(out)


def efficientnet_lite(model, out):
    import torch
    from safetensors.torch import save_file

    weights = torch.load(next(model.glob('*.pth')), map_location='cpu', weights_only=True)
    save_file({name: value.contiguous() for name, value in weights.items()}, out / 'variables.safetensors')


kind, model, out = sys.argv[1], *map(pathlib.Path, sys.argv[2:])
{'tensorflow-bert': tensorflow_bert, 'efficientnet-lite': efficientnet_lite}[kind](model, out)

"""Writes what transformers, or timm, makes of an encoder's folder: inputs and outputs as safetensors, words and cosines as JSON.

    python judge.py FOLDER QUESTIONS OUT

QUESTIONS is JSON: {"format": ..., "sentences": [...], "masked": [...], "cosines": ["one another", ...]}. OUT is a folder.
"""

import json
import pathlib
import sys

import torch
from safetensors.torch import load_file, save_file


def judge_text(folder, asked):
    from transformers import AutoModel, AutoModelForMaskedLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    words = [sentence.split() for sentence in asked['sentences']]
    encoded = tokenizer(words, is_split_into_words=True, padding=True, return_tensors='pt')
    model = AutoModel.from_pretrained(folder, attn_implementation='eager').eval()
    states = model(input_ids=encoded.input_ids, attention_mask=encoded.attention_mask).last_hidden_state
    ids = torch.where(encoded.attention_mask == 1, encoded.input_ids, -1)
    tensors = {'ids': ids.int().contiguous(), 'states': states.contiguous()}

    table = model.get_input_embeddings().weight
    row = lambda word: table[tokenizer.convert_tokens_to_ids(word)]
    cosine = lambda pair: torch.cosine_similarity(*map(row, pair.split()), dim=0).item()
    said = {'masked': {}, 'cosines': {pair: cosine(pair) for pair in asked['cosines']}}
    if asked['masked']:
        head = AutoModelForMaskedLM.from_pretrained(folder).eval()
        for sentence in asked['masked']:
            encoded = tokenizer(sentence, return_tensors='pt')
            place = encoded.input_ids[0].tolist().index(tokenizer.mask_token_id)
            best = head(**encoded).logits[0, place].topk(5).indices
            said['masked'][sentence] = tokenizer.convert_ids_to_tokens(best)
    return tensors, said


def judge_pictures(folder):
    import timm

    config = json.loads((folder / 'config.json').read_text())
    model = timm.create_model(config['architecture']).eval()
    model.load_state_dict(load_file(folder / 'model.safetensors'))
    size = config['pretrained_cfg']['input_size']
    pixels = torch.randn(2, *size, generator=torch.Generator().manual_seed(0))
    maps = model.forward_features(pixels)
    tensors = {'pixels': pixels.permute(0, 2, 3, 1), 'states': maps.flatten(2).permute(0, 2, 1)}
    return {name: values.contiguous() for name, values in tensors.items()}, {'masked': {}, 'cosines': {}}


@torch.inference_mode()
def main():
    folder, questions, out = map(pathlib.Path, sys.argv[1:])
    asked = json.loads(questions.read_text('utf8'))
    is_picture = asked['format'] == 'efficientnet-lite'
    tensors, said = judge_pictures(folder) if is_picture else judge_text(folder, asked)
    save_file(tensors, out / 'judged.safetensors')
    (out / 'said.json').write_text(json.dumps(said), 'utf8')


if __name__ == '__main__':
    main()

"""Exports the tagger for transformers.js, as its models on the hub are made: `export_tagger.py FOLDER`."""

import sys
from os import makedirs
from os.path import join

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from text import build_tagger

INPUTS = ['input_ids', 'attention_mask', 'token_type_ids']


def main(folder):
    model = build_tagger(folder).eval()
    model.set_attn_implementation('eager')
    target = join(folder, 'transformers.js', 'tagger')
    makedirs(join(target, 'onnx'), exist_ok=True)
    model.config.save_pretrained(target)
    plain = join(target, 'onnx', 'model.onnx')
    ids = torch.ones(2, 8, dtype=torch.long)
    axes = {name: {0: 'batch', 1: 'tokens'} for name in [*INPUTS, 'logits']}
    torch.onnx.export(
        model,
        (ids, ids, torch.zeros_like(ids)),
        plain,
        input_names=INPUTS,
        output_names=['logits'],
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )
    quantize_dynamic(plain, join(target, 'onnx', 'model_quantized.onnx'), per_channel=True, weight_type=QuantType.QInt8)
    onnx.checker.check_model(plain)


if __name__ == '__main__':
    main(sys.argv[1])

"""Checks exported models with PyPI's onnx and runs them in PyPI's onnxruntime, against what our side computed.

A quantised model is run with and without the option for exact products of bytes: the two must agree to the last bit, unless
its configuration says that it needs the option. Where products of bytes saturate, that is what 7 bits are for; the probe
beforehand says whether they do on this processor.

Usage: python verify.py FOLDER ...   each with an exported model in model/, and cases.json with the cases' tensors.
Needs onnx, onnxruntime and numpy.
"""

import json
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / 'pytorch'))
from tensor_files import read_tensors  # noqa: E402


def feeds_of(session, case):
    """The inputs of the graph: of the pictures only those that are there, and who has which."""
    feeds = {name: case[name] for name in ('ids', 'mask', 'firstPieces') if name in case}
    wanted = {given.name: given for given in session.get_inputs()}
    if 'pixels' in wanted:
        # A batch of texts has no picture.
        side = wanted['pixels'].shape[1]
        feeds['pixels'] = case.get('pixels', np.zeros((0, side, side, 3), np.float32))
        feeds['choice'] = case.get('choice', np.zeros((len(case['ids']), 1, 0), np.float32))
    return {name: values for name, values in feeds.items() if name in wanted}


EXACT = 'session.x64quantprecision'


def open_model(model, exact):
    """A session as a program makes it that knows nothing of us, or with the option."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    options.log_severity_level = 3
    if exact:
        options.add_session_config_entry(EXACT, '1')
    return onnxruntime.InferenceSession(model, options, providers=['CPUExecutionProvider'])


def saturates():
    """Whether products of the greatest bytes come out wrong in a plain session here."""
    rows, columns = 64, 32
    helper, types = onnx.helper, onnx.TensorProto
    weight = onnx.numpy_helper.from_array(np.full((rows, columns), 127, dtype=np.int8), 'w')
    graph = helper.make_graph(
        [helper.make_node('MatMulInteger', ['x', 'w'], ['y'])],
        'probe',
        [helper.make_tensor_value_info('x', types.UINT8, [1, rows])],
        [helper.make_tensor_value_info('y', types.INT32, [1, columns])],
        [weight],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid('', 17)], ir_version=8)
    session = open_model(model.SerializeToString(), False)
    (sums,) = session.run(None, {'x': np.full((1, rows), 255, dtype=np.uint8)})
    return bool((sums != rows * 255 * 127).any())


def agrees(folder, config, plain, exact, feeds):
    """Whether a quantised model needs the option only where it says so."""
    names = [output.name for output in plain.get_outputs()]
    pairs = list(zip(names, plain.run(names, feeds), exact.run(names, feeds)))
    same = all(np.array_equal(a, b) for _, a, b in pairs)
    needs = EXACT in config.get('session_config', {})
    if not same:
        gap = max(float(np.abs(a - b).max()) for _, a, b in pairs)
        print(f'{folder.name:<28}without the option: off by {gap:.3g}{", as its configuration says" if needs else " WRONG"}')
    return same or needs


def verify(folder):
    """Whether every output of every case is as close as the case demands."""
    path = folder / 'model' / 'model.onnx'
    onnx.checker.check_model(str(path), full_check=True)
    config = json.loads((folder / 'model' / 'config.json').read_text())
    metadata = {entry.key: entry.value for entry in onnx.load(str(path), load_external_data=False).metadata_props}
    # A model cannot hold its own digest.
    if json.loads(metadata['maf']) != {name: value for name, value in config.items() if name != 'sha256'}:
        print(f'{folder.name}: the metadata of the model differs from config.json')
        return False
    is_quantized = config['quantization'] != 'none'
    # As its configuration says: with the option where it needs it.
    session = open_model(str(path), EXACT in config.get('session_config', {}))
    both = [open_model(str(path), exact) for exact in (False, True)] if is_quantized else []
    fine = True
    equal = 0
    for case in json.loads((folder / 'cases.json').read_text()):
        arrays = read_tensors(folder / case['file'])
        names = [output.name for output in session.get_outputs()]
        feeds = feeds_of(session, arrays)
        results = dict(zip(names, session.run(names, feeds)))
        if both:
            fine = agrees(folder, config, *both, feeds) and fine
            equal += 1
        for name, result in results.items():
            expected = arrays.get(f'expected.{name}')
            if expected is None:
                continue
            difference = float(np.abs(result - expected).max())
            largest = float(np.abs(expected).max())
            # What is not finite must fail, and comparisons with it are false.
            close = result.shape == expected.shape and difference <= case['tolerance'] * max(largest, 1)
            fine = fine and close
            print(
                f'{folder.name:<28}{case["name"]:<28}{name:<11}{str(list(result.shape)):<14}'
                f'largest {largest:<10.4g}max difference {difference:<10.3g}{"" if close else "TOO FAR"}'
            )
    if both and fine and EXACT not in config.get('session_config', {}):
        print(f'{folder.name:<28}{equal} cases: with and without {EXACT} equal to the last bit')
    return fine


if __name__ == '__main__':
    there = 'saturate' if saturates() else 'are exact'
    print(f'onnx {onnx.__version__}, onnxruntime {onnxruntime.__version__}; products of bytes {there} in a plain session here')
    passed = [verify(pathlib.Path(folder)) for folder in sys.argv[1:]]
    sys.exit(0 if passed and all(passed) else 1)

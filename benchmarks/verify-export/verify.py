"""Checks exported models with PyPI's onnx and runs them in PyPI's onnxruntime, against what our side computed.

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
    wanted = {given.name for given in session.get_inputs()}
    if 'pixels' in wanted:
        rows = np.flatnonzero(case['present'])
        feeds['pixels'] = case['pixels'][rows]
        feeds['choice'] = np.eye(len(case['present']), dtype=np.float32)[:, rows]
    return {name: values for name, values in feeds.items() if name in wanted}


def verify(folder):
    """Whether every output of every case is as close as the case demands."""
    path = folder / 'model' / 'model.onnx'
    onnx.checker.check_model(str(path), full_check=True)
    config = json.loads((folder / 'model' / 'config.json').read_text())
    metadata = {entry.key: entry.value for entry in onnx.load(str(path), load_external_data=False).metadata_props}
    if json.loads(metadata['maf']) != config:
        print(f'{folder.name}: the metadata of the model differs from config.json')
        return False
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(path), options, providers=['CPUExecutionProvider'])
    fine = True
    for case in json.loads((folder / 'cases.json').read_text()):
        arrays = read_tensors(folder / case['file'])
        names = [output.name for output in session.get_outputs()]
        results = dict(zip(names, session.run(names, feeds_of(session, arrays))))
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
                f'{folder.name:<26}{case["name"]:<28}{name:<11}{str(list(result.shape)):<14}'
                f'largest {largest:<10.4g}max difference {difference:<10.3g}{"" if close else "TOO FAR"}'
            )
    return fine


if __name__ == '__main__':
    print(f'onnx {onnx.__version__}, onnxruntime {onnxruntime.__version__}')
    passed = [verify(pathlib.Path(folder)) for folder in sys.argv[1:]]
    sys.exit(0 if passed and all(passed) else 1)

"""Reads and writes safetensors with numpy alone, so that a Python with torch and numpy is all that is needed."""

import json

import numpy as np

TYPES = {'F32': np.float32, 'I32': np.int32, 'F64': np.float64, 'I64': np.int64, 'U8': np.uint8}
NAMES = {np.dtype(numpy_type): name for name, numpy_type in TYPES.items()}


def read_tensors(path, wanted=lambda name: True):
    """Every wanted array of a file by name; each is read into memory of its own, nothing stays mapped."""
    with open(path, 'rb') as file:
        header_size = int.from_bytes(file.read(8), 'little')
        header = json.loads(file.read(header_size))
        arrays = {}
        for name, entry in header.items():
            if name == '__metadata__' or not wanted(name):
                continue
            start, end = entry['data_offsets']
            numpy_type = np.dtype(TYPES[entry['dtype']])
            file.seek(8 + header_size + start)
            values = np.fromfile(file, numpy_type, (end - start) // numpy_type.itemsize)
            arrays[name] = values.reshape(entry['shape'])
    return arrays


def write_tensors(path, arrays):
    """Writes arrays in the order given."""
    header, offset = {}, 0
    for name, array in arrays.items():
        shape, size = list(array.shape), array.size * array.itemsize
        header[name] = {'dtype': NAMES[array.dtype], 'shape': shape, 'data_offsets': [offset, offset + size]}
        offset += size
    text = json.dumps(header).encode()
    text += b' ' * (-len(text) % 8)
    with open(path, 'wb') as file:
        file.write(len(text).to_bytes(8, 'little') + text)
        for array in arrays.values():
            file.write(np.ascontiguousarray(array).data)

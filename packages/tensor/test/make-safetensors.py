"""Writes small safetensors files, most of them wrong, and whether PyPI's `safetensors` 0.8.0 reads each: fixtures/safetensors.json.

    python packages/tensor/test/make-safetensors.py
"""

import base64
import json
import struct
from pathlib import Path

from safetensors import SafetensorError, deserialize


def entry(start, end, count=1, dtype="F32"):
    return f'{{"dtype":"{dtype}","shape":[{count}],"data_offsets":[{start},{end}]}}'


def file(header, data=0):
    header = header.encode() if isinstance(header, str) else header
    return struct.pack("<Q", len(header)) + header + bytes(data)


def tensors(*entries, data):
    return file("{" + ",".join(f'"{name}":{value}' for name, value in zip("abc", entries)) + "}", data)


def metadata(value):
    return file(f'{{"__metadata__":{value},"a":{entry(0, 4)}}}', 4)


one = entry(0, 4)
FILES = {
    "one tensor": tensors(one, data=4),
    "tensors in another order": tensors(entry(4, 8), one, data=8),
    "empty tensors in the same place": tensors(entry(0, 0, 0), entry(0, 0, 0), one, data=4),
    "an empty tensor inside another": tensors(one, entry(2, 2, 0), data=4),
    "tensors that overlap": tensors(one, entry(2, 6), data=6),
    "two tensors of the same bytes": tensors(one, one, data=4),
    "bytes between": tensors(one, entry(8, 12), data=12),
    "bytes before": tensors(entry(4, 8), data=8),
    "bytes after": tensors(one, data=8),
    "bytes without a tensor": file("{}", 4),
    "no tensor": file("{}"),
    "data that is cut off": tensors(one, data=3),
    "offsets the wrong way round": tensors(entry(4, 0), data=4),
    "three offsets": file('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,4]}}', 4),
    "a name twice": file(f'{{"a":{one},"a":{entry(4, 8)}}}', 8),
    "a field twice": file('{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 4),
    "a field more": file('{"a":{"x":1,"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 4),
    "a size that is text": tensors(entry(0, 4, '"1"'), data=4),
    "a size beyond 2 ** 53": tensors(entry(0, 0, f"{2 ** 62},4"), data=0),
    "a type in small letters": tensors(entry(0, 4, dtype="f32"), data=4),
    "metadata of texts": metadata('{"format":"pt"}'),
    "metadata that is null": metadata("null"),
    "metadata with a number": metadata('{"epoch":3}'),
    "metadata with an object": metadata('{"a":{"b":"c"}}'),
    "metadata that is a text": metadata('"pt"'),
    "metadata that is a list": metadata("[]"),
    "metadata twice": file(f'{{"__metadata__":{{}},"__metadata__":{{}},"a":{one}}}', 4),
    "a header before and after spaces": file(f' {{"a":{one}}} ', 4),
    "a header before zeros": file(f'{{"a":{one}}}\0\0', 4),
    "a header after a byte order mark": file(f'\ufeff{{"a":{one}}}', 4),
    "a header that is no UTF-8": file(f'{{"a\xff":{one}}}'.encode("latin1"), 4),
    "a header that is a list": file("[]"),
    "a tensor that is null": file('{"a":null}'),
    "a header of brackets": file('{"a":' + "[" * 200 + "]" * 200 + "}"),
    "a header beyond the file": struct.pack("<Q", 1000) + b"{}",
    "a header of nothing": bytes(8),
    "seven bytes": bytes(7),
}


def is_read(content):
    try:
        deserialize(content)
        return True
    except SafetensorError:
        return False


cases = [{"what": what, "file": base64.b64encode(content).decode(), "read": is_read(content)} for what, content in FILES.items()]
target = Path(__file__).parent / "fixtures" / "safetensors.json"
target.write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")

"""Writes the PyTorch checkpoints beside this script, under fixtures/; run once, with torch 2.2:

    python make-fixtures.py

expected.json holds what torch itself reads back, so the reader is compared with torch and not with itself.
"""

import collections
import io
import json
import os
import pathlib
import pickle
import zipfile

import torch

HERE = pathlib.Path(__file__).parent / "fixtures"
HERE.mkdir(exist_ok=True)


def tensors():
    base = torch.arange(12, dtype=torch.float32) / 8 - 0.5
    table = (torch.arange(6, dtype=torch.float32) * 1.5).reshape(2, 3)
    return collections.OrderedDict(
        float32=base.reshape(3, 4).clone(),
        float16=torch.tensor([0.1, -65504.0, 6e-8, float("inf")], dtype=torch.float16),
        bfloat16=torch.tensor([0.1, -3e38, 1e-40], dtype=torch.bfloat16),
        float64=torch.tensor([0.1, 1e-300], dtype=torch.float64),
        int64=torch.tensor([0, -1, 1 << 40], dtype=torch.int64),
        int32=torch.tensor([-2147483648, 7], dtype=torch.int32),
        int16=torch.tensor([-300], dtype=torch.int16),
        int8=torch.tensor([-128, 127], dtype=torch.int8),
        uint8=torch.tensor([0, 255], dtype=torch.uint8),
        bool=torch.tensor([True, False, True]),
        transposed=table.t(),
        permuted=torch.arange(24, dtype=torch.int32).reshape(2, 3, 4).permute(2, 0, 1),
        every_second=base[1::2],
        shared=base,
        shared_tail=base[8:].reshape(2, 2),
        expanded=torch.tensor([2.5]).expand(3, 2),
        parameter=torch.nn.Parameter(torch.tensor([[1.0, 2.0]])),
        scalar=torch.tensor(3.25),
        empty=torch.empty(0, 4),
    )


def expected(state):
    return {
        name: {
            "dtype": str(t.dtype).removeprefix("torch."),
            "shape": list(t.shape),
            "values": [repr(v) for v in t.detach().to(torch.float32).flatten().tolist()],
        }
        for name, t in state.items()
    }


def wrapped():
    named = collections.OrderedDict(("module." + name, t) for name, t in tensors().items())
    return {
        "epoch": 3,
        "best": 0.5,
        "big": 1 << 70,
        "name": "mixed é",
        "raw": b"\x00\xff",
        "tags": ["a", ("b", 1, 2, 3, None), {"c": True}, {1, 2}],
        "state_dict": named,
    }


def repacked(source, target, replaced=(), force_zip64=False):
    """Another writer's zip of the same records; zipfile writes ZIP64 everywhere once its limit is tiny."""
    limit = zipfile.ZIP64_LIMIT
    try:
        if force_zip64:
            zipfile.ZIP64_LIMIT = 10
        with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as new:
            for entry in old.infolist():
                data = dict(replaced).get(entry.filename.split("/", 1)[1], old.read(entry))
                with new.open(entry.filename, "w", force_zip64=force_zip64) as record:
                    record.write(data)
    finally:
        zipfile.ZIP64_LIMIT = limit
    if force_zip64:
        # Its last record still holds the true numbers beside the ZIP64 ones; a big file's cannot.
        data = bytearray(target.read_bytes())
        data[-14:-2] = b"\xff" * 12
        target.write_bytes(data)
        assert len(zipfile.ZipFile(target).namelist()) == len(zipfile.ZipFile(source).namelist())


class Hostile:
    def __reduce__(self):
        return os.system, ("echo this must never run",)


torch.save(wrapped(), HERE / "mixed.pt")
torch.save(wrapped(), HERE / "mixed-legacy.pt", _use_new_zipfile_serialization=False)
torch.save(wrapped(), HERE / "mixed-protocol-5.pt", pickle_protocol=5)
repacked(HERE / "mixed.pt", HERE / "mixed-zip64.pt", force_zip64=True)
repacked(HERE / "mixed.pt", HERE / "big-endian.pt", replaced={"byteorder": b"big"})
(HERE / "expected.json").write_text(json.dumps(expected(tensors())) + "\n")

layers = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3), torch.nn.BatchNorm2d(2))
for index, values in enumerate(layers.state_dict().values()):
    values.copy_((torch.arange(values.numel()) + index).reshape(values.shape))
torch.save(layers.state_dict(), HERE / "layers.pt")
(HERE / "layers.json").write_text(json.dumps(expected(layers.state_dict())) + "\n")

torch.save({"state_dict": {"weight": torch.zeros(1)}, "extra": Hostile()}, HERE / "hostile.pt")
torch.save(Hostile(), HERE / "hostile-legacy.pt", _use_new_zipfile_serialization=False)
torch.save(layers, HERE / "whole-model.pt")
buffer = io.BytesIO()
pickle.dump(Hostile(), buffer, protocol=0)
(HERE / "hostile.pkl").write_bytes(buffer.getvalue())

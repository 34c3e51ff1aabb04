"""Writes fixtures/oracle.json: what torchvision 0.17 on Pillow 10.4 makes of pictures that the test draws by the same
formula. (Pillow 13 takes the cheaper axis first, which moves some values by one.)

    python make-oracle.py
"""

import hashlib
import json
import pathlib

import numpy as np
import torch
from PIL import Image
from torchvision.transforms import CenterCrop, Compose, Normalize, Resize, ToTensor

SIZES = [
    # width, height, resize, size
    (640, 427, 256, 224),
    (300, 1000, 256, 224),
    (97, 61, 256, 224),
    (1, 1, 256, 224),
    (9000, 3, 256, 224),
    (2, 700, 256, 224),
    (256, 256, 256, 224),
    (341, 256, 256, 224),
    (257, 300, 256, 224),
    (1501, 2049, 256, 224),
    (40, 33, 33, 33),
    (100, 101, 40, 31),
]


def drawn(width, height):
    y, x, c = np.mgrid[0:height, 0:width, 0:3]
    return Image.fromarray((((x * (3 + c) + y * (5 - c)) ^ ((x * y) >> (2 + c))) & 255).astype(np.uint8))


def case(width, height, resize, size):
    cropped = CenterCrop(size)(Resize(resize)(drawn(width, height)))
    bytes_ = np.asarray(cropped).tobytes()
    normal = Compose([ToTensor(), Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])])(cropped)
    values = normal.permute(1, 2, 0).flatten().to(torch.float64)
    return {
        "width": width,
        "height": height,
        "resize": resize,
        "size": size,
        "sha256": hashlib.sha256(bytes_).hexdigest(),
        "first": list(bytes_[:12]),
        "normalised": {"first": values[:6].tolist(), "sum": values.sum().item()},
    }


path = pathlib.Path(__file__).parent / "fixtures" / "oracle.json"
path.parent.mkdir(exist_ok=True)
path.write_text(json.dumps([case(*sizes) for sizes in SIZES], indent=1) + "\n")

"""Steps of the published pipeline: pictures are read from their files in every step."""

import json
from concurrent.futures import ThreadPoolExecutor
from os.path import join

import numpy as np
import torch
from PIL import Image
from work import Training

MEAN = np.array([0.485, 0.456, 0.406], np.float32)
DEVIATION = np.array([0.229, 0.224, 0.225], np.float32)
SIDE, RESIZED = 224, 256


def read_picture(path, side):
    """A random crop, flipped or not, normalised, as the published code has it: `[3, side, side]`."""
    resized = RESIZED * side // SIDE
    picture = Image.open(path).convert('RGB').resize((resized, resized), Image.Resampling.BILINEAR)
    top, left = torch.randint(resized - side + 1, (2,)).tolist()
    values = np.asarray(picture, np.float32)[top : top + side, left : left + side]
    if torch.rand(()) < 0.5:
        values = values[:, ::-1]
    return torch.from_numpy(((values / 255 - MEAN) / DEVIATION).transpose(2, 0, 1).copy())


class PublishedEpoch(Training):
    """A step: pictures, ResNet, BERT, backward, update. The pictures of the next one are read meanwhile."""

    def __init__(self, folder, **options):
        super().__init__(folder=folder, **options)
        with open(join(folder, 'epoch.json')) as file:
            self.side = json.load(file)['side']
        with open(join(folder, 'epoch-pictures.json')) as file:
            files = json.load(file)
        self.paths = [[join(folder, 'epoch-pictures', name) for name in names] for names in files]
        self.reader = ThreadPoolExecutor(1)
        self.ahead = self.reader.submit(self.read, 0)

    def read(self, step):
        paths = self.paths[step % len(self.paths)]
        return torch.stack([read_picture(path, self.side) for path in paths])

    def batch(self):
        pixels = self.ahead.result().contiguous(memory_format=self.layout)
        batch = super().batch()
        self.ahead = self.reader.submit(self.read, self.next)
        return {**batch, 'pixels': pixels}

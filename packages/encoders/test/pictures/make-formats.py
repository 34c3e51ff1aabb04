"""Writes fixtures/formats.json: small pictures of formats that are not read, and CMYK pictures with what Pillow makes of them.

    pip install pillow==13.0.0 pillow-heif && python make-formats.py
"""

import base64
import io
import json
import pathlib

import numpy as np
import pillow_heif
from PIL import Image

pillow_heif.register_heif_opener()


def encoded(image, format, **options):
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def text(data):
    return base64.b64encode(data).decode()


grey = Image.new("RGB", (16, 16), (90, 120, 150))
unread = {
    "BMP": encoded(grey, "BMP"),
    "ICO": encoded(grey, "ICO", sizes=[(16, 16)]),
    "JPEG 2000": encoded(grey, "JPEG2000"),
    "TIFF (LAB)": encoded(grey.convert("LAB"), "TIFF"),
    "HEIC or video (heic)": encoded(grey, "HEIF", quality=10),
    "PNM": encoded(grey, "PPM"),
}

inks = Image.fromarray(np.random.default_rng(1).integers(0, 256, (16, 16, 4), dtype=np.uint8), "CMYK")
cmyk = {}
for format in ["TIFF", "JPEG"]:
    data = encoded(inks, format)
    cmyk[format] = {"file": text(data), "rgb": text(Image.open(io.BytesIO(data)).convert("RGB").tobytes())}
# Without Adobe's mark, which tells other readers that the inks are stored the other way round.
data = base64.b64decode(cmyk["JPEG"]["file"])
start = data.index(b"\xff\xee")
plain = data[:start] + data[start + 2 + int.from_bytes(data[start + 2 : start + 4], "big") :]
cmyk["JPEG without a mark"] = {
    "file": text(plain),
    "rgb": text(Image.open(io.BytesIO(plain)).convert("RGB").tobytes()),
}

path = pathlib.Path(__file__).parent / "fixtures" / "formats.json"
path.write_text(json.dumps({"unread": {name: text(data) for name, data in unread.items()}, "cmyk": cmyk}, indent=1) + "\n")

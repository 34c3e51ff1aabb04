"""Tags posts with a spaCy pipeline: a JSON list of labels a line.

    python tag_with_spacy.py MODEL HOW POSTS LABELS [POSTS LABELS ...]

HOW: `words` gives it the words of the posts; `text` gives it a text of them, which it cuts itself, and its entities are widened
to our words. Types are mapped by hand.
"""

import json
import pathlib
import re
import sys

import spacy
from spacy.tokens import Doc

TYPES = {
    'PERSON': 'PER',
    **dict.fromkeys(('GPE', 'LOC', 'FAC'), 'LOC'),
    'ORG': 'ORG',
    **dict.fromkeys(('NORP', 'PRODUCT', 'EVENT', 'WORK_OF_ART', 'LAW', 'LANGUAGE'), 'MISC'),
}


def space_after(words):
    """Whether a space stands after each word: none inside "don ' t" and "Ada ' s", before a comma, inside "U . S .", "..."."""
    spaces = []
    for place, word in enumerate(words):
        following = words[place + 1] if place + 1 < len(words) else ''
        after = words[place + 2] if place + 2 < len(words) else ''
        is_tail = re.fullmatch('(?i)s|t|m|d|ll|re|ve', following)
        is_apostrophe = word in ("'", '’') and place > 0 and not spaces[-1] and is_tail
        before_apostrophe = following in ("'", '’') and re.fullmatch('(?i)s|t|m|d|ll|re|ve', after)
        is_stop = following in set('.,!?;:') and (word[-1:].isalnum() or word == following)
        is_initial = word == '.' and place > 0 and len(words[place - 1]) == 1 and len(following) == 1 and following.isupper()
        spaces.append(not (is_apostrophe or before_apostrophe or is_stop or is_initial))
    return spaces


def labels_of(doc, starts):
    """A BIO label for each of our words, by where they start in the text."""
    labels = ['O'] * len(starts)
    for entity in doc.ents:
        kind = TYPES.get(entity.label_)
        if kind is None:
            continue
        own = [word for word, (start, end) in enumerate(starts) if start < entity.end_char and end > entity.start_char]
        for place, word in enumerate(own):
            labels[word] = f'{"I" if place else "B"}-{kind}'
    return labels


def places_of(words, spaces):
    """Where each word begins and ends in the text."""
    places, at = [], 0
    for word, space in zip(words, spaces):
        places.append((at, at + len(word)))
        at += len(word) + space
    return places


def main():
    model, how, *files = sys.argv[1:]
    nlp = spacy.load(model, exclude=['parser', 'tagger', 'attribute_ruler', 'lemmatizer', 'senter'])
    for posts, labels in zip(files[::2], files[1::2]):
        lines = [json.loads(line) for line in pathlib.Path(posts).read_text('utf8').split('\n') if line]
        tokens = [line['tokens'] for line in lines]
        spaces = [space_after(words) for words in tokens]
        if how == 'words':
            spaces = [[True] * len(words) for words in tokens]
            docs = [Doc(nlp.vocab, words=words, spaces=own) for words, own in zip(tokens, spaces)]
        else:
            docs = [''.join(w + ' ' * s for w, s in zip(words, own)) for words, own in zip(tokens, spaces)]
        tagged = [labels_of(doc, places_of(words, own)) for doc, words, own in zip(nlp.pipe(docs), tokens, spaces)]
        file = pathlib.Path(labels)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(''.join(json.dumps(one) + '\n' for one in tagged), 'utf8')
    print(json.dumps({'spacy': spacy.__version__, **{name: nlp.meta[name] for name in ('name', 'version', 'license')}}))


main()

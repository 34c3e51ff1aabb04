/** Valid posts in every format by the format's name, as the tool it is of writes them: a text, or files by their names. */
export const POST_SAMPLES: Readonly<Record<string, string | Readonly<Record<string, string>>>> = {
  CoNLL: 'IMGID:7\nRob\tB-PER\nin\tO\nOslo\tB-LOC\n\nIMGID:8\n👩‍🚀\tO\n',
  JSONL: [
    '{"id": "a", "tokens": ["Rob", "in", "Oslo"], "labels": ["B-PER", "O", "B-LOC"], "image": "7.png"}',
    '{"id": 7, "text": "Rob in Oslo", "entities": [{"type": "LOC", "start": 7, "end": 11}], "images": ["7.png"]}\n',
  ].join('\n'),
  'Hugging Face': [
    '{"id": "0", "tokens": ["Rob", "in", "Oslo"], "ner_tags": [1, 0, 3], "image": {"path": "7.png"}}',
    '{"id": "1", "tokens": ["Rob", "sleeps"], "ner_tags": [1, 0]}\n',
  ].join('\n'),
  spaCy: '[["I met Rob in Oslo", {"entities": [[6, 9, "PER"], [13, 17, "LOC"]]}]]\n',
  doccano: '{"id": 1, "text": "I met Rob in Oslo", "labels": [[6, 9, "PER"], [13, 17, "LOC"]]}\n',
  Prodigy:
    '{"text": "met Rob", "tokens": [{"text": "met", "start": 0, "end": 3, "id": 0, "ws": true}, {"text": "Rob", "start": 4, "end": 7, "id": 1, "ws": false}], "spans": [{"start": 4, "end": 7, "label": "PER", "token_start": 1, "token_end": 1}], "answer": "accept"}\n',
  'Label Studio':
    '{"id": 1, "annotations": [{"result": [{"value": {"start": 6, "end": 9, "text": "Rob", "labels": ["PER"]}, "from_name": "label", "to_name": "text", "type": "labels"}]}], "data": {"text": "I met Rob in Oslo"}}\n',
  AutoGluon: {
    'posts.csv':
      'text_snippet,entity_annotations,image\n"I met Rob","[{""entity_group"":""PER"",""start"":6,""end"":9}]",7.png\n',
  },
  brat: { 'posts.ann': 'T1\tPER 6 9\tRob\nT2\tLOC 13 17\tOslo\n', 'posts.txt': 'I met Rob in Oslo\n' },
}

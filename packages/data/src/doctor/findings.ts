/** How bad a finding is: an error makes reading stop or a result wrong, a warning changes results, a note is good to know. */
export type Severity = 'error' | 'warning' | 'note'

/** What a kind of finding is, said once for all of its places. */
export interface FindingKind {
  severity: Severity
  /** What all places of it have in common. */
  title: string
  /** What to do about it. */
  fix: string
  /** What `fix` does about it. @default it is left as it is */
  repair?: string
}

/** Every kind of finding by its code, the worst first. */
export const FINDINGS = {
  'empty-file': {
    severity: 'error',
    title: 'files without a post',
    fix: 'Write the posts there, or remove the file.',
  },
  'not-utf8': {
    severity: 'error',
    title: 'lines that are not UTF-8',
    fix: 'Convert the file to UTF-8 from the encoding it was written in.',
    repair: 'the post is left out',
  },
  'unreadable-line': {
    severity: 'error',
    title: 'lines that cannot be read',
    fix: 'Write word, tab, label (CoNLL), or one JSON object (JSONL) there.',
    repair: 'the post is left out',
  },
  'second-header': {
    severity: 'error',
    title: 'headers inside a post, or the same one again',
    fix: 'Put an empty line between posts; above the words of each a header for each of its pictures.',
    repair: 'an empty line is put above, or it is left out',
  },
  'empty-post': {
    severity: 'error',
    title: 'posts without a word',
    fix: 'Put the words of the post there, or remove it.',
    repair: 'the post is left out',
  },
  'label-outside-scheme': {
    severity: 'error',
    title: 'labels that are of no scheme (BIO, BIOES, BILOU)',
    fix: 'Convert the labels to the BIO scheme.',
    repair: 'the post is left out',
  },
  'misplaced-entity': {
    severity: 'error',
    title: 'entities that begin or end inside a word or on white space, or whose text is elsewhere',
    fix: "Correct the offsets; or read them as they count (offsets: 'codepoints', endInclusive: true), or with the whole words that they touch (misplacedEntities: 'fit').",
    repair:
      'offsets are converted where another way of counting fits all of a file, else the post is left out',
  },
  iob1: {
    severity: 'error',
    title: 'files most of whose entities open with I-, as in IOB1',
    fix: "Read it as that (scheme: 'iob1'), or convert the labels.",
    repair: 'I- becomes B- where it opens an entity',
  },
  'ambiguous-id': {
    severity: 'error',
    title: 'ids that are a number in one post and a text in another',
    fix: 'Give each post an id of its own, all as texts or all as numbers.',
    repair: 'the post is left out',
  },
  'orphan-inside': {
    severity: 'error',
    title: 'I- labels that continue no entity of their type',
    fix: 'Make them B-: strict scoring counts no such entity, lenient scoring does.',
    repair: 'I- becomes B-',
  },
  'picture-name': {
    severity: 'error',
    title: 'picture names that lead out of the images folder',
    fix: 'Name the picture by its path relative to the images folder, with / between folders.',
    repair: 'the post loses its picture',
  },
  'missing-picture': {
    severity: 'error',
    title: 'pictures that are named but not there',
    fix: 'Add the picture, or take the reference out: the post would count as one without a picture.',
    repair: 'the post loses its picture',
  },
  'broken-picture': {
    severity: 'error',
    title: 'pictures that cannot be decoded',
    fix: 'Fetch the picture again, or take the reference out.',
    repair: 'the post loses its picture',
  },
  'other-offsets': {
    severity: 'warning',
    title: 'files whose entities all fit by another way of counting',
    fix: "Read it so (offsets: 'codepoints', endInclusive: true, splitter: 'characters'), or have offsets converted in a repaired copy (fix: FOLDER).",
    repair: 'offsets become UTF-16 units, end exclusive',
  },
  'unknown-field': {
    severity: 'warning',
    title: 'fields of posts that are not read',
    fix: 'Nothing where it is not needed; else write it as one of id, text, tokens, labels, entities, label, image, images.',
  },
  'left-out': {
    severity: 'warning',
    title: 'records that are no posts',
    fix: 'Nothing where they were rejected on purpose; else accept them in the tool they are of.',
    repair: 'they are left out',
  },
  'not-carried': {
    severity: 'warning',
    title: 'what a tool wrote and posts do not have',
    fix: 'Nothing where it is not needed: entities, texts and pictures are read.',
    repair: 'it is left out',
  },
  'edited-data-set': {
    severity: 'warning',
    title: 'splits of a known data set that are not as published',
    fix: 'Compare results only with those on the same labels, and say which labels they are.',
  },
  'unlabelled-post': {
    severity: 'warning',
    title: 'posts without labels',
    fix: 'Add labels: it can neither be trained on nor scored.',
  },
  'duplicate-id': {
    severity: 'warning',
    title: 'ids that occur again in their split',
    fix: 'Give every post an id of its own (in CoNLL files: a picture of its own).',
  },
  'id-across-splits': {
    severity: 'warning',
    title: 'ids that occur in another split too',
    fix: 'Keep the post in one split: what was trained on must not be scored.',
  },
  'rounded-id': {
    severity: 'warning',
    title: 'ids that are numbers which JSON readers write otherwise',
    fix: 'Write the id as a text: many programs round numbers beyond 2^53.',
    repair: 'it becomes a string',
  },
  'duplicate-text': {
    severity: 'warning',
    title: 'posts whose words and labels occur again in their split',
    fix: 'Keep one of them: it counts twice.',
    repair: 'in train all but the first are left out',
  },
  'text-across-splits': {
    severity: 'warning',
    title: 'posts whose words and labels occur in another split too',
    fix: 'Keep the post in one split: what was trained on must not be scored.',
    repair: 'the post is left out of train',
  },
  'conflicting-labels': {
    severity: 'warning',
    title: 'posts whose words occur elsewhere with other labels',
    fix: 'Decide which labels are right.',
    repair: 'across splits: the post is left out of train',
  },
  'type-not-in-train': {
    severity: 'warning',
    title: 'entity types that train does not have',
    fix: 'Correct the type, or add examples to train: no model can learn it.',
  },
  'blank-token': {
    severity: 'warning',
    title: 'words without anything visible',
    fix: 'Remove it with its label: programs that strip such signs lose it, and every label after it shifts.',
  },
  'vanished-token': {
    severity: 'warning',
    title: 'words of which the tokenizer leaves nothing',
    fix: 'Remove the word, or take another encoder: it stands as one [UNK].',
  },
  'cut-post': {
    severity: 'warning',
    title: 'posts longer than the greatest length',
    fix: "Nothing where it is read in windows, as training does by default; with longTexts: 'cut' words beyond count as O: raise maxLength, or split the post.",
  },
  'unread-picture': {
    severity: 'warning',
    title: 'pictures of a format that is not read',
    fix: 'Convert the picture to JPEG, PNG, WebP, GIF, TIFF or AVIF: until then the post counts as one without a picture.',
  },
  'tiny-picture': {
    severity: 'warning',
    title: 'pictures with a side below 32 pixels',
    fix: 'Fetch a larger version: encoders read 224 x 224.',
  },
  'mislabelled-picture': {
    severity: 'warning',
    title: 'pictures whose suffix names another format',
    fix: 'Rename the file: programs that go by the suffix cannot read it.',
    repair: 'it is renamed, where no other picture has that name',
  },
  'picture-across-splits': {
    severity: 'warning',
    title: 'pictures that occur in another split too, byte for byte',
    fix: 'Keep posts with the same picture in one split.',
  },
  'byte-order-mark': {
    severity: 'note',
    title: 'files with a byte order mark',
    fix: 'Save the file as UTF-8 without one: some readers take it for a part of the first word.',
    repair: 'it is left out',
  },
  'carriage-return': {
    severity: 'note',
    title: 'files with Windows line ends',
    fix: 'Save the file with plain line feeds: some readers take the other sign for a part of the label.',
    repair: 'line ends become line feeds',
  },
  'no-final-blank-line': {
    severity: 'note',
    title: 'files without an empty line after the last post',
    fix: 'Add one: some readers lose the last post without it.',
    repair: 'one is added',
  },
  'other-type': {
    severity: 'note',
    title: 'files with the type OTHER',
    fix: 'Nothing to do: it is read as MISC, which most publications call it.',
    repair: 'OTHER becomes MISC',
  },
  'other-scheme': {
    severity: 'note',
    title: 'files with labels of another scheme than BIO',
    fix: 'Nothing to do: they are read as BIO.',
    repair: 'they become BIO',
  },
  'unread-file': {
    severity: 'note',
    title: 'files in the data folder that are not read',
    fix: 'Name it train, valid (val, dev) or test with the suffix of a format where it holds posts.',
  },
  'type-in-one-split': {
    severity: 'note',
    title: 'entity types that only one split has',
    fix: 'Check that it is no slip: no score tells anything about it.',
  },
  'unknown-token': {
    severity: 'note',
    title: 'words the tokenizer does not know',
    fix: 'Nothing, or another encoder: each stands as [UNK].',
  },
  'duplicate-picture': {
    severity: 'note',
    title: 'pictures that occur again in their split, byte for byte',
    fix: 'Check that it is no placeholder of a picture that was deleted.',
  },
  'unnamed-picture': {
    severity: 'note',
    title: 'picture files that no post names',
    fix: 'Nothing, or remove the files.',
    repair: 'they are not copied',
  },
} as const satisfies Record<string, FindingKind>

/** What a finding is, as `doctor` prints it. */
export type FindingCode = keyof typeof FINDINGS

/** One thing the doctor found, at one place. It never quotes a post's text, so that a report may be shown. */
export interface Finding {
  code: FindingCode
  severity: Severity
  file: string
  /** Counted from 1; absent where the whole file is meant. */
  line?: number | undefined
  /** What there is at this place. */
  message: string
  fix: string
}

/** A finding of a kind, at a place. */
export function finding(code: FindingCode, file: string, line: number | undefined, message: string): Finding {
  const { severity, fix } = FINDINGS[code]
  return { code, severity, file, line, message, fix }
}

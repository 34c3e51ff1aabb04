/** A mistake that somebody could make, and the tests that must find it. */
export interface Fault {
  /** kebab-case, unique. */
  name: string
  /** A text that stands exactly once in the sources of all packages: files may move. */
  find: string
  replace: string
  /** Parts of the paths of test files. */
  tests: readonly string[]
}

/** One fault of each kind that came to mind, all packages together. */
export const faults: readonly Fault[] = [
  {
    name: 'viterbi-axis', // from and to confused
    find: 'const candidate = scores[i]! + transitions[i * labels + to]!',
    replace: 'const candidate = scores[i]! + transitions[to * labels + i]!',
    tests: ['crf/test/enumeration'],
  },
  {
    name: 'absent-pairs-axis', // the mask of absent pairs along the other axis
    find: 'tf.expandDims(absent, 1 - axis)',
    replace: 'tf.expandDims(absent, axis)',
    tests: ['align/test/align'],
  },
  {
    name: 'exchange-without-step', // every step exchanges the same pictures
    find: "{ seed, step, site: 'match.exchanges' }",
    replace: "{ seed, site: 'match.exchanges' }",
    tests: ['match/test/exchanges'],
  },
  {
    name: 'queries-unmasked', // the states of padded tokens are not zeros
    find: 'maskQueries ? tf.mul(present, tf.expandDims(text.mask, 2)) : present',
    replace: 'present',
    tests: ['interact/test/interact'],
  },
  {
    name: 'gate-other-way', // what the gate keeps out comes in
    find: 'tf.concat([text, tf.mul(gate, states)], 2)',
    replace: 'tf.concat([text, tf.mul(tf.sub(1, gate), states)], 2)',
    tests: ['fuse/test/fuse'],
  },
  {
    name: 'attention-unmasked', // padding is attended to
    find: 'tf.softmax(tf.add(scores, masked))',
    replace: 'tf.softmax(scores)',
    tests: ['tensor/test/layers', 'tensor/test/functions', 'interact/test/interact'],
  },
  {
    name: 'layer-norm-gradient', // what moves the mean stays in
    find: 'tf.sub(tf.sub(slope, tf.mean(slope, -1, true)), tf.mul(normalised, alongNormalised))',
    replace: 'tf.sub(slope, tf.mul(normalised, alongNormalised))',
    tests: ['text-conformance'],
  },
  {
    name: 'lock-without-below', // a folder in a locked one is free to take
    find: "const [below] = where === 'beside' ? locksBelow(target) : []",
    replace: "const [below] = where === 'inside' ? locksBelow(target) : []",
    tests: ['lock-folder'],
  },
  {
    name: 'swap-old-first', // an interrupted swap goes back instead of on
    find: 'interrupted?.partial ?? interrupted?.replaced ?? target',
    replace: 'interrupted?.replaced ?? interrupted?.partial ?? target',
    tests: ['checkpoint/interrupted'],
  },
  {
    name: 'convolution-pads', // what is added before and after confused
    find: '  dilations,\n  pads: [...before, ...after.map(reach => Math.max(reach, 0))],',
    replace: '  dilations,\n  pads: [...after.map(reach => Math.max(reach, 0)), ...before],',
    tests: ['compile/test/kernels'],
  },
  {
    name: 'fold-shared-product', // a product that is read twice is scaled for both
    find: 'if (alpha === undefined || editor.uses(product!.outputs[0]!) !== 1) continue',
    replace: 'if (alpha === undefined) continue',
    tests: ['compile/test/rewrite'],
  },
  {
    name: 'adam-correction', // no correction of the first moments
    find: '(rate * correction2) / correction1,',
    replace: 'rate * correction2,',
    tests: ['training/optimizers'],
  },
  {
    name: 'quantize-axis', // a scale of the wrong channel
    find: '[sizeOf(shape), shape[axis]!, sizeOf(shape.slice(axis + 1))]',
    replace: '[sizeOf(shape), shape[axis]!, sizeOf(shape.slice(axis))]',
    tests: ['quantize/symmetric'],
  },
  {
    name: 'tokenizer-off-by-one', // no room for the last token
    find: 'if (cut.length > 0 || ids.length + size + 1 > maxLength) {',
    replace: 'if (cut.length > 0 || ids.length + size > maxLength) {',
    tests: ['tokenizer/word-tokenizer'],
  },
  {
    name: 'roberta-positions', // positions one too low
    find: "tf.add(tf.mul(tf.cumsum(real, 1), real), tf.scalar(padId, 'int32'))",
    replace: "tf.add(tf.mul(tf.cumsum(real, 1, true), real), tf.scalar(padId, 'int32'))",
    tests: ['text/text-encoder'],
  },
  {
    name: 'picture-half-pixel', // pictures shifted by half a pixel
    find: 'const centre = (start + i + 0.5) * scale',
    replace: 'const centre = (start + i) * scale',
    tests: ['pictures/geometry', 'pictures/formats'],
  },
  {
    name: 'channels-not-first', // pixels in the order of another layout
    find: 'data: channelsFirst(chosen, sites, 3)',
    replace: 'data: chosen',
    tests: ['onnx-image'],
  },
  {
    name: 'lenient-as-strict', // an I- that continues nothing opens an entity
    find: "(prefix === 'I' && rule !== 'strict')",
    replace: "prefix === 'I'",
    tests: ['entities/spans'],
  },
  {
    name: 'window-context', // context counted from a word's own first piece
    find: 'pieces[end]! - pieces[word + 1]!',
    replace: 'pieces[end]! - pieces[word]!',
    tests: ['data/test/windows'],
  },
  {
    name: 'same-order-every-epoch', // the epoch has no part in the order
    find: "{ seed, step: epoch, site: 'data.batchOrder' }",
    replace: "{ seed, site: 'data.batchOrder' }",
    tests: ['batch-order'],
  },
  {
    name: 'pictures-of-one-seed', // every picture is drawn alike
    find: 'pictureSeed: firstPictureSeed + index,',
    replace: 'pictureSeed: firstPictureSeed,',
    tests: ['demo-corpus/test'],
  },
  {
    name: 'same-dropout-in-parts', // all parts of a batch draw alike
    find: 'step: step * accumulate + i',
    replace: 'step: step * accumulate',
    tests: ['take-step'],
  },
  {
    name: 'patience-one-more', // an epoch too many
    find: 'progress.epoch - 1 - progress.best.epoch >= patience',
    replace: 'progress.epoch - 1 - progress.best.epoch > patience',
    tests: ['parameter-groups'],
  },
  {
    name: 'events-written-twice', // the epoch at hand is logged again on resuming
    find: 'event.step <= step : event.epoch < epoch',
    replace: 'event.step <= step + 1 : event.epoch < epoch',
    tests: ['/resume.test'],
  },
  {
    name: 'moments-lost', // resumed with the means for the mean squares
    find: 'state.secondMoments.set(secondMoments[index]!, offset)',
    replace: 'state.secondMoments.set(firstMoments[index]!, offset)',
    tests: ['/resume.test'],
  },
  {
    name: 'cache-key-unsorted', // another order of the same options misses the cache
    find: '    .sort(([a], [b]) => (a < b ? -1 : 1))\n    .map(([name, inner])',
    replace: '    .map(([name, inner])',
    tests: ['freeze-encoder'],
  },
  {
    name: 'damaged-data-read', // the digest of the numbers beside a graph is not checked
    find: 'if (hasData && config.sha256) {',
    replace: 'if (hasData && !config.sha256) {',
    tests: ['export/damaged-export'],
  },
  {
    name: 'answer-of-another-post', // an unreadable post shifts the answers
    find: 'worded.map((post, i) => [post, tagged[i]!])',
    replace: 'read.flatMap(({ post }, i) => (post ? [[post, tagged[i]]] : []))',
    tests: ['predict/annotate'],
  },
  {
    name: 'first-word-no-orphan', // an I- at the beginning of a post is overlooked
    find: "label.startsWith('I-') && labels[at - 1]?.slice(1)",
    replace: "label.startsWith('I-') && at > 0 && labels[at - 1]?.slice(1)",
    tests: ['doctor/examine'],
  },
  {
    name: 'usage-exit-code', // a wrong command line looks like a failed command
    find: 'return error.exitCode === 0 ? 0 : codes.usage',
    replace: 'return error.exitCode',
    tests: ['/run.test'],
  },
]

import { join } from 'node:path'
import { useBackend } from '@mafjs/compile/engine'
import { collate, splitWords } from '@mafjs/data'
import * as tf from '@tensorflow/tfjs-core'
import { beforeEach, expect, test } from 'vitest'
import { loadCheckpoint } from '../../src/checkpoint/load-checkpoint'
import { loadMaf } from '../../src/predict/load-maf'
import { writeTinyCheckpoint } from '../checkpoint/tiny-checkpoint'
import { folderWith } from '../data/files'
import { BOTH_ENGINES } from '../engine/both-engines'
import { batchTensors } from '../model/batch-tensors'

beforeEach(() => useBackend('cpu'))

/** Every sequence of labels that BIO allows. */
function* legalPaths(labels: readonly string[], length: number): Generator<number[]> {
  if (length === 0) {
    yield []
    return
  }
  for (const path of legalPaths(labels, length - 1)) {
    const last = path.length > 0 ? labels[path.at(-1)!]! : 'O'
    for (const [id, label] of labels.entries()) {
      const continues = label.startsWith('I-')
      if (!continues || last === `B-${label.slice(2)}` || last === label) yield [...path, id]
    }
  }
}

/** The spans of a path: `type start end`. */
function spansOf(path: readonly number[], labels: readonly string[]): string[] {
  const spans: string[] = []
  for (let start = 0; start < path.length; start++) {
    const [kind, type] = labels[path[start]!]!.split('-')
    if (kind !== 'B') continue
    let end = start + 1
    while (end < path.length && labels[path[end]!] === `I-${type}`) end++
    spans.push(`${type} ${start} ${end}`)
  }
  return spans
}

test.each(BOTH_ENGINES)(
  'a score is the share of exactly that span in all legal paths, engine %s',
  async (_, engine) => {
    const folder = join(await folderWith(), 'model')
    // Milder than the other tests' weights: scores between 0 and 1 tell more than scores at 1.
    await writeTinyCheckpoint(folder, {
      change: snapshot => {
        const { values } = snapshot['classifier.weight']!
        values.set(values.map(value => value / 4))
        const transitions = snapshot['crf.transitions']!.values
        transitions.set(transitions.map((_, i) => Math.sin(3 * i)))
      },
    })
    const { model, tokenizer } = await loadCheckpoint(folder)
    const maf = await loadMaf(folder, engine)
    await useBackend('cpu')
    const { labels } = model.config
    const parameter = (name: string): Float32Array => model.parameters()[`crf.${name}`]!.dataSync<'float32'>()
    const [starts, ends, transitions] = ['start_transitions', 'end_transitions', 'transitions'].map(parameter)
    let compared = 0

    for (const text of ['kevin', 'kevin loves paris', 'bob in paris and kevin', 'a paris paris kevin b']) {
      const { words, offsets } = splitWords(text, 'tweet')
      const batch = collate([{ id: '', words, source: { file: '', line: 1 } }], { tokenizer })
      const inputs = batchTensors(model.config, batch)
      const emissions = model.apply(inputs).emissions.dataSync()
      const score = (path: readonly number[]): number =>
        path.reduce(
          (sum, label, t) =>
            sum +
            emissions[t * labels.length + label]! +
            (t > 0 ? transitions![path[t - 1]! * labels.length + label]! : starts![label]!),
          ends![path.at(-1)!]!,
        )
      let all = 0
      let best = { score: Number.NEGATIVE_INFINITY, spans: [] as string[] }
      const weights = new Map<string, number>()
      for (const path of legalPaths(labels, words.length)) {
        const value = score(path)
        const spans = spansOf(path, labels)
        if (value > best.score) best = { score: value, spans }
        all += Math.exp(value)
        for (const span of spans) weights.set(span, (weights.get(span) ?? 0) + Math.exp(value))
      }
      const { entities } = await maf.annotate({ text })
      const named = entities.map(({ type, start, end }) => {
        const first = offsets.findIndex(([from]) => from === start)
        const last = offsets.findIndex(([, to]) => to === end)
        return `${type} ${first} ${last + 1}`
      })
      expect(named).toEqual(best.spans)
      for (const [i, { score }] of entities.entries()) {
        expect(score).toBeCloseTo(weights.get(named[i]!)! / all, 6)
        if (score > 0.05 && score < 0.95) compared += 1
      }
    }
    expect(compared).toBeGreaterThan(3)
    model.dispose()
    await maf.dispose()
    tf.disposeVariables()
  },
)

import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { percent } from '@mafjs/evaluate'
import { trainUntil } from '../training/train-until'
import { writeResult } from '../write-result'
import type { Options } from './options'
import { meanF1, meanNamesF1, type SetScores, scoreSets } from './set-scores'
import { type Choice, FIRST, SETTINGS, TRIALS, WORTH_A_TYPE } from './settings'
import { writeVariant } from './variants'

/** A choice and what validation says of it, after one epoch. */
export interface Trial {
  choice: Choice
  /** Means over the sets, strict. */
  f1: number
  namesF1: number
  sets: { set: string; f1: number }[]
}

/** What was tried, and what was chosen. */
export interface Choices {
  settings: object
  trials: Trial[]
  chosen: Choice
}

/** A choice as a folder is called. */
export const nameOf = ({ missing, shapes, learningRate }: Choice): string =>
  [missing.replace(' ', '-'), ...(shapes ? ['shapes'] : []), learningRate].join('-')

/** The data and settings of a run. */
export async function runOf(choice: Choice, { encoder, work, threads }: Options) {
  const data = await writeVariant(join(work, 'data'), join(work, 'variants'), choice.missing)
  return {
    ...SETTINGS,
    ...{ data, textEncoder: encoder, threads, learningRate: choice.learningRate },
    ...(choice.shapes && { wordShapes: true }),
  }
}

/** Whether a trial is better than another: doing without a type must be worth it. */
export function isBetter(trial: Trial, best: Trial): boolean {
  if (trial.choice.missing === 'left out' && best.choice.missing !== 'left out')
    return trial.namesF1 > best.namesF1 + WORTH_A_TYPE
  return trial.f1 > best.f1
}

async function tryChoice(choice: Choice, options: Options, signal: AbortSignal): Promise<Trial> {
  const { work, threads } = options
  const out = join(work, 'choose', nameOf(choice))
  const run = await runOf(choice, options)
  await trainUntil({ ...run, epochs: 1, out, signal })
  const sets: SetScores[] = await scoreSets({ model: out, data: join(work, 'data'), split: 'valid', threads })
  const trial = {
    ...{ choice, f1: meanF1(sets), namesF1: meanNamesF1(sets) },
    sets: sets.map(({ set, strict }) => ({ set, f1: strict.micro.f1 })),
  }
  console.log(
    `${nameOf(choice)}: validation F1 ${percent(trial.f1)}, of PER, LOC and ORG ${percent(trial.namesF1)}`,
  )
  return trial
}

/** Tries one thing after the other for an epoch, and keeps what validation likes better. No test split is read. */
export async function chooseSettings(options: Options, signal: AbortSignal): Promise<void> {
  const known = await readChoices(options)
  const trials: Trial[] = []
  const trialOf = async (choice: Choice): Promise<Trial> => {
    const before = known?.trials.find(trial => nameOf(trial.choice) === nameOf(choice))
    const trial = before ?? (await tryChoice(choice, options, signal))
    trials.push(trial)
    return trial
  }
  let best = await trialOf(FIRST)
  const record = (): Promise<void> =>
    writeResult(options.results, 'posts-en-choices', {
      settings: { ...SETTINGS, epochs: 1 },
      trials,
      chosen: best.choice,
    })
  for (const change of TRIALS) {
    const trial = await trialOf({ ...best.choice, ...change })
    if (isBetter(trial, best)) best = trial
    await record()
  }
  console.log(`chosen: ${nameOf(best.choice)}`)
}

/** What was chosen before; nothing where nothing was. */
export async function readChoices({ results }: Pick<Options, 'results'>): Promise<Choices | undefined> {
  const file = join(results, 'posts-en-choices.json')
  return existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as Choices) : undefined
}

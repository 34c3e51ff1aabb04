import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AblationReport, AblationRow, ProbeReport, ProbeResult } from '@mafjs/cli'
import { markdownTable, percent, points, pValue, spread } from '@mafjs/evaluate'
import { FROM_SOURCE, runNerMaf, runShown } from '../../tools/processes'
import { describeMachine } from '../machine'
import { writeResult } from '../write-result'
import type { Options } from './mvsa'

const pathOf = (name: string): string => fileURLToPath(new URL(`../cp-mner/${name}`, import.meta.url))

/** A finished part as it is committed: figures alone, nothing of the data. */
export interface CpMnerRecord extends Pick<AblationReport, 'sentences' | 'dataFingerprint' | 'seeds'> {
  part: string
  rows: Pick<AblationRow, 'title' | 'f1' | 'validation' | 'against'>[]
  probe: Pick<ProbeReport, 'probes' | 'auc' | 'gates'>
  machine: ReturnType<typeof describeMachine>
}

const readReport = async <Report>(...path: string[]): Promise<Report> =>
  JSON.parse(await readFile(join(...path), 'utf8'))

/** Trains MAF and text only on CP-MNER, with multilingual BERT or a small one from random weights, probes MAF, and writes the JSON. */
export async function runCpMner(part: 'cp-mner' | 'cp-mner-small', options: Options): Promise<void> {
  const { models, chinese, imageEncoder, threads, results } = options
  const [work, data] = [join(options.work, part), join(options.data, 'cp-mner')]
  const pretrained = ['--text-encoder', chinese, '--config', pathOf('multilingual.yaml')]
  await runShown(process.execPath, [
    ...[...FROM_SOURCE, pathOf('cp-mner.ts'), '--text-only', '--seeds', '1', '--threads', `${threads}`],
    ...['--data', data, '--models', models, '--work', work, '--image-encoder', imageEncoder],
    ...(part === 'cp-mner' ? pretrained : []),
  ])
  const out = join(work, 'probe')
  if (!existsSync(join(out, 'report.json'))) {
    const model = join(work, 'ablation/rows/maf/seed-37')
    await runNerMaf('probe', { model, data, images: join(data, 'images'), threads, out })
  }
  const ablated = await readReport<AblationReport>(work, 'text-only.json')
  const { probes, auc, gates } = await readReport<ProbeReport>(out, 'report.json')
  const { sentences, dataFingerprint, seeds } = ablated
  const rows = ablated.rows.map(({ title, f1, validation, against }) => ({ title, f1, validation, against }))
  const found = { part, sentences, dataFingerprint, seeds, rows, probe: { probes, auc, gates } }
  const record: CpMnerRecord = { ...found, machine: describeMachine() }
  await writeResult(results, `eyes-${part}`, record)
  console.log(formatCpMner(record))
}

/** The part's tables for people. */
export function formatCpMner({ part, rows, probe }: CpMnerRecord): string {
  const compared = (other: ProbeResult['against'] | AblationRow['against']) => {
    if (!other) return ['', '', '']
    const { difference, interval, randomization } = other.strict
    return [points(difference), interval.map(points).join(' to '), pValue(randomization)]
  }
  const scores = rows.map(({ title, f1, validation, against }) => [
    ...[title, validation ? spread(validation.strict) : '', spread(f1.strict), spread(f1.lenient)],
    ...compared(against),
  ])
  const shown = probe.probes.map(({ probe, f1, against }) => [
    ...[probe, '', percent(f1.strict), percent(f1.lenient)],
    ...compared(against),
  ])
  const columns = ['F1, %', 'validation', 'strict', 'lenient', 'against MAF', '95 % interval', 'p']
  return [
    `## ${part}`,
    markdownTable(columns, scores),
    'MAF with other pictures, against its own:',
    markdownTable(columns, shown),
    `AUC of matching, own picture against another's: ${probe.auc.shuffled?.toFixed(3) ?? 'not known'}`,
  ].join('\n\n')
}

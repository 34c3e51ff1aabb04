import { scaleLinear } from 'd3-scale'
import { line } from 'd3-shape'
import type { EpochEvent, StepEvent, TrainingEvent } from '../record/events'

/** One curve of a chart. */
interface Curve {
  name: string
  colour: string
  points: readonly [x: number, y: number][]
}

/** One chart, its x axis in steps. */
interface Chart {
  title: string
  curves: readonly Curve[]
}

const [WIDTH, HEIGHT] = [640, 220]
const MARGIN = { top: 30, right: 20, bottom: 30, left: 56 }
/** Told apart by people who see few colours too (Okabe and Ito 2008). */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7'] as const
/** More points than a screen has columns show nothing more. */
const MOST_POINTS = 400

/** Means over stretches of steps, so that a long run's curve can be read. */
function thinned(points: readonly [number, number][]): [number, number][] {
  const size = Math.ceil(points.length / MOST_POINTS)
  return Array.from({ length: Math.ceil(points.length / Math.max(1, size)) }, (_, i) => {
    const stretch = points.slice(i * size, (i + 1) * size)
    return [stretch.at(-1)![0], stretch.reduce((sum, [, y]) => sum + y, 0) / stretch.length]
  })
}

function drawChart({ title, curves }: Chart, steps: number, top: number): string {
  const values = curves.flatMap(({ points }) => points.map(([, y]) => y))
  const x = scaleLinear([0, steps], [MARGIN.left, WIDTH - MARGIN.right])
  const y = scaleLinear(
    [Math.min(0, ...values), Math.max(...values)],
    [HEIGHT - MARGIN.bottom, MARGIN.top],
  ).nice()
  const path = line<[number, number]>(
    ([step]) => x(step),
    ([, value]) => y(value),
  ).digits(1)
  const grid = y
    .ticks(5)
    .map(
      tick =>
        `<path d="M${MARGIN.left} ${y(tick).toFixed(1)}H${WIDTH - MARGIN.right}" stroke="#ddd"/>` +
        `<text x="${MARGIN.left - 6}" y="${(y(tick) + 4).toFixed(1)}" text-anchor="end">${y.tickFormat(5)(tick)}</text>`,
    )
  const below = x
    .ticks(8)
    .map(tick => `<text x="${x(tick).toFixed(1)}" y="${HEIGHT - 10}" text-anchor="middle">${tick}</text>`)
  const names = curves.map(
    ({ name, colour }, i) =>
      `<text x="${WIDTH - MARGIN.right - 110 * (curves.length - 1 - i)}" y="18" text-anchor="end" fill="${colour}">${name}</text>`,
  )
  const lines = curves.map(({ points, colour }) =>
    // One point has no line.
    points.length === 1
      ? `<circle cx="${x(points[0]![0]).toFixed(1)}" cy="${y(points[0]![1]).toFixed(1)}" r="2.5" fill="${colour}"/>`
      : `<path d="${path([...points])}" fill="none" stroke="${colour}" stroke-width="1.5"/>`,
  )
  const heading = `<text x="${MARGIN.left}" y="18" font-weight="bold">${title}</text>`
  return `<g transform="translate(0 ${top})">${[heading, ...grid, ...below, ...names, ...lines].join('\n')}</g>`
}

/** What is drawn of the validation reports. */
export interface DrawnScores<Report> {
  title: string
  /** The curves' heights by name. */
  of(report: Report): Readonly<Record<string, number>>
}

const SCORE: DrawnScores<unknown> = {
  title: 'Validation score',
  of: (report): Record<string, number> => {
    const { score } = report as { score?: unknown }
    return typeof score === 'number' ? { score } : {}
  },
}

const colour = (place: number): string => COLOURS[place % COLOURS.length]!

/**
 * The curves of a run as an SVG picture: the parts of the loss, the learning rate, and the scores of the validation rows, over
 * the steps.
 */
export function drawCurves<Report>(
  events: readonly TrainingEvent[],
  scores: DrawnScores<Report> = SCORE,
): string {
  const steps = events.filter((event): event is StepEvent => event.type === 'step')
  const overSteps = (name: string, place: number, of: (event: StepEvent) => number): Curve => ({
    name,
    colour: colour(place),
    points: thinned(steps.map(event => [event.step, of(event)])),
  })
  const lastStep = new Map(steps.map(({ epoch, step }) => [epoch, step]))
  const scored = events.flatMap(event =>
    event.type === 'epoch' && event.validation !== undefined && lastStep.has(event.epoch)
      ? [{ step: lastStep.get(event.epoch)!, values: scores.of((event as EpochEvent<Report>).validation!) }]
      : [],
  )
  const overEpochs = (name: string, place: number): Curve => ({
    name,
    colour: colour(place),
    points: scored.map(({ step, values }) => [step, values[name]!]),
  })
  const isThere = ({ points }: Curve): boolean => points.some(([, y]) => y !== 0)
  const parts = Object.keys(steps[0]?.losses ?? {})
  const charts: Chart[] = [
    {
      title: 'Loss',
      curves: parts
        .map((name, place) => overSteps(name, place, ({ losses }) => losses[name]!))
        .filter(isThere),
    },
    { title: 'Learning rate', curves: [overSteps('', 0, ({ learningRate }) => learningRate)] },
    { title: scores.title, curves: Object.keys(scored[0]?.values ?? {}).map(overEpochs) },
  ]
  const drawn = charts.filter(({ curves }) => curves.some(({ points }) => points.length > 0))
  const last = steps.at(-1)?.step ?? 1
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT * drawn.length}" font-family="sans-serif" font-size="11">`,
    `<rect width="100%" height="100%" fill="white"/>`,
    ...drawn.map((chart, i) => drawChart(chart, last, i * HEIGHT)),
    '</svg>\n',
  ].join('\n')
}

import { html, svg, type TemplateResult } from 'lit'
import type { GateSummary } from '../explanation'
import { counted, twoDigits } from './format-number'
import type { ViewActions, ViewState } from './view-state'

/** More words than these stand without their names. */
const NAMED = 32

/**
 * A gate's channels at a glance: a line from 5 to 95 %, a box from 25 to 75 %, a notch at the median and a bar at the mean.
 *
 * @param way `tall`: 0 is at the bottom; `wide`: 0 is at the left
 */
export function quantileBox({ mean, quantiles }: GateSummary, way: 'tall' | 'wide'): TemplateResult {
  const [low, lower, middle, upper, high] = quantiles
  const bar = (name: string, from: number, to: number, across: number, thick: number): TemplateResult => {
    const [start, size] = [from * 100, Math.max(to - from, 0) * 100]
    return way === 'tall'
      ? svg`<rect class=${name} x=${across} width=${thick} y=${100 - start - size} height=${size}></rect>`
      : svg`<rect class=${name} x=${start} width=${size} y=${across} height=${thick}></rect>`
  }
  const mark = (name: string, at: number, across: number, thick: number, size: number): TemplateResult =>
    bar(
      name,
      Math.min(1 - size, Math.max(0, at - size / 2)),
      Math.min(1, Math.max(size, at + size / 2)),
      across,
      thick,
    )
  return html`<svg class="quantiles ${way}" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
    ${bar('ground', 0, 1, way === 'tall' ? 18 : 22, way === 'tall' ? 64 : 56)}
    ${bar('whisker', low, high, 45, 10)}
    ${bar('box', lower, upper, 28, 44)}
    ${mark('median', middle, 28, 44, way === 'tall' ? 0.03 : 0.008)}
    ${mark('mean', mean, 10, 80, way === 'tall' ? 0.07 : 0.016)}
  </svg>`
}

/** The gates of all words beside each other; nothing where the model has none. */
export function gateView(state: ViewState, { look, choose }: ViewActions): TemplateResult | '' {
  const { words } = state.explanation
  const gated = words.flatMap(({ gate, text }) => (gate ? [{ gate, text }] : []))
  if (gated.length === 0) return ''
  const widest = gated.reduce((most, one) => (one.gate.mean > most.gate.mean ? one : most))
  const least = gated.reduce((most, one) => (one.gate.mean < most.gate.mean ? one : most))
  const said = `Gates of ${counted(gated.length, 'word')}: from ${twoDigits(least.gate.mean)} at ${least.text} to ${twoDigits(widest.gate.mean)} at ${widest.text}`
  const named = words.length <= NAMED
  const columns = words.map(
    ({ gate, text }, index) => html`<span class="column ${index === state.word ? 'focus' : ''}"
      @pointerenter=${(event: PointerEvent) => event.pointerType === 'mouse' && look(index)}
      @click=${() => choose(index)}>
      ${gate ? quantileBox(gate, 'tall') : html`<span class="no-gate"></span>`}
      ${named ? html`<span class="under">${text}</span>` : ''}
    </span>`,
  )
  return html`<section role="group" class="card" aria-labelledby="gate-title">
    <h2 id="gate-title">The gate, word by word</h2>
    <div class="gates ${named ? 'named' : ''}" dir="auto" role="img" aria-label=${said} @pointerleave=${() => look(null)}>${columns}</div>
    <p class="aside">0 below: the word stays as the text made it. 1 above: it takes in what it found in the picture.</p>
  </section>`
}

import { html, svg, type TemplateResult } from 'lit'
import { percent } from './format-number'

/** A point of the half circle: 0 is at the left, 1 at the right. */
function pointAt(value: number, radius: number): string {
  const angle = Math.PI * (1 - value)
  return `${(60 + radius * Math.cos(angle)).toFixed(2)} ${(62 - radius * Math.sin(angle)).toFixed(2)}`
}

const arc = (from: number, to: number): string => `M ${pointAt(from, 50)} A 50 50 0 0 1 ${pointAt(to, 50)}`

/** In words, so that colour and angle need not be read. */
function verdict(match: number): string {
  if (match >= 0.8) return 'Text and picture belong together.'
  if (match >= 0.6) return 'Text and picture seem to belong together.'
  if (match > 0.4) return 'The model cannot tell whether text and picture belong together.'
  if (match > 0.2) return 'Text and picture seem not to belong together.'
  return 'Text and picture do not belong together.'
}

/** A dial of the probability that text and picture belong together; nothing where there is none. */
export function matchView(match: number | null): TemplateResult | '' {
  if (match === null) return ''
  return html`<section role="group" class="card match" aria-labelledby="match-title">
    <h2 id="match-title">The match</h2>
    <div class="dial">
      <svg viewBox="0 0 120 72" role="img" aria-label="Match: ${percent(match)}">
        <path class="track" d=${arc(0, 1)}></path>
        ${match > 0.004 ? svg`<path class="value" d=${arc(0, match)}></path>` : ''}
        <path class="needle" d="M ${pointAt(match, 43)} L ${pointAt(match, 58)}"></path>
        <text x="60" y="60">${percent(match)}</text>
      </svg>
      <p>${verdict(match)}</p>
    </div>
  </section>`
}

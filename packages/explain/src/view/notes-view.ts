import { html, type TemplateResult } from 'lit'
import type { Explanation } from '../explanation'

/** What the model has not, and which pictures were left out; nothing where there is nothing to say. */
export function notesView({ notes, skippedPictures = [] }: Explanation): TemplateResult | '' {
  if (notes.length + skippedPictures.length === 0) return ''
  return html`<section role="group" class="card notes" aria-labelledby="notes-title">
    <h2 id="notes-title">To know</h2>
    <ul>
      ${notes.map(note => html`<li dir="auto">${note}</li>`)}
      ${skippedPictures.map(({ picture, reason }) => html`<li><bdi>${picture}</bdi> was left out: <bdi>${reason}</bdi></li>`)}
    </ul>
  </section>`
}

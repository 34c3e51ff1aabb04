import { html, svg, type TemplateResult } from 'lit'
import type { Box, ExplainedPicture } from '../explanation'
import { cellFill } from './cell-fill'
import { percent, points } from './format-number'
import { legendView } from './legend-view'
import { mapChoice } from './map-choice'
import { byPicture, mapOf, type WordMap } from './map-of'
import type { ViewActions, ViewState } from './view-state'

/** All of a picture but the part that the model saw, in parts of its sides. */
function unseenPath({ left, top, width, height }: Box): string {
  return `M0 0H1V1H0Z M${left} ${top}V${top + height}H${left + width}V${top}Z`
}

const isWhole = ({ width, height }: Box): boolean => width > 0.999 && height > 0.999

/** A region's value for who points at it. */
function cellTitle(
  value: number,
  i: number,
  { columns }: ExplainedPicture,
  { kind, values }: WordMap,
): string {
  const place = `Row ${Math.floor(i / columns) + 1}, column ${(i % columns) + 1}`
  if (kind === 'occlusion') return `${place}: without it ${points(-value)} points`
  return `${place}: ${percent(value)}, ${(value * values.length).toFixed(1)} times an even share`
}

/** A map over the part of a picture that the model saw. */
function mapTemplate(picture: ExplainedPicture, values: readonly number[], map: WordMap): TemplateResult {
  const { rows, columns, seen } = picture
  const box = `left:${seen.left * 100}%;top:${seen.top * 100}%;width:${seen.width * 100}%;height:${seen.height * 100}%`
  const cells = values.map((value, i) => {
    const [x, y] = [i % columns, Math.floor(i / columns)]
    return svg`<rect x=${x} y=${y} width="1" height="1" fill=${cellFill(value, map)}><title>${cellTitle(value, i, picture, map)}</title></rect>`
  })
  return html`<svg class="map" data-kind=${map.kind} .style=${box} viewBox="0 0 ${columns} ${rows}" preserveAspectRatio="none"
    aria-hidden="true" shape-rendering="crispEdges">${cells}</svg>`
}

function frameTemplate(
  state: ViewState,
  index: number,
  values: readonly number[] | undefined,
): TemplateResult {
  const { explanation, pictures, kind, head } = state
  const picture = explanation.pictures[index]!
  const { name, width, height, seen } = picture
  const source = pictures[index]
  const map = mapOf(explanation.words[state.word], kind, head)
  const total = values?.reduce((sum, value) => sum + value, 0) ?? 0
  const share = map?.kind === 'attention' && explanation.pictures.length > 1 ? percent(total) : undefined
  // A broken address must not leave a hole: the map is still a map.
  const onError = (event: Event): void => (event.target as Element).classList.add('broken')
  return html`<figure>
    <div class="frame" .style=${`aspect-ratio:${width}/${height};--tall:${height / width}`}>
      ${
        source
          ? html`<img src=${source} alt="The picture: ${name}" @error=${onError}>`
          : html`<div class="absent" role="img" aria-label="The picture ${name}, which cannot be shown"></div>`
      }
      ${map && values ? mapTemplate(picture, values, map) : ''}
      ${
        isWhole(seen)
          ? ''
          : html`<svg class="unseen" viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true"><path d=${unseenPath(seen)}
            fill-rule="evenodd"></path><rect x=${seen.left} y=${seen.top} width=${seen.width} height=${seen.height}></rect></svg>`
      }
    </div>
    <figcaption><bdi>${name}</bdi>${share === undefined ? '' : html`<b>${share} of the attention</b>`}</figcaption>
  </figure>`
}

/** The pictures, with the map of the word in focus over what the model saw of them; nothing for a text alone. */
export function pictureView(state: ViewState, actions: ViewActions): TemplateResult | '' {
  const { explanation, kind, head, word } = state
  const { pictures, words } = explanation
  if (pictures.length === 0) return ''
  const map = mapOf(words[word], kind, head)
  const parts = map && byPicture(map.values, pictures)
  const cropped = pictures.some(({ seen }) => !isWhole(seen))
  return html`<section role="group" class="card pictures" aria-labelledby="picture-title">
    <h2 id="picture-title">${pictures.length === 1 ? 'The picture' : 'The pictures'}${
      map
        ? html`, as <bdi class="quoted">${words[word]!.text}</bdi> ${map.kind === 'attention' ? 'looks at it' : 'depends on it'}`
        : ''
    }</h2>
    <div class="frames count-${Math.min(pictures.length, 3)}">${pictures.map((_, index) => frameTemplate(state, index, parts?.[index]))}</div>
    ${legendView(state, map)}
    ${mapChoice(state, actions)}
    ${cropped ? html`<p class="aside">What lies in the shade outside of the frame the model did not see.</p>` : ''}
  </section>`
}

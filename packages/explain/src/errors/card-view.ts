import { html, type TemplateResult } from 'lit'
import type { GalleryClass, GalleryEntity, GalleryMatch, GalleryPost } from '../error-gallery'
import { percent } from '../view/format-number'
import { typeHue } from '../view/type-hue'
import type { ShownPictures } from '../view/view-state'
import { errorsOf, kindsOf } from './filters'
import { textParts } from './text-parts'

/** What a card is drawn from. */
export interface Card {
  post: GalleryPost
  pictures: ShownPictures
  classes: readonly GalleryClass[]
  /** The explanation, while it is open. */
  open: Element | null
  toggle(): void
}

function entityView(entity: GalleryEntity | null, labels: readonly string[]): TemplateResult {
  if (!entity) return html`<span class="chip nothing">no entity</span>`
  const { type, text, score } = entity
  return html`<bdi class="quoted">${text}</bdi>
    <span class="chip" .style=${`--hue:${typeHue(type, labels)}`}><b dir="auto">${type}</b>${
      score === null ? '' : ` ${percent(score)}`
    }</span>`
}

/** Gold and predicted entities beside each other: errors first, by kind, then what is right. */
function matchesView({ post, classes }: Pick<Card, 'post' | 'classes'>): TemplateResult {
  const { labels } = post.explanation
  const rankOf = ({ class: kind }: GalleryMatch): number => {
    const place = classes.findIndex(({ name }) => name === kind)
    return place < 0 ? classes.length : place
  }
  const rows = [...post.matches].sort((a, b) => rankOf(a) - rankOf(b))
  return html`<table>
    <thead><tr><td></td><th scope="col">gold</th><th scope="col">predicted</th></tr></thead>
    <tbody>${rows.map(match => {
      const kind = classes[rankOf(match)]
      return html`<tr class=${kind ? '' : 'right'}>
        <th scope="row">${kind ? kind.title : 'right'}</th>
        <td>${entityView(match.gold, labels)}</td>
        <td>${entityView(match.predicted, labels)}</td>
      </tr>`
    })}</tbody>
  </table>`
}

function thumbnail({ explanation }: GalleryPost, pictures: ShownPictures): TemplateResult | '' {
  const [first] = explanation.pictures
  if (!first) return ''
  const others = explanation.pictures.length - 1
  const [source] = pictures
  return html`<div class="thumb">
    ${
      source
        ? html`<img src=${source} alt="The picture: ${first.name}" loading="lazy" decoding="async">`
        : html`<div class="absent" role="img" aria-label="The picture ${first.name}, which cannot be shown"></div>`
    }
    ${others > 0 ? html`<p class="aside">and ${others} more</p>` : ''}
  </div>`
}

/** A post with its errors; below them, when it is opened, why it was read so. */
export function cardView(card: Card, index: number): TemplateResult {
  const { post, pictures, classes, open, toggle } = card
  const { text } = post.explanation
  const parts = textParts(text, errorsOf(post, kindsOf(classes)))
  return html`<li><article class="card" aria-labelledby="post-${index}">
    <div class="body ${post.explanation.pictures.length > 0 ? 'pictured' : ''}">
      ${thumbnail(post, pictures)}
      <div class="own">
        <h2 id="post-${index}"><bdi>${post.id}</bdi></h2>
        <p class="text" dir="auto">${parts.map(({ text, isWrong }) => (isWrong ? html`<mark>${text}</mark>` : text))}</p>
      </div>
      ${matchesView(card)}
    </div>
    <button type="button" aria-expanded=${open !== null} aria-describedby="post-${index}" @click=${toggle}>
      ${open ? 'Close' : 'Why was it read so?'}
    </button>
    ${open ? html`<div class="why">${open}</div>` : ''}
  </article></li>`
}

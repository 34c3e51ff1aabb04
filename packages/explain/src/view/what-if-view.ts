import { html, type TemplateResult } from 'lit'
import type { EntityChange, ExplainedEntity, Explanation, WhatIf } from '../explanation'
import { counted, percent, points } from './format-number'
import { typeHue } from './type-hue'
import type { ShownPictures, ViewState } from './view-state'

/** Scores that change by less are only counted. */
const SMALL = 0.005

function chip(entity: ExplainedEntity | null, labels: readonly string[]): TemplateResult {
  if (!entity) return html`<span class="chip nothing">no entity</span>`
  const { type, score } = entity
  return html`<span class="chip" .style=${`--hue:${typeHue(type, labels)}`}><b dir="auto">${type}</b> ${percent(score)}</span>`
}

const SAID: Record<EntityChange['kind'], string> = {
  gone: 'is gone',
  new: 'is new',
  type: 'becomes another type',
  score: 'has another score',
}

function changeRow({ kind, before, after }: EntityChange, labels: readonly string[]): TemplateResult {
  const difference = kind === 'score' ? points(after!.score - before!.score) : ''
  return html`<li>
    <bdi class="quoted">${(before ?? after)!.text}</bdi>
    <span class="change">${chip(before, labels)}<span class="arrow" aria-label="becomes" role="img">→</span>${chip(after, labels)}</span>
    <span class="said">${difference === '' ? SAID[kind] : html`${difference} points`}</span>
  </li>`
}

function thumbnails({ pictures }: WhatIf, shown: ShownPictures): TemplateResult | '' {
  const there = pictures.flatMap(({ name }, i) => (shown[i] ? [{ name, source: shown[i] }] : []))
  if (there.length === 0) return ''
  return html`<div class="thumbs">${there.map(
    ({ name, source }) => html`<img src=${source} alt="The other picture: ${name}">`,
  )}</div>`
}

function readingView(one: WhatIf, { explanation, otherPictures }: ViewState): TemplateResult {
  const { labels, match } = explanation
  const small = one.changes.filter(
    ({ kind, before, after }) => kind === 'score' && Math.abs(after!.score - before!.score) < SMALL,
  )
  const large = one.changes.filter(change => !small.includes(change))
  const names = one.pictures.map(({ name }) => name).join(', ')
  return html`<div class="reading">
    <h3>${one.picture === 'none' ? 'Without a picture' : 'With another picture'}</h3>
    ${names ? html`<p class="aside named"><bdi>${names}</bdi></p>` : ''}
    ${one.picture === 'other' ? thumbnails(one, otherPictures) : ''}
    ${large.length > 0 ? html`<ul class="changes">${large.map(change => changeRow(change, labels))}</ul>` : ''}
    ${
      small.length > 0
        ? html`<p class="aside">${counted(small.length, 'entity').replace('entitys', 'entities')} ${small.length === 1 ? 'stays' : 'stay'} as
          ${small.length === 1 ? 'it is' : 'they are'}, by less than half a point.</p>`
        : ''
    }
    ${one.changes.length === 0 ? html`<p class="aside">Nothing changes.</p>` : ''}
    ${
      one.match !== null && match !== null
        ? html`<p class="aside">Match: ${percent(match)} → ${percent(one.match)}</p>`
        : ''
    }
  </div>`
}

/** What the model says of the text with other pictures, and what that changes. */
export function whatIfView(state: ViewState): TemplateResult | '' {
  const { whatIf }: Pick<Explanation, 'whatIf'> = state.explanation
  if (whatIf.length === 0) return ''
  return html`<section role="group" class="card" aria-labelledby="if-title">
    <h2 id="if-title">What if?</h2>
    ${whatIf.map(one => readingView(one, state))}
  </section>`
}

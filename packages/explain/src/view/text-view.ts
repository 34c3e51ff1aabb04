import { html, type TemplateResult } from 'lit'
import { labelProbability } from './describe-focus'
import { percent } from './format-number'
import { type TextRun, textRuns } from './text-runs'
import { typeHue } from './type-hue'
import type { ViewActions, ViewState } from './view-state'

const wordAt = (event: Event): number | undefined => {
  const { word } = ((event.target as Element).closest?.('[data-word]') as HTMLElement | null)?.dataset ?? {}
  return word === undefined ? undefined : Number(word)
}

/** Where a key leads from a word; undefined for a key that leads nowhere. */
export function nextWord(
  { explanation: { words, entities }, chosen }: Pick<ViewState, 'explanation' | 'chosen'>,
  key: string,
  rightToLeft: boolean,
): number | undefined {
  const last = words.length - 1
  const step = (by: number): number => Math.min(last, Math.max(0, chosen + by))
  const firsts = entities.map(({ start }) => words.findIndex(word => word.end > start)).sort((a, b) => a - b)
  switch (key) {
    case 'ArrowRight':
      return step(rightToLeft ? -1 : 1)
    case 'ArrowLeft':
      return step(rightToLeft ? 1 : -1)
    case 'ArrowDown':
      return firsts.find(word => word > chosen) ?? chosen
    case 'ArrowUp':
      return firsts.findLast(word => word < chosen) ?? chosen
    case 'Home':
      return 0
    case 'End':
      return last
    default:
      return undefined
  }
}

function wordOption(state: ViewState, index: number): TemplateResult {
  const { explanation, word, chosen } = state
  const one = explanation.words[index]!
  const probability = labelProbability(explanation, one)
  const said = probability === null ? 'not read' : `${one.label}, ${percent(probability)}`
  const classes = ['word', index === word && 'focus', probability === null && 'unread'].filter(Boolean)
  // No white space inside: it would be seen.
  return html`<span role="option" class=${classes.join(' ')} data-word=${index} tabindex=${index === chosen ? 0 : -1}
    aria-selected=${index === chosen} aria-label="${one.text}, ${said}">${one.text}</span>`
}

function runTemplate(state: ViewState, run: TextRun): TemplateResult | string {
  if (run.kind === 'gap') return run.text
  if (run.kind === 'word') return wordOption(state, run.word)
  const { type, text, score } = run.entity
  const hue = `--hue:${typeHue(type, state.explanation.labels)}`
  return html`<span role="group" class="entity" .style=${hue} aria-label="${type}: ${text}, ${percent(score)}"
    >${run.runs.map(inside => runTemplate(state, inside))}<span class="type" aria-hidden="true"
      ><bdi dir="ltr"><b>${type}</b> ${percent(score)}</bdi></span></span>`
}

/** The text with its entities; a list of words, of which one is in focus. */
export function textView(state: ViewState, { look, choose }: ViewActions): TemplateResult {
  const { explanation } = state
  const { words, cutWords, entities } = explanation
  const onKey = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    const rightToLeft = getComputedStyle(event.currentTarget as Element).direction === 'rtl'
    const next = nextWord(state, event.key, rightToLeft)
    if (next === undefined) return
    event.preventDefault()
    choose(next)
  }
  const onClick = (event: Event): void => {
    const word = wordAt(event)
    if (word !== undefined) choose(word)
  }
  const onPointer = (event: PointerEvent): void => {
    if (event.pointerType === 'mouse') look(wordAt(event) ?? null)
  }
  const runs = textRuns(explanation).map(run => runTemplate(state, run))
  const text =
    words.length === 0
      ? html`<p class="text" dir="auto">${explanation.text || 'The post has no text.'}</p>`
      : html`<div class="text ${words.length > 90 ? 'long' : ''}" dir="auto" role="listbox" aria-label="Words of the post"
          aria-orientation="horizontal" @keydown=${onKey} @click=${onClick} @pointerover=${onPointer}
          @pointerleave=${() => look(null)}>${runs}</div>`
  return html`<section role="group" class="card post" aria-labelledby="post-title">
    <h2 id="post-title">The post</h2>
    ${text}
    ${entities.length === 0 ? html`<p class="aside">The model finds no entity here.</p>` : ''}
    ${
      cutWords > 0
        ? html`<p class="aside warn">The last ${cutWords === 1 ? 'word is' : `${cutWords} words are`} beyond the model's length and
          ${cutWords === 1 ? 'was' : 'were'} not read.</p>`
        : ''
    }
  </section>`
}

import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit'
import type { Explanation } from '../explanation'
import { describeFocus } from './describe-focus'
import { gateView } from './gate-view'
import { kindsOf } from './map-choice'
import type { MapKind } from './map-of'
import { matchView } from './match-view'
import { notesView } from './notes-view'
import { pictureView } from './picture-view'
import { baseStyle } from './styles/base-style'
import { controlStyle } from './styles/control-style'
import { pictureStyle } from './styles/picture-style'
import { textStyle } from './styles/text-style'
import { wordStyle } from './styles/word-style'
import { textView } from './text-view'
import { firstWord, type ShownPictures, type ViewActions, type ViewState } from './view-state'
import { whatIfView } from './what-if-view'
import { wordView } from './word-view'

/** What is shown beside an explanation: sources that an `<img>` takes, upright; null for a picture that cannot be shown. */
export interface ShownWith {
  /** As `pictures` of the explanation. @default none can be shown */
  pictures?: ShownPictures | undefined
  /** As `pictures` of its what-if with other ones. @default none can be shown */
  otherPictures?: ShownPictures | undefined
  /** The word in focus at first, by its index. @default the first of the first entity */
  word?: number | undefined
}

/** The element `<maf-explanation>`: one explanation, which `show` puts there, again and again. */
export class ExplanationView extends LitElement {
  static override styles = [baseStyle, textStyle, controlStyle, pictureStyle, wordStyle]
  static override properties = {
    explanation: { state: true },
    shown: { state: true },
    looked: { state: true },
    chosen: { state: true },
    kind: { state: true },
    head: { state: true },
  }

  declare private explanation: Explanation | undefined
  declare private shown: ShownWith
  declare private looked: number | null
  declare private chosen: number
  declare private kind: MapKind
  declare private head: number | null
  private focusAfter = false
  private spoken = ''

  constructor() {
    super()
    this.shown = {}
    this.looked = null
    this.chosen = -1
    this.kind = 'attention'
    this.head = null
  }

  /**
   * Shows an explanation. The word in focus stays where the text is the same, and so do the map and the head where there are such.
   *
   * @param shown what an `<img>` shows for each of its pictures
   */
  show(explanation: Explanation, shown: ShownWith = {}): void {
    const sameText = explanation.text === this.explanation?.text
    this.explanation = explanation
    this.shown = shown
    this.looked = null
    if (!sameText || this.chosen >= explanation.words.length) {
      this.chosen = shown.word ?? firstWord(explanation)
    }
    const kinds = kindsOf(explanation)
    if (!kinds.includes(this.kind)) this.kind = kinds[0] ?? 'attention'
    const heads = explanation.words[this.chosen]?.attention?.heads.length ?? 0
    if (this.head !== null && this.head >= heads) this.head = null
  }

  private readonly actions: ViewActions = {
    look: word => {
      this.looked = word
    },
    choose: word => {
      this.focusAfter = true
      this.looked = null
      this.chosen = word
    },
    showMap: kind => {
      this.kind = kind
      this.head = null
    },
    showHead: head => {
      this.head = head
    },
  }

  private state(explanation: Explanation): ViewState {
    const { shown, looked, chosen, kind, head } = this
    const { pictures = [], otherPictures = [] } = shown
    return { explanation, pictures, otherPictures, word: looked ?? chosen, chosen, kind, head }
  }

  protected override updated(_: PropertyValues): void {
    if (!this.focusAfter) return
    this.focusAfter = false
    this.renderRoot.querySelector<HTMLElement>('[role=option][tabindex="0"]')?.focus({ preventScroll: false })
  }

  protected override render(): TemplateResult {
    const { explanation } = this
    if (!explanation) return html``
    const state = this.state(explanation)
    // What the pointer looks at is not read out: it would never be silent.
    if (this.looked === null) this.spoken = describeFocus(state)
    const [text, picture] = [textView(state, this.actions), pictureView(state, this.actions)]
    const [word, match] = [wordView(state), matchView(explanation.match)]
    const alone = picture === '' && match === ''
    return html`<div class="explanation ${alone ? 'alone' : ''}">
      <div class="main">${text}${alone ? '' : word}${whatIfView(state)}</div>
      <div class="beside">${picture}${alone ? word : ''}${match}${gateView(state, this.actions)}${notesView(explanation)}</div>
      <p class="spoken" role="status" aria-live="polite">${this.spoken}</p>
    </div>`
  }
}

/** Makes `<maf-explanation>` known to a page, once. */
export function defineExplanationView(): void {
  if (!customElements.get('maf-explanation')) customElements.define('maf-explanation', ExplanationView)
}

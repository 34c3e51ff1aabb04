import { html, LitElement, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import type { ErrorGallery } from '../error-gallery'
import type { ExplanationView } from '../view/explanation-view'
import { counted } from '../view/format-number'
import { baseStyle } from '../view/styles/base-style'
import { controlStyle } from '../view/styles/control-style'
import { textStyle } from '../view/styles/text-style'
import type { ShownPictures } from '../view/view-state'
import { cardView } from './card-view'
import { errorsStyle } from './errors-style'
import { errorsOf, type Filters, kindsOf, NO_FILTERS, passes } from './filters'
import { filtersView } from './filters-view'

/** How many posts there are, and how many of those are here. */
function extentOf({ posts, wrong, scored }: ErrorGallery): string {
  const all = `${wrong} of ${counted(scored, 'post')} ${wrong === 1 ? 'has' : 'have'} an error.`
  if (posts.length === wrong) return all
  return `${all} ${posts.length} of those are here, taken in turn from every kind of error.`
}

/** The element `<maf-errors>`: the errors of an evaluation, post by post, with filters. */
export class ErrorsView extends LitElement {
  static override styles = [baseStyle, textStyle, controlStyle, errorsStyle]
  static override properties = {
    gallery: { state: true },
    filters: { state: true },
    open: { state: true },
  }

  declare private gallery: ErrorGallery | undefined
  declare private filters: Filters
  /** What is open: post by post, its explanation. */
  declare private open: ReadonlyMap<number, ExplanationView>
  private pictures: readonly ShownPictures[] = []

  constructor() {
    super()
    this.filters = NO_FILTERS
    this.open = new Map()
  }

  /**
   * Shows a gallery, from its first post on.
   *
   * @param pictures of each post what an `<img>` shows for each of its pictures
   */
  show(gallery: ErrorGallery, pictures: readonly ShownPictures[]): void {
    this.gallery = gallery
    this.pictures = pictures
    this.filters = NO_FILTERS
    this.open = new Map()
  }

  /** Opens the explanation of a post, or closes it. */
  private toggle({ posts, classes }: ErrorGallery, index: number): void {
    const open = new Map(this.open)
    if (!open.delete(index)) {
      const view = document.createElement('maf-explanation') as ExplanationView
      const { explanation } = posts[index]!
      const [first] = errorsOf(posts[index]!, kindsOf(classes))
      const start = (first!.gold ?? first!.predicted)!.start
      const word = explanation.words.findIndex(({ end }) => end > start)
      view.show(explanation, { pictures: this.pictures[index], word })
      open.set(index, view)
    }
    this.open = open
  }

  protected override render(): TemplateResult {
    const { gallery, filters } = this
    if (!gallery) return html``
    const { posts, classes, about } = gallery
    const kinds = kindsOf(classes)
    const shown = posts.flatMap((post, index) => (passes(post, filters, kinds) ? [index] : []))
    const card = (index: number): TemplateResult =>
      cardView(
        {
          ...{ post: posts[index]!, pictures: this.pictures[index] ?? [], classes },
          open: this.open.get(index) ?? null,
          toggle: () => this.toggle(gallery, index),
        },
        index,
      )
    return html`<div class="errors">
      <div class="about">
        <p dir="auto">${about}</p>
        <p>${extentOf(gallery)}</p>
        <ul class="counts" aria-label="Entities of all posts, by kind of error">
          ${classes.map(({ title, count }) => html`<li>${title} <b>${count}</b></li>`)}
        </ul>
      </div>
      ${
        posts.length === 0
          ? ''
          : filtersView(gallery, filters, some => {
              this.filters = { ...filters, ...some }
            })
      }
      <p class="status" role="status" aria-live="polite">${
        posts.length === 0
          ? 'There is nothing to show.'
          : `Showing ${shown.length} of ${counted(posts.length, 'post')}`
      }</p>
      <ol class="posts" aria-label="Posts with errors">${repeat(shown, index => index, card)}</ol>
    </div>`
  }
}

/** Makes `<maf-errors>` known to a page, once. */
export function defineErrorsView(): void {
  if (!customElements.get('maf-errors')) customElements.define('maf-errors', ErrorsView)
}

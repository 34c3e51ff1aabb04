import { defineExplanationView, type ExplanationView } from '@mafjs/explain/view'
import { type DownloadProgress, loadMaf, type MafInPage } from '@mafjs/ner-maf/browser'
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { PLAYGROUND_PICTURES, PLAYGROUND_TEXTS } from '../../tools/playground/choices'

/** Milliseconds without a key after which a text is read. */
const PAUSE = 250

/** The files lie beside this script. */
const BESIDE = new URL('.', import.meta.url)
const pictureAddress = (name: string): string => new URL(`pictures/${name}.png`, BESIDE).href

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`

/** A post, its picture and what the model makes of it, all in this page. */
class Playground extends LitElement {
  static override properties = {
    stage: { state: true },
    text: { state: true },
    picture: { state: true },
    facts: { state: true },
    said: { state: true },
  }

  declare private stage: 'waiting' | 'loading' | 'ready' | 'failed'
  declare private text: string
  /** The name of one of ours, a person's own, or none. */
  declare private picture: string | File | undefined
  /** Sentences on what it took. */
  declare private facts: string[]
  /** The answer in words, which is read out. */
  declare private said: string
  private maf: MafInPage | undefined
  private readonly files = new Map<string, DownloadProgress>()
  private own: string | undefined
  private asked = 0
  private pause: ReturnType<typeof setTimeout> | undefined

  constructor() {
    super()
    defineExplanationView()
    this.stage = 'waiting'
    this.text = PLAYGROUND_TEXTS[0]!
    this.picture = PLAYGROUND_PICTURES[0]!.name
    this.facts = []
    this.said = ''
  }

  /** The page's own styles are its styles. */
  protected override createRenderRoot(): HTMLElement {
    return this
  }

  private async start(): Promise<void> {
    const start = performance.now()
    this.stage = 'loading'
    try {
      this.maf = await loadMaf(new URL('model/', BESIDE), {
        worker: new URL('browser-worker.js', BESIDE),
        runtime: new URL('onnxruntime/', BESIDE),
        onProgress: progress => {
          this.files.set(progress.file, progress)
          this.said = `Loading ${progress.file}, ${megabytes(progress.loaded)} ...`
        },
      })
      this.stage = 'ready'
      await this.read()
      await this.tell(performance.now() - start)
    } catch (error) {
      this.stage = 'failed'
      this.said = `It does not run here: ${(error as Error).message}`
    }
  }

  /** What it took: time, bytes, memory. */
  private async tell(milliseconds: number): Promise<void> {
    const all = [...this.files.values()]
    const fresh = all.filter(({ fromCache }) => !fromCache).reduce((sum, { loaded }) => sum + loaded, 0)
    // The worker fetches ONNX Runtime; its size stands where the build has written it.
    const { runtimeBytes } = (await (await fetch(new URL('sizes.json', BESIDE))).json()) as {
      runtimeBytes: number
    }
    const total = all.reduce((sum, { loaded }) => sum + loaded, 0)
    const measure = (performance as { measureUserAgentSpecificMemory?: () => Promise<{ bytes: number }> })
      .measureUserAgentSpecificMemory
    const memory = await measure?.call(performance).catch(() => undefined)
    this.facts = [
      `First answer after ${(milliseconds / 1000).toFixed(1)} s.`,
      `Model: ${megabytes(total)}${fresh < total ? `, of which ${megabytes(total - fresh)} were kept by an earlier visit` : ''}; ONNX Runtime: ${megabytes(runtimeBytes)} before your server or browser packs it.`,
      memory
        ? `Memory: ${megabytes(memory.bytes)}.`
        : 'Memory: a browser tells it only to a page that is isolated (COOP and COEP).',
      ...this.maf!.notes,
    ]
  }

  private async read(): Promise<void> {
    this.asked += 1
    const mine = this.asked
    const { maf, picture } = this
    if (!maf) return
    try {
      const image =
        typeof picture === 'string' ? await (await fetch(pictureAddress(picture))).blob() : picture
      const explanation = await maf.explain({ text: this.text, ...(image && { image }) })
      if (mine !== this.asked) return
      const view = this.querySelector('maf-explanation') as ExplanationView | null
      view?.show(explanation, { pictures: this.shown() })
      const found = explanation.entities.map(
        ({ text, type, score }) => `${text}: ${type}, ${(100 * score).toFixed(0)} %`,
      )
      const belongs =
        explanation.match === null
          ? ''
          : ` Text and picture belong together: ${(100 * explanation.match).toFixed(0)} %.`
      this.said = `${found.join('; ') || 'No name found'}.${belongs}`
    } catch (error) {
      if (mine === this.asked) this.said = (error as Error).message
    }
  }

  private shown(): string[] {
    if (this.picture === undefined) return []
    if (typeof this.picture === 'string') return [pictureAddress(this.picture)]
    if (this.own) URL.revokeObjectURL(this.own)
    this.own = URL.createObjectURL(this.picture)
    return [this.own]
  }

  private write(text: string): void {
    this.text = text
    clearTimeout(this.pause)
    this.pause = setTimeout(() => this.read(), PAUSE)
  }

  private choose(picture: string | File | undefined): void {
    this.picture = picture
    void this.read()
  }

  private choice(value: string | undefined, label: string): TemplateResult {
    const image = value && html`<img src=${pictureAddress(value)} alt="" width="56" height="56" />`
    return html`<label class="maf-picture">
      <input type="radio" name="maf-picture" .checked=${this.picture === value} @change=${() => this.choose(value)} />
      ${image ?? html`<span class="maf-none" aria-hidden="true">∅</span>`}<span>${label}</span>
    </label>`
  }

  protected override render(): TemplateResult {
    const isReady = this.stage === 'ready'
    return html`<section class="maf-playground" aria-label="Playground">
      <p class="maf-lead">
        One name, four pictures: change Jordan's picture and see what Jordan becomes. A small model, trained when this page was built,
        computes in your browser; what you write or show stays here.
      </p>
      <label class="maf-text">
        <span>A post</span>
        <textarea rows="2" .value=${this.text} @input=${(event: InputEvent) => this.write((event.target as HTMLTextAreaElement).value)}></textarea>
      </label>
      <p class="maf-texts">
        ${PLAYGROUND_TEXTS.map(
          text =>
            html`<button type="button" aria-pressed=${this.text === text} @click=${() => this.write(text)}>${text}</button>`,
        )}
      </p>
      <fieldset>
        <legend>Its picture</legend>
        ${PLAYGROUND_PICTURES.map(({ name, label }) => this.choice(name, label))} ${this.choice(undefined, 'none')}
        <label class="maf-own">
          <span>your own</span>
          <input
            type="file"
            accept="image/*"
            @change=${(event: Event) => this.choose((event.target as HTMLInputElement).files?.[0])}
          />
        </label>
      </fieldset>
      ${
        this.stage === 'waiting' || this.stage === 'loading'
          ? html`<button type="button" class="maf-start" ?disabled=${this.stage === 'loading'} @click=${() => this.start()}>
              Read it here
            </button>`
          : nothing
      }
      <p class="maf-said" role="status">${this.said}</p>
      <maf-explanation ?hidden=${!isReady}></maf-explanation>
      ${this.facts.length > 0 ? html`<ul class="maf-facts">${this.facts.map(fact => html`<li>${fact}</li>`)}</ul>` : nothing}
    </section>`
  }
}

if (!customElements.get('maf-playground')) customElements.define('maf-playground', Playground)

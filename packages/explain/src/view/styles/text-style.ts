import { css } from 'lit'

/** The post's text, its entities and the word in focus. */
export const textStyle = css`
  .text {
    font-size: 1.375rem;
    line-height: 2;
    overflow-wrap: anywhere;
    white-space: pre-line;
  }
  .text.long {
    font-size: 1rem;
  }
  /* Words stay inline: a text of two directions would be put in a wrong order as boxes. */
  .word {
    border-radius: 4px;
    cursor: pointer;
    padding-block: 0.12em;
    text-decoration-color: transparent;
  }
  .word.focus {
    background: var(--accent-ground);
    box-shadow: 0 0 0 0.1em var(--accent-ground);
    text-decoration: underline 2px var(--accent);
    text-underline-offset: 0.22em;
  }
  .word.unread {
    color: var(--soft);
    text-decoration: line-through 1px;
  }
  .entity,
  .chip {
    background: oklch(var(--type-ground) var(--type-chroma) var(--hue));
    border-radius: 0.35em;
    box-decoration-break: clone;
    -webkit-box-decoration-break: clone;
    padding: 0.16em 0.3em;
  }
  .entity .word.focus {
    background: transparent;
    box-shadow: none;
    text-decoration-color: oklch(var(--type-ink) 0.14 var(--hue));
  }
  .type {
    color: oklch(var(--type-ink) 0.11 var(--hue));
    font-size: 0.6875rem;
    margin-inline-start: 0.6em;
    unicode-bidi: isolate;
    user-select: none;
    white-space: nowrap;
  }
  .type b,
  .chip b {
    font-weight: 700;
    letter-spacing: 0.03em;
  }
  .chip {
    color: oklch(var(--type-ink) 0.11 var(--hue));
    font-size: 0.8125rem;
    white-space: nowrap;
  }
  .chip.nothing {
    background: none;
    box-shadow: inset 0 0 0 1px var(--line);
    color: var(--soft);
  }
  @container explanation (inline-size < 480px) {
    .text {
      font-size: 1.1875rem;
    }
  }
  .reading + .reading {
    border-block-start: 1px solid var(--line);
    margin-block-start: 1rem;
    padding-block-start: 1rem;
  }
  .reading h3 {
    font-size: 0.9375rem;
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  .named {
    margin-block-start: 0;
    overflow-wrap: anywhere;
  }
  .thumbs {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
    margin-block-start: 0.5rem;
  }
  .thumbs img {
    block-size: 72px;
    border-radius: 8px;
    display: block;
    max-inline-size: 100%;
  }
  .changes li {
    align-items: baseline;
    display: grid;
    gap: 0.25rem 0.75rem;
    grid-template-columns: minmax(0, 1fr) auto;
    margin-block-start: 0.6rem;
  }
  .change {
    align-items: baseline;
    display: flex;
    flex-wrap: wrap;
    gap: 0.4rem;
    justify-content: end;
  }
  .arrow {
    color: var(--soft);
  }
  .said {
    color: var(--soft);
    font-size: 0.8125rem;
    grid-column: 1 / -1;
    margin-block-start: -0.2rem;
  }
`

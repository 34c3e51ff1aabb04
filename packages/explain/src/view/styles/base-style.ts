import { css } from 'lit'

/** Colours, measures and the two columns, which are one on a phone. */
export const baseStyle = css`
  :host {
    --ink: #1d1b26;
    --soft: #5b5768;
    --line: #e4e0ea;
    --control: #8d879b;
    --card: #ffffff;
    --sunken: #f3f1f7;
    --accent: #5a3fd0;
    --accent-ground: #ece8fc;
    --warn: #8a4b00;
    --type-ground: 0.93;
    --type-chroma: 0.055;
    --type-ink: 0.4;
    --shadow: 0 1px 2px rgb(30 20 60 / 5%), 0 6px 24px rgb(30 20 60 / 5%);
    color-scheme: light dark;
    color: var(--ink);
    container: explanation / inline-size;
    display: block;
    font: 400 1rem/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif;
  }
  @media (prefers-color-scheme: dark) {
    :host {
      --ink: #eeecf4;
      --soft: #aaa5b9;
      --line: #34303f;
      --control: #78728a;
      --card: #1d1a25;
      --sunken: #282432;
      --accent: #b3a1ff;
      --accent-ground: #352d5a;
      --warn: #ffb65c;
      --type-ground: 0.35;
      --type-chroma: 0.075;
      --type-ink: 0.87;
      --shadow: none;
    }
  }
  * {
    box-sizing: border-box;
  }
  h2,
  h3,
  p,
  ul,
  figure,
  fieldset {
    margin: 0;
    padding: 0;
  }
  ul {
    list-style: none;
  }
  h2 {
    color: var(--soft);
    font-size: 0.875rem;
    font-weight: 600;
    margin-block-end: 0.75rem;
    overflow-wrap: anywhere;
  }
  .quoted {
    color: var(--ink);
    font-weight: 650;
    overflow-wrap: anywhere;
  }
  .explanation {
    display: grid;
    gap: 1rem;
    grid-template-columns: minmax(0, 1fr);
  }
  .main,
  .beside {
    display: contents;
  }
  .card {
    background: var(--card);
    border: 1px solid var(--line);
    border-radius: 14px;
    box-shadow: var(--shadow);
    min-inline-size: 0;
    padding: 1.1rem 1.25rem 1.25rem;
  }
  .post {
    order: -2;
  }
  .pictures {
    order: -1;
  }
  .aside {
    color: var(--soft);
    font-size: 0.8125rem;
    margin-block-start: 0.75rem;
  }
  .aside b {
    color: var(--ink);
    font-weight: 600;
  }
  .warn {
    color: var(--warn);
  }
  .notes li {
    color: var(--soft);
    font-size: 0.875rem;
    overflow-wrap: anywhere;
  }
  .notes li + li {
    margin-block-start: 0.4rem;
  }
  .spoken {
    block-size: 1px;
    clip-path: inset(50%);
    inline-size: 1px;
    overflow: hidden;
    position: absolute;
    white-space: nowrap;
  }
  :focus-visible {
    border-radius: 4px;
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
  @container explanation (inline-size >= 780px) {
    .explanation {
      align-items: start;
      grid-template-columns: minmax(0, 1.15fr) minmax(0, 1fr);
    }
    .alone {
      grid-template-columns: minmax(0, 1.4fr) minmax(0, 1fr);
    }
    .main,
    .beside {
      display: grid;
      gap: 1rem;
      grid-template-columns: minmax(0, 1fr);
    }
    .beside {
      inset-block-start: 1rem;
      position: sticky;
    }
  }
  @media print {
    .card {
      box-shadow: none;
      break-inside: avoid;
      print-color-adjust: exact;
    }
    .beside {
      position: static !important;
    }
    .pills,
    .heads {
      display: none;
    }
  }
  @media (prefers-reduced-motion: no-preference) {
    .map rect {
      transition: fill 160ms ease-out;
    }
    .bar i {
      transition: inline-size 160ms ease-out;
    }
  }
`

/** The page around a view, in the view's colours. */
export const playgroundStyle = `:root {
  --ground: #f7f6fa;
  --ink: #1d1b26;
  --soft: #5b5768;
  --line: #8b8599;
  --card: #ffffff;
  --accent: #5a3fd0;
  --accent-ground: #ece8fc;
  --wrong: #a3192b;
  color-scheme: light dark;
}
* {
  box-sizing: border-box;
}
[hidden] {
  display: none !important;
}
body {
  background: var(--ground);
  color: var(--ink);
  font: 400 1rem/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif;
  margin: 0;
}
main {
  display: grid;
  gap: 1rem;
  grid-template-columns: minmax(0, 1fr);
  margin: 0 auto;
  max-inline-size: 1120px;
  padding: clamp(1rem, 3vw, 2.25rem) clamp(0.75rem, 3vw, 2rem);
}
header {
  align-items: baseline;
  display: flex;
  flex-wrap: wrap;
  gap: 0.25rem 1.5rem;
  justify-content: space-between;
}
h1 {
  font-size: 1.25rem;
  font-weight: 650;
  letter-spacing: -0.01em;
  margin: 0;
}
a {
  color: var(--accent);
  font-size: 0.875rem;
}
label {
  font-size: 0.875rem;
  font-weight: 600;
}
.post {
  display: grid;
  gap: 1rem;
  grid-template-columns: minmax(0, 1fr);
}
.field {
  display: grid;
  gap: 0.35rem;
  grid-template-rows: auto 1fr;
}
textarea,
input[type='password'] {
  background: var(--card);
  border: 1px solid var(--line);
  border-radius: 10px;
  color: inherit;
  font: inherit;
  inline-size: 100%;
  min-block-size: 2.75rem;
  padding: 0.65rem 0.85rem;
  resize: vertical;
}
textarea {
  min-block-size: 8rem;
}
::placeholder {
  color: var(--soft);
  opacity: 1;
}
.well {
  align-self: end;
  position: relative;
}
.well label {
  align-items: center;
  background: var(--card);
  border: 2px dashed var(--line);
  border-radius: 10px;
  cursor: pointer;
  display: flex;
  flex-direction: column;
  font-weight: 400;
  gap: 0.35rem;
  justify-content: center;
  min-block-size: 8rem;
  padding: 0.75rem;
  text-align: center;
}
.well b,
.well .swap {
  color: var(--accent);
  font-weight: 600;
  text-decoration: underline;
}
.well.full label {
  border-style: solid;
}
.well.over label,
.well label:hover {
  background: var(--accent-ground);
  border-color: var(--accent);
}
.well.full .ask,
.well:not(.full) .swap {
  display: none;
}
.well img {
  border-radius: 6px;
  max-block-size: 5rem;
  max-inline-size: 100%;
}
#name {
  color: var(--soft);
  font-size: 0.8125rem;
  max-inline-size: 100%;
  overflow-wrap: anywhere;
}
#picture {
  block-size: 1px;
  clip-path: inset(50%);
  inline-size: 1px;
  inset-block-end: 0;
  inset-inline-start: 0;
  position: absolute;
}
.well:has(#picture:focus-visible) label,
:focus-visible {
  outline: 2px solid var(--accent);
  outline-offset: 2px;
}
button {
  background: var(--card);
  border: 1px solid var(--line);
  border-radius: 8px;
  color: var(--ink);
  cursor: pointer;
  font: inherit;
  font-size: 0.875rem;
  min-block-size: 2.25rem;
  padding: 0.25rem 0.85rem;
}
button:hover {
  border-color: var(--accent);
  color: var(--accent);
}
#remove {
  inline-size: 100%;
  margin-block-start: 0.5rem;
}
#key-form {
  align-items: end;
  display: grid;
  gap: 0.35rem 0.75rem;
  grid-template-columns: minmax(0, 1fr) auto;
}
#key-form label {
  grid-column: 1 / -1;
}
#key-form button {
  min-block-size: 2.75rem;
}
.option {
  font-weight: 400;
}
.aside {
  color: var(--soft);
  font-size: 0.875rem;
  margin: 0;
}
#says {
  margin: 0;
  min-block-size: 1.5rem;
  overflow-wrap: anywhere;
}
#says.wrong {
  color: var(--wrong);
  font-weight: 600;
}
@media (min-width: 640px) {
  .post {
    grid-template-columns: minmax(0, 1fr) 15rem;
  }
  .alone {
    grid-template-columns: minmax(0, 1fr);
  }
  .well label,
  textarea {
    min-block-size: 9rem;
  }
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #131119;
    --ink: #eeecf4;
    --soft: #aaa5b9;
    --line: #7b7589;
    --card: #1d1a25;
    --accent: #b3a1ff;
    --accent-ground: #352d5a;
    --wrong: #ff9aa5;
  }
}`

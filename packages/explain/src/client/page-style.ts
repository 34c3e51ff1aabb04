/** The page around a view. */
export const pageStyle = `:root {
  color-scheme: light dark;
}
body {
  background: #f7f6fa;
  color: #1d1b26;
  font: 400 1rem/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif;
  margin: 0;
}
main {
  margin: 0 auto;
  max-inline-size: 1120px;
  padding: clamp(1rem, 3vw, 2.25rem) clamp(0.75rem, 3vw, 2rem);
}
h1 {
  font-size: 1.25rem;
  font-weight: 650;
  letter-spacing: -0.01em;
  margin: 0 0 1.1rem;
  overflow-wrap: anywhere;
}
@media (prefers-color-scheme: dark) {
  body {
    background: #131119;
    color: #eeecf4;
  }
}
@media print {
  body {
    background: none;
  }
}`

/** A script or a style sheet that a page carries, and the hash by which its policy allows it. */
export interface Carried {
  text: string
  /** As a content security policy names it: `sha256-...` */
  hash: string
}

/** Text that is no markup wherever it stands in HTML. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, sign => `&#${sign.charCodeAt(0)};`)

/** JSON that no parser of HTML or of scripts takes for an end or a comment of its own. */
export const scriptJson = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    sign => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** What a page is made of. */
export interface HtmlDocument {
  title: string
  /** The element that shows the data. */
  element: string
  /** What the script reads: JSON. */
  data: unknown
  script: Carried
  style: Carried
  /** What is read where no script runs. */
  plain: string
}

/**
 * One file that needs no other and asks for none: its policy allows its own script and style alone, and pictures as `data:`.
 */
export function htmlDocument({ title, element, data, script, style, plain }: HtmlDocument): string {
  const policy = [
    "default-src 'none'",
    `script-src '${script.hash}'`,
    `style-src '${style.hash}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="@mafjs/explain">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
<style>${style.text}</style>
</head>
<body>
<main>
<h1 dir="auto">${escapeHtml(title)}</h1>
<${element}></${element}>
<noscript><p dir="auto">${escapeHtml(plain)}</p></noscript>
</main>
<script type="application/json" id="data">${scriptJson(data)}</script>
<script>${script.text}</script>
</body>
</html>
`
}

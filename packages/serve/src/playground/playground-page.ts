/** What the page depends on. */
export interface PlaygroundOptions {
  readsPictures: boolean
  /** Whether a key is asked for. */
  asksKey: boolean
}

/** The page's address of each file that it loads; all others are refused by its policy. */
export const PLAYGROUND_FILES = {
  style: 'playground/page.css',
  view: 'playground/explanation.js',
  script: 'playground/page.js',
} as const

/** Nothing of elsewhere, nothing within the page, and nothing sent but to this server. */
export const PLAYGROUND_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  'img-src blob: data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const WELL = `<div class="well" id="well">
<label for="picture"><img id="shown" alt="The picture of the post" hidden>
<span class="ask">Drop, paste or <b>choose</b> a picture</span><span class="swap">Swap it</span>
<bdi id="name"></bdi></label>
<input type="file" id="picture" accept="image/*">
<button type="button" id="remove" hidden>Take it away</button>
</div>`

const NO_WELL = '<p class="aside">This model reads text alone: it takes no picture.</p>'

const OCCLUSION = `<label class="option"><input type="checkbox" id="occlusion"> Hide regions of the picture one by one, too
<span class="aside">(takes as long as many posts)</span></label>`

/** The page where a person tries the model: plain HTML, which the scripts make work. */
export const playgroundPage = ({ readsPictures, asksKey }: PlaygroundOptions): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>MAF.js playground</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${PLAYGROUND_FILES.style}">
<script src="${PLAYGROUND_FILES.view}" defer></script>
<script src="${PLAYGROUND_FILES.script}" defer></script>
</head>
<body>
<main>
<header><h1>MAF.js playground</h1><a href="docs/">The routes of this server</a></header>
<form id="key-form"${asksKey ? '' : ' hidden'}>
<label for="key">This server asks for a key</label>
<input type="password" id="key" autocomplete="off" required>
<button>Use it</button>
</form>
<div class="post${readsPictures ? '' : ' alone'}">
<div class="field"><label for="text">Post</label>
<textarea id="text" dir="auto" rows="4" spellcheck="false" placeholder="Type a post"></textarea></div>
${readsPictures ? WELL : NO_WELL}
</div>
${readsPictures ? OCCLUSION : ''}
<p id="says" role="status"></p>
<maf-explanation hidden></maf-explanation>
<noscript><p>This page needs its scripts; <code>POST /explain</code> does not.</p></noscript>
</main>
</body>
</html>
`

import { loadMaf } from '@mafjs/ner-maf/browser'

const { threads = '1', ...named } = Object.fromEntries(new URLSearchParams(location.search))
const maf = await loadMaf('/posts-en/', { threads: Number(threads), ...named })
const { entities } = await maf.annotate({ text: 'Rihanna 🎤 sings in Oslo' })
const output = document.createElement('output')
output.textContent = JSON.stringify({ threads: maf.threads, entities })
document.body.append(output)
await maf.dispose()

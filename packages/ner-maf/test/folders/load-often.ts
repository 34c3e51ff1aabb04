import { useBackend } from '@mafjs/compile/engine'
import { loadWhileReplaced, REPLACED } from './load-while-replaced'

// npm run loads -- [LOADS]: loads models while another process replaces their folders as fast as it can, 2,000 times each
// unless said otherwise; exit 1 where a load failed, or was of parts of two models.
const loads = Number(process.argv[2] ?? 2000)
await useBackend('cpu')
for (const what of REPLACED) {
  const started = performance.now()
  const { failed, mixed, whole } = await loadWhileReplaced(what, loads)
  const seconds = ((performance.now() - started) / 1000).toFixed(0)
  console.log(
    `${what}: ${loads} loads in ${seconds} s: ${failed.length} failed, ${mixed.length} mixed, ` +
      Object.entries(whole)
        .map(([model, count]) => `${count} wholly ${model}`)
        .join(', '),
  )
  for (const line of new Set([...failed, ...mixed])) console.log(`  ${line}`)
  if (failed.length + mixed.length > 0) process.exitCode = 1
}

import { readFile } from 'node:fs/promises'
import type { LongTextOptions } from '@mafjs/data'
import { InvalidArgumentError } from '@mafjs/tensor'
import { Command, Option } from 'commander'
import { longTextsOption, windowOverlapOption } from './long-text-options'
import { modelOption, modelOrShipped } from './model-option'
import { backendOption, engineOption, minScoreOption, number, shrinkOption, wholeNumber } from './options'

type Serve = typeof import('@mafjs/serve')

/** Loads the package that serves, which is installed by itself: commands need no server. */
async function loadServe(): Promise<Serve> {
  try {
    return await import('@mafjs/serve')
  } catch (error) {
    const { code, message } = error as Error & { code?: string }
    if (code !== 'ERR_MODULE_NOT_FOUND' || !message.includes('@mafjs/serve')) throw error
    throw new InvalidArgumentError({
      argument: 'serve',
      rule: 'needs the package @mafjs/serve',
      received: 'no such package here',
      fix: 'npm install @mafjs/serve',
    })
  }
}

/** The keys of a file, one a line, or of the environment. */
async function readKeys(file: string | undefined): Promise<string[]> {
  const text = file === undefined ? (process.env['MAF_API_KEY'] ?? '') : await readFile(file, 'utf8')
  const keys = text.split('\n').flatMap(line => line.trim() || [])
  if (file === undefined || keys.length > 0) return keys
  throw new InvalidArgumentError({
    argument: 'apiKeyFile',
    rule: 'must hold a key on each line',
    received: `${file}, without one`,
    fix: 'Write one into it, or leave the option out.',
  })
}

interface Options
  extends Omit<Parameters<Serve['serveUntilSignal']>[0], 'apiKeys' | 'model'>,
    LongTextOptions {
  model?: string
  apiKeyFile?: string
}

const most = (flags: string, what: string): Option => new Option(flags, what).argParser(wholeNumber(1))

/** `ner-maf serve` */
export function serveCommand(): Command {
  return new Command('serve')
    .addOption(modelOption())
    .option('--host <address>', 'the address to listen on', '127.0.0.1')
    .option('--port <number>', 'the port; 0 takes a free one', wholeNumber(0, 65_535), 8080)
    .addOption(
      most(
        '--workers <count>',
        'processes with the model, of one thread each (default: one for each processor that this process may use)',
      ),
    )
    .option(
      '--api-key-file <file>',
      'keys, one a line, of which requests must have one (default: of the environment variable MAF_API_KEY, else open)',
    )
    .option('--no-playground', 'without the page at / where a person tries the model')
    .option('--grace <seconds>', 'time to answer what was taken, after SIGTERM', number(0, 86_400), 30)
    .addOption(minScoreOption())
    .addOption(
      new Option(
        '--on-broken-picture <what>',
        'what a picture that cannot be read does: its post is refused (422), or is annotated without it and says so',
      )
        .choices(['stop', 'skip'])
        .default('stop'),
    )
    .addOption(
      most('--queue-posts <count>', 'posts that may wait; more are told to come again (default: 256)'),
    )
    .addOption(most('--queue-bytes <bytes>', 'bytes of requests in memory (default: 256 MiB)'))
    .addOption(most('--batch-size <posts>', 'posts that are computed together at most (default: 16)'))
    .option('--batch-seconds <seconds>', 'time that a batch may take (default: 60)', number(0.001))
    .addOption(most('--body-bytes <bytes>', 'bytes of a request, or of a line of a stream (default: 16 MiB)'))
    .option('--body-seconds <seconds>', 'time in which a body must be there (default: 30)', number(0.001))
    .addOption(most('--text-length <signs>', 'UTF-16 units of a text (default: 20000)'))
    .addOption(most('--pictures <count>', 'pictures of a post (default: 8)'))
    .addOption(most('--picture-bytes <bytes>', 'bytes of a picture file (default: 8 MiB)'))
    .addOption(most('--pixel-limit <pixels>', 'pixels of a picture (default: 67108864)'))
    .addOption(shrinkOption())
    .addOption(longTextsOption())
    .addOption(windowOverlapOption())
    .addOption(engineOption())
    .addOption(backendOption())
    .action(async ({ model: named, apiKeyFile, ...options }: Options) => {
      const { serveUntilSignal } = await loadServe()
      const model = await modelOrShipped(named)
      process.exitCode = await serveUntilSignal({ ...options, model, apiKeys: await readKeys(apiKeyFile) })
    })
}

import { serveUntilSignal } from '../src/index'

// A server as a process of its own: node serve-program.ts '{"model": ...}'
process.exitCode = await serveUntilSignal(JSON.parse(process.argv[2]!))

export type { ServeOptions } from './serve-options'
export { type ServeUntilSignalOptions, serveUntilSignal } from './serve-until-signal'
export { type RunningServer, startServer } from './start-server'

/** The hidden command with which the command line starts itself as a worker. */
export const WORKER_COMMAND = 'demo-worker'

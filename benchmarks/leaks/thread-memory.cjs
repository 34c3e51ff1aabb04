// Loaded into every thread of a process (`--require`): says what a thread that serves a model holds, when it is asked.
const { BroadcastChannel, isMainThread } = require('node:worker_threads')

if (!isMainThread) {
  const channel = new BroadcastChannel('memory')
  channel.onmessage = ({ data }) => {
    if (data !== 'ask') return
    globalThis.gc()
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    channel.postMessage({ heapUsed, arrayBuffers })
  }
  channel.unref()
}

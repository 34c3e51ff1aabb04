import { answerParent } from '@mafjs/tensor/processes'
import { type Time, timed } from '../timing'
import { ask, connections } from './ask'

// The clients of a server: a process of their own, so that what they take can be told from what the server takes.

/** To this process. */
export type ToClient = { bodies: string[] } | { url: string; clients: number; answers?: boolean }

/** What comes back. */
export interface FromClient extends Partial<Time> {
  answers?: string[]
}

let bodies: string[] = []

answerParent<ToClient>(async (to): Promise<FromClient> => {
  if ('bodies' in to) {
    bodies = to.bodies
    return {}
  }
  const agent = connections(to.clients)
  const answers: string[] = []
  let next = 0
  const client = async (): Promise<void> => {
    while (next < bodies.length) {
      const place = next++
      const { status, body } = await ask({ url: to.url, agent, body: bodies[place]! })
      if (status !== 200) throw new Error(`${status}: ${body}`)
      answers[place] = body
    }
  }
  const time = await timed(() => Promise.all(Array.from({ length: to.clients }, client)))
  agent.destroy()
  return to.answers ? { answers } : time
})

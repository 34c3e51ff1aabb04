import { compile, compileGradients, compileTraining, type ThreadOptions } from '@mafjs/compile'
import type { Module } from '@mafjs/tensor'
import type * as tf from '@tensorflow/tfjs-core'
import { ADAM, applied, chosen, type Numbers, read, type Task, UPDATES } from './compute'
import type { Subject } from './subjects'

type HostResults = Record<string, { data: ArrayLike<number> }>

/** Computes a module as a program of ONNX Runtime. */
export async function computeCompiled(
  module: Module<never, object>,
  subject: Subject,
  { task, session }: { task: Task; session: ThreadOptions },
): Promise<Numbers> {
  const { inputs } = subject
  if (task === 'forward') {
    const program = compile(
      (given: object) => chosen(applied(module, given, { training: false }), subject),
      session,
    )
    const results = (await program.run(inputs as never)) as unknown as HostResults
    await program.dispose()
    return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, Array.from(data)]))
  }
  const losses = (given: object): Record<string, tf.Scalar> & { total: tf.Scalar } => ({
    total: subject.loss(applied(module, given, { training: true }) as never),
  })
  if (task === 'gradient') {
    const gradientsOf = compileGradients(losses, module.parameters(), session)
    const { gradients } = await gradientsOf(inputs as never)
    const numbers = await read(gradients)
    await gradientsOf.dispose()
    return numbers
  }
  const optimizer = { kind: 'adamw', weightDecay: 0, ...ADAM } as const
  const training = await compileTraining(losses, module.parameters(), { ...session, optimizer })
  for (let step = 0; step < UPDATES; step++) await training.step(inputs as never, { seed: 0, step })
  await training.synchronize()
  const numbers = await read(module.parameters())
  await training.dispose()
  return numbers
}

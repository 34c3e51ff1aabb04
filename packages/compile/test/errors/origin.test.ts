import { describe, expect, it } from 'vitest'
import { calledOperation, callSite } from '../../src/graph/origin'

/** A stack such as Node writes it. */
const originOf = (...frames: string[]) => ({
  kernel: 'Slice',
  trace: Object.assign(new Error(), { stack: `Error\n${frames.map(frame => `    at ${frame}`).join('\n')}` }),
})

const COMPILER = 'OnnxBackend.kernelFunc (/app/node_modules/@mafjs/compile/dist/index.js:1:1)'
const TFJS = [
  'Engine.runKernel (/app/node_modules/@tensorflow/tfjs-core/dist/tf-core.node.js:4:4)',
  'slice_ (/app/node_modules/@tensorflow/tfjs-core/dist/tf-core.node.js:5:5)',
  'unstackRows__op (/app/node_modules/@tensorflow/tfjs-core/dist/tf-core.node.js:6:6)',
]
const MODULE = [1, 2, 3, 4, 5].map(i => `layer${i} (/app/node_modules/@mafjs/tensor/dist/index.js:${i}:1)`)

describe('where a kernel was called', () => {
  it('leaves out tfjs and the compiler, and names the function of tfjs that was called', () => {
    const origin = originOf(
      COMPILER,
      ...TFJS,
      'async node:internal/process:9:9',
      'mine (/app/src/model.js:7:7)',
      'main (/app/src/main.js:8:8)',
    )
    expect(callSite(origin)).toBe('\n    at mine (/app/src/model.js:7:7)\n    at main (/app/src/main.js:8:8)')
    expect(calledOperation(origin)).toBe('unstackRows')
  })

  it("reaches the program's own code, however deep in other packages", () => {
    const site = callSite(
      originOf(COMPILER, ...TFJS, ...MODULE, 'mine (/app/src/model.js:7:7)', 'main (/app/src/main.js:8:8)'),
    )
    expect(
      site
        .trim()
        .split('\n')
        .map(line => line.trim()),
    ).toEqual([...MODULE.slice(0, 4).map(frame => `at ${frame}`), 'at mine (/app/src/model.js:7:7)'])
  })

  it('names the kernel where nothing else is known', () => {
    expect([callSite(originOf(COMPILER)), calledOperation(originOf(COMPILER))]).toEqual(['', 'Slice'])
    expect(
      calledOperation(
        originOf('Math.random (/app/node_modules/@mafjs/compile/dist/index.js:1:1)', 'mine (/app/a.js:1:1)'),
      ),
    ).toBe('Slice')
  })
})

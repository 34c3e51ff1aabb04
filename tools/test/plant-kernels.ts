import * as tf from '@tensorflow/tfjs-core'

// Runs inside the suite's bundle after the cpu backend is registered: Abs gives back its input, and Exp is gone.
tf.unregisterKernel('Abs', 'cpu')
tf.registerKernel({
  kernelName: 'Abs',
  backendName: 'cpu',
  kernelFunc: ({ inputs, backend }) => {
    const { dataId, shape, dtype } = inputs['x']!
    ;(backend as tf.KernelBackend).incRef(dataId)
    return { dataId, shape, dtype }
  },
})
tf.unregisterKernel('Exp', 'cpu')
// A crash as of native code, in the middle of a spec.
tf.unregisterKernel('Diag', 'cpu')
tf.registerKernel({ kernelName: 'Diag', backendName: 'cpu', kernelFunc: () => process.exit(3) })

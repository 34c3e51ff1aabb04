import '@tensorflow/tfjs-backend-cpu'

/** tfjs's own backend in plain JavaScript: the reference. */
export const environment = { name: 'cpu', backendName: 'cpu', isDataSync: true }

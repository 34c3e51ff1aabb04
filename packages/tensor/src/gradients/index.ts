export { type RegisterGradientsOptions, registerGradients } from './register-gradients'
export { type ResizedAxis, type ResizedPlaces, resizedPlaces } from './resizing'

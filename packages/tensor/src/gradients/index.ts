export { type RegisterGradientsOptions, registerGradients } from './register-gradients'

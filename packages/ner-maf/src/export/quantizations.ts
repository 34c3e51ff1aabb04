/**
 * How weights are brought to int8: `int8` so that every processor and every runtime computes them right, `int8-full` with all
 * 8 bits, which x64 processors without VNNI need a session option for.
 */
export const QUANTIZATIONS = ['int8', 'int8-full'] as const

/** How weights are brought to int8. */
export type Quantization = (typeof QUANTIZATIONS)[number]

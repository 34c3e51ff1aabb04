/** A point of a picture; a picture is `canvas` units wide and high. */
export type Point = readonly [x: number, y: number]

/** Width and height of every picture in its own units. */
export const canvas = 56

const short = (value: number) => value.toFixed(2)

const written = (coordinates: readonly number[]) => coordinates.map(short).join(' ')

/** A filled circle. */
export function circle([x, y]: Point, radius: number, fill: string): string {
  return ellipse([x, y], radius, radius, fill)
}

/** A filled ellipse. */
export function ellipse([x, y]: Point, radiusX: number, radiusY: number, fill: string): string {
  return `<ellipse cx="${short(x)}" cy="${short(y)}" rx="${short(radiusX)}" ry="${short(radiusY)}" fill="${fill}"/>`
}

/** A filled rectangle, with corners rounded by `round`. */
export function rectangle([x, y]: Point, width: number, height: number, fill: string, round = 0): string {
  return `<rect x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}" rx="${short(round)}" fill="${fill}"/>`
}

/** A filled polygon; its corners as x, y, x, y ... */
export function polygon(corners: readonly number[], fill: string): string {
  return `<polygon points="${written(corners)}" fill="${fill}"/>`
}

/** An open line of straight pieces; its corners as x, y, x, y ... */
export function line(corners: readonly number[], stroke: string, width: number): string {
  return `<polyline points="${written(corners)}" fill="none" stroke="${stroke}" stroke-width="${short(width)}" stroke-linejoin="round" stroke-linecap="round"/>`
}

/** A line that bends from `from` to `to` towards `control`. */
export function curve(from: Point, control: Point, to: Point, stroke: string, width: number): string {
  return path(`M${written(from)} Q${written([...control, ...to])}`, stroke, width)
}

/** A line given as SVG path data. */
export function path(data: string, stroke: string, width: number): string {
  return `<path d="${data}" fill="none" stroke="${stroke}" stroke-width="${short(width)}" stroke-linejoin="round" stroke-linecap="round"/>`
}

/** An outline of a rectangle. */
export function frame(
  [x, y]: Point,
  width: number,
  height: number,
  stroke: string,
  thick: number,
  round = 0,
): string {
  return `<rect x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}" rx="${short(round)}" fill="none" stroke="${stroke}" stroke-width="${short(thick)}"/>`
}

/** An outline of a circle. */
export function ring([x, y]: Point, radius: number, stroke: string, thick: number): string {
  return `<circle cx="${short(x)}" cy="${short(y)}" r="${short(radius)}" fill="none" stroke="${stroke}" stroke-width="${short(thick)}"/>`
}

/** A group that is moved to `at`, turned by `degrees` and made `scale` times as large. */
export function placed(inside: string, at: Point, scale = 1, degrees = 0): string {
  return `<g transform="translate(${written(at)}) rotate(${short(degrees)}) scale(${short(scale)})">${inside}</g>`
}

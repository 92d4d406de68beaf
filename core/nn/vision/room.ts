/** One of few numbers not below `wanted`, each 1.33 or 1.5 times the one before, so that few graphs are compiled. @param fewest a power of 2 */
export function roomFor(wanted: number, fewest: number): number {
  let room = fewest;
  while (room < wanted) room = Math.log2(room) % 1 === 0 ? room * 1.5 : (room / 3) * 4;
  return room;
}

/** The same of multiples of a step. */
export function roomInSteps(wanted: number, step: number): number {
  return roomFor(Math.ceil(wanted / step), 1) * step;
}

/** One of few numbers not below `wanted`: so many steps of a power of 2, at most 8. */
export function stepsFor(wanted: number): number {
  let step = 1;
  while (wanted > 8 * step) step *= 2;
  return Math.ceil(wanted / step) * step;
}

/** One of few numbers not below `wanted`, each 1.33 or 1.5 times the one before, so that few graphs are compiled. @param fewest a power of 2 */
export function roomFor(wanted: number, fewest: number): number {
  let room = fewest;
  while (room < wanted) room = Math.log2(room) % 1 === 0 ? room * 1.5 : (room / 3) * 4;
  return room;
}

/** One of few numbers of tiles, so that few graphs are compiled; none adds more than a third. */
export function roomForTiles(tiles: number): number {
  let step = 1;
  while (tiles > 8 * step) step *= 2;
  return Math.ceil(tiles / step) * step;
}

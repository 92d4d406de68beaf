/** Pixels of tiles [N, 3, side, side] cut into patches, row by row: [N · patches, 3 · patch²]. @param tiles with room for more than there are */
export function patchRows(
  pixels: readonly Float32Array[],
  tiles: number,
  { image_size: side, patch_size: patch }: { readonly image_size: number; readonly patch_size: number },
): Float32Array {
  // What is left over on the right and below belongs to no patch.
  const across = Math.floor(side / patch);
  const plane = side * side;
  const data = new Float32Array(tiles * across ** 2 * 3 * patch ** 2);
  let to = 0;
  for (const some of pixels) {
    for (let tile = 0; tile < some.length; tile += 3 * plane) {
      for (let cell = 0; cell < across * across; cell++) {
        const corner = tile + Math.floor(cell / across) * patch * side + (cell % across) * patch;
        for (let channel = 0; channel < 3; channel++) {
          for (let y = 0; y < patch; y++, to += patch) {
            const from = corner + channel * plane + y * side;
            data.set(some.subarray(from, from + patch), to);
          }
        }
      }
    }
  }
  return data;
}

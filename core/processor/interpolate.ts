/** Values that are no bytes any more, of another size: `torch.nn.functional.interpolate` without a low-pass. */

/** One channel of a picture. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  /** [height, width] */
  readonly data: Float32Array;
}

/** The samples of a line that a new one is made of, and their shares. */
export type Taps = readonly (readonly [at: number, share: number])[];

export type TapRule = (i: number, to: number, from: number) => Taps;

/** @param rule which samples of a line a new one is made of */
export function interpolatePlane(plane: Plane, width: number, height: number, rule: TapRule): Float32Array {
  const { width: from, data } = plane;
  const across = Array.from({ length: width }, (_, x) => rule(x, width, from));
  const made = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const down = rule(y, height, plane.height);
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (const [row, part] of down)
        for (const [column, share] of across[x]) sum += part * share * data[row * from + column];
      made[y * width + x] = sum;
    }
  }
  return made;
}

/** Edges on edges. Places are told in float32, as PyTorch has them. */
export const bilinearTaps: TapRule = (i, to, from) => {
  const at = Math.max(0, placeOf(i, to, from));
  const below = Math.min(from - 1, Math.floor(at));
  const rest = Math.fround(at - below);
  return [
    [below, 1 - rest],
    [Math.min(from - 1, below + 1), rest],
  ];
};

function placeOf(i: number, to: number, from: number): number {
  const scale = Math.fround(from / to);
  return Math.fround(Math.fround(scale * (i + 0.5)) - 0.5);
}

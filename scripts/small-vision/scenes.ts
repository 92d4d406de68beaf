/** Pictures of a few coloured shapes on a light ground, and where each is. */
import sharp from 'sharp';
import type { SeededRandom } from '../../core/data/index.js';

/** Left, upper, right and lower edge in pixels. */
export type Box = readonly [x1: number, y1: number, x2: number, y2: number];

export interface Thing {
  readonly colour: string;
  readonly shape: string;
  readonly box: Box;
}

/** Width and height of a picture in pixels: a pixel is ten thousandths, in which models say boxes. */
export const SIDE = 100;

/** Edges of things are multiples of so many pixels, which also lie between two things. */
const STEP = 5;
/** Sides of things, in steps. */
const [SMALLEST, LARGEST] = [4, 8];

/** How many things there are, one of these. */
const COUNTS = [1, 1, 1, 2, 2, 3];

const COLOURS: Readonly<Record<string, string>> = {
  red: '#d62728',
  green: '#2ca02c',
  blue: '#1f4fd6',
  yellow: '#e6c229',
};

const SHAPES: Readonly<Record<string, (box: Box) => string>> = {
  square: ([x1, y1, x2, y2]) => `<rect x="${x1}" y="${y1}" width="${x2 - x1}" height="${y2 - y1}"`,
  circle: ([x1, y1, x2, y2]) => `<circle cx="${(x1 + x2) / 2}" cy="${(y1 + y2) / 2}" r="${(x2 - x1) / 2}"`,
  triangle: ([x1, y1, x2, y2]) => `<polygon points="${(x1 + x2) / 2},${y1} ${x1},${y2} ${x2},${y2}"`,
};

export const nameOf = ({ colour, shape }: Thing): string => `${colour} ${shape}`;

/** One to three things that do not touch; no two have the same name. */
export function makeScene(random: SeededRandom): Thing[] {
  const one = <T>(of: readonly T[]): T => of[random.below(of.length)];
  const things: Thing[] = [];
  for (const count = one(COUNTS); things.length < count;) {
    const side = SMALLEST + random.below(LARGEST - SMALLEST + 1);
    const [x, y] = [0, 1].map(() => random.below(SIDE / STEP - side + 1));
    const box: Box = [x * STEP, y * STEP, (x + side) * STEP, (y + side) * STEP];
    const thing: Thing = { colour: one(Object.keys(COLOURS)), shape: one(Object.keys(SHAPES)), box };
    if (!things.some((other) => nameOf(other) === nameOf(thing) || touch(other.box, box))) things.push(thing);
  }
  return things;
}

/** As PNG. */
export function draw(things: readonly Thing[]): Promise<Buffer> {
  const shapes = things.map(({ colour, shape, box }) => `${SHAPES[shape](box)} fill="${COLOURS[colour]}"/>`);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${SIDE}">${shapes.join('')}</svg>`;
  return sharp(Buffer.from(svg)).flatten({ background: '#f2f2ee' }).png().toBuffer();
}

function touch(a: Box, b: Box): boolean {
  return [0, 1].every((axis) => a[axis] < b[axis + 2] + STEP && b[axis] < a[axis + 2] + STEP);
}

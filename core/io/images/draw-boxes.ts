/** Boxes and points drawn on a copy of a picture. */
import type { FoundObjects, Place } from '../../contracts/grounding.js';
import type { RgbImage } from '../../contracts/media.js';

/** One for each name, told apart by people who see few colours, too (Okabe and Ito). */
const COLOURS = ['#d55e00', '#0072b2', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#f0e442'];

/** The picture as PNG, with what was found on it. */
export async function drawBoxes(
  { width, height, data }: RgbImage,
  { ref, bbox }: FoundObjects,
): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp');
  const names = [...new Set(ref)];
  // Seen on large photographs and small ones.
  const line = Math.max(1, Math.round(Math.min(width, height) / 200));
  const shapes = bbox.map((place, i) => {
    const colour = COLOURS[names.indexOf(ref[i]) % COLOURS.length];
    return shapeOf(place, { colour, line }) + labelOf(place, ref[i], { colour, line, width, height });
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${shapes.join('')}</svg>`;
  return sharp(data, { raw: { width, height, channels: 3 } })
    .composite([{ input: Buffer.from(svg) }])
    .removeAlpha()
    .png()
    .toBuffer();
}

interface Pen {
  readonly colour: string;
  /** Width in pixels. */
  readonly line: number;
}

function shapeOf([x1, y1, x2, y2]: Place, { colour, line }: Pen): string {
  if (x2 === undefined) return `<circle cx="${x1}" cy="${y1}" r="${3 * line}" fill="${colour}"/>`;
  const stroke = `fill="none" stroke="${colour}" stroke-width="${2 * line}"`;
  return `<rect x="${x1}" y="${y1}" width="${x2 - x1}" height="${y2 - y1}" ${stroke}/>`;
}

/** A name above its place, or within it at the upper edge of the picture. */
function labelOf(
  [x, y]: Place,
  name: string,
  { colour, line, width, height }: Pen & Pick<RgbImage, 'width' | 'height'>,
): string {
  if (name === '') return '';
  const size = Math.max(10, Math.round(Math.min(width, height) / 30));
  const top = y > size + line ? y - line : y + size;
  const text = `x="${x + line}" y="${top}" font-family="sans-serif" font-size="${size}"`;
  // A light rim is seen on a dark ground.
  return `<text ${text} fill="${colour}" stroke="white" stroke-width="${size / 6}" paint-order="stroke">${escaped(name)}</text>`;
}

/** Without what XML has no place for. */
function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;' };
  return text.replace(/[<>&]/g, (sign) => entities[sign]).replace(/[^\P{C}\t]/gu, '');
}

/** Pictures of files made ready for towers, beside Transformers' processors: processor time, so that each counts one core. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import type { ImageProcessor } from '../../core/contracts/processor.js';
import { SeededRandom } from '../../core/data/index.js';
import { decodeImage } from '../../core/io/images/decode-image.js';
import { services } from '../../core/sdk/default-services.js';
import { markdownTable } from './row.js';

const COUNT = 200;
const { SWIFT_PEERS_PYTHON: PYTHON = 'python3' } = process.env;
const SCRIPT = fileURLToPath(new URL('../../../scripts/bench/peer_images.py', import.meta.url));

/** Milliseconds of processor time for one picture, from its file to what the tower takes. */
export interface ImagesRow {
  readonly name: string;
  readonly own_ms: number;
  readonly peer_ms: number;
  readonly ratio: number;
}

/** Families by kind of processor: config.json and preprocessor_config.json as far as they matter here. */
const FAMILIES = {
  llava: {
    id: 'llava1_5-7b-instruct',
    config: { vision_config: { model_type: 'clip_vision_model', image_size: 336, patch_size: 14 } },
    settings: { size: { shortest_edge: 336 }, crop_size: { height: 336, width: 336 } },
  },
  internvl: {
    id: 'internvl3-1b-hf',
    config: { vision_config: { image_size: [448, 448], patch_size: [14, 14] } },
    settings: { size: { height: 448, width: 448 }, crop_to_patches: true, min_patches: 1, max_patches: 12 },
  },
  'qwen2-vl': { id: 'qwen2-vl-2b-instruct', config: { vision_config: { patch_size: 14 } }, settings: {} },
};

export async function benchImages(): Promise<readonly ImagesRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'images-'));
  try {
    const files = await writePictures(folder);
    sharp.concurrency(1);
    const own: Record<string, number> = {
      'decoding alone': await measure(files),
    };
    for (const [name, { id, config, settings }] of Object.entries(FAMILIES)) {
      const { instance, meta } = await services().plugins.resolve('model', id);
      own[name] = await measure(files, instance.processor!(config, settings, meta.template).image!);
    }
    const peer = spawnSync(PYTHON, [SCRIPT, folder], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (peer.status !== 0) throw new Error(`${PYTHON} ${SCRIPT} ended with ${peer.status ?? peer.signal}`);
    const theirs = JSON.parse(peer.stdout) as Record<string, number>;
    return Object.entries(own).map(([name, own_ms]) => {
      const peer_ms = theirs[name];
      return { name, own_ms, peer_ms, ratio: peer_ms / own_ms };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function printImages(rows: readonly ImagesRow[]): void {
  const cells = rows.map(({ name, own_ms, peer_ms, ratio }) => [
    name,
    own_ms.toFixed(1),
    peer_ms.toFixed(1),
    ratio.toFixed(2),
  ]);
  console.log(markdownTable(['pictures for', 'ms', 'transformers, ms', 'times as fast'], cells));
}

/** Photograph-like pictures of 0.1 to 6 megapixels in any of three formats. */
async function writePictures(folder: string): Promise<readonly string[]> {
  mkdirSync(folder, { recursive: true });
  const random = SeededRandom.seeded(11);
  const files = [];
  for (let i = 0; i < COUNT; i++) {
    const [width, height] = [0, 0].map(() => Math.round(300 * 8 ** random.uniform()));
    const coarse = Buffer.from(Uint8Array.from({ length: 24 * 16 * 3 }, () => random.below(256)));
    const picture = sharp(coarse, { raw: { width: 24, height: 16, channels: 3 } }).resize(width, height, {
      fit: 'fill',
      kernel: 'cubic',
    });
    const format = (['jpeg', 'jpeg', 'png', 'webp'] as const)[i % 4];
    const file = join(folder, `${String(i).padStart(3, '0')}.${format}`);
    writeFileSync(file, await picture.toFormat(format, { quality: 90 }).toBuffer());
    files.push(file);
  }
  return files;
}

/** The better of two passes over all files, after a few that warm up. */
async function measure(files: readonly string[], processor?: ImageProcessor): Promise<number> {
  const pass = async (some: readonly string[]): Promise<number> => {
    const before = process.cpuUsage();
    for (const file of some) {
      const image = await decodeImage(readFileSync(file), file);
      processor?.process(image);
    }
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000 / some.length;
  };
  await pass(files.slice(0, 20));
  return Math.min(await pass(files), await pass(files));
}

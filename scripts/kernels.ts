/** Assembles core/kernels/hot-loops.wat into hot-loops-wasm.ts; with --check only says whether that is up to date. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import wabt from 'wabt';

const path = (name: string): string => fileURLToPath(new URL(`../core/kernels/${name}`, import.meta.url));

const source = readFileSync(path('hot-loops.wat'), 'utf8');
const { buffer } = (await wabt()).parseWat('hot-loops.wat', source, { simd: true }).toBinary({});
const text = [
  '/** Assembled from hot-loops.wat by `npm run kernels`: do not edit. A string, so that it loads without a file system. */',
  'export const HOT_LOOPS_WASM =',
  `  '${Buffer.from(buffer).toString('base64')}';`,
  '',
].join('\n');

const target = path('hot-loops-wasm.ts');
if (!process.argv.includes('--check')) writeFileSync(target, text);
else if (readFileSync(target, 'utf8') !== text) {
  console.error('core/kernels/hot-loops-wasm.ts is not what hot-loops.wat gives. Run: npm run kernels');
  process.exit(1);
}

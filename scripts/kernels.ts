/** Assembles every core/kernels/*.wat into its *-wasm.ts; with --check only says whether those are up to date. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import wabt from 'wabt';

const folder = fileURLToPath(new URL('../core/kernels/', import.meta.url));
const { parseWat } = await wabt();

for (const file of readdirSync(folder).filter((name) => name.endsWith('.wat'))) {
  const name = file.slice(0, -'.wat'.length);
  const { buffer } = parseWat(file, readFileSync(folder + file, 'utf8'), { simd: true }).toBinary({});
  const text = [
    `/** Assembled from ${file} by \`npm run kernels\`: do not edit. A string, so that it loads without a file system. */`,
    `export const ${name.toUpperCase().replaceAll('-', '_')}_WASM =`,
    `  '${Buffer.from(buffer).toString('base64')}';`,
    '',
  ].join('\n');
  const target = `${folder}${name}-wasm.ts`;
  if (!process.argv.includes('--check')) writeFileSync(target, text);
  else if (readFileSync(target, 'utf8') !== text) {
    console.error(`core/kernels/${name}-wasm.ts is not what ${file} gives. Run: npm run kernels`);
    process.exitCode = 1;
  }
}

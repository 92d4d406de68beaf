/** Writes registry.json from the decorators; with `--check`, fails when it is stale. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildManifest, pluginFiles } from '../core/registry/build.js';
import { provenArchitectures } from '../tests/parity/cases.js';

const root = fileURLToPath(new URL('../', import.meta.url));
const path = `${root}registry.json`;
const files = pluginFiles(`${root}plugins`);
const fresh = await buildManifest({ root, files, keepExtension: false, proven: provenArchitectures() });
const count = fresh.match(/"module"/g)?.length ?? 0;

if (!process.argv.includes('--check')) {
  writeFileSync(path, fresh);
  console.log(`registry.json: ${count} plugins`);
} else if (readFileSync(path, 'utf8') !== fresh) {
  console.error('registry.json is stale. Run: npm run registry');
  process.exitCode = 1;
} else {
  console.log(`registry.json is current: ${count} plugins`);
}

/** Writes registry.json and what follows from it from the decorators; with `--check`, fails when one is stale. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { resolveConfig } from 'prettier';
import { buildManifest, pluginFiles } from '../core/registry/build.js';
import { provenArchitectures } from '../parity/cases.js';
import { pluginFlags } from './plugin-flags.js';

const root = fileURLToPath(new URL('../', import.meta.url));
const files = pluginFiles(`${root}plugins`);
const registry = await buildManifest({ root, files, keepExtension: false, proven: provenArchitectures() });
const count = registry.match(/"module"/g)?.length ?? 0;
const flags = 'core/config/plugin-flags.ts';
const options = (await resolveConfig(root + flags)) ?? {};
const fresh = { 'registry.json': registry, [flags]: await pluginFlags(registry, options) };

for (const [path, text] of Object.entries(fresh)) {
  if (!process.argv.includes('--check')) {
    writeFileSync(root + path, text);
    console.log(path === flags ? path : `${path}: ${count} plugins`);
  } else if (!existsSync(root + path) || readFileSync(root + path, 'utf8') !== text) {
    console.error(`${path} is stale. Run: npm run registry`);
    process.exitCode = 1;
  } else {
    console.log(path === flags ? `${path} is current` : `${path} is current: ${count} plugins`);
  }
}

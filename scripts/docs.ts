/** Writes every generated page; with `--check`, fails when one is stale. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('docs/', import.meta.url));
for (const name of readdirSync(folder).sort()) {
  if (name !== 'write-or-check.ts') await import(`./docs/${name}`);
}

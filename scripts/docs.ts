/** Writes every generated page; with `--check`, fails when one is stale. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('docs/', import.meta.url));
const scripts = readdirSync(folder).filter((name) => name !== 'write-or-check.ts');
// The pages of the model families quote docs/PARITY.md, so they are written after it.
const last = 'models.ts';
for (const name of [...scripts.filter((name) => name !== last).sort(), last]) await import(`./docs/${name}`);

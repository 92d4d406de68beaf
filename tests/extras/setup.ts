import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = dirname(fileURLToPath(import.meta.url));
const stamp = join(folder, 'node_modules', '.installed-lock.json');

/**
 * Vitest global setup: installs the packages that only tests read (real tokenizers, TensorFlow.js; about 600 MB)
 * beside this file, once per lock file. They stay out of the project's own dependencies.
 */
export function setup(): void {
  const lock = readFileSync(join(folder, 'package-lock.json'), 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  process.stderr.write(
    'Installing test-only packages into tests/extras/node_modules (once, about 600 MB)...\n',
  );
  try {
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', folder], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
      shell: process.platform === 'win32',
    });
  } catch (cause) {
    throw new Error(
      `Test-only packages could not be installed. Run 'npm ci --ignore-scripts --prefix tests/extras' where the npm registry can be reached, then run the tests again.`,
      { cause },
    );
  }
  writeFileSync(stamp, lock);
}

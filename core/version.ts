import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The version in package.json, from source and from `dist` alike. */
export function packageVersion(): string {
  const beside = fileURLToPath(new URL('../package.json', import.meta.url));
  const path = existsSync(beside) ? beside : fileURLToPath(new URL('../../package.json', import.meta.url));
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}

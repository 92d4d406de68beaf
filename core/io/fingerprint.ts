/** What tells a file from another, or from its damaged self, in a moment however large it is. */
import { createHash } from 'node:crypto';
import { openFile } from './files.js';

/** Bytes up to which all of a file counts. */
const WHOLE = 16 * 2 ** 20;
/** Of a larger one so many windows, evenly spread, count; and its size. */
const WINDOWS = 4096;
const WINDOW = WHOLE / WINDOWS;

/** SHA-256 over a file's size and content, hexadecimal; of a file above 16 MiB over 4096 windows of its content. */
export async function fingerprintFile(path: string): Promise<string> {
  const file = await openFile(path);
  try {
    const hash = createHash('sha256').update(`${file.size}\n`);
    if (file.size <= WHOLE) return hash.update(await file.read(0, file.size)).digest('hex');
    for (let i = 0; i < WINDOWS; i++) {
      const at = Math.floor((i * (file.size - WINDOW)) / (WINDOWS - 1));
      hash.update(await file.read(at, WINDOW));
    }
    return hash.digest('hex');
  } finally {
    await file.close();
  }
}

/** One fingerprint of several files, whatever they are called and in whatever order. */
export async function fingerprintFiles(paths: readonly string[]): Promise<string> {
  const each: string[] = [];
  for (const path of paths) each.push(await fingerprintFile(path));
  return createHash('sha256').update(each.sort().join('\n')).digest('hex');
}

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/** What `long-run.ts` prints: bytes, and graphs compiled so far, and those not released. */
interface Held {
  readonly rss: number;
  readonly arrayBuffers: number;
  readonly alive: number;
  readonly compiled: number;
}

/**
 * The least that a step could leak natively is the hidden states of a row of 64 tokens: 8 KB, which is 13.9 MB over the
 * 1,700 steps between the two looks. Without a leak resident memory grew by 1 to 4 MB.
 */
const LEAST_LEAK = 1700 * 64 * 32 * 4;

test('2,000 steps over rows of many lengths hold no more than the first 300', { timeout: 180_000 }, () => {
  const script = fileURLToPath(new URL('long-run.ts', import.meta.url));
  const argv = ['--expose-gc', '-C', 'swift-source', '--import', 'tsx', script];
  const [early, late] = execFileSync(process.execPath, argv, { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Held);
  expect(late.rss - early.rss).toBeLessThan(0.85 * LEAST_LEAK);
  // What JavaScript holds outside its heap repeats to the byte; a leak of 64 bytes a step would show.
  expect(late.arrayBuffers - early.arrayBuffers).toBeLessThan(1700 * 64);
  expect(late.compiled).toBe(early.compiled);
  expect(late.alive).toBe(late.compiled);
});

/**
 * `npm run hub -- [--root DIR] [--port N]`: serves a folder of repositories until it is stopped; without `--root`, tiny
 * models and datasets under real ids.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeHubContent } from './content.js';
import { startHub } from './server.js';

const { values } = parseArgs({ options: { port: { type: 'string' }, root: { type: 'string' } } });
const port = Number(values.port ?? 8080);
if (!Number.isInteger(port)) {
  console.error('usage: npm run hub -- [--root DIR] [--port N]');
  process.exitCode = 2;
} else {
  const root = values.root ?? (await madeContent());
  const { url } = await startHub({ root, port });
  console.log(`serving ${root}; stop with Ctrl-C. In another terminal, before a command, one of:`);
  console.log(`export HF_ENDPOINT=${url}\nexport USE_HF=0 MODELSCOPE_ENDPOINT=${url}`);
}

/** Content in a temporary folder that goes when the hub stops. */
async function madeContent(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'swift-hub-'));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void rm(folder, { recursive: true, force: true }).then(() => process.exit(0));
    });
  }
  await writeHubContent(folder);
  return folder;
}

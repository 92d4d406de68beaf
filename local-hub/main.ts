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
  await serve(values.root, port);
}

async function serve(own: string | undefined, port: number): Promise<void> {
  const root = own ?? (await madeContent());
  try {
    const { url } = await startHub({ root, port });
    console.log(`serving ${root}; stop with Ctrl-C. In another terminal, before a command:`);
    console.log(`export HF_ENDPOINT=${url} MODELSCOPE_ENDPOINT=${url}`);
    console.log('With USE_HF=0 ids are looked up as those of ModelScope.');
  } catch (error) {
    if (own === undefined) await rm(root, { recursive: true, force: true });
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    console.error(`port ${port} is taken; another one: npm run hub -- --port ${port + 1}`);
    process.exitCode = 1;
  }
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

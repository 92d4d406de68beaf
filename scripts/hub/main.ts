/** `npm run hub -- --root DIR [--port N]`: serves a folder of repositories until it is stopped. */
import { parseArgs } from 'node:util';
import { startHub } from './server.js';

const { values } = parseArgs({ options: { port: { type: 'string' }, root: { type: 'string' } } });
const port = Number(values.port ?? 8080);
if (values.root === undefined || !Number.isInteger(port)) {
  console.error('usage: npm run hub -- --root DIR [--port N]');
  process.exitCode = 2;
} else {
  const { url } = await startHub({ root: values.root, port });
  console.log(`serving ${values.root}\nHF_ENDPOINT=${url}\nMODELSCOPE_ENDPOINT=${url}`);
}

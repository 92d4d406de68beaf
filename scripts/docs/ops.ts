/** Writes docs/reference/ops.md from the ops and the backends' kernels; with `--check`, fails when it is stale. */
import { readdirSync, readFileSync } from 'node:fs';
import * as ops from '../../core/graph/ops/index.js';
import type { Op } from '../../core/graph/index.js';
import { lowerings } from '../../plugins/backends/_onnx/lowerings.js';
import { kernels as referenceKernels } from '../../plugins/backends/reference/kernels.js';
import { kernels as tfjsKernels } from '../../plugins/backends/tfjs/kernels.js';
import { writeOrCheck } from './write-or-check.js';

const NATIVE: readonly (readonly [string, ReadonlyMap<string, unknown>])[] = [
  ['onnxruntime', lowerings],
  ['tfjs', tfjsKernels],
  ['reference', referenceKernels],
];

const folder = new URL('../../core/graph/ops/', import.meta.url);
const sources = readdirSync(folder).map((file) => readFileSync(new URL(file, folder), 'utf8'));

/** First sentence of the comment above an op's definition. */
function summary({ name }: Op): string {
  const source = sources.find((text) => text.includes(`export const ${name}Op `)) ?? '';
  const before = source.slice(0, source.indexOf(`export const ${name}Op `));
  const comment = before.slice(before.lastIndexOf('/**') + 3, before.lastIndexOf('*/'));
  const text = comment.replaceAll(/\n \*/g, ' ').replaceAll(/\s+/g, ' ').trim();
  return text.split(/(?<=\.)\s(?=[A-Z])/, 1)[0].replaceAll('|', '\\|');
}

const declared = Object.values(ops as Readonly<Record<string, unknown>>)
  .filter((value): value is Op => typeof value === 'object' && value !== null && 'infer' in value)
  .sort((a, b) => (a.name < b.name ? -1 : 1));

const rows = declared.map((op) => {
  const cells = NATIVE.map(([, kernels]) =>
    kernels.has(op.name) ? 'native' : op.decompose ? 'decomposed' : 'missing',
  );
  return `| \`${op.name}\` | ${[...cells, op.vjp ? 'yes' : 'no'].join(' | ')} | ${summary(op)} |`;
});

const head = ['op', ...NATIVE.map(([backend]) => backend), 'derivative', 'meaning'];
const text = `# Ops

Generated from \`core/graph/ops\` and \`plugins/backends\` by \`npm run docs\`; do not edit. _native_: the backend has a
kernel. _decomposed_: it is computed from simpler ops. The conformance suite (\`tests/core/graph/conformance\`) runs every
op and derivative on every backend.

| ${head.join(' | ')} |
| ${head.map(() => '---').join(' | ')} |
${rows.join('\n')}

\`cachedAttention\` on onnxruntime is native for heads whose width is a multiple of 8, else decomposed. The tfjs column
holds for its wasm and cpu variants.
`;
writeOrCheck('docs/reference/ops.md', text);

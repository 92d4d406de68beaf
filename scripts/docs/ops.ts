/** Writes docs/reference/ops.md from the ops and the backends' kernels; with `--check`, fails when it is stale. */
import { readdirSync, readFileSync } from 'node:fs';
import * as graph from '../../core/graph/index.js';
import type { Graph, Node, Op } from '../../core/graph/index.js';
import { isNative as isNativeOnCpu } from '../../plugins/backends/_onnx/lowerings.js';
import { isNative as isNativeOnWebgpu } from '../../plugins/backends/onnxruntime-webgpu/lowerings.js';
import { kernels as referenceKernels } from '../../plugins/backends/reference/kernels.js';
import { kernels as tfjsKernels } from '../../plugins/backends/tfjs/kernels.js';
import { cases } from '../../parity/ops/cases.js';
import { Draw, type OpCase, type Sample } from '../../parity/ops/draw.js';
import { writeOrCheck } from './write-or-check.js';

type Supports = (node: Node) => boolean;

const BACKENDS: readonly (readonly [string, Supports])[] = [
  ['onnxruntime', (node) => isNativeOnCpu(node, true)],
  ['onnxruntime-webgpu', isNativeOnWebgpu],
  [
    'tfjs',
    (node) => tfjsKernels.has(node.op.name) && tfjsKernels.get(node.op.name)!.accepts?.(node) !== false,
  ],
  ['reference', ({ op }) => referenceKernels.has(op.name)],
];

/** An op as it is used: alone, and what its derivative is made of. */
interface Use {
  readonly forward: Graph;
  readonly derivative?: Graph;
}

function trace({ op }: OpCase, sample: Sample): Use {
  const outputs = sample.build(sample.inputs.map(({ shape, dtype }) => graph.input(shape, dtype)));
  const node = graph.topologicalOrder(outputs).find((candidate) => candidate.op === op)!;
  const inputs = node.inputs.map(({ shape, dtype }) => graph.input(shape, dtype));
  const results = graph.apply(op, inputs, node.attrs);
  const forward = graph.makeGraph(inputs, results);
  if (!op.vjp || sample.wrt.length === 0) return { forward };
  const carried = (sample.differentiated ?? [0]).map((i) => results[i]);
  const cotangents = carried.map(({ shape }) => graph.input(shape));
  const floats = inputs.filter(({ dtype }) => dtype === 'float32');
  const gradients = graph.vjp(carried, cotangents, floats);
  return { forward, derivative: graph.makeGraph([...inputs, ...cotangents], gradients) };
}

/** How a backend computes graphs: with kernels for what they say, from simpler ops, or not at all. */
function answer(graphs: readonly Graph[], supports: Supports): string {
  const answers = new Set(graphs.map((one) => answerOne(one, supports)));
  if (answers.size === 0) return '—';
  return [...answers].sort().reverse().join('/');
}

function answerOne(one: Graph, supports: Supports): string {
  if (one.nodes.every(supports)) return 'native';
  try {
    graph.lower(one, supports);
    return 'decomposed';
  } catch (error) {
    if (error instanceof graph.UnsupportedOp) return '—';
    throw error;
  }
}

const folder = new URL('../../core/graph/ops/', import.meta.url);
const sources = readdirSync(folder).map((file) => readFileSync(new URL(file, folder), 'utf8'));

/** First sentence of the comment above an op's definition. */
function summary({ name }: Op): string {
  const declaration = new RegExp(`export const ${name}Op\\b`);
  const source = sources.find((text) => declaration.test(text)) ?? '';
  const before = source.slice(0, source.search(declaration));
  const comment = before.slice(before.lastIndexOf('/**') + 3, before.lastIndexOf('*/'));
  const text = comment.replaceAll(/\n \*/g, ' ').replaceAll(/\s+/g, ' ').trim();
  return text.split(/(?<=\.)\s(?=[A-Z])/, 1)[0].replaceAll('|', '\\|');
}

const rows = [...cases]
  .sort((a, b) => (a.op.name < b.op.name ? -1 : 1))
  .map((opCase) => {
    const drawn = Array.from({ length: 24 }, (_, seed) => opCase.sample(new Draw(seed, 3)));
    const uses = drawn.map((sample) => trace(opCase, sample));
    const derivatives = uses.flatMap(({ derivative }) => derivative ?? []);
    const cells = BACKENDS.map(([, supports]) =>
      [uses.map(({ forward }) => forward), derivatives].map((graphs) => answer(graphs, supports)).join(', '),
    );
    return `| \`${opCase.op.name}\` | ${[...cells, summary(opCase.op)].join(' | ')} |`;
  });

const head = ['op', ...BACKENDS.map(([backend]) => backend), 'meaning'];
const text = `# Ops

Generated from \`core/graph/ops\`, \`plugins/backends\` and the cases of the conformance suite by \`npm run docs\`; do not
edit. Each backend's column says how it computes the op, then how its derivative. _native_: it has a kernel, or kernels
for every op that the derivative is written in. _decomposed_: computed from simpler ops. —: not at all, or there is no
derivative. Two words with a slash: it depends on shapes, dtypes or attributes. The conformance suite
(\`tests/core/graph/conformance\`) runs every op and derivative on every backend.

| ${head.join(' | ')} |
| ${head.map(() => '---').join(' | ')} |
${rows.join('\n')}

The tfjs column holds for its wasm and cpu variants.
`;
writeOrCheck('docs/reference/ops.md', text);

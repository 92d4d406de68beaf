import { isSpec } from '../shapes.js';
import { apply, defineOp, shapeError, type Tensor } from '../tensor.js';
import { isByRows, type WeightLayout } from '../weight-layout.js';
import { add } from './add.js';
import { cast } from './cast.js';
import { concat } from './concat.js';
import { constant, iota, scalar } from './constant.js';
import { dequantize, dequantizeOp, type DequantizeAttrs } from './dequantize.js';
import { exp } from './exp.js';
import { gather } from './gather.js';
import { greaterEqual } from './greater-equal.js';
import { logSumExp } from './log-sum-exp.js';
import { matmul } from './matmul.js';
import { mul } from './mul.js';
import { reduceMax } from './reduce-max.js';
import { reduceSum } from './reduce-sum.js';
import { reshape } from './reshape.js';
import { slice } from './slice.js';
import { softmax } from './softmax.js';
import { sub } from './sub.js';
import { where } from './where.js';

/** Vocabulary entries widened at once: a table of 150,000 in float32 would outweigh the rest of a step. */
const VOCABULARY_CHUNK = 8192;

/**
 * Cross entropy of a linear head whose weight [V, D] is stored in few bits, by rows, and frozen: hidden [N, D], the parts of
 * the weight, int32 labels [N] -> loss [N] in nats and `correct` [N], 1 where the label has the largest logit. The
 * table is widened a chunk at a time, forward and again backward: d hidden = g·(Σ f·softmax(z)·W − W[label]) over the
 * chunks, f the share of a chunk in the whole sum of exponentials.
 */
export const storedCrossEntropyOp = defineOp<DequantizeAttrs & { chunk: number }>({
  name: 'storedCrossEntropy',
  infer([hidden, labels, ...parts], layout) {
    dequantizeOp.infer(parts, layout);
    const [count, width] = hidden.shape;
    const fits =
      isByRows(layout.format) &&
      isSpec(hidden, 'float32', [count, width]) &&
      layout.shape[1] === width &&
      isSpec(labels, 'int32', [count]);
    if (!fits)
      throw shapeError(
        'storedCrossEntropy',
        `[N, D], int32 labels [N] and a weight [V, D] by rows of [${layout.shape}]`,
        hidden,
        labels,
        ...parts,
      );
    const perToken = { shape: labels.shape, dtype: 'float32' as const };
    return [perToken, perToken];
  },
  vjp({ inputs: [hidden, labels, ...parts], attrs, cotangents: [dy] }) {
    if (!dy) return [];
    const chunks = logitChunks(hidden, parts, attrs);
    const total = logSumExp(
      concat(
        chunks.map(({ sum }) => sum),
        1,
      ),
    );
    const pulled = chunks
      .map(({ weight, logits, sum }) => mul(matmul(softmax(logits), weight()), exp(sub(sum, total))))
      .reduce(add);
    const own = dequantize(
      parts.map((part) => gather(part, labels)),
      { format: attrs.format, shape: hidden.shape },
    );
    return [mul(reshape(dy, [labels.shape[0], 1]), sub(pulled, own))];
  },
  decompose([hidden, labels, ...parts], attrs) {
    const chunks = logitChunks(hidden, parts, attrs);
    const count = labels.shape[0];
    // What is read off a chunk's logits stays together, so that they need not outlive the chunk.
    const facts = chunks.map(({ logits, sum, start }) =>
      reshape(concat([sum, ownLogit(logits, labels, start), reduceMax(logits, [-1], true)], 1), [
        count,
        1,
        3,
      ]),
    );
    const all = concat(facts, 1);
    const fact = (i: number): Tensor => reshape(slice(all, 2, i, i + 1), [count, chunks.length]);
    const own = reduceSum(fact(1), [-1]);
    const loss = sub(reshape(logSumExp(fact(0)), [count]), own);
    return [loss, cast(greaterEqual(own, reduceMax(fact(2), [-1])), 'float32')];
  },
});

/**
 * @param parts of the weight, as `partSpecs(layout)`
 * @param chunk rows of the table widened at once; what that gives does not depend on it
 */
export function storedCrossEntropy(
  hidden: Tensor,
  parts: readonly Tensor[],
  { format, shape }: WeightLayout,
  labels: Tensor,
  chunk = VOCABULARY_CHUNK,
): { loss: Tensor; correct: Tensor } {
  const [loss, correct] = apply(storedCrossEntropyOp, [hidden, labels, ...parts], {
    format,
    shape,
    chunk,
  });
  return { loss, correct };
}

interface LogitChunk {
  readonly start: number;
  /** float32 rows [R, D] of the table; a use of its own each time, so that they need not stay in memory. */
  readonly weight: () => Tensor;
  /** [N, R] */
  readonly logits: Tensor;
  /** log Σ exp of the logits, [N, 1] */
  readonly sum: Tensor;
}

function logitChunks(
  hidden: Tensor,
  parts: readonly Tensor[],
  { chunk, ...layout }: DequantizeAttrs & { chunk: number },
): LogitChunk[] {
  const [vocab, width] = layout.shape;
  const chunks: LogitChunk[] = [];
  for (let start = 0; start < vocab; start += chunk) {
    const end = Math.min(vocab, start + chunk);
    const weight = (): Tensor =>
      dequantize(
        parts.map((part) => slice(part, 0, start, end)),
        { ...layout, shape: [end - start, width] },
      );
    const logits = matmul(hidden, weight(), { transB: true });
    chunks.push({ start, weight, logits, sum: logSumExp(logits) });
  }
  return chunks;
}

/** The label's logit where the label is in this chunk, else 0. [N, 1] */
function ownLogit(logits: Tensor, labels: Tensor, start: number): Tensor {
  const [count, width] = logits.shape;
  const place = sub(labels, scalar(start, 'int32'));
  const inside = mul(
    cast(greaterEqual(place, scalar(0, 'int32')), 'float32'),
    cast(greaterEqual(scalar(width - 1, 'int32'), place), 'float32'),
  );
  const safe = mul(place, cast(inside, 'int32'));
  const flat = add(mul(iota(count), constant([width], [1], 'int32')), safe);
  const own = gather(reshape(logits, [count * width]), flat);
  return reshape(where(greaterEqual(inside, scalar(0.5)), own, scalar(0)), [count, 1]);
}

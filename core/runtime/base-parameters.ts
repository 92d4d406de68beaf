import type { Executable } from '../contracts/backend.js';
import type { Batch } from '../contracts/batch.js';
import { input } from '../graph/index.js';
import { tokenQuantities, type CausalLM, type Parameter } from '../nn/index.js';
import { BatchInputs } from './batch-inputs.js';
import { seen } from './media-inputs.js';
import { planEvaluation } from './stage-plan.js';
import { TraceScope } from './trace.js';
import { BEFORE_TUNING } from './version.js';

const NEVER_RUN: Executable = {
  run: () => Promise.reject(new Error('this graph was only traced')),
  release: () => Promise.resolve(),
};

/** The parameters that a model reads when its adapters take no part, found by tracing it; of one that sees, with a picture. */
export async function parametersWithoutAdapters(model: CausalLM): Promise<ReadonlySet<Parameter>> {
  const batch = await seen(smallestBatch(model), model);
  const given = new BatchInputs(model).of(batch);
  const compiler = { get: () => Promise.resolve(NEVER_RUN) };
  const stages = await planEvaluation(model.stages(batch), given, compiler, { version: BEFORE_TUNING });
  const scope = new TraceScope(false, 'fp32', BEFORE_TUNING);
  const hidden = input([1, model.shape.hidden_size]);
  tokenQuantities(model, scope, { hidden, labels: input([1], 'int32') }, ['logp']);
  return new Set([...stages.flatMap(({ segment }) => segment.parameters), ...scope.parameters]);
}

function smallestBatch({ tower }: CausalLM): Batch {
  const media = tower?.smallest() ?? [];
  let seq = 0;
  const spans = media.map(({ grid, kind }) => {
    const span = { start: seq, length: tower!.features(grid, kind), grid };
    seq += span.length;
    return span;
  });
  seq ||= 1;
  const [input_ids, labels, position_ids] = [new Int32Array(seq), new Int32Array(seq), new Int32Array(seq)];
  const tokens = { batch: 1, seq, input_ids, labels, position_ids, samples: [{ start: 0, length: seq }] };
  if (media.length === 0) return tokens;
  return { ...tokens, media: [{ spans, digest: '', files: [], load: () => Promise.resolve(media) }] };
}

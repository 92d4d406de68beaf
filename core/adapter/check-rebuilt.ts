/** Whether a model that a tuner has added blocks to is the one that its config.json will say. */
import type { ModelConfig, ModelLoader } from '../contracts/model-loader.js';
import { SwiftError } from '../errors.js';
import { input, makeGraph, structuralKey } from '../graph/index.js';
import { ConfigError, type Block, type CausalLM } from '../nn/index.js';
import { TraceScope } from '../runtime/trace.js';
import { asTuned } from '../runtime/version.js';
import type { Tuning } from './tuning.js';

/** A model and how it is built. */
export interface BuiltModel {
  readonly model: CausalLM;
  readonly config: ModelConfig;
  readonly plugin: { readonly instance: ModelLoader };
  readonly modelType: string;
}

/**
 * Builds the tree anew by the fields that tuners say, and compares what each block computes. Families in which a layer's
 * number, or how many there are, counts may differ.
 * @throws SwiftError BAD_ARGUMENT where the two are not alike
 */
export function checkRebuilt({ model, config, plugin, modelType }: BuiltModel, tuning: Tuning): void {
  const fields = tuning.fields(config);
  if (Object.keys(fields).length === 0) return;
  const fault = differs(model, plugin.instance, { ...config, ...fields });
  if (fault === undefined) return;
  throw new SwiftError('BAD_ARGUMENT', `${modelType} takes no blocks between its own: ${fault}`, {
    cure: 'Tune it by an adapter (--sft_type lora) or in full.',
  });
}

/** @returns how the blocks differ from those that a config builds */
function differs(model: CausalLM, loader: ModelLoader, config: ModelConfig): string | undefined {
  let rebuilt: CausalLM;
  try {
    rebuilt = loader.build(config);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  const [now, then] = [model, rebuilt].map(({ blocks }) => blocks.length);
  if (now !== then) return `it would be built with ${then} blocks, not ${now}`;
  const other = model.blocks.findIndex((block, i) => !isAlike(model, block, rebuilt.blocks[i]));
  return other < 0 ? undefined : `block ${other} would be built another way`;
}

function isAlike(model: CausalLM, one: Block, other: Block): boolean {
  const [mine, theirs] = [one, other].map((block) => [...block.parameters()]);
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
  const shapes = (of: typeof mine): unknown => of.map(([name, { shape }]) => [name, shape]);
  if (!same(one.view, other.view) || !same(shapes(mine), shapes(theirs))) return false;
  // Graphs read weights as they are held.
  theirs.forEach(([, parameter], i) => parameter.spill(mine[i][1].layout, []));
  return graphOf(model, one) === graphOf(model, other);
}

/** Tokens of the rows that blocks are compared on. */
const TOKENS = 8;

function graphOf(model: CausalLM, block: Block): string {
  const scope = new TraceScope(false, 'fp32', asTuned(model));
  const { cos } = model.rope(block.view.rope, TOKENS, TOKENS);
  const [hidden, real, mask] = [
    [1, TOKENS, model.shape.hidden_size],
    [1, TOKENS],
    [TOKENS, TOKENS],
  ].map((shape) => input(shape));
  const tables = [0, 1].map(() => input([TOKENS, cos.length / TOKENS]));
  const position_ids = input([1, TOKENS], 'int32');
  const { own: width, shares } = block.view;
  const own = width ? input([1, TOKENS, width]) : undefined;
  const borrowed = (shares === undefined ? [] : model.blocks[shares].state(1, TOKENS)).map(
    ([batch, heads, length, size]) => input([batch, length, heads * size]),
  );
  const sides = { cos: tables[0], sin: tables[1], position_ids, mask, real, own, borrowed };
  const output = block.forward(scope, hidden, { kind: 'full', ...sides });
  const inputs = [hidden, ...tables, position_ids, mask, real, ...(own ? [own] : []), ...borrowed];
  return structuralKey(makeGraph([...inputs, ...scope.inputs], [output.hidden]));
}

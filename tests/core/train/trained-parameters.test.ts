import { expect, test } from 'vitest';
import { Decoder, Linear, Module, Parameter, type CausalLM, type Scope } from '../../../core/nn/index.js';
import { add, matmul, type Tensor } from '../../../core/graph/index.js';
import { runLoop } from '../../../core/train/loop.js';
import { TrainedParameters, trainedOf } from '../../../core/train/trained-parameters.js';
import { job, OPTIONS, TRAITS } from './tiny-job.js';

/** A layer with a matrix beside it that other layers have too. */
class Shared extends Module {
  constructor(
    readonly base: Linear,
    readonly beside: Parameter,
  ) {
    super();
  }

  forward(scope: Scope, x: Tensor): Tensor {
    return add(this.base.forward(scope, x), matmul(x, scope.param(this.beside), { transB: true }));
  }
}

/** One matrix beside the output projections of all blocks, or, for comparison, one each with the same values. */
function withBeside(model: CausalLM, isShared: boolean): Parameter[] {
  for (const [, parameter] of model.parameters()) parameter.trainable = false;
  const made: Parameter[] = [];
  for (const [path, module] of [...model.namedModules()]) {
    if (!(module instanceof Linear) || !path.endsWith('o_proj')) continue;
    if (made.length === 0 || !isShared) {
      const parameter = new Parameter(module.weight.shape);
      parameter.data = Float32Array.from({ length: parameter.size }, (_, i) => 0.01 * Math.sin(i));
      parameter.trainable = true;
      made.push(parameter);
    }
    model.replace(path, new Shared(module, made[made.length - 1]));
  }
  return made;
}

test('a parameter that several modules share trains once, by the sum of its gradients', async () => {
  const still = {
    ...OPTIONS,
    max_steps: 1,
    learning_rate: 1e-30,
    max_grad_norm: 0,
    eval_strategy: 'no',
  } as const;
  const gradients: Float32Array[][] = [];
  for (const isShared of [true, false]) {
    const one = job({ options: still });
    const made = withBeside(one.model, isShared);
    const spy = one.optimizer;
    const seen: Float32Array[] = [];
    await runLoop({
      ...one,
      optimizer: {
        slots: spy.slots,
        state: () => spy.state(),
        load: () => undefined,
        step: (parameters) => void seen.push(...parameters.map(({ grad }) => grad.slice())),
      },
    });
    expect(seen).toHaveLength(made.length);
    gradients.push(seen);
  }
  const [[shared], [first, second]] = gradients;
  shared.forEach((value, i) => expect(value).toBeCloseTo(first[i] + second[i], 6));
  expect(Math.max(...shared)).toBeGreaterThan(0);
});

test('it counts once, goes under its first name, and comes out again when training ends', () => {
  const model = new Decoder(TRAITS);
  for (const [, parameter] of model.parameters()) parameter.data = new Float32Array(parameter.size);
  const [beside] = withBeside(model, true);
  expect(trainedOf(model)).toEqual([['model.layers.0.self_attn.o_proj.beside', beside]]);
  const trained = new TrainedParameters(model, 2);
  expect(trained.list.map(({ name }) => name)).toEqual(['model.layers.0.self_attn.o_proj.beside']);
  trained.list[0].data[3] = 7;
  expect(trained.isCurrent).toBe(true);
  beside.trainable = false;
  expect(trained.isCurrent).toBe(false);
  trained.release();
  expect(beside.data![3]).toBe(7);
});

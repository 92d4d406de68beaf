import { describe, expect, test } from 'vitest';
import { argumentsOf } from '../../core/config/plugin-arguments.js';
import { pluginOptions } from '../../core/config/plugin-options.js';
import { rowLengths } from '../../core/data/micro-batches.js';
import type { CausalLM } from '../../core/nn/index.js';
import { TrainEngine } from '../../core/runtime/train-engine.js';
import { ObjectivePasses } from '../../core/train/objective-passes.js';
import { optimizedBy } from '../../core/train/optimized.js';
import { ofLikeliest } from '../../core/train/teaching.js';
import {
  backendOf,
  fixture,
  loadCase,
  parityCase,
  plugins,
  readJson,
  readTensors,
} from '../../parity/cases.js';
import { gradientDistance, withoutPrefix } from '../../parity/measure.js';

/** What TRL's loss comes to on two models (scripts/fixtures/gkd.py). */
interface GkdOracle {
  readonly student: string;
  readonly teacher: string;
  readonly options: {
    readonly beta: number;
    readonly temperature: number;
    readonly sft_alpha: number;
    readonly gkd_logits_topk?: number;
  };
  readonly rows: readonly { readonly input_ids: readonly number[]; readonly labels: readonly number[] }[];
  readonly loss: number;
}

const backend = await backendOf('onnxruntime');
const services = plugins();

async function model(id: string, head: Float32Array): Promise<CausalLM> {
  const loaded = await loadCase(parityCase(id));
  const names = ['lm_head.weight', 'model.embed_tokens.weight'];
  const own = [...loaded.model.namedParameters()];
  const [, parameter] = names.flatMap((name) => own.filter(([one]) => one === name))[0];
  parameter.data = head;
  return loaded.model;
}

const CASES = ['middle', 'forward', 'reverse', 'with_sft', 'few_middle', 'few_forward', 'few_reverse'];

describe.each(CASES)('%s', (id) => {
  const oracle = readJson<GkdOracle>(fixture('gkd', `${id}.json`));
  const { temperature } = oracle.options;

  test.each([true, false])(
    'loss and gradients are those of TRL, sequences side by side: %s',
    async (packs) => {
      const tensors = await readTensors(fixture('gkd', `${id}.safetensors`));
      const student = await model(oracle.student, tensors.get('student_head')!);
      const teacher = await model(oracle.teacher, tensors.get('teacher_head')!);
      for (const [, parameter] of student.parameters()) parameter.trainable = true;
      const { instance } = await services.resolve('trainer', 'gkd');
      const declared = { arguments: argumentsOf('trainer', services.catalog.find('trainer', 'gkd')) };
      const { objective } = optimizedBy(instance, pluginOptions(declared, oracle.options));
      const engine = new TrainEngine(backend, student, { residuals: 'save', divergence: objective!.teacher });
      const teaching = new TrainEngine(backend, teacher, { residuals: 'save', temperature });
      const { most } = objective!.teacher!;
      const taught = most === undefined ? teaching : ofLikeliest(teaching, most);
      const layout = { lengths: rowLengths(64), padTokenId: 0, packs };
      const passes = new ObjectivePasses(engine, layout, objective!, undefined, taught);
      const { loss, metrics } = await passes.train(oracle.rows, () => () => 0.5);
      const evaluated = await passes.evaluate(oracle.rows);
      const named = [...student.namedParameters()];
      const gradients = new Map(named.map(([name, parameter]) => [name, engine.gradients.get(parameter)!]));
      await engine.release();
      await taught.release();
      expect(loss / oracle.loss).toBeCloseTo(1, 5);
      expect(evaluated.loss).toBeCloseTo(loss, 6);
      expect(metrics.on_policy).toBe(0);
      const expected = withoutPrefix(new Map([...tensors].filter(([name]) => name.startsWith('grad.'))));
      expect(gradients.size).toBe(expected.size);
      expect(gradientDistance(gradients, expected)).toBeLessThan(1e-4);
    },
  );
});

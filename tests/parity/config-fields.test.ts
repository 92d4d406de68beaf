/**
 * Every field of every family's config, changed: what changes the logits there changes them here to the same, or is
 * refused. A field that this project does not read and that changes something there fails.
 */
import { describe, expect, test } from 'vitest';
import { openCheckpoint } from '../../core/io/checkpoint.js';
import { withBaseNames } from '../../core/model/base-names.js';
import { bindWeights } from '../../core/model/bind-weights.js';
import { findFamily } from '../../core/model/find-family.js';
import type { ModelSource } from '../../core/model/model-source.js';
import { WeightPlan } from '../../core/model/weight-plan.js';
import { ConfigError, type CausalLM } from '../../core/nn/index.js';
import { SwiftError } from '../../core/errors.js';
import { backendOf, fixture, parityCase, plugins, readJson } from '../../parity/cases.js';
import { batchOf, logitsOf, samplesOf } from '../../parity/compute.js';
import { TOLERANCE } from '../../parity/measure.js';

type Config = Readonly<Record<string, unknown>>;
type Outcome = 'same' | 'weights' | 'error' | readonly (readonly [index: number, logit: number])[];

const { cases } = readJson<{ cases: Record<string, readonly (readonly [Config, Outcome])[]> }>(
  fixture('config-fields.json'),
);

/** Fields that change Transformers' logits and rightly not ours, or the other way round, by case (`*`: any) and field. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'nemotron_h time_step_min': "NVIDIA's code never applies it, and Transformers not when it generates",
};

const silent = { info: () => undefined, warn: () => undefined };
const backend = await backendOf('onnxruntime');
const registry = plugins();

async function opened(id: string) {
  const { folder, oracle } = parityCase(id);
  const config = readJson<Config>(`${folder}/config.json`);
  const source = { path: folder, config } as unknown as ModelSource;
  const type = oracle.model_type ?? findFamily(source, { plugins: registry, log: silent });
  const { instance } = await registry.resolve('model', type);
  const weights = await openCheckpoint(folder);
  const batch = batchOf(samplesOf(oracle));
  const logits = async (model: CausalLM): Promise<Float32Array> => {
    const plan = await WeightPlan.of(model, {}, registry);
    await bindWeights(model, withBaseNames(model, weights).source, { place: folder, plan, log: silent });
    return logitsOf(model, backend, batch);
  };
  return {
    config,
    build: (changed: Config) => instance.build(changed),
    logits,
    close: () => weights.close(),
  };
}

function applied(config: Config, changes: Config): Config {
  return Object.fromEntries(
    Object.entries({ ...config, ...changes }).filter(([, value]) => value !== '<absent>'),
  );
}

/** A config that remembers which of its fields were read. */
function watched(config: Config): { config: Config; read: Set<string> } {
  const read = new Set<string>();
  const get = (target: Config, name: string | symbol): unknown => {
    read.add(String(name));
    return target[String(name)];
  };
  return { config: new Proxy(config, { get }), read };
}

function largest(values: Iterable<number>): number {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}

describe.each(Object.entries(cases))('%s', (id, rows) => {
  test(`${rows.length} changes`, { timeout: 60_000 }, async () => {
    const { config, build, logits, close } = await opened(id);
    const before = await logits(build(config));
    const limit = TOLERANCE.logits * Math.max(1, largest(before));

    /** What is wrong about a change; undefined when nothing is. */
    const fault = async (changes: Config, outcome: Outcome): Promise<string | undefined> => {
      const seen = watched(applied(config, changes));
      let after: Float32Array;
      try {
        const model = build(seen.config);
        // What nobody reads changes nothing.
        if (outcome === 'same' && !Object.keys(changes).some((field) => seen.read.has(field)))
          return undefined;
        // Transformers fails: there is nothing to compare with.
        if (outcome === 'error') return undefined;
        after = await logits(model);
      } catch (error) {
        if (error instanceof ConfigError || error instanceof SwiftError) return undefined;
        return `fails with ${String(error)}`;
      }
      if (outcome === 'weights') return 'loads, where Transformers asks for other weights';
      const distance =
        outcome === 'same'
          ? largest(before.map((value, i) => value - after[i]))
          : largest(outcome.map(([index, logit]) => logit - after[index]));
      return distance <= limit
        ? undefined
        : `is off by ${distance} (${outcome === 'same' ? 'the same' : 'other'} there)`;
    };

    const faults: string[] = [];
    for (const [changes, outcome] of rows) {
      const found = await fault(changes, outcome);
      const field = Object.keys(changes)[0];
      if (found && !(`${id} ${field}` in EXCEPTIONS) && !(`* ${field}` in EXCEPTIONS))
        faults.push(`${JSON.stringify(changes)} ${found}`);
    }
    await close();
    expect(faults).toEqual([]);
  });
});

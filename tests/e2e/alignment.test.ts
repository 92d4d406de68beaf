import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT, scratch, swift, TINY } from './swift.js';

const cwd = scratch();

/** A friendly answer and a curt one to each question. */
const friendly = readFileSync(join(ROOT, 'assets/datasets/preferences.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Record<'query' | 'response' | 'rejected_response', string>);
const curt = friendly.map(({ query, response, rejected_response }) => ({
  query,
  response: rejected_response,
  rejected_response: response,
}));
const labelled = friendly.flatMap(({ query, response, rejected_response }, i) => [
  { query, response, label: true },
  ...(i % 3 === 0 ? [] : [{ query, response: rejected_response, label: false }]),
]);

function write(name: string, rows: readonly object[]): string {
  writeFileSync(join(cwd, name), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return name;
}

write('pairs.jsonl', friendly.slice(0, 16));
write('held-out.jsonl', friendly.slice(16));
write('curt.jsonl', curt.slice(0, 16));
write('curt-held-out.jsonl', curt.slice(16));
write('labelled.jsonl', labelled.slice(0, 27));
write('labelled-held-out.jsonl', labelled.slice(27));

interface Row {
  readonly loss?: number;
  readonly [measure: string]: unknown;
}

const log = (folder: string): Row[] =>
  readFileSync(join(cwd, folder, 'logging.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);

/** @param flags replace those here */
function run(command: readonly string[], folder: string, flags: Readonly<Record<string, string>>) {
  const all = {
    model: TINY,
    output_dir: folder,
    add_output_dir_suffix: 'false',
    dataset_test_ratio: '0',
    batch_size: '4',
    gradient_accumulation_steps: '1',
    max_steps: '12',
    eval_steps: '1000',
    save_steps: '6',
    logging_steps: '1',
    learning_rate: '1e-3',
    ...flags,
  };
  const words = Object.entries(all).flatMap(([name, value]) => [`--${name}`, ...value.split(' ')]);
  return swift([...command, ...words], { cwd });
}

const OWN: Readonly<Record<string, readonly string[]>> = {
  cpo: ['nll_loss'],
  orpo: ['nll_loss', 'log_odds_ratio', 'log_odds_chosen'],
  kto: ['kl'],
};

describe.each(['dpo', 'ipo', 'cpo', 'simpo', 'orpo', 'kto'])('swift rlhf --rlhf_type %s', (type) => {
  test.each([
    ['friendly', 'pairs', 'held-out'],
    ['curt', 'curt', 'curt-held-out'],
  ])('makes held-out answers that are %s likelier than the others', (name, dataset, held) => {
    const folder = `${type}-${name}`;
    const flags = { dataset: `${dataset}.jsonl`, val_dataset: `${held}.jsonl`, eval_steps: '1' };
    const { status, stderr } = run(['rlhf', '--rlhf_type', type], folder, flags);
    expect(status, stderr).toBe(0);
    const margins = log(folder).flatMap((row) => (row['eval_rewards/margins'] as number | undefined) ?? []);
    expect(margins).toHaveLength(12);
    expect(margins.at(-1)! - margins[0]).toBeGreaterThan(0.1 * Math.abs(margins[0]));
    const losses = log(folder).flatMap(({ eval_loss }) => (eval_loss as number | undefined) ?? []);
    expect(losses.at(-1)!).toBeLessThan(losses[0]);
    const measures = [
      'rewards_chosen',
      'rewards_margins',
      'logps_chosen',
      'logits_rejected',
      ...(OWN[type] ?? []),
    ];
    expect(readdirSync(join(cwd, folder, 'images'))).toEqual(
      expect.arrayContaining(measures.map((measure) => `train_${measure}.svg`)),
    );
  });
});

describe('kto of labelled rows', () => {
  const flags = { dataset: 'labelled.jsonl', desirable_weight: '0.8' };
  const adapter = (folder: string) =>
    readFileSync(join(cwd, folder, 'checkpoint-12/adapter_model.safetensors'));

  test('learns, and goes on from a checkpoint to the same adapter, bit for bit', () => {
    const whole = run(['kto'], 'labels', {
      ...flags,
      val_dataset: 'labelled-held-out.jsonl',
      eval_steps: '6',
    });
    expect(whole.status, whole.stderr).toBe(0);
    const margins = log('labels').flatMap((row) => (row['eval_rewards/margins'] as number | undefined) ?? []);
    expect(margins.at(-1)!).toBeGreaterThan(0.1);
    expect(log('labels').every(({ acc }) => acc === undefined)).toBe(true);
    const resumed = run(['kto'], 'resumed', {
      ...flags,
      val_dataset: 'labelled-held-out.jsonl',
      eval_steps: '6',
      resume_from_checkpoint: 'labels/checkpoint-6',
    });
    expect(resumed.stderr).toContain('going on from step 6');
    expect(adapter('resumed').equals(adapter('labels'))).toBe(true);
  });

  test('a reference asked before training is the same one', () => {
    const known = run(['kto'], 'known', { ...flags, precompute_ref_log_probs: 'true' });
    expect(known.stderr).toContain('reference model: 27 of 27 samples');
    log('known').forEach((row, i) => {
      if (row.loss !== undefined)
        expect(row.loss).toBeCloseTo(log('labels').filter(({ loss }) => loss)[i].loss!, 3);
    });
  });

  test('a stream of rows is the same rows, its labels with them', () => {
    const streamed = run(['kto'], 'streamed', { ...flags, streaming: 'true' });
    expect(streamed.status, streamed.stderr).toBe(0);
    const measured = (measure: string) => log('streamed').some((row) => typeof row[measure] === 'number');
    expect([measured('rewards/chosen'), measured('rewards/rejected')]).toEqual([true, true]);
  });

  test.each([
    [
      'rows that do not say what they are',
      { dataset: 'good.jsonl' },
      /good\.jsonl:2.*whether its answer is a good one.*label/s,
    ],
    ['rows that say it twice', { dataset: 'both.jsonl' }, /both\.jsonl:1.*a label and a worse answer/s],
    ['steps of one row', { batch_size: '1' }, /--batch_size 1: kto .*gradient_accumulation_steps/s],
  ])('%s are refused', (_, wrong, message) => {
    write('good.jsonl', [labelled[0], { query: 'a', response: 'b' }]);
    write('both.jsonl', [{ ...friendly[0], label: true }]);
    const { status, stderr } = run(['kto'], 'refused', { ...flags, ...wrong });
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
    expect(readdirSync(cwd)).not.toContain('refused');
  });
});

test('fine-tuning says that it does not look at what is good and what is bad', () => {
  const { status, stderr } = run(['sft'], 'plain', { dataset: 'labelled.jsonl', max_steps: '1' });
  expect(status, stderr).toBe(0);
  expect(stderr).toContain('fields not used: label (27)');
});

describe('losses of dpo', () => {
  test('several at once, weighted', () => {
    const flags = {
      dataset: 'pairs.jsonl',
      loss_type: 'sigmoid bco_pair sft',
      loss_weights: '0.8 0.2 1',
      max_steps: '2',
    };
    const { status, stderr } = run(['dpo'], 'mpo', flags);
    expect(status, stderr).toBe(0);
    const [first] = log('mpo');
    expect(first.loss! - (first.nll_loss as number)).toBeCloseTo((0.8 + 0.2 * 2) * Math.LN2, 4);
  });

  test('without a reference, none is taken', () => {
    const { status, stderr } = run(['dpo'], 'free', {
      dataset: 'pairs.jsonl',
      reference_free: 'true',
      max_steps: '1',
    });
    expect(status, stderr).toBe(0);
    expect(stderr).not.toContain('reference model');
    expect(log('free')[0]['rewards/chosen']).toBeCloseTo(0.1 * (log('free')[0]['logps/chosen'] as number), 4);
  });

  test.each([
    [{ loss_weights: '1 2' }, /--loss_weights has 2 numbers for 1 of --loss_type/],
    [{ loss_weights: 'half' }, /'half' is not a list of numbers/],
    [{ loss_type: 'sigmod' }, /Did you mean 'sigmoid'/],
    [{ simpo_gamma: '1' }, /'simpo_gamma' is of trainer cpo, simpo, and dpo is chosen/],
    [{ reference_free: 'true', ref_model: TINY }, /compares with no reference model/],
  ])('%j is refused', (wrong, message) => {
    const { status, stderr } = run(['dpo'], 'refused', {
      dataset: 'pairs.jsonl',
      ...(wrong as Record<string, string>),
    });
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });
});

describe('commands of SWIFT 2.4', () => {
  test.each(['dpo', 'orpo', 'simpo', 'cpo', 'kto'])('swift %s is swift rlhf of that type', (type) => {
    const help = swift([type, '--help']).stdout;
    expect(help).toBe(swift(['rlhf', '--rlhf_type', type, '--help']).stdout);
    expect(help).toBe(swift(['help', type]).stdout);
    expect(help).toContain('Usage: swift rlhf');
  });

  test('take a config file', () => {
    writeFileSync(
      join(cwd, 'orpo.yaml'),
      `model: ${TINY}\ndataset: pairs.jsonl\nmax_steps: 1\ndataset_test_ratio: 0\n`,
    );
    const { status, stderr } = swift(['orpo', 'orpo.yaml', '--beta', '0.2', '--output_dir', 'configured'], {
      cwd,
    });
    expect(status, stderr).toBe(0);
  });
});

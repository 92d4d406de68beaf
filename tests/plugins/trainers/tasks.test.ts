/** Objectives of sequences as a whole, held against what ms-swift and Sentence Transformers computed (scripts/fixtures/embedding_losses.py, sentence_losses.py) and by hand. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RowLabel, StandardRow } from '../../../core/contracts/row.js';
import type { Group, Objective, Sequence } from '../../../core/contracts/trainer.js';
import { readJson } from '../../../parity/cases.js';
import { ROOT } from '../../e2e/swift.js';
import { objectiveOf } from './step.js';

interface Case {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly loss: number;
}

interface EmbeddingCase extends Case {
  readonly labels: readonly number[] | null;
  readonly rows: readonly (readonly (readonly number[])[])[];
  readonly gradients: EmbeddingCase['rows'];
}

interface RerankerCase extends Case {
  readonly scores: readonly (readonly number[])[];
  readonly gradients: RerankerCase['scores'];
}

const recorded = <C extends Case>(name: string): readonly C[] =>
  readJson<C[]>(join(ROOT, 'tests/fixtures/task-losses', `${name}.json`));

const nothing = new Float32Array();

function sequence(name: 'pooled' | 'score', numbers: readonly number[], label?: RowLabel): Sequence {
  const values = { logp: nothing, entropy: nothing, mean_logit: nothing, correct: nothing };
  return { values, reference_logp: nothing, readings: { [name]: Float32Array.from(numbers) }, label };
}

/** A step, in passes of so many rows. */
function stepOf(objective: Objective, groups: readonly Group[], perPass = groups.length) {
  const told = objective.survey?.tell(groups) ?? groups.map(() => []);
  const step = { groups: groups.length, sequences: groups.flat().length, tokens: 0 };
  const passes = [];
  for (let start = 0; start < groups.length; start += perPass) {
    const end = start + perPass;
    passes.push(objective.loss(groups.slice(start, end), told.slice(start, end), step));
  }
  return {
    loss: passes.reduce((sum, { loss }) => sum + loss, 0) / groups.length,
    gradients: passes.flatMap(({ reading_cotangents }) => reading_cotangents!),
    metrics: passes[0].metrics,
  };
}

const near = (own: Float32Array | undefined, expected: readonly number[]): void => {
  expect(own).toHaveLength(expected.length);
  expected.forEach((value, i) => expect(own![i]).toBeCloseTo(value, 5));
};

const fitting = (rows: EmbeddingCase['rows'], hard: unknown): EmbeddingCase['rows'] =>
  typeof hard === 'number' ? rows.map((row) => row.slice(0, hard + 2)) : rows;

const embeddings = [...recorded<EmbeddingCase>('embedding'), ...recorded<EmbeddingCase>('sentence')];

describe.each(embeddings)('$options.loss_type $name', (recordedCase) => {
  const { options, labels, rows, loss, gradients } = recordedCase;
  const taken = fitting(rows, options.infonce_hard_negatives);
  const groups = taken.map((row, r) =>
    row.map((vector, i) => sequence('pooled', vector, i === 0 ? labels?.[r] : undefined)),
  );

  test.each([groups.length, 1])('loss and gradients are as recorded, %i rows a pass', async (perPass) => {
    const step = stepOf(await objectiveOf('embedding', options), groups, perPass);
    expect(step.loss).toBeCloseTo(loss, 5);
    taken.forEach((row, r) =>
      row.forEach((_, i) => {
        const slopes = step.gradients[r][i].pooled!.map((slope) => slope / groups.length);
        near(slopes, gradients[r][i]);
      }),
    );
  });
});

describe.each(recorded<RerankerCase>('reranker'))(
  '$name $options',
  ({ options, scores, loss, gradients }) => {
    test('loss and gradients are those of ms-swift', async () => {
      const groups = scores.map((row) => row.map((score, i) => sequence('score', [score], i === 0 ? 1 : 0)));
      const step = stepOf(await objectiveOf('reranker', options), groups);
      expect(step.loss).toBeCloseTo(loss, 5);
      gradients.forEach((row, r) =>
        row.forEach((slope, i) =>
          near(
            step.gradients[r][i].score!.map((one) => one / groups.length),
            [slope],
          ),
        ),
      );
    });
  },
);

test('infonce by hand: one other row at a right angle, at temperature 1', async () => {
  const objective = await objectiveOf('embedding', { infonce_temperature: 1 });
  const groups = [
    [sequence('pooled', [2, 0]), sequence('pooled', [3, 0])],
    [sequence('pooled', [0, 1]), sequence('pooled', [0, 5])],
  ];
  const { loss, metrics } = stepOf(objective, groups);
  expect(loss).toBeCloseTo(Math.log(1 + Math.exp(-1)), 6);
  expect(metrics.mean_pos).toEqual({ sum: 2, count: 2 });
  expect(metrics.mean_neg).toEqual({ sum: 0, count: 2 });
  expect(metrics.margin).toEqual({ sum: 2, count: 2 });
});

test('cosent by hand: of two pairs, the less alike is as near; of one, there is nothing to order', async () => {
  const objective = await objectiveOf('embedding', { loss_type: 'cosent' });
  const pair = (label: number) => [sequence('pooled', [1, 0], label), sequence('pooled', [3, 0])];
  expect(stepOf(objective, [pair(0), pair(1)]).loss).toBeCloseTo(Math.LN2, 6);
  expect(stepOf(objective, [pair(1)]).loss).toBe(0);
});

test('triplet by hand: the mean over negatives of a row', async () => {
  const objective = await objectiveOf('embedding', { loss_type: 'triplet', triplet_margin: 0.25 });
  const vectors = [
    [2, 0],
    [0, 1],
    [1, 0],
    [-1, 0],
  ];
  const { loss, metrics } = stepOf(objective, [vectors.map((one) => sequence('pooled', one))]);
  // Cosines 0, 1 and −1: the first negative is nearer by 1, the second farther by 1.
  expect(loss).toBeCloseTo((1 + 0.25) / 2, 6);
  expect(metrics.margin).toEqual({ sum: -1, count: 1 });
});

test('ranks by hand: second of three, and first of two', async () => {
  const objective = await objectiveOf('reranker', { loss_type: 'listwise_reranker' });
  const groups = [
    [sequence('score', [1], 1), sequence('score', [2], 0), sequence('score', [-1], 0)],
    [sequence('score', [1], 1), sequence('score', [0], 0)],
  ];
  const { metrics } = stepOf(objective, groups);
  expect(metrics.mrr).toEqual({ sum: 1.5, count: 2 });
  expect(metrics.ndcg.sum).toBeCloseTo(1 + 1 / Math.log2(3), 6);
  expect(metrics.acc).toEqual({ sum: 1, count: 2 });
});

const user = (content: string) => ({ role: 'user', content }) as const;
const document = (content: string) => ({ role: 'assistant', content }) as const;
const refusal = (message: RegExp) =>
  expect.objectContaining({ code: 'BAD_ROW', message: expect.stringMatching(message) as unknown });

describe('what becomes of a row', () => {
  test('an embedding: anchor, positive and negatives', async () => {
    const objective = await objectiveOf('embedding', {});
    const row: StandardRow = {
      messages: [user('q')],
      positive_messages: [[user('p')]],
      negative_messages: [[user('n')]],
    };
    expect(objective.sequences(row)).toEqual([
      { messages: [user('q')], label: 1 },
      { messages: [user('p')] },
      { messages: [user('n')] },
    ]);
    expect(objective.sequences({ messages: [user('q'), document('a')] })[1]).toEqual({
      messages: [user('a')],
    });
  });

  test('a reranker: the question with each document', async () => {
    const objective = await objectiveOf('reranker', { max_negative_samples: 1 });
    const row: StandardRow = {
      messages: [user('q')],
      positive_messages: [[document('p')]],
      negative_messages: [[document('n')], [document('m')]],
    };
    expect(objective.sequences(row)).toEqual([
      { messages: [user('q'), document('p')], label: 1 },
      { messages: [user('q'), document('n')], label: 0 },
    ]);
  });

  test('a generative reranker: whether each document belongs, in the words of Qwen3-Reranker', async () => {
    const objective = await objectiveOf('generative_reranker', {});
    const row: StandardRow = {
      messages: [{ role: 'system', content: 'i' }, user('q')],
      positive_messages: [[document('p')]],
      negative_messages: [[document('n')]],
    };
    const asked = (content: string) => [user(`<Instruct>: i\n<Query>: q\n<Document>: ${content}`)];
    expect(objective.sequences(row)).toEqual([
      { messages: asked('p'), label: 1 },
      { messages: asked('n'), label: 0 },
    ]);
  });

  test.each<[string, object, StandardRow, RegExp]>([
    ['embedding', {}, { messages: [user('q')] }, /nothing that belongs/],
    [
      'embedding',
      { infonce_hard_negatives: 1 },
      { messages: [user('q'), document('a')] },
      /no negative_messages/,
    ],
    ['embedding', {}, { messages: [user('q'), document('a')], label: 0.5 }, /label is 0.5, expected 1/],
    [
      'embedding',
      { loss_type: 'online_contrastive' },
      { messages: [user('q'), document('a')], label: 0.5 },
      /expected 0 or 1/,
    ],
    [
      'embedding',
      { loss_type: 'contrastive' },
      { messages: [user('q'), document('a')], label: 7 },
      /from 0 to 1/,
    ],
    [
      'embedding',
      { loss_type: 'cosine_similarity' },
      { messages: [user('q'), document('a')], label: -2 },
      /from -1 to 1/,
    ],
    [
      'embedding',
      { loss_type: 'contrastive' },
      { messages: [user('q'), document('a')], negative_messages: [[user('n')]] },
      /does not look at/,
    ],
    [
      'embedding',
      { loss_type: 'triplet' },
      { messages: [user('q'), document('a')] },
      /no negative_messages.*/,
    ],
    [
      'embedding',
      { loss_type: 'cosent' },
      { messages: [user('q'), document('a')], negative_messages: [[user('n')]] },
      /cosent does not look at/,
    ],
    ['reranker', {}, { messages: [user('q')], positive_messages: [[document('p')]] }, /no negative_messages/],
    [
      'generative_reranker',
      {},
      {
        messages: [user('q'), document('a'), user('r')],
        positive_messages: [[document('p')]],
        negative_messages: [[document('n')]],
      },
      /not one query with one document/,
    ],
    ['seq_cls', { num_labels: 2 }, { messages: [user('q')] }, /no label/],
    ['seq_cls', { num_labels: 2 }, { messages: [user('q')], label: 2 }, /from 0 to 1/],
    [
      'seq_cls',
      { num_labels: 2, problem_type: 'multi_label_classification' },
      { messages: [user('q')], label: [0, 5] },
      /list of classes/,
    ],
    [
      'seq_cls',
      { num_labels: 2, problem_type: 'regression' },
      { messages: [user('q')], label: 1 },
      /2 numbers/,
    ],
  ])('%s %o refuses %o', async (trainer, options, row, message) => {
    const objective = await objectiveOf(trainer, options);
    expect(() => objective.sequences(row)).toThrow(refusal(message));
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { RowEncoder } from '../../core/data/index.js';
import { loadModel } from '../../core/model/load-model.js';
import { services } from '../../core/sdk/default-services.js';
import { Scorer } from '../../core/sdk/scorer.js';

/** What Transformers says (scripts/fixtures/minilm.py). */
interface Sentence {
  /** A sentence, or two. */
  readonly texts: readonly string[];
  readonly ids: readonly number[];
  readonly vector: readonly number[];
}

/** Folder of the model: 90 MB, which nobody needs for the other tests. */
const folder = process.env.SWIFT_MINILM;
const oracle = JSON.parse(
  readFileSync(new URL('../fixtures/minilm/oracle.json', import.meta.url), 'utf8'),
) as Sentence[];

describe.skipIf(folder === undefined)('all-MiniLM-L6-v2, a BERT that is published', () => {
  test.each([
    ['sentences', 1, undefined],
    ['pairs', 2, 'bert'],
  ] as const)('reads %s as Transformers does, and gives their vectors', async (_, count, template_type) => {
    const composed = services();
    const loaded = await loadModel({ model_id_or_path: folder, use_hf: true, template_type }, composed);
    const { modelType, templateId, model, template, tokenizer } = loaded;
    expect([modelType, templateId, model.pools]).toEqual(['bert', template_type ?? 'dummy', 'mean']);
    const wanted = oracle.filter(({ texts }) => texts.length === count);
    const rows = wanted.map(({ texts }) => ({
      messages: texts.map((content, i) => ({
        role: i === 0 ? ('user' as const) : ('assistant' as const),
        content,
      })),
    }));
    const encoder = new RowEncoder(template, tokenizer, { supervise: 'none' });
    const ids = encoder
      .outcomes(rows.map((row) => ({ row, origin: { file: '', line: 0 } })))
      .map((outcome) => (outcome.kind === 'sample' ? [...outcome.sample.input_ids] : outcome));
    expect(ids).toEqual(wanted.map((one) => one.ids));
    const scorer = await Scorer.open({ loaded, services: composed }, { embeds: true });
    const judged = await scorer.judge(rows);
    await scorer.release();
    for (const [i, { vector }] of wanted.entries()) {
      const found = judged[i].response as readonly number[];
      const farthest = Math.max(...vector.map((value, d) => Math.abs(value - found[d])));
      expect(farthest).toBeLessThan(1e-5);
    }
  });
});

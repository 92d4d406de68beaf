import { expect, test } from 'vitest';
import type { StandardRow } from '../../../core/contracts/row.js';
import type { Tokenizer } from '../../../core/contracts/tokenizer.js';
import { RowEncoder } from '../../../core/data/index.js';
import { spellingTokenizer } from '../../extras/spelling-tokenizer.js';
import { allTemplates } from './all-templates.js';

const templates = await allTemplates();
/** As BERT's: no BOS and no EOS, but tokens that a text stands between. */
const between: Tokenizer = {
  ...spellingTokenizer,
  specialTokens: { cls_token: '[CLS]', sep_token: '[SEP]' },
};
const user = { role: 'user', content: 'q' } as const;
const assistant = { role: 'assistant', content: 'd' } as const;

function said(id: string, messages: StandardRow['messages'], tokenizer = spellingTokenizer): string {
  const encoder = new RowEncoder(templates.get(id)!, tokenizer, { supervise: 'none' });
  const [outcome] = encoder.outcomes([{ row: { messages }, origin: { file: '', line: 0 } }]);
  if (outcome.kind !== 'sample') throw new Error(JSON.stringify(outcome));
  return tokenizer.decode([...outcome.sample.input_ids]);
}

test('a text that is read alone is read to its end', () => {
  expect(said('dummy', [user], between)).toBe('[CLS]q[SEP]');
  expect(said('dummy', [user])).toBe('<bos>q<eos>');
  expect(said('qwen3_emb', [user])).toBe('q<|endoftext|>');
});

test('an answer alone stands between the same', () => {
  expect(said('dummy', [assistant], between)).toBe('[CLS]d[SEP]');
});

test('a template of answers ends where the answer would begin', () => {
  expect(said('default-generation', [user])).toBe('<bos>q');
});

test('pairs', () => {
  expect(said('bert', [user, assistant], between)).toBe('[CLS]q[SEP]d[SEP]');
  expect(said('bge_reranker', [user, assistant])).toBe('<s> q</s></s> d</s>');
});

test('an answer without steps is one step', () => {
  const steps = (content: string): string =>
    said('qwen2_5_math_prm', [user, { role: 'assistant', content }]).split('assistant\n')[1];
  expect(steps('d')).toBe('d<extra_0><|im_end|>');
  expect(steps('a<extra_0>b<extra_0>')).toBe('a<extra_0>b<extra_0><|im_end|>');
  expect(said('qwen2_5_math_prm', [user])).toContain('q<extra_0><|im_end|>');
});

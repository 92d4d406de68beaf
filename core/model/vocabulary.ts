/** Token ids and the rows of an embedding: what is outside ends with a word about it, not in a kernel. */
import type { EncodeOptions, EncodeResult, Template } from '../contracts/template.js';
import type { Message, StandardRow } from '../contracts/row.js';
import type { Tokenizer } from '../contracts/tokenizer.js';
import { SwiftError } from '../errors.js';

/**
 * Every token of the vocabulary itself has a row. Tokens added later may lie beyond: Gemma 3's has one for images, which its
 * text models do without.
 * @throws SwiftError BAD_CHECKPOINT
 */
export function checkVocabulary(tokenizer: Tokenizer, rows: number, place: string): void {
  for (const [token, id] of vocabularyOf(tokenizer)) {
    if (Number.isInteger(id) && id >= 0 && id < rows) continue;
    const text = JSON.stringify(token);
    throw new SwiftError(
      'BAD_CHECKPOINT',
      `${place}: the tokenizer's ${text} has the id ${id}, but the embedding has ${rows} rows (ids 0 to ${rows - 1})`,
      {
        cure: 'Tokenizer and weights do not belong together: take the tokenizer that comes with these weights.',
      },
    );
  }
}

/** Ids by token, of the ordinary vocabulary; nothing for a tokenizer that does not carry one. */
function* vocabularyOf(tokenizer: Tokenizer): Generator<[token: string, id: number]> {
  const { definition } = tokenizer as { definition?: { tokenizer?: { model?: { vocab?: unknown } } } };
  const vocab = definition?.tokenizer?.model?.vocab;
  if (Array.isArray(vocab)) {
    for (const [id, entry] of vocab.entries()) {
      const [token, score] = entry as [string, number];
      yield [token, Number.isFinite(score) ? id : NaN];
    }
  } else if (typeof vocab === 'object' && vocab !== null) {
    yield* Object.entries(vocab as Record<string, number>);
  }
}

/** A template whose ids all have a row. Errors name the token; who knows the row of data adds its place. */
export function withinVocabulary(template: Template, rows: number): Template {
  const check = (ids: readonly number[], tokenizer: Tokenizer): void => {
    for (const id of ids)
      if (id >= rows && !tokenizer.placeholders?.has(id)) throw outside(id, rows, tokenizer);
  };
  const own: Partial<Template> = {
    encode(row: StandardRow, tokenizer: Tokenizer, options?: EncodeOptions): EncodeResult {
      const result = template.encode(row, tokenizer, options);
      if (result.kind === 'sample') check(result.sample.input_ids, tokenizer);
      return result;
    },
    prompt(messages: readonly Message[], tokenizer: Tokenizer, options?: EncodeOptions): number[] {
      const ids = template.prompt(messages, tokenizer, options);
      check(ids, tokenizer);
      return ids;
    },
  };
  const within = new Proxy(template, {
    get(target, name) {
      if (name in own) return own[name as keyof Template];
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  bounded.set(within, { template, rows });
  return within;
}

const bounded = new WeakMap<Template, { readonly template: Template; readonly rows: number }>();

/** What `withinVocabulary` was given, if it made this template. */
export function boundsOf(template: Template): { readonly template: Template; readonly rows?: number } {
  return bounded.get(template) ?? { template };
}

function outside(id: number, rows: number, tokenizer: Tokenizer): SwiftError {
  const token = JSON.stringify(tokenizer.idToToken(id) ?? '');
  return new SwiftError(
    'BAD_ROW',
    `the token ${token} has the id ${id}, but the model's embedding has ${rows} rows (ids 0 to ${rows - 1})`,
    {
      cure: [
        'The tokenizer has a token that the weights do not know: take it out of the text or the template,',
        'or use weights that were resized for it.',
      ],
    },
  );
}

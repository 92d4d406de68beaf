/** Plain text as ids, as lm-evaluation-harness encodes it: BOS first where the checkpoint's tokenizer puts it. */
import type { LikelihoodRequest } from '../contracts/infer-backend.js';
import type { Tokenizer } from '../contracts/tokenizer.js';
import { SwiftError } from '../errors.js';

/** Whether a model with this template continues text and knows no turns. */
export const continuesText = (templateId: string): boolean => /-generation(-bos)?$/.test(templateId);

export function encodeText(tokenizer: Tokenizer, text: string): readonly number[] {
  const ids = tokenizer.encode(text);
  const { addsBos, bos_token_id: bos } = tokenizer;
  return addsBos && bos !== undefined && ids[0] !== bos ? [bos, ...ids] : ids;
}

/**
 * The ids of both parts. They are encoded as one text, of which the first as many ids are the context's as it has alone;
 * so no id is another than the model would read, and blanks between the two go to the continuation.
 *
 * @throws SwiftError BAD_ROW where nothing is left for the continuation, BAD_TEMPLATE without a token to begin with
 */
export function encodePair(
  tokenizer: Tokenizer,
  request: LikelihoodRequest,
): { readonly context: readonly number[]; readonly continuation: readonly number[] } {
  const before = request.context.trimEnd();
  const text = request.context + request.continuation;
  const whole = before === '' ? [begin(tokenizer), ...tokenizer.encode(text)] : encodeText(tokenizer, text);
  const first = before === '' ? 1 : encodeText(tokenizer, before).length;
  if (first < whole.length) return { context: whole.slice(0, first), continuation: whole.slice(first) };
  const fault = `the text ${JSON.stringify(request.continuation)} has no token of its own after its context`;
  throw new SwiftError('BAD_ROW', fault, { cure: 'Its log-likelihood is not defined: take the row out.' });
}

/** What a text without context comes after. */
function begin({ bos_token_id, eos_token_id }: Tokenizer): number {
  const id = bos_token_id ?? eos_token_id;
  if (id !== undefined) return id;
  throw new SwiftError(
    'BAD_TEMPLATE',
    'the tokenizer has neither a BOS nor an EOS token to begin a text with',
    {
      cure: 'Give a context.',
    },
  );
}

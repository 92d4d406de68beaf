/** What is learned of a sample, one text a stretch. */
import type { EncodeResult } from '../../core/contracts/template.js';
import type { Tokenizer } from '../../core/contracts/tokenizer.js';

export function learnedTexts(result: EncodeResult, tokenizer: Tokenizer): string[] {
  if (result.kind !== 'sample') throw new Error(result.reason);
  const stretches: number[][] = [];
  result.sample.labels.forEach((label, i, labels) => {
    if (label < 0) return;
    if (i === 0 || labels[i - 1] < 0) stretches.push([]);
    stretches.at(-1)!.push(label);
  });
  return stretches.map((ids) => tokenizer.decode(ids));
}

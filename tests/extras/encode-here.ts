import type { Template } from '../../core/contracts/template.js';
import type { Tokenizer } from '../../core/contracts/tokenizer.js';
import {
  encodeDataset,
  EncodingHere,
  RowEncoder,
  type EncodedDataset,
  type LoadedDataset,
  type RowEncoderOptions,
} from '../../core/data/index.js';

/** Encodes datasets in the thread at hand. */
export async function encodeHere(
  datasets: readonly LoadedDataset[],
  template: Template,
  tokenizer: Tokenizer,
  options: RowEncoderOptions = {},
): Promise<EncodedDataset> {
  const encoder = new RowEncoder(template, tokenizer, options);
  return encodeDataset(datasets, encoder, new EncodingHere(encoder, options.seen));
}

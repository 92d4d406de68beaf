import { SwiftError } from '../errors.js';
import type { Processor } from '../contracts/processor.js';
import { MediaFiles } from '../data/index.js';
import type { CausalLM } from '../nn/index.js';

/**
 * What opens media for a model; undefined for a model of text.
 * @param max_pixels larger pictures are shrunk to so many; null: they are not
 * @throws SwiftError BAD_ARGUMENT for `max_pixels` of a model that takes in no images
 */
export function mediaFilesOf(
  {
    processor,
    model,
    name,
  }: { readonly processor?: Processor; readonly model: CausalLM; readonly name: string },
  max_pixels: number | null | undefined,
): MediaFiles | undefined {
  if (max_pixels != null && !processor?.image) {
    throw new SwiftError('BAD_ARGUMENT', `--max_pixels ${max_pixels}: ${name} takes in no images`, {
      cure: 'Leave it out.',
    });
  }
  if (!processor || !model.tower) return undefined;
  return new MediaFiles({ processor, tower: model.tower, max_pixels: max_pixels ?? undefined });
}

import { SwiftError } from '../errors.js';
import type { Processor } from '../contracts/processor.js';
import { MediaFiles } from '../data/index.js';
import type { CausalLM } from '../nn/index.js';

/**
 * What opens media for a model; undefined for a model of text.
 * @param max_pixels larger pictures are shrunk to so many; null: they are not
 * @throws SwiftError BAD_ARGUMENT for `max_pixels` of a model that reads text
 */
export function mediaFilesOf(
  {
    processor,
    model,
    name,
  }: { readonly processor?: Processor; readonly model: CausalLM; readonly name: string },
  max_pixels: number | null | undefined,
): MediaFiles | undefined {
  if (processor && model.tower)
    return new MediaFiles({ processor, tower: model.tower, max_pixels: max_pixels ?? undefined });
  if (max_pixels == null) return undefined;
  throw new SwiftError('BAD_ARGUMENT', `--max_pixels ${max_pixels}: ${name} reads text, and no images`, {
    cure: 'Leave it out.',
  });
}

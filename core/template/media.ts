/** What a model does not take in: images and their like. Learned without them, an answer would be about nothing. */
import type { StandardRow } from '../contracts/row.js';
import { SwiftError } from '../errors.js';

const MEDIA = ['images', 'videos', 'audios', 'objects'] as const;

/** @throws SwiftError BAD_TEMPLATE for a row that holds any */
export function refuseMedia(row: Partial<Pick<StandardRow, (typeof MEDIA)[number] | 'messages'>>): void {
  const held = MEDIA.filter((field) =>
    field === 'objects'
      ? row.objects
      : [row, ...(row.messages ?? [])].some((one) => (one[field]?.length ?? 0) > 0),
  );
  if (held.length === 0) return;
  throw new SwiftError(
    'BAD_TEMPLATE',
    `The row has ${held.join(' and ')}, which this model does not take in.`,
    {
      cure: [
        'Which models take in what: swift list models --modality image (video, audio).',
        'Take such rows out, or --check_dataset_strategy discard drops and counts them.',
        'To learn the text alone, take the column out of the rows, and its placeholders out of their texts.',
      ],
    },
  );
}

/** Pictures in texts, and their features among tokens. */
import type { MediaSpan, Processor } from '../../contracts/processor.js';
import type { Message } from '../../contracts/row.js';
import type { Ids } from '../../contracts/template.js';
import { counted } from '../../counted.js';
import { SwiftError } from '../../errors.js';
import { IMAGE_TAG, tagsIn } from '../preprocess/images.js';

/** How many features each picture of a row becomes. */
type FeatureCounts = readonly number[];

/**
 * Messages with a picture's text in the place of each tag `<image>`, in order. Pictures without a tag are put in front of
 * the first message that is no system prompt, as SWIFT does.
 * @throws SwiftError BAD_ROW for a tag without a picture
 */
export function placeImages(
  messages: readonly Message[],
  features: FeatureCounts,
  processor: Pick<Processor, 'imageText'>,
): Message[] {
  const tagged = messages.map((message) => tagsIn(message.content));
  const tags = tagged.reduce((sum, count) => sum + count, 0);
  if (tags > features.length) throw tooManyTags(tagged, features.length);
  const first = messages.findIndex(({ role }) => role !== 'system');
  let next = 0;
  return messages.map((message, i) => {
    const missing = i === first ? features.length - tags : 0;
    if (missing === 0 && tagged[i] === 0) return message;
    const pieces = (IMAGE_TAG.repeat(missing) + message.content).split(IMAGE_TAG);
    const content = pieces.reduce((text, piece) => text + processor.imageText(features[next++]) + piece);
    return { ...message, content };
  });
}

function tooManyTags(tagged: readonly number[], images: number): SwiftError {
  let seen = 0;
  const place = tagged.findIndex((count) => (seen += count) > images);
  const tags = tagged.reduce((sum, count) => sum + count, 0);
  const fault = `'messages[${place}].content' has a tag ${IMAGE_TAG} without an image: ${counted(tags, 'tag')}, ${counted(images, 'image')}`;
  return new SwiftError('BAD_ROW', `${fault}.`, {
    cure: "Give one image for each tag, in the field 'images'; or take the tag out of the text.",
  });
}

/**
 * Where the features of pictures stand, by the runs of the token that keeps their places.
 * @returns undefined where some are missing, as in a sample that was cut
 * @throws SwiftError BAD_ROW where there are more
 */
export function spansOf(
  ids: Ids,
  token: number,
  pictures: readonly { readonly grid: MediaSpan['grid']; readonly features: number }[],
  imageToken: string,
): MediaSpan[] | undefined {
  const spans: MediaSpan[] = [];
  for (let i = 0; i < ids.length; i++) {
    if (ids[i] !== token) continue;
    if (spans.length === pictures.length) throw strayToken(imageToken);
    const { grid, features } = pictures[spans.length];
    for (let t = i; t < i + features; t++) if (ids[t] !== token) return undefined;
    spans.push({ start: i, grid });
    i += features - 1;
  }
  return spans.length === pictures.length ? spans : undefined;
}

/** A text with the token in whose places images stand. */
export const strayToken = (imageToken: string): SwiftError =>
  new SwiftError('BAD_ROW', `a text holds ${imageToken}, in whose places the model sees images.`, {
    cure: `Take it out of the text; where an image is meant, write ${IMAGE_TAG} and give the image.`,
  });

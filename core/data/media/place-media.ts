/** Media in texts, and their features among tokens. */
import { MEDIA_FIELDS, type MediaKind, type MediaLists } from '../../contracts/media.js';
import type { MediaSpan, MediumPlace } from '../../contracts/processor.js';
import type { Message } from '../../contracts/row.js';
import type { Ids } from '../../contracts/template.js';
import { counted } from '../../counted.js';
import { SwiftError } from '../../errors.js';
import { MEDIA_TAGS, tagsIn, withTags } from '../preprocess/media.js';

/**
 * Messages with a medium's text in the place of each tag, in order. Media without a tag are put in front of the first message that
 * is no system prompt, as SWIFT does.
 * @param kinds those that the model knows; tags of others are text
 * @returns the messages, and the media in the order of their texts
 * @throws SwiftError BAD_ROW for a tag without a medium
 */
export function placeMedia(
  messages: readonly Message[],
  media: MediaLists,
  kinds: readonly MediaKind[],
  textOf: (medium: MediumPlace) => string,
): { readonly messages: Message[]; readonly order: readonly MediumPlace[] } {
  for (const kind of kinds) checkTags(messages, kind, media[MEDIA_FIELDS[kind]]?.length ?? 0);
  const first = messages.findIndex(({ role }) => role !== 'system');
  const everything = messages.map(({ content }) => content).join('\n');
  const next: Record<MediaKind, number> = { image: 0, video: 0, audio: 0 };
  const order: MediumPlace[] = [];
  const tag = new RegExp(kinds.map((kind) => MEDIA_TAGS[kind]).join('|'), 'g');
  const kindOf = new Map(kinds.map((kind) => [MEDIA_TAGS[kind], kind]));
  const placed = messages.map((message, i) => {
    const tagged = i === first ? withTags(message.content, media, kinds, everything) : message.content;
    const content = tagged.replace(tag, (found) => {
      const kind = kindOf.get(found)!;
      const place = { kind, index: next[kind]++ };
      order.push(place);
      return textOf(place);
    });
    return content === message.content ? message : { ...message, content };
  });
  return { messages: placed, order };
}

function checkTags(messages: readonly Message[], kind: MediaKind, media: number): void {
  const tagged = messages.map((message) => tagsIn(message.content, kind));
  const tags = tagged.reduce((sum, count) => sum + count, 0);
  if (tags <= media) return;
  let seen = 0;
  const place = tagged.findIndex((count) => (seen += count) > media);
  const fault = `'messages[${place}].content' has a tag ${MEDIA_TAGS[kind]} without one of '${MEDIA_FIELDS[kind]}'`;
  throw new SwiftError('BAD_ROW', `${fault}: ${counted(tags, 'tag')}, ${counted(media, kind)}.`, {
    cure: `Give one for each tag, in the field '${MEDIA_FIELDS[kind]}'; or take the tag out of the text.`,
  });
}

/** A medium whose text stands among ids. */
export interface TextedMedium {
  readonly grid: MediaSpan['grid'];
  readonly features: number;
  /** The id in whose places its features stand. */
  readonly token: number;
  /** Whether it is a sound. */
  readonly heard?: boolean;
}

/**
 * Where the features of media stand, by the runs of the tokens that keep their places.
 * @param media in the order of their texts
 * @param tokens all ids that keep places of media, with their texts
 * @returns undefined where some are missing, as in a sample that was cut
 * @throws SwiftError BAD_ROW where there are more
 */
export function spansOf(
  ids: Ids,
  media: readonly TextedMedium[],
  tokens: ReadonlyMap<number, string>,
): MediaSpan[] | undefined {
  const spans: MediaSpan[] = [];
  let current = 0;
  let left = media[0]?.features ?? 0;
  for (let i = 0; i < ids.length;) {
    const name = tokens.get(ids[i]);
    if (name === undefined) {
      i++;
      continue;
    }
    const medium = media[current];
    if (!medium) throw strayToken(name);
    if (ids[i] !== medium.token) return undefined;
    const start = i;
    while (i < ids.length && ids[i] === medium.token && left > 0) {
      i++;
      left--;
    }
    spans.push({ start, length: i - start, grid: medium.grid, ...(medium.heard && { heard: true }) });
    if (left === 0) left = media[++current]?.features ?? 0;
  }
  return current === media.length ? spans : undefined;
}

/** A text with a token in whose places media stand. */
export const strayToken = (name: string): SwiftError =>
  new SwiftError('BAD_ROW', `a text holds ${name}, in whose places the model takes in media.`, {
    cure: `Take it out of the text; where an image is meant, write ${MEDIA_TAGS.image} and give the image.`,
  });

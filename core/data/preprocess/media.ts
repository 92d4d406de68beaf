/** Media in rows: where they are, and the tags that stand for them in texts. */
import { isDeepStrictEqual } from 'node:util';
import {
  MEDIA_FIELDS,
  MEDIA_KINDS,
  type MediaField,
  type MediaKind,
  type MediaLists,
  type MediaSource,
} from '../../contracts/media.js';
import type { Message, RawRow } from '../../contracts/row.js';
import { SwiftError } from '../../errors.js';
import { badField, has, listOf, parsed, recordOf, textOf } from './fields.js';

/** What stands for a medium in a text. */
export const MEDIA_TAGS: Readonly<Record<MediaKind, string>> = {
  image: '<image>',
  video: '<video>',
  audio: '<audio>',
};

const SHAPE = 'a path, an address, a data URL, or {"bytes": …, "path": …}';

/** One medium of a row. @throws SwiftError BAD_ROW */
export function mediumOf(value: unknown, place: string): MediaSource {
  if (typeof value === 'string' && value !== '') return value;
  if (typeof value !== 'object' || value === null) throw badField(place, value, SHAPE);
  const { bytes, path, url } = value as RawRow;
  if (typeof url === 'string') return url;
  const name = typeof path === 'string' ? path : undefined;
  if (bytes instanceof Uint8Array) return { bytes, path: name };
  // JSON has no bytes: they come as base64, or as a list of numbers.
  if (typeof bytes === 'string' && bytes !== '') return { bytes: Buffer.from(bytes, 'base64'), path: name };
  if (Array.isArray(bytes)) return { bytes: Uint8Array.from(bytes, Number), path: name };
  if (name !== undefined && name !== '') return { path: name };
  throw badField(place, value, SHAPE);
}

/** The media of a field: a list, text of one, or a single one. */
export function mediaOf(value: unknown, place: string): MediaSource[] {
  const list = typeof value === 'string' ? parsed(value) : value;
  if (Array.isArray(list)) return list.map((one, i) => mediumOf(one, `${place}[${i}]`));
  return [mediumOf(value, place)];
}

/** Kinds of parts of a message that are media, as OpenAI and Hugging Face call them, and the fields in which these stand. */
const PARTS: Readonly<Record<string, MediaKind>> = {
  image: 'image',
  image_url: 'image',
  video: 'video',
  video_url: 'video',
  audio: 'audio',
  audio_url: 'audio',
  input_audio: 'audio',
};
const PLACES = ['url', 'path', 'base64', 'data'];

/** Content as a text with tags, and the media that it brings itself. */
export interface Content extends MediaLists {
  readonly content: string;
}

/** Text, or OpenAI's list of parts: texts run together, a medium becomes a tag. @throws SwiftError BAD_ROW */
export function contentOf(value: unknown, place: string): Content {
  if (!Array.isArray(value)) return { content: textOf(value, place) };
  const found: [MediaKind, MediaSource][] = [];
  const content = value.map((part, i) => {
    const at = `${place}[${i}]`;
    const fields = recordOf(part, at, '{"type": "text", "text": "..."}');
    const type = String(fields.type);
    if (type === 'text') return textOf(fields.text, `${at}.text`);
    const kind = Object.hasOwn(PARTS, type) ? PARTS[type] : undefined;
    if (kind === undefined)
      throw badField(`${at}.type`, fields.type, `'text', ${quoted(Object.keys(PARTS))}`);
    // What says only that a medium stands here takes it from the row's own.
    const named = [type, kind, ...PLACES].find((field) => has(fields, field));
    if (named !== undefined) found.push([kind, partOf(fields[named], `${at}.${named}`)]);
    return MEDIA_TAGS[kind];
  });
  return { content: content.join(''), ...byField(found) };
}

/** OpenAI's `input_audio` is {"data": base64, "format": "wav"}. */
function partOf(value: unknown, place: string): MediaSource {
  if (typeof value !== 'object' || value === null || !has(value as RawRow, 'data'))
    return mediumOf(value, place);
  return mediumOf((value as RawRow).data, `${place}.data`);
}

const quoted = (words: readonly string[]): string =>
  `${words
    .slice(0, -1)
    .map((word) => `'${word}'`)
    .join(', ')} or '${words.at(-1)}'`;

/** How many tags of a kind a text has. */
export const tagsIn = (text: string, kind: MediaKind): number => text.split(MEDIA_TAGS[kind]).length - 1;

/** A message's own fields of media. @param place of the message */
export function messageMedia(turn: RawRow, place: string): MediaLists {
  const found = MEDIA_KINDS.flatMap((kind) => {
    const field = MEDIA_FIELDS[kind];
    if (!has(turn, field)) return [];
    return mediaOf(turn[field], `${place}.${field}`).map((source): [MediaKind, MediaSource] => [
      kind,
      source,
    ]);
  });
  return byField(found);
}

function byField(found: readonly (readonly [MediaKind, MediaSource])[]): MediaLists {
  const lists: Partial<Record<MediaField, MediaSource[]>> = {};
  for (const [kind, source] of found) (lists[MEDIA_FIELDS[kind]] ??= []).push(source);
  return lists;
}

/** Two groups of media as one: those of `a` first. Fields without any are absent. */
export function joinMedia(...groups: readonly MediaLists[]): MediaLists {
  const lists: Partial<Record<MediaField, readonly MediaSource[]>> = {};
  for (const kind of MEDIA_KINDS) {
    const field = MEDIA_FIELDS[kind];
    const all = groups.flatMap((group) => group[field] ?? []);
    if (all.length > 0) lists[field] = all;
  }
  return lists;
}

/** Media of other kinds than these. */
export function without(lists: MediaLists, kinds: readonly MediaKind[]): MediaLists {
  return joinMedia(
    ...MEDIA_KINDS.filter((kind) => !kinds.includes(kind)).map((kind) => ({
      [MEDIA_FIELDS[kind]]: lists[MEDIA_FIELDS[kind]] ?? [],
    })),
  );
}

/** How many media there are, of all kinds. */
export const countMedia = (lists: MediaLists): number =>
  MEDIA_KINDS.reduce((sum, kind) => sum + (lists[MEDIA_FIELDS[kind]]?.length ?? 0), 0);

/**
 * Takes media out of messages, into one list of each kind in the order of their tags; those without a tag get one in front of
 * their message.
 */
export function liftMedia(messages: readonly Message[]): {
  readonly messages: Message[];
  readonly media: MediaLists;
} {
  const media = joinMedia(...messages);
  if (countMedia(media) === 0) return { messages: [...messages], media };
  return { messages: messages.map((message) => withoutMedia(tagged(message))), media };
}

/** A message with a tag for each of its own media. */
export const tagged = (message: Message): Message =>
  countMedia(message) === 0
    ? message
    : { ...message, content: withTags(message.content, message, MEDIA_KINDS) };

/** A message that holds none of these kinds itself. */
export function withoutMedia(message: Message, kinds: readonly MediaKind[] = MEDIA_KINDS): Message {
  const rest = { ...message };
  for (const kind of kinds) delete (rest as Record<string, unknown>)[MEDIA_FIELDS[kind]];
  return rest;
}

/** Kinds in the order in which SWIFT puts missing tags before a text; each goes before those put there earlier. */
const MISSING_ORDER: readonly MediaKind[] = ['image', 'audio', 'video'];

/** A text with a tag before it for each medium that has none. */
export function withTags(
  text: string,
  media: MediaLists,
  kinds: readonly MediaKind[],
  tagged = text,
): string {
  return MISSING_ORDER.filter((kind) => kinds.includes(kind)).reduce((content, kind) => {
    const missing = (media[MEDIA_FIELDS[kind]]?.length ?? 0) - tagsIn(tagged, kind);
    return MEDIA_TAGS[kind].repeat(Math.max(0, missing)) + content;
  }, text);
}

/** Other names of these fields in rows. */
const ROW_FIELDS: Readonly<Record<MediaKind, readonly string[]>> = {
  image: ['images', 'image'],
  video: ['videos', 'video'],
  audio: ['audios', 'audio'],
};

export const MEDIA_COLUMNS: readonly string[] = MEDIA_KINDS.flatMap((kind) => ROW_FIELDS[kind]);

/**
 * The media of a row, which stand in its messages or in fields of their own.
 * @param worse those of a worse conversation
 * @throws SwiftError BAD_ROW for both, and for other media in a worse conversation
 */
export function rowMedia(raw: RawRow, inMessages: MediaLists, worse: MediaLists = {}): MediaLists {
  const own = joinMedia(
    ...MEDIA_KINDS.map((kind) => {
      const fields = ROW_FIELDS[kind].filter((field) => has(raw, field) && raw[field] !== '');
      return { [MEDIA_FIELDS[kind]]: fields.flatMap((field) => mediaOf(raw[field], field)) };
    }),
  );
  if (
    has(raw, 'rejected_images') &&
    !isDeepStrictEqual(mediaOf(raw.rejected_images, 'rejected_images'), own.images ?? [])
  ) {
    throw new SwiftError('BAD_ROW', "'rejected_images' are other images than 'images'.", {
      cure: 'A preference here is between answers to one question, which is about the same images: take the column out, or the row.',
    });
  }
  for (const kind of MEDIA_KINDS) {
    const field = MEDIA_FIELDS[kind];
    if (own[field] && inMessages[field]) {
      throw new SwiftError('BAD_ROW', `${field} stand in the messages and in a field of the row.`, {
        cure: 'Keep them in one place.',
      });
    }
    if (worse[field] && !isDeepStrictEqual(worse[field], inMessages[field] ?? [])) {
      throw new SwiftError('BAD_ROW', `the worse conversation has other ${field} than the better one.`, {
        cure: `A preference is between answers to one question: both are about the same ${field}.`,
      });
    }
  }
  return joinMedia(own, inMessages);
}

/** The media of one of several conversations, which stand in columns of lists of them. @param prefix of the columns' names */
export function conversationMedia(raw: RawRow, prefix: string, index: number): MediaLists {
  return joinMedia(
    ...Object.values(MEDIA_FIELDS).map((field) => {
      const column = prefix + field;
      if (!has(raw, column)) return {};
      const lists = listOf(raw[column], column, 'a list of media for each conversation');
      const place = `${column}[${index}]`;
      return lists[index] === undefined || lists[index] === null
        ? {}
        : { [field]: mediaOf(lists[index], place) };
    }),
  );
}

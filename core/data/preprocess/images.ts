/** Pictures in rows: where they are, and the tags that stand for them in texts. */
import { isDeepStrictEqual } from 'node:util';
import type { ImageSource } from '../../contracts/image-source.js';
import type { Message, RawRow } from '../../contracts/row.js';
import { SwiftError } from '../../errors.js';
import { badField, has, parsed, recordOf, textOf } from './fields.js';

/** Stands for a picture in a text. */
export const IMAGE_TAG = '<image>';

const SHAPE = 'a path, an address, a data URL, or {"bytes": …, "path": …}';

/** One picture of a row. @throws SwiftError BAD_ROW */
export function imageOf(value: unknown, place: string): ImageSource {
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

/** The pictures of a field: a list, text of one, or a single picture. */
export function imagesOf(value: unknown, place: string): ImageSource[] {
  const list = typeof value === 'string' ? parsed(value) : value;
  if (Array.isArray(list)) return list.map((one, i) => imageOf(one, `${place}[${i}]`));
  return [imageOf(value, place)];
}

/** Content as a text with tags, and the pictures that it brings itself. */
export interface Content {
  readonly content: string;
  readonly images: readonly ImageSource[];
}

/** Text, or OpenAI's list of parts: texts run together, a picture becomes a tag. @throws SwiftError BAD_ROW */
export function contentOf(value: unknown, place: string): Content {
  if (!Array.isArray(value)) return { content: textOf(value, place), images: [] };
  const images: ImageSource[] = [];
  const content = value.map((part, i) => {
    const at = `${place}[${i}]`;
    const fields = recordOf(part, at, '{"type": "text", "text": "..."}');
    if (fields.type === 'text') return textOf(fields.text, `${at}.text`);
    if (fields.type !== 'image' && fields.type !== 'image_url')
      throw badField(`${at}.type`, fields.type, "'text', 'image' or 'image_url'");
    // What says only that a picture stands here takes it from the row's images.
    const named = ['image', 'image_url', 'url', 'path', 'base64'].find((field) => has(fields, field));
    if (named !== undefined) images.push(imageOf(fields[named], `${at}.${named}`));
    return IMAGE_TAG;
  });
  return { content: content.join(''), images };
}

/** How many tags a text has. */
export const tagsIn = (text: string): number => text.split(IMAGE_TAG).length - 1;

/**
 * Takes pictures out of messages, into one list in the order of their tags; those without a tag get one in front of their
 * message.
 */
export function liftImages(messages: readonly Message[]): {
  readonly messages: Message[];
  readonly images: readonly ImageSource[];
} {
  const images = messages.flatMap((message) => message.images ?? []);
  if (images.length === 0) return { messages: [...messages], images };
  const plain = messages.map(({ images: own = [], ...message }) => {
    const missing = Math.max(0, own.length - tagsIn(message.content));
    return missing > 0 ? { ...message, content: IMAGE_TAG.repeat(missing) + message.content } : message;
  });
  return { messages: plain, images };
}

/**
 * The pictures of a row, which stand in its messages or in a field of their own.
 * @param worse those of a worse conversation
 * @throws SwiftError BAD_ROW for both, and for other pictures in a worse conversation
 */
export function rowImages(
  raw: RawRow,
  inMessages: readonly ImageSource[],
  worse: readonly ImageSource[] = [],
): readonly ImageSource[] {
  const own = (['images', 'image'] as const)
    .filter((field) => has(raw, field) && raw[field] !== '')
    .flatMap((field) => imagesOf(raw[field], field));
  if (own.length > 0 && inMessages.length > 0) {
    throw new SwiftError('BAD_ROW', 'images stand in the messages and in a field of the row.', {
      cure: 'Keep them in one place.',
    });
  }
  if (worse.length > 0 && !isDeepStrictEqual(worse, inMessages)) {
    throw new SwiftError('BAD_ROW', 'the worse conversation has other images than the better one.', {
      cure: 'A preference is between answers to one question: both are about the same images.',
    });
  }
  return own.length > 0 ? own : inMessages;
}

/** Conversations as servers take them: pictures stand among the texts as data URLs. */
import type { PromptRequest } from '../contracts/infer-backend.js';
import type { MediaField } from '../contracts/media.js';
import type { MediumPlace } from '../contracts/processor.js';
import type { Message } from '../contracts/row.js';
import { joinMedia, liftMedia, without } from '../data/index.js';
import { placeMedia } from '../data/media/place-media.js';
import { SwiftError } from '../errors.js';
import { nameOf, readMedia } from '../io/media/read-media.js';
import { refuseMedia } from '../template/index.js';

/** No character of any text (Unicode 23.7): marks a picture while its place is found. */
const MARK = '\u{10FFFF}';

/** The first bytes of the kinds that servers take. */
const KINDS: readonly (readonly [kind: string, begins: RegExp])[] = [
  ['png', /^\x89PNG/],
  ['jpeg', /^\xff\xd8\xff/],
  ['gif', /^GIF8/],
  ['webp', /^RIFF.{4}WEBP/s],
];

/** @throws SwiftError for a picture that cannot be read, that is of no kind servers take, or whose tag has none */
export async function serverMessages(
  messages: readonly Message[],
  { folder, ...own }: Pick<PromptRequest, MediaField | 'folder'>,
): Promise<readonly object[]> {
  const lifted = liftMedia(messages);
  const media = joinMedia(lifted.media, own);
  refuseMedia(without(media, ['image']));
  const { images: sources = [] } = media;
  if (sources.length === 0) return messages;
  const urls: string[] = [];
  for (const source of sources)
    urls.push(dataUrl(await readMedia('image', source, folder), nameOf('image', source)));
  const textOf = ({ index }: MediumPlace): string => `${MARK}${index}${MARK}`;
  const placed = placeMedia(lifted.messages, media, ['image'], textOf);
  return placed.messages.map((message) =>
    message.content.includes(MARK) ? { ...message, content: partsOf(message.content, urls) } : message,
  );
}

function partsOf(content: string, urls: readonly string[]): readonly object[] {
  return content.split(MARK).flatMap((piece, i): object[] => {
    if (i % 2 === 1) return [{ type: 'image_url', image_url: { url: urls[Number(piece)] } }];
    return piece === '' ? [] : [{ type: 'text', text: piece }];
  });
}

function dataUrl(bytes: Uint8Array, name: string): string {
  const { buffer, byteOffset, byteLength } = bytes;
  const file = Buffer.from(buffer, byteOffset, byteLength);
  const begin = file.toString('latin1', 0, 16);
  const [kind] = KINDS.find(([, begins]) => begins.test(begin)) ?? [];
  if (kind) return `data:image/${kind};base64,${file.toString('base64')}`;
  throw new SwiftError('BAD_FILE', `the image '${name}' is neither PNG, JPEG, GIF nor WebP`, {
    cure: 'Servers take no other: convert it.',
  });
}

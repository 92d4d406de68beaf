/** What an answer found in an image, drawn on a copy of it. */
import { writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { FoundObjects } from '../contracts/grounding.js';
import { joinMedia, liftMedia } from '../data/index.js';
import { notWritable } from '../io/atomic-write.js';
import { decodeImage } from '../io/images/decode-image.js';
import { drawBoxes } from '../io/images/draw-boxes.js';
import { nameOf, readMedia } from '../io/media/read-media.js';
import { makeFolder } from '../io/make-folder.js';
import type { FullConversation } from './chat.js';

/** @param path of the copy, a PNG @throws SwiftError FILE_NOT_WRITABLE */
export async function drawObjects(
  { messages, folder, ...own }: FullConversation,
  objects: FoundObjects,
  path: string,
): Promise<void> {
  const [source] = joinMedia(liftMedia(messages).media, own).images!;
  const image = await decodeImage(await readMedia('image', source, folder), nameOf('image', source));
  const drawn = await drawBoxes(image, objects);
  try {
    makeFolder(dirname(path));
    await writeFile(path, drawn);
  } catch (error) {
    throw notWritable(path, error);
  }
}

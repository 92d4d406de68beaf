/** Things and their places in texts: tags become what the model writes. */
import type { Grounding, ImageSize, Place, SizedImage } from '../../contracts/grounding.js';
import type { Message, ObjectPlaces, RowObjects, StandardRow } from '../../contracts/row.js';
import { counted } from '../../counted.js';
import { SwiftError } from '../../errors.js';
import { rounded, scaled } from './frames.js';

export const REF_TAG = '<ref-object>';
export const BOX_TAG = '<bbox>';

const NO_OBJECTS: RowObjects = { ref: [], bbox: [] };

type Texts = Pick<StandardRow, 'messages' | 'rejected_response' | 'rejected_messages'>;

/**
 * A row whose texts say its objects as a model does, each tag in its turn. A worse answer is about the same objects.
 * @throws SwiftError BAD_ROW for tags without objects, places without tags, and places that are not in their image
 */
export function placeObjects<T extends Texts & Pick<StandardRow, 'objects'>>(
  row: T,
  images: readonly SizedImage[],
  grounding: Grounding,
): Omit<T, 'objects'> {
  const { objects = NO_OBJECTS, ...rest } = row;
  const said: Said = {
    refs: objects.ref.map((name) => grounding.refText(name)),
    boxes: objects.bbox.map((places, i) => placesText(places, i, images, grounding)),
  };
  const { messages, rejected_response: worse, rejected_messages: others } = row;
  const whole = new Placing(said);
  const placed = messages.map((message) => whole.message(message));
  // A question may be about things whose places are its answer.
  if (messages.at(-1)?.role === 'assistant') whole.requireAllSaid();
  if (others === undefined && worse === undefined) return { ...rest, messages: placed };
  if (others !== undefined) {
    const placing = new Placing(said);
    return {
      ...rest,
      messages: placed,
      rejected_messages: others.map((message) => placing.message(message)),
    };
  }
  const placing = new Placing(said);
  messages.slice(0, -1).forEach((message) => placing.message(message));
  return { ...rest, messages: placed, rejected_response: placing.text(worse!, 'rejected_response') };
}

interface Said {
  readonly refs: readonly string[];
  readonly boxes: readonly string[];
}

/** Goes through the texts of a conversation and puts objects in the places of tags. */
class Placing {
  private ref = 0;
  private box = 0;

  constructor(private readonly said: Said) {}

  message(message: Message): Message {
    const content = this.text(message.content, `a message of the ${message.role}`);
    return content === message.content ? message : { ...message, content };
  }

  text(text: string, where: string): string {
    return text.replace(TAGS, (tag) => {
      const found = tag === REF_TAG ? this.said.refs[this.ref++] : this.said.boxes[this.box++];
      if (found !== undefined) return found;
      const { refs, boxes } = this.said;
      const held = `${counted(refs.length, 'name')} and ${counted(boxes.length, 'place')}`;
      throw new SwiftError('BAD_ROW', `${where} has a tag ${tag} without an object: 'objects' has ${held}.`, {
        cure: `Give one for each tag: 'objects.ref' for ${REF_TAG}, 'objects.bbox' for ${BOX_TAG}; or take the tag out.`,
      });
    });
  }

  /** Names of places may stand in the texts themselves, without a tag. */
  requireAllSaid(): void {
    const { refs, boxes } = this.said;
    const boxesLeft = this.box < boxes.length;
    const namesLeft = this.ref < refs.length && (this.ref > 0 || boxes.length === 0);
    if (!boxesLeft && !namesLeft) return;
    const [held, tags, tag] = boxesLeft
      ? [counted(boxes.length, 'place'), counted(this.box, 'tag'), BOX_TAG]
      : [counted(refs.length, 'name'), counted(this.ref, 'tag'), REF_TAG];
    throw new SwiftError('BAD_ROW', `'objects' has ${held}, the messages ${tags} ${tag}.`, {
      cure: `Write ${tag} where each stands in the text, or take what is not spoken of out of 'objects'.`,
    });
  }
}

const TAGS = new RegExp(`${REF_TAG}|${BOX_TAG}`, 'g');

function placesText(
  { places, unit, image }: ObjectPlaces,
  number: number,
  images: readonly SizedImage[],
  { frame, placesText }: Grounding,
): string {
  const size = images[image];
  if (size === undefined) {
    throw new SwiftError(
      'BAD_ROW',
      `place ${number} of 'objects' is in image ${image}; the row has ${counted(images.length, 'image')}.`,
      { cure: 'Images are counted from 0.' },
    );
  }
  const edges = frame.edges(size.given);
  const sides = SIDES[unit] ?? size.own;
  for (const place of places) requireInside(place, sides, `place ${number} of 'objects'`);
  return placesText(places.map((place) => rounded(scaled(place, sides, edges), frame, edges)));
}

const SIDES: Readonly<Partial<Record<ObjectPlaces['unit'], ImageSize>>> = {
  norm1: { width: 1, height: 1 },
  norm1000: { width: 1000, height: 1000 },
};

/** What only reaches beyond an edge ends there. @throws SwiftError BAD_ROW */
function requireInside(place: Place, { width, height }: ImageSize, what: string): void {
  const [x1, y1, x2 = x1, y2 = y1] = place;
  if (x1 <= width && y1 <= height && x2 >= 0 && y2 >= 0) return;
  throw new SwiftError(
    'BAD_ROW',
    `${what}, [${place.join(', ')}], lies outside its image, whose sides are ${width} and ${height}.`,
    { cure: "Boxes are in pixels of the image, unless 'bbox_type' is 'norm1' or 'norm_1000'." },
  );
}

/** `objects` of a row, as SWIFT 4 and SWIFT 2.4 have them. */
import type { Place } from '../../contracts/grounding.js';
import type { ObjectPlaces, RawRow, RowObjects } from '../../contracts/row.js';
import { didYouMean, SwiftError } from '../../errors.js';
import { badField, has, listOf, numberOf, parsed, recordOf, textOf } from '../preprocess/fields.js';
import type { Unused } from '../preprocess/message-fields.js';

const SHAPE =
  '{"ref": ["name"], "bbox": [[x1, y1, x2, y2]]}, or a list of {"caption": "name", "bbox": [x1, y1, x2, y2]}';
const BOX = '[x1, y1, x2, y2] of a box or [x, y] of a point';

/** Names of SWIFT 2.4 beside those of SWIFT 4. */
const UNITS: Readonly<Record<string, ObjectPlaces['unit']>> = {
  real: 'real',
  norm1: 'norm1',
  norm_1: 'norm1',
  norm1000: 'norm1000',
  norm_1000: 'norm1000',
};

/** An object of lists (SWIFT 4), or a list of objects or JSON text of one (SWIFT 2.4). @throws SwiftError BAD_ROW */
export function rowObjects(value: unknown, unused: Unused): RowObjects | undefined {
  const given = typeof value === 'string' ? parsed(value) : value;
  const objects = Array.isArray(given)
    ? listed(given as unknown[], unused)
    : apart(recordOf(given, 'objects', SHAPE), unused);
  return objects.ref.length + objects.bbox.length > 0 ? objects : undefined;
}

function apart(objects: RawRow, unused: Unused): RowObjects {
  tellOthers(objects, ['ref', 'bbox', 'bbox_type', 'image_id'], 'objects', unused);
  const unit = unitOf(objects.bbox_type, 'objects.bbox_type');
  const images = listIn(objects, 'image_id');
  return {
    ref: listIn(objects, 'ref').map((name, i) => textOf(name, `objects.ref[${i}]`)),
    bbox: listIn(objects, 'bbox').map((box, i) => ({
      places: placesOf(box, `objects.bbox[${i}]`),
      unit,
      image: imageOf(images[i], `objects.image_id[${i}]`),
    })),
  };
}

/** A misspelt name is refused: without it the numbers would mean something else. @throws SwiftError BAD_ROW */
function tellOthers(object: RawRow, known: readonly string[], place: string, unused: Unused): void {
  for (const name of Object.keys(object).filter((one) => !known.includes(one) && has(object, one))) {
    const meant = didYouMean(name, known);
    if (meant.length > 0)
      throw new SwiftError('BAD_ROW', `field '${place}.${name}' is not known.`, { cure: meant });
    unused(`${place}.${name}`);
  }
}

const listIn = (objects: RawRow, field: string): unknown[] =>
  has(objects, field) ? listOf(objects[field], `objects.${field}`, 'a list') : [];

function listed(objects: readonly unknown[], unused: Unused): RowObjects {
  const records = objects.map((one, i) => recordOf(one, `objects[${i}]`, SHAPE));
  for (const one of records) tellOthers(one, ['caption', 'bbox', 'bbox_type', 'image'], 'objects[]', unused);
  const all = records.map((one, i) => [one, `objects[${i}]`] as const);
  const withField = (field: string) => all.filter(([one]) => has(one, field));
  return {
    ref: withField('caption').map(([{ caption }, place]) => textOf(caption, `${place}.caption`)),
    bbox: withField('bbox').map(([{ bbox, bbox_type, image }, place]) => ({
      places: placesOf(bbox, `${place}.bbox`),
      unit: unitOf(bbox_type, `${place}.bbox_type`),
      image: imageOf(image, `${place}.image`),
    })),
  };
}

/** A place, or several of things of one name. */
function placesOf(value: unknown, field: string): Place[] {
  const list = listOf(value, field, BOX);
  if (!list.some(Array.isArray)) return [placeOf(list, field)];
  return list.map((one, i) => placeOf(listOf(one, `${field}[${i}]`, BOX), `${field}[${i}]`));
}

function placeOf(list: readonly unknown[], field: string): Place {
  const place = list.flatMap((value) => numberOf(value) ?? []);
  if (place.length !== list.length || (place.length !== 2 && place.length !== 4))
    throw badField(field, list, BOX);
  if (place.length === 2) return place;
  const [x1, y1, x2, y2] = place;
  return [Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)];
}

function unitOf(value: unknown, field: string): ObjectPlaces['unit'] {
  if (value === undefined || value === null) return 'real';
  const unit = typeof value === 'string' && Object.hasOwn(UNITS, value) ? UNITS[value] : undefined;
  if (unit === undefined) throw badField(field, value, "'real', 'norm1' or 'norm_1000'");
  return unit;
}

function imageOf(value: unknown, field: string): number {
  const image = value === undefined || value === null ? 0 : numberOf(value);
  if (image !== undefined && Number.isInteger(image) && image >= 0) return image;
  throw badField(field, value, "the number of one of the row's images, from 0");
}

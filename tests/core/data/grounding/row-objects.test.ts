import { describe, expect, test } from 'vitest';
import { placeObjects } from '../../../../core/data/grounding/place-objects.js';
import { rowObjects } from '../../../../core/data/grounding/row-objects.js';
import { SWIFT_GROUNDING } from '../../../../core/data/grounding/swift-grounding.js';

const none = () => {};

describe('objects of a row', () => {
  test('as SWIFT 4 has them: lists of their own, of one unit and perhaps each of an image', () => {
    const given = {
      ref: ['a', 'b'],
      bbox: [
        [1, 2, 3, 4],
        [0.5, 0.25],
      ],
      bbox_type: 'norm1',
      image_id: [1],
    };
    expect(rowObjects(given, none)).toEqual({
      ref: ['a', 'b'],
      bbox: [
        { places: [[1, 2, 3, 4]], unit: 'norm1', image: 1 },
        { places: [[0.5, 0.25]], unit: 'norm1', image: 0 },
      ],
    });
  });

  test('as SWIFT 2.4 has them: a list, or JSON of one, each with its unit and image', () => {
    const given = [
      { caption: 'a', bbox: [3, 4, 1, 2], bbox_type: 'real', image: 0 },
      {
        caption: 'b',
        bbox: [
          [1, 2, 3, 4],
          [5, 6, 7, 8],
        ],
        bbox_type: 'norm_1000',
        image: 1,
      },
    ];
    const read = {
      ref: ['a', 'b'],
      bbox: [
        { places: [[1, 2, 3, 4]], unit: 'real', image: 0 },
        {
          places: [
            [1, 2, 3, 4],
            [5, 6, 7, 8],
          ],
          unit: 'norm1000',
          image: 1,
        },
      ],
    };
    expect(rowObjects(given, none)).toEqual(read);
    expect(rowObjects(JSON.stringify(given), none)).toEqual(read);
  });

  test('fields of no meaning are told, empty objects are none', () => {
    const told: string[] = [];
    expect(rowObjects({ bbox: [], ref: [], area: [3] }, (field) => told.push(field))).toBeUndefined();
    expect(rowObjects([{ caption: 'a', score: 1 }], (field) => told.push(field))?.ref).toEqual(['a']);
    expect(told).toEqual(['objects.area', 'objects[].score']);
  });

  test.each([
    [{ bbox: [[1, 2, 3]] }, "field 'objects.bbox[0]' is a list of 3"],
    [{ bbox: [[1, 2, 3, 'x']] }, "field 'objects.bbox[0]' is a list of 4"],
    [{ bbox: [[1, 2, NaN, 4]] }, "field 'objects.bbox[0]'"],
    [{ bbox: [[1, 2]], bbox_type: 'norm2' }, 'field \'objects.bbox_type\' is the text "norm2"'],
    [{ bbox: [[1, 2]], image_id: [-1] }, "field 'objects.image_id[0]' is the number -1"],
    [[{ caption: 'a', bbox: 'nowhere' }], "field 'objects[0].bbox'"],
    ['nothing', "field 'objects' is"],
    [{ bbox: [[1, 2]], bbox_typ: 'norm1' }, "field 'objects.bbox_typ' is not known"],
    [[{ caption: 'a', bboxes: [1, 2] }], "field 'objects[].bboxes' is not known"],
  ])('%j is refused by its place', (given, fault) => {
    expect(() => rowObjects(given, none)).toThrow(fault);
  });
});

describe('tags', () => {
  const size = { width: 100, height: 50 };
  const images = [
    { own: size, given: size },
    { own: { width: 10, height: 10 }, given: size },
  ];
  const objects = rowObjects(
    {
      ref: ['dog', 'cat'],
      bbox: [
        [10, 10, 20, 20],
        [1, 1, 2, 2],
      ],
      image_id: [0, 1],
    },
    none,
  )!;
  const user = (content: string) => ({ role: 'user' as const, content });
  const assistant = (content: string) => ({ role: 'assistant' as const, content });
  const placed = (...contents: string[]) =>
    placeObjects({ messages: contents.map(user), objects }, images, SWIFT_GROUNDING).messages.map(
      ({ content }) => content,
    );

  test('take objects in their order, through all messages, each by the size of its image', () => {
    expect(placed('Find <ref-object>: <bbox>', 'and <ref-object> at <bbox>')).toEqual([
      'Find dog: [(100,200),(200,400)]',
      'and cat at [(100,100),(200,200)]',
    ]);
  });

  test('a name may stand in the text itself', () => {
    expect(placed('A dog <bbox> and a cat <bbox>')[0]).toContain('A dog [(100,200),(200,400)] and a cat');
  });

  test('a worse answer is about the same objects', () => {
    const messages = [user('<ref-object> or <ref-object>?'), assistant('<bbox>, not <bbox>')];
    const row = placeObjects({ messages, rejected_response: 'At <bbox>', objects }, images, SWIFT_GROUNDING);
    expect(row.rejected_response).toBe('At [(100,200),(200,400)]');
    const other = [user('<ref-object>?'), assistant('<bbox><bbox>')];
    const worse = placeObjects({ messages, rejected_messages: other, objects }, images, SWIFT_GROUNDING);
    expect(worse.rejected_messages![0].content).toBe('dog?');
  });

  test('in one column with a box that reaches beyond its image: it ends at the edge', () => {
    const wide = rowObjects({ bbox: [[90, 40, 120, 50]] }, none)!;
    const row = { messages: [user('<bbox>')], objects: wide };
    expect(placeObjects(row, images, SWIFT_GROUNDING).messages[0].content).toBe('[(900,800),(1000,1000)]');
  });

  test.each([
    [['<bbox> <bbox> <bbox>'], 'has a tag <bbox> without an object'],
    [['<bbox> <bbox> <ref-object><ref-object><ref-object>'], 'has a tag <ref-object> without an object'],
    [['<ref-object><ref-object> <bbox>'], "'objects' has 2 places, the messages 1 tag <bbox>"],
    [['<ref-object> <bbox><bbox>'], "'objects' has 2 names, the messages 1 tag <ref-object>"],
  ])('%j is refused', (contents, fault) => {
    const messages = [...contents.map(user), assistant('ok')];
    expect(() => placeObjects({ messages, objects }, images, SWIFT_GROUNDING)).toThrow(fault);
  });

  test('a question may leave places to its answer', () => {
    expect(placed('Find <ref-object> and <ref-object>')).toEqual(['Find dog and cat']);
  });

  test('a place outside its image, or in none, is refused', () => {
    const at = (bbox: number[], image: number) => () =>
      placeObjects(
        { messages: [user('<bbox>')], objects: rowObjects({ bbox: [bbox], image_id: [image] }, none)! },
        images,
        SWIFT_GROUNDING,
      );
    expect(at([110, 10, 120, 20], 0)).toThrow('lies outside its image, whose sides are 100 and 50');
    expect(at([1, 1, 2, 2], 2)).toThrow("place 0 of 'objects' is in image 2; the row has 2 images");
  });
});

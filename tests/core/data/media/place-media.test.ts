import { describe, expect, test } from 'vitest';
import type { MediaKind, MediaLists } from '../../../../core/contracts/media.js';
import type { Message } from '../../../../core/contracts/row.js';
import { placeMedia, spansOf } from '../../../../core/data/media/place-media.js';

const user = (content: string): Message => ({ role: 'user', content });
const assistant = (content: string): Message => ({ role: 'assistant', content });
const system: Message = { role: 'system', content: 's' };

/** Texts in which each medium is its kind's first letter and its number. */
function placed(messages: readonly Message[], media: MediaLists, kinds: readonly MediaKind[] = ['image']) {
  const made = placeMedia(messages, media, kinds, ({ kind, index }) => `[${kind[0]}${index}]`);
  return { texts: made.messages.map(({ content }) => content), order: made.order };
}

const two = { images: ['a', 'b'] };

describe('media in texts', () => {
  test.each<readonly [string, readonly Message[], MediaLists, readonly string[]]>([
    ['stand where their tags are', [user('a <image> b <image>')], two, ['a [i0] b [i1]']],
    [
      'in the order of messages',
      [user('<image>'), assistant('x'), user('<image>y')],
      two,
      ['[i0]', 'x', '[i1]y'],
    ],
    [
      'without tags, in front of the first message',
      [system, user('q'), assistant('a')],
      two,
      ['s', '[i0][i1]q', 'a'],
    ],
    ['in front of the tags that are there', [user('q <image>')], two, ['[i0]q [i1]']],
    ['nowhere where there are none', [user('q <video>')], {}, ['q <video>']],
  ])('%s', (_, messages, media, expected) => {
    expect(placed(messages, media).texts).toEqual(expected);
  });

  test('kinds are counted apart; missing videos go before missing sounds, these before missing images, as in SWIFT', () => {
    const media = { images: ['a', 'b'], videos: ['v'], audios: ['s'] };
    const { texts, order } = placed([user('q <image><audio>')], media, ['image', 'video', 'audio']);
    expect(texts).toEqual(['[v0][i0]q [i1][a0]']);
    expect(order.map(({ kind, index }) => `${kind}${index}`)).toEqual([
      'video0',
      'image0',
      'image1',
      'audio0',
    ]);
    expect(placed([user('q')], media, ['image', 'video', 'audio']).texts).toEqual(['[v0][a0][i0][i1]q']);
  });

  test('a text of a picture that looks like a tag is not taken for one', () => {
    const made = placeMedia([user('<image>a<image>')], two, ['image'], () => '<image><image>');
    expect(made.messages[0].content).toBe('<image><image>a<image><image>');
  });

  test('a tag without a medium is an error with its place', () => {
    expect(() => placed([user('<image>'), assistant('a'), user('<image><image>')], two)).toThrow(
      /'messages\[2\]\.content' has a tag <image> without one of 'images': 3 tags, 2 images/,
    );
  });
});

describe('features among tokens', () => {
  const medium = (features: number, token = 9) => ({ grid: [1, 2, 2 * features], features, token });
  const spans = (ids: number[], ...media: ReturnType<typeof medium>[]) =>
    spansOf(
      ids,
      media,
      new Map([
        [9, '<|image_pad|>'],
        [8, '<|audio|>'],
      ]),
    )?.map(({ start, length }) => [start, length]);

  test('runs of the token are cut by what each medium takes', () => {
    expect(spans([5, 9, 9, 9, 6, 9], medium(2), medium(1), medium(1))).toEqual([
      [1, 2],
      [3, 1],
      [5, 1],
    ]);
  });

  test('one whose features are apart has several spans', () => {
    expect(spans([9, 9, 5, 9, 9, 6, 9], medium(5))).toEqual([
      [0, 2],
      [3, 2],
      [6, 1],
    ]);
  });

  test('each kind has its token', () => {
    expect(spans([8, 8, 9, 8], medium(2, 8), medium(1), medium(1, 8))).toEqual([
      [0, 2],
      [2, 1],
      [3, 1],
    ]);
    expect(spans([8, 9], medium(1), medium(1, 8))).toBeUndefined();
  });

  test('a run that is cut, or missing, is none', () => {
    expect(spans([9, 9, 5], medium(3))).toBeUndefined();
    expect(spans([5, 9], medium(2))).toBeUndefined();
    expect(spans([5], medium(1))).toBeUndefined();
    expect(spans([5])).toEqual([]);
  });

  test('the token in a text is an error', () => {
    expect(() => spans([9, 5, 9], medium(1))).toThrow(/a text holds <\|image_pad\|>/);
  });
});

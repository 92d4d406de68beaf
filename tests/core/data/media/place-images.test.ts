import { describe, expect, test } from 'vitest';
import type { Message } from '../../../../core/contracts/row.js';
import { placeImages, spansOf } from '../../../../core/data/media/place-images.js';

const processor = { imageText: (features: number) => `[${'*'.repeat(features)}]` };
const user = (content: string): Message => ({ role: 'user', content });
const assistant = (content: string): Message => ({ role: 'assistant', content });
const system: Message = { role: 'system', content: 's' };

describe('pictures in texts', () => {
  test.each<readonly [string, readonly Message[], readonly number[], readonly string[]]>([
    ['stand where their tags are', [user('a <image> b <image>')], [1, 2], ['a [*] b [**]']],
    [
      'in the order of messages',
      [user('<image>'), assistant('x'), user('<image>y')],
      [1, 2],
      ['[*]', 'x', '[**]y'],
    ],
    [
      'without tags, in front of the first message',
      [system, user('q'), assistant('a')],
      [3, 1],
      ['s', '[***][*]q', 'a'],
    ],
    ['in front of the tags that are there', [user('q <image>')], [1, 2], ['[*]q [**]']],
    ['nowhere where there are none', [user('q')], [], ['q']],
  ])('%s', (_, messages, features, expected) => {
    expect(placeImages(messages, features, processor).map(({ content }) => content)).toEqual(expected);
  });

  test('a text of a picture that looks like a tag is not taken for one', () => {
    const same = { imageText: (features: number) => '<image>'.repeat(features) };
    const [{ content }] = placeImages([user('<image>a<image>')], [2, 1], same);
    expect(content).toBe('<image><image>a<image>');
  });

  test('a tag without a picture is an error with its place', () => {
    expect(() =>
      placeImages([user('<image>'), assistant('a'), user('<image><image>')], [1, 1], processor),
    ).toThrow(/'messages\[2\]\.content' has a tag <image> without an image: 3 tags, 2 images/);
  });
});

describe('features among tokens', () => {
  const picture = (features: number) => ({ grid: [1, 2, 2 * features] as const, features });

  test('runs of the token are cut by what each picture takes', () => {
    const spans = spansOf([5, 9, 9, 9, 6, 9], 9, [picture(2), picture(1), picture(1)], '*');
    expect(spans?.map(({ start }) => start)).toEqual([1, 3, 5]);
  });

  test('a run that is cut, or missing, is none', () => {
    expect(spansOf([9, 9, 5], 9, [picture(3)], '*')).toBeUndefined();
    expect(spansOf([5, 9], 9, [picture(2)], '*')).toBeUndefined();
    expect(spansOf([5], 9, [picture(1)], '*')).toBeUndefined();
    expect(spansOf([5], 9, [], '*')).toEqual([]);
  });

  test('the token in a text is an error', () => {
    expect(() => spansOf([9, 5, 9], 9, [picture(1)], '<|image_pad|>')).toThrow(
      /a text holds <\|image_pad\|>/,
    );
  });
});

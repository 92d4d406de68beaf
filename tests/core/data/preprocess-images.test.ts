import { describe, expect, test } from 'vitest';
import { toStandardRow } from '../../../core/data/index.js';

const BYTES = Uint8Array.from([1, 2, 3]);
const answer = { role: 'assistant', content: 'a' };

describe('pictures of a row', () => {
  test.each<readonly [string, Record<string, unknown>, readonly unknown[]]>([
    ['images, a list of paths', { images: ['a.png', 'b.png'] }, ['a.png', 'b.png']],
    ['image, one path', { image: 'a.png' }, ['a.png']],
    ['image, a list', { image: ['a.png'] }, ['a.png']],
    ['images, text of a list', { images: '["a.png"]' }, ['a.png']],
    [
      'bytes and path of parquet',
      { images: [{ bytes: BYTES, path: 'a.png' }] },
      [{ bytes: BYTES, path: 'a.png' }],
    ],
    ['bytes alone', { image: { bytes: BYTES, path: null } }, [{ bytes: BYTES }]],
    ['a path alone', { image: { bytes: null, path: 'a.png' } }, [{ path: 'a.png' }]],
    ['bytes in JSON', { image: { bytes: 'AQID' } }, [{ bytes: Buffer.from(BYTES) }]],
    ['an address', { image: { url: 'http://x/a.png' } }, ['http://x/a.png']],
  ])('%s', (_, fields, images) => {
    const row = toStandardRow({ query: 'q', response: 'a', ...fields });
    expect(row?.images).toEqual(images);
    expect(row?.messages[0].content).toBe('q');
  });

  test('parts of OpenAI become tags, in order', () => {
    const content = [
      { type: 'text', text: 'x ' },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
      { type: 'image', image: 'b.png' },
      { type: 'text', text: ' y' },
    ];
    const row = toStandardRow({ messages: [{ role: 'user', content }, answer] });
    expect(row).toEqual({
      messages: [{ role: 'user', content: 'x <image><image> y' }, answer],
      images: ['data:image/png;base64,AAAA', 'b.png'],
    });
  });

  test('parts that say only where an image stands take it from the row', () => {
    const content = [
      { type: 'image', text: null, index: 0 },
      { type: 'text', text: 'q' },
    ];
    const row = toStandardRow({ messages: [{ role: 'user', content }, answer], images: ['a.png'] });
    expect(row?.messages[0].content).toBe('<image>q');
    expect(row?.images).toEqual(['a.png']);
  });

  test('images of a message without tags stand in front of it', () => {
    const messages = [
      { role: 'user', content: 'one' },
      answer,
      { role: 'user', content: '<image> two', images: ['a.png', 'b.png'] },
      answer,
    ];
    const row = toStandardRow({ messages });
    expect(row?.messages[2]).toEqual({ role: 'user', content: '<image><image> two' });
    expect(row?.images).toEqual(['a.png', 'b.png']);
  });

  test('a preference is between answers about the same images', () => {
    const content = (image: string) => [
      { type: 'image', image },
      { type: 'text', text: 'q' },
    ];
    const said = (image: string, text: string) => [
      { role: 'user', content: content(image) },
      { role: 'assistant', content: text },
    ];
    const row = toStandardRow({ chosen: said('a.png', 'yes'), rejected: said('a.png', 'no') });
    expect(row).toMatchObject({ images: ['a.png'], rejected_response: 'no' });
    expect(row?.messages[0].content).toBe('<image>q');
    expect(() => toStandardRow({ chosen: said('a.png', 'yes'), rejected: said('b.png', 'no') })).toThrow(
      /the worse conversation has other images/,
    );
  });

  test.each<readonly [Record<string, unknown>, RegExp]>([
    [{ images: [3] }, /field 'images\[0\]' is the number 3; expected a path/],
    [{ images: [''] }, /field 'images\[0\]'/],
    [{ image: { width: 3 } }, /field 'image' is an object with width/],
    [{ images: [null] }, /field 'images\[0\]' is null/],
  ])('%j is refused', (fields, message) => {
    expect(() => toStandardRow({ query: 'q', response: 'a', ...fields })).toThrow(message);
  });

  test('images in two places are refused', () => {
    const messages = [{ role: 'user', content: [{ type: 'image', image: 'a.png' }] }, answer];
    expect(() => toStandardRow({ messages, images: ['b.png'] })).toThrow(/in the messages and in a field/);
  });
});

test('videos and sounds stand in fields, messages and parts as images do', () => {
  const content = [
    { type: 'video_url', video_url: { url: 'http://x/a.mp4' } },
    { type: 'input_audio', input_audio: { data: 'UklGRg==', format: 'wav' } },
    { type: 'audio', audio: 'b.wav' },
    { type: 'text', text: 'q' },
  ];
  expect(toStandardRow({ messages: [{ role: 'user', content }, answer] })).toEqual({
    messages: [{ role: 'user', content: '<video><audio><audio>q' }, answer],
    videos: ['http://x/a.mp4'],
    audios: ['UklGRg==', 'b.wav'],
  });
  const fields = { query: 'q', response: 'a', video: 'a.mp4', audios: [{ bytes: BYTES, path: 'a.wav' }] };
  expect(toStandardRow(fields)).toMatchObject({
    videos: ['a.mp4'],
    audios: [{ bytes: BYTES, path: 'a.wav' }],
  });
});

test('a worse answer about other images is refused', () => {
  const pair = { query: 'q', response: 'a', rejected_response: 'b', images: ['a.png'] };
  expect(toStandardRow({ ...pair, rejected_images: ['a.png'] })?.images).toEqual(['a.png']);
  expect(() => toStandardRow({ ...pair, rejected_images: ['b.png'] })).toThrow(
    /'rejected_images' are other images/,
  );
});

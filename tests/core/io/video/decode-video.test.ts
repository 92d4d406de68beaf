import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { probeVideo, readFrames } from '../../../../core/io/video/decode-video.js';
import { tone, waveFile } from '../../../../local-hub/content/wave-file.js';
import { ffmpegMakes } from '../ffmpeg/make-media.js';
import { temporaryFolder } from '../temporary-folder.js';

const [WIDTH, HEIGHT, COUNT] = [20, 12, 30];
const folder = temporaryFolder();

/** Every frame is of one colour. */
const colourOf = (frame: number): readonly number[] => [8 * frame, 255 - 8 * frame, (77 * frame) % 256];

function pictures(count: number): Buffer {
  return Buffer.concat(
    Array.from({ length: count }, (_, frame) =>
      Buffer.concat([
        Buffer.from(`P6\n${WIDTH} ${HEIGHT}\n255\n`),
        Buffer.from(Array.from({ length: WIDTH * HEIGHT }, () => colourOf(frame)).flat()),
      ]),
    ),
  );
}

async function made(name: string, ...options: string[]): Promise<string> {
  const path = join(folder, name);
  await ffmpegMakes(path, pictures(COUNT), options);
  return path;
}

const lossless = () => made('a.mkv', '-c:v', 'ffv1', '-pix_fmt', 'bgr0');

test('what a file says of itself', async () => {
  const facts = { width: WIDTH, height: HEIGHT, frames: COUNT };
  const ffv1 = await probeVideo(await lossless(), 'a.mkv');
  expect(ffv1).toMatchObject(facts);
  expect(ffv1.fps).toBeCloseTo(10, 3);
  const mp4 = await probeVideo(
    await made('a.mp4', '-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-bf', '2'),
    'a.mp4',
  );
  expect(mp4).toEqual({ ...facts, fps: 10 });
});

test('frames by their numbers, each as often as it is named', async () => {
  const frames = await readFrames(await lossless(), 'a.mkv', [0, 3, 3, 17, 29]);
  expect(frames.map(({ data }) => [...data.subarray(0, 3)])).toEqual([0, 3, 3, 17, 29].map(colourOf));
  for (const { width, height, data } of frames) {
    expect([width, height]).toEqual([WIDTH, HEIGHT]);
    expect(data.length).toBe(WIDTH * HEIGHT * 3);
  }
});

test('frames that come at uneven times', async () => {
  const path = await made('b.mkv', '-vf', 'setpts=(N+1)*(N+1)/(10*TB)', '-c:v', 'ffv1', '-pix_fmt', 'bgr0');
  const { frames } = await probeVideo(path, 'b.mkv');
  const [, , fifth] = await readFrames(path, 'b.mkv', [1, 2, 5]);
  expect(frames).toBe(COUNT);
  expect([...fifth.data.subarray(0, 3)]).toEqual(colourOf(5));
});

test('a video that lies on its side is shown upright', async () => {
  const path = await made('c.mp4', '-c:v', 'libx264', '-pix_fmt', 'yuv420p');
  const file = readFileSync(path);
  // A quarter turn: the matrix [0 1 0; −1 0 0; 0 0 1] of the track's header, in 16.16 bits.
  const matrix = file.indexOf('tkhd') + 44;
  [0, 65536, 0, -65536, 0].forEach((value, i) => file.writeInt32BE(value, matrix + 4 * i));
  writeFileSync(path, file);
  expect(await probeVideo(path, 'c.mp4')).toMatchObject({ width: HEIGHT, height: WIDTH, frames: COUNT });
});

describe('is told as a fault of the video', () => {
  const refused = (path: string, message: RegExp) =>
    expect(probeVideo(path, 'v.mp4')).rejects.toMatchObject({
      code: 'BAD_FILE',
      message: expect.stringMatching(message) as string,
    });

  test('text, nothing at all, sound alone', async () => {
    const path = join(folder, 'v.mp4');
    for (const bytes of [
      Buffer.from('I am no video'),
      Buffer.alloc(0),
      waveFile([tone(440, 8000, 1)], 8000),
    ]) {
      writeFileSync(path, bytes);
      await refused(path, /^the video 'v\.mp4' cannot be decoded: /);
    }
  });

  test('a list of other files', async () => {
    const path = join(folder, 'list.m3u8');
    writeFileSync(path, '#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\na.mp4\n#EXT-X-ENDLIST\n');
    await refused(path, /cannot be decoded/);
  });

  test('a file that ends early', async () => {
    const whole = readFileSync(await made('d.mp4', '-c:v', 'libx264', '-movflags', '+faststart', '-g', '1'));
    const path = join(folder, 'short.mp4');
    writeFileSync(path, whole.subarray(0, Math.floor(whole.length * 0.7)));
    await refused(path, /cannot be decoded/);
  });

  test('a frame that it does not have', async () => {
    await expect(readFrames(await lossless(), 'a.mkv', [1, 99])).rejects.toMatchObject({
      code: 'BAD_FILE',
      message: expect.stringMatching(/ends before frame 99/) as string,
    });
  });
});

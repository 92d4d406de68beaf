import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  beginnings,
  betweenEnds,
  centres,
  everySecond,
  firstAfter,
  firstMinute,
  middles,
  roundedFrames,
  smartFrames,
  spread,
  type VideoLength,
} from '../../../core/processor/frame-samplers.js';

type Numbers = readonly number[];

const path = fileURLToPath(new URL('../../fixtures/processor/frame-samplers.json', import.meta.url));
const { videos, longer, ...expected } = JSON.parse(readFileSync(path, 'utf8')) as {
  readonly videos: readonly (readonly [frames: number, fps: number])[];
  readonly longer: readonly (readonly [frames: number, Numbers])[];
} & Readonly<Record<string, readonly (Numbers | null)[]>>;

/** As scripts/fixtures/frame_samplers.py asks for them. */
const RULES: Readonly<Record<string, (video: VideoLength) => Numbers>> = {
  spread: ({ frames }) => spread(0, frames - 1, 16),
  middles: (video) => middles(video, 8),
  everySecond: (video) => everySecond(video, 16),
  firstMinute: (video) => firstMinute(video, 24),
  smartFrames: (video) => smartFrames(video, video.frames > 300 ? { max_frames: 32 } : {}),
  'smartFrames of a number': (video) => smartFrames(video, { nframes: 13 }),
  roundedFrames: (video) => roundedFrames(video, { fps: 2, min_frames: 4, max_frames: 24 }),
  firstAfter: (video) => firstAfter(video, { fps: 2, max_duration: 12 }),
  betweenEnds: (video) => betweenEnds(video, { fps: 1, most: 20 }),
};

test('every rule has been recorded', () => {
  expect(Object.keys(RULES).sort()).toEqual(Object.keys(expected).sort());
});

describe.each(Object.keys(RULES))('%s', (name) => {
  test.each(videos)('of %i frames at %f a second', (frames, fps) => {
    const theirs = expected[name][videos.findIndex((video) => video[0] === frames && video[1] === fps)];
    if (theirs) expect(RULES[name]({ frames, fps })).toEqual(theirs);
    else expect(() => RULES[name]({ frames, fps })).toThrow(/a video has \d+ of the \d+ frames/);
  });
});

test.each(longer)('so many of %i frames as only float32 tells', (frames, theirs) => {
  expect(smartFrames({ frames, fps: 1 }, { nframes: theirs.length })).toEqual(theirs);
});

test('equal parts: their middles, and their first frames', () => {
  const video = { frames: 50, fps: 1 };
  expect(centres(video, 8)).toEqual([3, 9, 15, 21, 28, 34, 40, 46]);
  expect(beginnings(video, 8)).toEqual([0, 6, 12, 18, 25, 31, 37, 43]);
});

test('of fewer frames than parts all middles, or first frames several times', () => {
  const video = { frames: 3, fps: 1 };
  expect(centres(video, 8)).toEqual([0, 1, 2]);
  expect(beginnings(video, 8)).toEqual([0, 0, 0, 1, 1, 1, 2, 2]);
});

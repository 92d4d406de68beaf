import { expect, test } from 'vitest';
import { loadMultimodal } from '../../../parity/multimodal-case.js';

const medium = (grid: readonly number[]) => ({ features: grid[0], grid, index: 0 });

test('a picture is written as its tiles, row by row, and the whole', async () => {
  const { processor } = await loadMultimodal('mplug_owl3');
  expect(processor.image!.text(medium([7, 3, 2]))).toBe(
    'Cut to 3 rows 2 columns with a global view\n' +
      'subimg(0,0)<|image|> subimg(0,1)<|image|>\n' +
      'subimg(1,0)<|image|> subimg(1,1)<|image|>\n' +
      'subimg(2,0)<|image|> subimg(2,1)<|image|>\n' +
      'global_view<|image|>\n',
  );
});

test('the fused model has marks around tiles', async () => {
  const { processor } = await loadMultimodal('mplug_owl3_241101');
  expect(processor.image!.text(medium([7, 2, 3]))).toBe(
    '<|start_cut|>2*3\n<|image|> <|image|> <|image|>\n<|image|> <|image|> <|image|>\n<|image|><|end_cut|>\n',
  );
});

test('a video is one token a frame, at most 16', async () => {
  const { processor } = await loadMultimodal('mplug_owl3');
  const video = processor.video!;
  expect(video.choose({ width: 8, height: 8, frames: 900, fps: 30 })).toHaveLength(16);
  expect(video.text(medium([3, 3]))).toBe('<|image|><|image|><|image|>\n');
});

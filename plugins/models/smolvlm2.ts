import { ConfigReader, type Config, type MultimodalLM } from 'swift-ts/nn';
import {
  betweenEnds,
  FrameVideos,
  model,
  SplitImages,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { idefics3, idefics3Images, wholeText } from './_idefics3.js';

/** SmolVLM2 (Marafioti et al., 2025, arXiv 2504.05299): Idefics3, and videos whose frames are said by their time. */
@model({
  family: 'smolvlm2',
  summary: 'SmolVLM2: Idefics3 that looks at videos too, each frame behind its minute and second',
  architectures: ['SmolVLMForConditionalGeneration'],
  model_types: ['smolvlm'],
  media: ['image', 'video'],
  template: 'smolvlm',
  lora_target_modules: ['all-linear'],
  variants: {
    'smolvlm2-2.2b-instruct': {
      hf: 'HuggingFaceTB/SmolVLM2-2.2B-Instruct',
      ms: 'HuggingFaceTB/SmolVLM2-2.2B-Instruct',
      size: '2.2B',
    },
  },
})
export class SmolVlm2 implements ModelLoader {
  build(config: Config): MultimodalLM {
    return idefics3(config);
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const image = idefics3Images(config, settings);
    const sampling = new ConfigReader(settings).nested('video_sampling');
    const fps = sampling.number('fps', 1);
    const most = sampling.count('max_frames', 64);
    if (most > 99) throw sampling.error('max_frames', 'at most 99, which its texts have words for');
    const longest = sampling.nested('video_size').count('longest_edge', image.size);
    return {
      image: new SplitImages(image),
      video: new FrameVideos({
        image: new SplitImages({ ...image, longest, splits: false }),
        choose: (facts) => betweenEnds(facts, { fps, most }),
        seconds: (video) => [...video.numbers.map((number) => number / video.fps), video.frames / video.fps],
        text: frameText,
      }),
    };
  }
}

/** @param seconds of each frame, and of the whole video */
function frameText(frame: number, features: number, count: number, seconds: readonly number[]): string {
  const length = Math.trunc(seconds.at(-1)!);
  const minutes = Math.floor(length / 60);
  const clock = `${Math.floor(minutes / 60)}:${twoDigits(minutes % 60)}:${twoDigits(length % 60)}`;
  const before = `You are provided the following series of ${inWords(count)} frames from a ${clock} [H:MM:SS] video.\n`;
  const at = Math.trunc(seconds[frame]);
  const time = `${twoDigits(Math.floor(at / 60))}:${twoDigits(at % 60)}`;
  const picture = wholeText('<image>'.repeat(features));
  return `${frame === 0 ? before : ''}\nFrame from ${time}:${picture}${frame === count - 1 ? '\n\n' : ''}`;
}

const twoDigits = (number: number): string => String(number).padStart(2, '0');

const ONES =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');

/** A number below 100, as English says it. */
function inWords(number: number): string {
  if (number < ONES.length) return ONES[number];
  const [tens, ones] = [TENS[Math.floor(number / 10) - 2], number % 10];
  return ones === 0 ? tens : `${tens}-${ONES[ones]}`;
}

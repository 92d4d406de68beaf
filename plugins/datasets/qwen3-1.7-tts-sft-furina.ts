import { dataset, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';
import { textIn, withoutFile } from './_columns.js';

/** https://modelscope.cn/datasets/qsdong/Qwen3-1.7-TTS-SFT-Furina: audio, text and ref_audio, paths in an archive. */
@dataset({
  id: 'qwen3-1.7-tts-sft-furina',
  summary: 'Sentences spoken by one voice, for models that speak',
  ms: 'qsdong/Qwen3-1.7-TTS-SFT-Furina',
  media: [{ name: 'sound', files: ['Furina.zip'] }],
  tags: ['chat', 'multi-modal', 'audio', 'tts'],
})
export class Qwen3TtsSftFurina implements Preprocessor {
  toRow({ audio, text, ref_audio }: RawRow, context: PreprocessContext): StandardRow | undefined {
    const file = context.media?.('sound', textIn(audio));
    if (file === undefined) return withoutFile(context, 'sound');
    // What the voice is like is said by a model of speech alone, and none is here.
    if (ref_audio !== undefined) context.unused?.('column ref_audio');
    return toStandardRow({ response: text, audios: [file] }, context);
  }
}

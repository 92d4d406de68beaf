import { toStandardRow } from 'swift-ts/plugin';
import type { MediaFiles, PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';
import { textIn, withoutFile } from './_columns.js';

export const AISHELL1_SOUND: readonly MediaFiles[] = [{ name: 'sound', files: ['*.zip', '*.tar.gz'] }];

/** Read sentences (Bu et al., 2017, arXiv 1709.05522): Audio:FILE, a path in an archive, and Text:LABEL, its words with blanks between. */
export class Aishell1 implements Preprocessor {
  toRow(raw: RawRow, context: PreprocessContext): StandardRow | undefined {
    const file = context.media?.('sound', textIn(raw['Audio:FILE']));
    if (file === undefined) return withoutFile(context, 'sound');
    const response = textIn(raw['Text:LABEL']).replaceAll(' ', '');
    return toStandardRow({ query: '语音转文本', response, audios: [file] }, context);
  }
}

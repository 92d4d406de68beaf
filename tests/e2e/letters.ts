import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes a reward that is checked by hand, `letters`, as `letters.ts` of a folder. */
export function writeLetters(folder: string): void {
  writeFileSync(
    join(folder, 'letters.ts'),
    `import { reward, type JudgedAnswer, type Reward } from 'swift-ts/plugin';

@reward({ id: 'letters', summary: 'the share of the letter e' })
export class Letters implements Reward {
  score(answers: readonly JudgedAnswer[]): number[] {
    return answers.map(({ text }) => (text.match(/e/g) ?? []).length / Math.max(1, text.length));
  }
}
`,
  );
}

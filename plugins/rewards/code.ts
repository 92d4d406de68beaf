import { argument, reward, SwiftError, type JudgedAnswer, type Reward, type ValuesOf } from 'swift-ts/plugin';
import { runCode } from './_run-code.js';

const codeArguments = {
  code_time_limit: argument.float({
    default: 5,
    min: 0,
    above: true,
    help: 'reward code: seconds that a program may run',
  }),
  code_memory_limit: argument.int({
    default: 128,
    min: 16,
    help: 'reward code: MB of memory that it may use',
  }),
} as const;

type CodeOptions = ValuesOf<typeof codeArguments>;

/** Programs that run side by side. */
const AT_ONCE = 2;

/**
 * The share of a row's tests that the answer's JavaScript passes. The row's column `tests` is a list of expressions, or of
 * statements that throw where they fail; each runs behind the program, the last fenced block of the answer. A program has no
 * files, no network and no modules, and is ended when its time or memory is up.
 */
@reward({
  id: 'code',
  summary: "the share of a row's tests that a JavaScript program passes, run apart within limits",
  arguments: codeArguments,
})
export class CodeReward implements Reward<CodeOptions> {
  async score(answers: readonly JudgedAnswer[], options: CodeOptions): Promise<number[]> {
    const limits = { seconds: options.code_time_limit, megabytes: options.code_memory_limit };
    const scores = answers.map(() => 0);
    let next = 0;
    const work = async (): Promise<void> => {
      while (next < answers.length) {
        const i = next++;
        const { asked, text } = answers[i];
        const tests = testsOf(asked.columns.tests);
        const passed = await runCode(programOf(text), tests, limits);
        scores[i] = passed / tests.length;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return scores;
  }
}

function testsOf(column: unknown): readonly string[] {
  const tests: unknown = typeof column === 'string' ? [column] : column;
  if (Array.isArray(tests) && tests.length > 0 && tests.every((one) => typeof one === 'string')) return tests;
  throw new SwiftError('BAD_ROW', "a row has no tests: reward 'code' runs those of a column 'tests'", {
    cure: 'Give each row a list of expressions in JavaScript, e.g. ["add(1, 2) === 3"].',
  });
}

/** The last fenced block, or the text itself. */
function programOf(text: string): string {
  return [...text.matchAll(/```(?:js|javascript|ts|typescript)?\s*\n([^]*?)```/g)].at(-1)?.[1] ?? text;
}

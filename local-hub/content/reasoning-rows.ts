/** Rows of the local hub's datasets with answers that are checked, in the columns that the real ones have. The problems are this project's own. */
import { CAPITALS } from './facts.js';

const COUNT = 8;

interface Problem {
  readonly problem: string;
  readonly solution: string;
  readonly answer: string;
}

/** @param first what tells one split's problems from another's */
function problems(first = 3): Problem[] {
  return Array.from({ length: COUNT }, (_, i) => {
    const x = first + i;
    const problem = `Find $x$ such that $2x + 1 = ${2 * x + 1}$.`;
    return { problem, solution: `We have $2x = ${2 * x}$, so $x = \\boxed{${x}}$.`, answer: String(x) };
  });
}

/** As MATH. */
export function problemRows(
  first?: number,
): { problem: string; level: string; type: string; solution: string }[] {
  return problems(first).map(({ problem, solution }) => ({
    ...{ problem, level: 'Level 1', type: 'Algebra', solution },
  }));
}

/** Question and worked answer under names of their own. */
export function taughtRows(question: string, answer: string): object[] {
  return problems().map(({ problem, solution }) => ({
    [question]: problem,
    [answer]: solution,
    source: 'hub',
  }));
}

/** As NuminaMath: the same as columns and as messages. */
export function numinaRows(first?: number): object[] {
  return problems(first).map(({ problem, solution }) => ({
    source: 'hub',
    problem,
    solution,
    messages: [
      { content: problem, role: 'user' },
      { content: solution, role: 'assistant' },
    ],
  }));
}

/** As DAPO-Math-17k-Processed. */
export function numberRows(): object[] {
  return problems().map(({ problem, answer }, i) => ({
    prompt: problem,
    solution: answer,
    data_source: 'math_dapo',
    source_prompt: [{ content: `Solve step by step.\n\n${problem}`, role: 'user' }],
    ability: 'MATH',
    reward_model: { ground_truth: answer, style: 'rule' },
    extra_info: { index: `hub-${i}` },
  }));
}

/** As Countdown-Tasks-3to4. */
export function puzzleRows(): object[] {
  return Array.from({ length: COUNT }, (_, i) => ({
    target: 10 + i,
    nums: [4, 6, i, 1].slice(0, 3 + (i % 2)),
  }));
}

/** As verifiable-coding-problems-python. @param column what the problem stands under */
export function codingRows(column: string): object[] {
  return Array.from({ length: COUNT }, (_, i) => ({
    source: 'hub',
    task_type: 'verifiable_code',
    in_source_id: String(i),
    [column]: `Read a number and print it plus ${i}.`,
    gold_standard_solution: `print(int(input()) + ${i})`,
    problem_id: `vfc_${i}`,
    metadata: { difficulty: 'EASY', memory_limit: null, problem_url: null, time_limit: null },
    verification_info: {
      language: 'python',
      test_cases: [{ fn_name: null, input: '1\n', output: `${1 + i}\n`, type: 'stdin_stdout' }],
    },
  }));
}

/** As DocQA-RL-1.6K. */
export function documentRows(): object[] {
  return CAPITALS.slice(0, 6).map(([country, city], i) => ({
    data_source: 'hub',
    prompt: [
      {
        content: `<text>\nThe capital of ${country} is ${city}.\n</text>\n\nWhat is its capital?`,
        role: 'user',
      },
    ],
    ability: 'docqa',
    reward_model: { ground_truth: city, style: 'rule' },
    extra_info: { index: i },
  }));
}

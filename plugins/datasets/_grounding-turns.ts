import { pick } from './_pick.js';

/** A box for a name, or a name for a box. */
export type GroundingTask = 'grounding' | 'caption';

/** Ways to ask; one in five is Chinese, as in SWIFT. */
const QUESTIONS: Readonly<Record<GroundingTask, readonly string[]>> = {
  grounding: [
    '<ref-object>',
    'Where is <ref-object>?',
    'Find <ref-object>.',
    'Locate <ref-object> in the image.',
    'Point out <ref-object>.',
    'Draw a box around <ref-object>.',
    'In which part of the image is <ref-object>?',
    'Give the box of <ref-object>.',
    '<ref-object>在哪里？',
    '请框出<ref-object>。',
  ],
  caption: [
    '<bbox>',
    'What is at <bbox>?',
    'Describe <bbox>.',
    'What does the box <bbox> hold?',
    'Name the thing at <bbox>.',
    'What do you see in <bbox>?',
    'Say what <bbox> is.',
    'Which thing is at the place <bbox>?',
    '<bbox>是什么？',
    '描述<bbox>中的事物。',
  ],
};

/** A question about one thing of an image, and its answer. @param key of the row */
export function groundingTurns(
  task: GroundingTask,
  key: string,
): { readonly query: string; readonly response: string } {
  return { query: pick(QUESTIONS[task], key), response: task === 'grounding' ? '<bbox>' : '<ref-object>' };
}

/** Rows of the local hub's datasets of preferences, in the columns that the real ones have. */
import { CHINESE, OPPOSITES, QUESTIONS, TASKS } from './facts.js';

const other = (i: number): string => QUESTIONS[(i + 3) % QUESTIONS.length][1];

/** Two transcripts that differ in the last answer, in the columns of hh-rlhf. */
export function preferenceRows(): { chosen: string; rejected: string }[] {
  const said = (human: string, assistant: string): string => `\n\nHuman: ${human}\n\nAssistant: ${assistant}`;
  return QUESTIONS.map(([question, answer], i) => {
    const before = i % 2 === 0 ? said('Hello!', 'Hello, how can I help?') : '';
    return { chosen: before + said(question, answer), rejected: before + said(question, other(i)) };
  });
}

/** As hh_rlhf_cn: the turns before apart, each answer a turn. */
export function chineseTranscripts(): object[] {
  return CHINESE.slice(0, 6).map(([question, answer], i) => ({
    context: [
      ...(i % 2 === 0
        ? []
        : [
            { role: 'human', text: '你好' },
            { role: 'assistant', text: '你好！' },
          ]),
      { role: 'human', text: question },
    ],
    chosen: { role: 'assistant', text: answer },
    rejected: { role: 'assistant', text: CHINESE[i + 3][1] },
  }));
}

/** As orca_dpo_pairs, whose system prompt is empty now and then. */
export function orcaRows(): object[] {
  return QUESTIONS.slice(0, 8).map(([question, chosen], i) => ({
    system: i % 2 === 0 ? 'You are an AI assistant. Answer in a sentence.' : '',
    ...{ question, chosen, rejected: other(i) },
  }));
}

/** As orpo-dpo-mix-40k: whole conversations, where the set came from, and the question again. */
export function mixedRows(): object[] {
  return QUESTIONS.slice(0, 8).map(([question, answer], i) => {
    const said = (content: string): object[] => [
      { content: question, role: 'user' },
      { content, role: 'assistant' },
    ];
    return {
      source: i % 4 === 3 ? 'toxic-dpo-v0.2' : 'Airoboros',
      chosen: said(answer),
      rejected: said(other(i)),
      prompt: question,
      question,
    };
  });
}

/** As shareAI's: one question, answered in two languages, with emoji. */
export function emojiRows(): object[] {
  return CHINESE.slice(0, 6).map(([question, answer], i) => ({
    question,
    answer_zh: `${answer}☀️`,
    answer_en: `${OPPOSITES[i][0]} 🙂`,
  }));
}

/** As stack-exchange-paired. */
export function pairedRows(): object[] {
  return TASKS.slice(0, 6).map(([question, answer], i) => ({
    qid: 1000 + i,
    question,
    date: '2010/09/13',
    metadata: ['https://example.com/questions/1', 'https://example.com', 'https://example.com/users/1/'],
    response_j: answer.replaceAll('\\n', '\n'),
    response_k: other(i),
  }));
}

/** As ultrafeedback-binarized-preferences-cleaned-kto: single answers, marked. */
export function markedRows(): object[] {
  return QUESTIONS.slice(0, 8).map(([prompt, answer], i) => ({
    prompt,
    completion: i % 2 === 0 ? answer : other(i),
    label: i % 2 === 0,
    model: 'hub',
    average_rating: i % 2 === 0 ? 4.5 : 1.25,
  }));
}

/** As zhihu_rlhf_3k. */
export function zhihuRows(): object[] {
  return CHINESE.slice(0, 6).map(([prompt, chosen], i) => ({ prompt, chosen, rejected: CHINESE[i + 3][1] }));
}

/** As Human-Like-DPO-Dataset. */
export function humanLikeRows(): object[] {
  return QUESTIONS.slice(0, 8).map(([prompt, answer]) => ({
    prompt,
    chosen: `Oh, I know that one! ${answer} 😊`,
    rejected: `I am an artificial assistant. ${answer}`,
  }));
}

/** Rows of the local hub's datasets for classes, ranks and likeness, in the columns that the real ones have. */
import { CAPITALS, CHINESE, QUESTIONS, SENTIMENTS } from './facts.js';

/** As MTEB's reranking. */
export function titleRows(): { query: string; positive: string[]; negative: string[] }[] {
  return QUESTIONS.slice(0, 6).map(([query, answer], i) => ({
    query,
    positive: [answer],
    negative: [1, 2].map((step) => QUESTIONS[(i + step) % QUESTIONS.length][1]),
  }));
}

/** As stsb. */
export function sentencePairs(): { sentence1: string; sentence2: string; score: number }[] {
  const scores = [1, 0.25, 0.76, 0.4];
  return CAPITALS.slice(0, 8).map(([country, city], i) => ({
    sentence1: `${city} is the capital of ${country}.`,
    sentence2: `The capital of ${country} is ${CAPITALS[i + (i % 2)][1]}.`,
    score: scores[i % scores.length],
  }));
}

/** As zh_cls_fudan-news: the question with its classes, and the name of one. */
export function newsRows(): object[] {
  return CHINESE.slice(0, 6).map(([text], i) => ({
    prompt: `分类：\n${text}\n候选标签：政治，体育，艺术`,
    answer: ['政治', '体育', '艺术'][i % 3],
  }));
}

/** As cmnli of CLUE. */
export function entailmentRows(): object[] {
  return CHINESE.slice(0, 6).map(([sentence1, sentence2], i) => ({
    sentence1,
    sentence2,
    label: i % 3,
    idx: i,
  }));
}

/** As jd, whose labels are floats. */
export function reviewRows(): object[] {
  return SENTIMENTS.filter(([, mood]) => mood !== 'neutral').map(([sentence, mood]) => ({
    ...{ sentence, label: mood === 'positive' ? '1.0' : '0.0', dataset: 'jd' },
  }));
}

/** As HC3: several answers of people, one of ChatGPT. */
export function writerRows(): object[] {
  return QUESTIONS.slice(0, 4).map(([question, answer], i) => ({
    ...{ id: String(i), question, source: 'hub' },
    human_answers: [answer, `${answer} I think.`],
    chatgpt_answers: [`As an AI language model, I say: ${answer}`],
  }));
}

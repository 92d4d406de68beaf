/** Datasets of questions about images, in the columns and files of the real ones. */
import { card, jsonl, shard, type Files } from './layout.js';
import { told, type Seen } from './media-files.js';

export function answeredFiles(seen: readonly Seen[]): Readonly<Record<string, Files>> {
  const [question, colour] = ['Which colour has the square?', ({ scene }: Seen) => scene.name.split(' ')[0]];
  const rows = (row: (one: Seen, i: number) => object): string => jsonl(seen.map(row));
  const ocrVqa = ({ image }: Seen, i: number): object => ({
    ...{
      image,
      image_id: `0${i}`,
      questions: ['Who wrote it?', 'What is its title?'],
      answers: ['Ada', `Notes ${i}`],
    },
    ...{
      ocr_tokens: [],
      ocr_info: [],
      title: `Notes ${i}`,
      authorName: 'Ada',
      genre: 'Arts',
      image_url: '',
      set_name: 'train',
    },
  });
  const science = ({ image }: Seen, i: number): object => ({
    ...{
      image: i % 2 === 0 ? image : null,
      question: 'Which is larger?',
      choices: ['a cat', 'a whale'],
      answer: 1,
    },
    ...{ hint: '', task: 'closed choice', grade: 'grade2', subject: 'natural science', topic: 'biology' },
    ...{ category: 'Size', skill: 'Compare', lecture: '', solution: 'A whale is larger than a cat.' },
  });
  const aOkVqa = (one: Seen, i: number): object => ({
    ...{
      image: one.image,
      question_id: String(i),
      question,
      choices: ['red', 'green'],
      correct_choice_idx: 0,
    },
    ...{
      direct_answers: '["red"]',
      difficult_direct_answer: false,
      rationales: [`It is ${colour(one)}.`, 'One sees it.'],
    },
  });
  const lnqa = (one: Seen): object => ({
    image: one.image,
    qa: [
      { question, answer: colour(one) },
      { question: 'Sure?', answer: 'Yes.' },
    ],
  });
  return {
    okvqa: {
      [shard()]: rows((one, id) => ({
        id,
        image: one.image,
        answers: [colour(one), 'none'],
        question,
        question_id: id,
      })),
    },
    'a-okvqa': {
      [shard()]: rows(aOkVqa),
      [shard('validation')]: jsonl([aOkVqa(seen[0], 0)]),
      [shard('test')]: jsonl([]),
    },
    'ocr-vqa': { [shard()]: rows(ocrVqa), [shard('validation')]: jsonl([ocrVqa(seen[0], 0)]) },
    'science-qa': { [shard()]: rows(science), [shard('validation')]: jsonl([science(seen[0], 0)]) },
    lnqa: { [shard()]: rows(lnqa), [shard('validation')]: jsonl([lnqa(seen[0])]) },
    midefics: {
      [shard()]: rows((one) => ({
        image: one.image,
        conversation: { data: [{ question, answer: colour(one) }] },
      })),
    },
    gqa: {
      ...card('train_all_instructions', 'train_all_images'),
      [shard('train', 'train_all_instructions')]: jsonl(
        ['2354786', '2375429', '1'].map((imageId, id) => ({
          ...{
            id: String(id),
            imageId,
            question,
            answer: 'red',
            fullAnswer: 'The square is red.',
            isBalanced: true,
          },
          ...{
            groups: {},
            entailed: '',
            equivalent: '',
            types: {},
            annotations: {},
            semantic: [],
            semanticStr: '',
          },
        })),
      ),
    },
    'chart-qa': {
      [shard()]: rows((one, i) => ({
        image: one.image,
        query: question,
        label: [colour(one)],
        human_or_machine: i % 2,
      })),
    },
    'vqa-v2': {
      [shard()]: rows((one, i) => ({
        ...{ question_type: 'which', multiple_choice_answer: colour(one), answers: [], image_id: i },
        ...{ answer_type: 'other', question_id: i, question, image: one.image },
      })),
    },
    'path-vqa': { [shard()]: rows((one) => ({ image: one.image, question, answer: colour(one) })) },
    'llava-med-zh-instruct': {
      [shard()]: rows((one) => ({
        messages: told('<image>图中有什么？', '一个方块。'),
        images: [one.image],
      })),
    },
    m3it: {
      'data/captioning/coco/train.jsonl': rows((one) => ({
        ...{ instruction: 'Describe the image.', inputs: 'What is it?', outputs: `A ${colour(one)} square.` },
        image_base64_str: [(one.image as { bytes: string }).bytes],
      })),
      'data/vqa/vqa-v2/train.jsonl': jsonl([]),
    },
  };
}

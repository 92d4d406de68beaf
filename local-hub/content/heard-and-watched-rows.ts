/** Datasets of sound and video, in the columns and files of the real ones. */
import { tarGzOf, zipOf } from './archives.js';
import { CLIP } from './clip.js';
import { card, jsonl, shard, table, type Files } from './layout.js';
import { said, tone } from './media-files.js';

export function heardFiles(): Readonly<Record<string, Files>> {
  const line = (split: string, i: number): object => ({
    'Audio:FILE': `speech_asr_aishell_${split}sets/wav/${split}/S000${i}.wav`,
    'Text:LABEL': '广州 市 房地产',
  });
  const sounds = (split: string): Uint8Array =>
    zipOf({ [`speech_asr_aishell_${split}sets/wav/${split}/S0000.wav`]: tone(440) });
  return {
    'aishell1-zh': Object.fromEntries(
      ['train', 'validation', 'test'].flatMap((split) => [
        [`${split}.csv`, table([line(split, 0), line(split, 1)], ',')],
        [`${split}.zip`, sounds(split)],
      ]),
    ),
    'qwen3-1.7-tts-sft-furina': {
      'train.jsonl': jsonl([
        { audio: 'Furina/0.wav', text: 'Let the show begin.', ref_audio: 'Furina/ref.wav' },
      ]),
      'Furina.zip': zipOf({ 'Furina/0.wav': tone(440), 'Furina/ref.wav': tone(220) }),
    },
  };
}

export function watchedFiles(): Readonly<Record<string, Files>> {
  const clip = (path: string): Record<string, Uint8Array> => ({ [path]: CLIP });
  const about = (row: object): object => ({ video_name: 'v_1', answer: 'A dog runs.', ...row });
  const subset = '0_30_s_academic_v0_1';
  const filmed = (question: string, video = 'academic_source/1.mp4'): object => ({
    ...{ id: '1', data_source: subset, video },
    conversations: said(question, 'A dog runs.'),
  });
  return {
    'video-chatgpt': {
      ...card('Generic', 'Temporal', 'Consistency'),
      [shard('test', 'Generic')]: jsonl([
        about({ question: 'What happens?', question_1: 'None', question_2: 'None' }),
        about({ question: 'What happens?', video_name: 'missing' }),
      ]),
      [shard('test', 'Temporal')]: jsonl([
        about({ question: 'When?', question_1: 'None', question_2: 'None' }),
      ]),
      [shard('test', 'Consistency')]: jsonl([
        about({ question: 'None', question_1: 'What?', question_2: 'Who?' }),
      ]),
      'videos.zip': zipOf(clip('Test_Videos/v_1.mp4')),
    },
    egoschema: {
      ...card('Subset', 'MC'),
      [shard('test', 'Subset')]: jsonl([
        {
          ...{ question_idx: '0', question: 'What does C do?', video_idx: 'ab-1', answer: '2' },
          option: ['A. Cook', 'B. Read', 'C. Paint', 'D. Sing', 'E. Rest'],
        },
      ]),
      'videos_chunked_01.zip': zipOf(clip('videos/ab-1.mp4')),
      'videos_chunked_02.zip': zipOf(clip('videos/ab-2.mp4')),
    },
    'llava-video-178k': {
      'README.md': `---\nconfigs:\n- config_name: ${subset}\n  data_files:\n${[
        ['caption', 'cap'],
        ['open_ended', 'oe_v0_1_qa'],
        ['multi_choice', 'mc_v0_1_qa'],
      ]
        .map(([split, part]) => `  - split: ${split}\n    path: ${subset}/${subset}_${part}_processed.json\n`)
        .join('')}---\n`,
      [`${subset}/${subset}_cap_processed.json`]: JSON.stringify([filmed('Describe it.')]),
      [`${subset}/${subset}_oe_v0_1_qa_processed.json`]: JSON.stringify([filmed('What runs?')]),
      [`${subset}/${subset}_mc_v0_1_qa_processed.json`]: JSON.stringify([
        filmed('A or B?', 'academic_source/missing.mp4'),
      ]),
      [`${subset}/${subset}_videos_1.tar.gz`]: tarGzOf(clip('academic_source/1.mp4')),
    },
    'moviechat-1k-test': {
      'annotations/1.json': JSON.stringify({
        info: { video_path: '1.mp4', url: '', class: 'movie', w: 4, h: 4, fps: 24, num_frame: 2 },
        global: [
          { question: 'What time is it?', answer: 'Day.' },
          { question: 'Where?', answer: 'Sea.' },
        ],
        breakpoint: [{ time: 1, question: 'Who is there?', answer: 'A dog.' }],
      }),
      'videos/1.mp4': CLIP,
    },
    cinepile: {
      [shard()]: jsonl([
        {
          ...{
            movie_name: 'Sea',
            question: 'Who speaks?',
            choices: ['Ada', 'Bob'],
            answer_key: 'Ada',
            answer_key_position: 0,
          },
          ...{ yt_clip_link: 'https://www.youtube.com/watch?v=0', question_category: 'Character' },
        },
      ]),
    },
  };
}

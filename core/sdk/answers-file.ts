/** Where `swift infer` writes what is answered. */
import { join } from 'node:path';
import type { InferArguments } from './infer.js';

type Place = Pick<InferArguments, 'result_dir' | 'ckpt_dir'>;

/** A jsonl file named after this moment. */
export function answersFile({ result_dir, ckpt_dir }: Place): string {
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  return join(result_dir ?? join(ckpt_dir ?? '.', 'infer_result'), `${stamp}.jsonl`);
}

/** The folder of drawings that belong to a file of answers. */
export const drawingsOf = (file: string): string => file.replace(/\.jsonl$/, '');

/** One of them. @param number from 1 */
export const drawingName = (number: number): string => `${String(number).padStart(6, '0')}.png`;

import { dataset } from 'swift-ts/plugin';
import { LatexOcr } from './_latex-ocr.js';

/** https://huggingface.co/datasets/linxy/LaTeX_OCR */
@dataset({
  id: 'latex-ocr-print',
  summary: 'Printed formulas and their LaTeX',
  hf: 'linxy/LaTeX_OCR',
  ms: 'AI-ModelScope/LaTeX_OCR',
  subsets: ['full'],
  split: ['validation', 'test'],
  tags: ['chat', 'ocr', 'multi-modal', 'vision'],
})
export class LatexOcrPrint extends LatexOcr {}

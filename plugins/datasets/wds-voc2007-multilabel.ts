import { dataset, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';

const CLASSES = [
  ...['aeroplane', 'bicycle', 'bird', 'boat', 'bottle', 'bus', 'car', 'cat', 'chair', 'cow'],
  ...[
    'diningtable',
    'dog',
    'horse',
    'motorbike',
    'person',
    'pottedplant',
    'sheep',
    'sofa',
    'train',
    'tvmonitor',
  ],
];

/** https://huggingface.co/datasets/clip-benchmark/wds_voc2007_multilabel (PASCAL VOC 2007): webp, and npy with a one for each class that is there. */
@dataset({
  id: 'wds-voc2007-multilabel',
  summary: 'Photographs, and which of 20 kinds of things are in them',
  hf: 'clip-benchmark/wds_voc2007_multilabel',
  ms: 'clip-benchmark/wds_voc2007_multilabel',
  formats: ['tar'],
  tags: ['multilabel', 'multi-modal'],
})
export class WdsVoc2007Multilabel implements Preprocessor {
  toRow({ webp, npy }: RawRow, context: PreprocessContext): StandardRow | undefined {
    const query = `多标签分类，类别包括：[${CLASSES.map((name) => `'${name}'`).join(', ')}]`;
    const held = npy instanceof Uint8Array ? wholeNumbers(npy) : [];
    const label = held.flatMap((one, i) => (one === 1 ? [i] : []));
    return toStandardRow({ query, label, images: [{ bytes: webp }] }, { ...context, questions: true });
  }
}

/** A row of whole numbers in NumPy's format: its header says their type. */
function wholeNumbers(file: Uint8Array): number[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const start = 10 + view.getUint16(8, true);
  const header = new TextDecoder('latin1').decode(file.subarray(10, start));
  const bytes = Number(/'descr': '[<|][iu](\d)'/.exec(header)?.[1] ?? NaN);
  const count = Math.floor((file.byteLength - start) / bytes) || 0;
  // Zeros and ones: the lowest byte is the number.
  return Array.from({ length: count }, (_, i) => view.getUint8(start + i * bytes));
}

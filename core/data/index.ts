/** From rows of files to batches: preprocess, sample, encode, pack or bucket, collate. */
export { bucketLadder, roundUpToBucket } from './buckets.js';
export { collate } from './collate.js';
export type { CollateOptions } from './collate.js';
export { parseDatasetSpec } from './dataset-spec.js';
export type { DatasetSpec } from './dataset-spec.js';
export { encodeDataset } from './encode-dataset.js';
export type { EncodeDatasetOptions, EncodedDataset } from './encode-dataset.js';
export { packSamples } from './packing.js';
export * from './preprocess/index.js';
export { SeededRandom } from './random.js';
export type { RandomState } from './random.js';
export { DataReport } from './report.js';
export { Sampler } from './sampler.js';
export type { SamplerOptions } from './sampler.js';
export { sampleIndices, splitRows } from './sampling.js';
export { splitDataset } from './split-dataset.js';
export { atOrigin, loadDataset } from './source.js';
export type { DatasetSource, LoadedDataset, LoadedRow, LoadOptions, RowReader } from './source.js';

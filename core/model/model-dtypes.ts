/** Formats in which a model's own weights can be held; AUTO is the checkpoint's. */
export const MODEL_DTYPES = ['AUTO', 'fp32', 'fp16', 'bf16'] as const;
export type ModelDtype = (typeof MODEL_DTYPES)[number];

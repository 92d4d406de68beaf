/** What a model takes in beside text. */
export const MODALITIES = ['text', 'vision', 'audio', 'video', 'multimodal'] as const;
export type Modality = (typeof MODALITIES)[number];

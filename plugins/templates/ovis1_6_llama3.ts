import { SpecTemplate, template } from 'swift-ts/plugin';
import { LLAMA3 } from './_llama3.js';

/** https://huggingface.co/AIDC-AI/Ovis1.6-Llama3.2-3B/blob/main/configuration_ovis.py */
@template({ id: 'ovis1_6_llama3', summary: 'Header turns of Ovis 1.6 on Llama 3.2' })
export class Ovis16Llama3 extends SpecTemplate {
  readonly spec = {
    ...LLAMA3,
    default_system: 'You are a helpful and honest multimodal assistant.',
  };
}

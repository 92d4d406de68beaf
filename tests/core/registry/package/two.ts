import { tuner, type Tuner } from '../../../../core/plugin.js';
import { record } from './record.js';

record('two');

@tuner({ id: 'fixture-two', summary: 'records that it is imported' })
export class Two implements Tuner {
  apply(): void {
    // Only resolved, never applied.
  }
}

import { tuner, type Tuner } from '../../../../core/plugin.js';
import { record } from './record.js';

record('one');

@tuner({ id: 'fixture-one', summary: 'records that it is imported' })
export class One implements Tuner {
  apply(): void {
    // Only resolved, never applied.
  }
}

import { inject, HUB, tuner, type Hub, type Tuner } from '../../../../core/plugin.js';

/** Its second parameter has no token. */
@tuner({ id: 'fixture-refusing', summary: 'throws a SwiftError' })
export class Refusing implements Tuner {
  constructor(
    @inject(HUB) readonly hub: Hub,
    // eslint-disable-next-line no-restricted-syntax -- the guard at run time must find it too
    readonly retries: number,
  ) {}

  apply(): void {
    // Never constructed.
  }
}

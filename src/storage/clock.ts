import type { TableServiceClientOptions } from '@azure/data-tables';

type Policy = NonNullable<TableServiceClientOptions['additionalPolicies']>[number]['policy'];

/** Only storage itself names its requests; what stands in between may have a clock of its own. */
const SPOKEN_BY_STORAGE = 'x-ms-request-id';
/** The header `Date` has whole seconds. */
const PRECISION_MS = 1_000;

/**
 * The time as storage has it, which is one for all processes: what one of them notes for later, the others must find neither too
 * early nor an hour too late, whatever the clock of its machine is set to. It begins with the machine's time and goes on by a count
 * that no setting of the clock changes; every answer of storage says when it was given, and what is beyond its precision is put
 * right.
 */
export class StorageClock {
  /** What is added to the count. */
  #offsetMs = Date.now() - performance.now();

  readonly now = (): Date => new Date(Math.round(this.#offsetMs + performance.now()));

  /** Listens to what a client is answered. */
  readonly listening: Policy = {
    name: 'storageClock',
    sendRequest: async (request, next) => {
      const asked = performance.now();
      const response = await next(request);
      if (response.headers.has(SPOKEN_BY_STORAGE)) this.#hear(Date.parse(response.headers.get('date') ?? ''), asked);
      return response;
    },
  };

  /** @param said the time at which the answer was given, which was after it was asked for and before now. */
  #hear(said: number, asked: number): void {
    if (Number.isNaN(said)) return;
    const [earliest, latest] = [said - performance.now(), said + PRECISION_MS - asked];
    this.#offsetMs = Math.min(Math.max(this.#offsetMs, earliest), latest);
  }
}

import type { Log } from '../log.js';
import type { ChannelHealthStore } from '../schools/channel-health.js';
import type { DeliveryNotice, Outbox } from '../schools/delivery.js';
import type { Directory } from '../schools/directory.js';
import type { School } from '../schools/school.js';
import { ChannelWatch } from './channel-watch.js';
import type { Renderer } from './courier.js';
import { createPlaces, type Places } from './places.js';
import type { Condition, SetupParts } from './setup.js';
import { setupRenderers } from './setup-renderers.js';

export interface SettingUpParts {
  readonly schools: readonly School[];
  readonly directory: Directory;
  readonly health: ChannelHealthStore;
  readonly outbox: Outbox;
  readonly condition: Condition;
  readonly committed: DeliveryNotice['committed'];
  readonly log: Log;
  readonly now: () => Date;
}

/** Puts together what setting up, the status and the watch over the Headteacher's channel need. */
export function createSetup(parts: SettingUpParts): {
  readonly places: Places;
  readonly setup: SetupParts;
  readonly renderers: Readonly<Record<string, Renderer>>;
} {
  const { directory, health, outbox, condition } = parts;
  const places = createPlaces(directory);
  const watch = new ChannelWatch({ ...parts, places });
  return {
    places,
    setup: { directory, health, outbox, watch, condition },
    renderers: setupRenderers({ health, places }),
  };
}

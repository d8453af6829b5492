import type { ChannelHealthStore } from '../schools/channel-health.js';
import { maySetUp } from '../schools/people.js';
import { timeAt } from '../schools/time.js';
import { cardMessage } from './cards/message.js';
import { channelFoundCard, channelLostCard } from './cards/setup-views.js';
import type { Renderer } from './courier.js';
import type { Places } from './places.js';

/** What those who answer for the Headteacher's channel are told. What holds no longer when it is sent is not sent. */
export function setupRenderers({
  health,
  places,
}: {
  readonly health: ChannelHealthStore;
  readonly places: Places;
}): Record<string, Renderer> {
  const ifStill =
    (state: 'lost' | 'works'): Renderer =>
    async ({ schoolId, target, refs }, school) => {
      const { profile } = school;
      if (target.to !== 'person' || !maySetUp(profile, target.personId)) return undefined;
      const [stored, { name }] = await Promise.all([health.find(schoolId), places.headteacherChannelOf(school)]);
      const known = stored?.health;
      // Of a loss that is over, or another, nothing is said.
      if (known?.state !== state || known.since.toISOString() !== refs.since) return undefined;
      const time = (moment: Date) => timeAt(moment, profile.timeZone);
      const news = { name, school: profile.name, since: time(known.since) };
      return cardMessage(
        known.state === 'lost'
          ? channelLostCard(news, known.cause)
          : channelFoundCard(news, refs.lost === undefined ? null : time(new Date(refs.lost))),
      );
    };
  return { 'setup.channel_lost': ifStill('lost'), 'setup.channel_found': ifStill('works') };
}

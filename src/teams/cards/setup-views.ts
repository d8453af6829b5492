import type { LossCause } from '../../schools/channel-health.js';
import type { Part } from '../places.js';
import { type Card, fillCard } from './template.js';

/** What a notice about a channel or chat says. */
interface Notice {
  readonly title: string;
  readonly isTrouble: boolean;
  readonly lines: readonly (string | false)[];
  /** What a person should look at. */
  readonly warning?: string | null;
}

const notice = ({ title, isTrouble, lines, warning = null }: Notice): Card => {
  const said = lines.filter((line) => line !== false);
  return fillCard('setup-notice', {
    title,
    style: isTrouble ? 'attention' : 'good',
    speak: `${title}. ${said[0] ?? ''}`,
    lines: said.map((line) => ({ line })),
    warning: warning ?? '',
    hasWarning: warning !== null,
  });
};

/** A place that was chosen for a part. */
export interface ChosenView {
  readonly part: Part;
  /** Else it had the part already. */
  readonly isNew: boolean;
  /** When it was chosen, where it was chosen before. */
  readonly since: string | null;
  /** What had the part before, by name; `null` where it has none. */
  readonly before: string | null;
  /** Of the channel: `standard`, `private`, `shared`; `null` where Teams does not say. */
  readonly type: string | null;
}

/** Tells everyone in a channel or chat what it is for from now on. */
export const chosenCard = (view: ChosenView): Card =>
  view.part === 'headteacher_channel' ? reportsChannelCard(view) : governorsChatCard(view);

const reportsChannelCard = ({ isNew, since, before, type }: ChosenView): Card =>
  notice({
    title: isNew ? 'This channel now takes reports' : 'This channel takes reports already',
    isTrouble: false,
    lines: [
      !isNew && already(since),
      'For each report to the Headteacher a card appears here. Those who deal with reports act on it here, and read the report itself in their own chats with me.',
      'Everyone who can open this channel sees that a report exists, its kind and its state, never its words.',
      'Questions that staff put to the Headteacher are shown here in full.',
      isNew && wasBefore(before, 'channel', 'Cards that stand there stay there, and are kept up to date.'),
    ],
    warning: warningFor(type),
  });

const governorsChatCard = ({ isNew, since, before }: ChosenView): Card =>
  notice({
    title: isNew ? 'This chat now gets the governors’ summaries' : 'This chat gets the governors’ summaries already',
    isTrouble: false,
    lines: [
      !isNew && already(since),
      'Summaries hold figures only: no names, no words of a report, and nothing by which a person could be known.',
      'Everyone in this chat can read them, also those who are added later.',
      isNew && wasBefore(before, 'chat', 'What was sent there stays there.'),
    ],
  });

const already = (since: string | null): string =>
  since === null ? 'It was set so in the school’s settings.' : `It was chosen on ${since}.`;

const wasBefore = (name: string | null, kind: string, stays: string): string =>
  `Until now it was ${name === null ? `another ${kind}` : `the ${kind} “${name}”`}. ${stays}`;

/** Least disclosure needs a channel that few can open. */
function warningFor(type: string | null): string | null {
  if (type === 'private') return null;
  if (type === 'standard')
    return 'This is a standard channel: everyone in the team can open it. Please see that the team has no members but those who deal with reports.';
  return 'I cannot tell who can open this channel. Please check that only those who deal with reports can.';
}

/** A channel that was lost or found, as told to those who answer for it. Times as people read them. */
export interface ChannelNews {
  /** `null` where it has no known name. */
  readonly name: string | null;
  readonly school: string;
  readonly since: string;
}

const WHY: Readonly<Record<LossCause, string>> = {
  removed: 'Policy Desk was removed from the team or the channel.',
  gone: 'The channel or its team was deleted or archived.',
  refused: 'Teams does not let Policy Desk post there: it may have been removed or blocked, or the channel is gone.',
};

/** Policy Desk cannot post in the Headteacher's channel any more. */
export const channelLostCard = ({ name, school, since }: ChannelNews, cause: LossCause): Card =>
  notice({
    title: 'Reports cannot be posted in the channel',
    isTrouble: true,
    lines: [
      `Since ${since} nothing can be posted in ${named(name)} of ${school}. ${WHY[cause]}`,
      'Nothing is lost: cards for the channel wait. What cannot be posted within about a day goes to the Headteacher, or to whoever stands in, in their own chat.',
      'To mend it: add Policy Desk to the team again; or add it to another team and write “@Policy Desk use this channel for reports” in a channel there. What waits is then posted at once.',
      'You are told this once, and again when it works.',
    ],
  });

/** It can again. @param lost when it was lost. */
export const channelFoundCard = ({ name, school, since }: ChannelNews, lost: string | null): Card =>
  notice({
    title: 'Reports can be posted in the channel again',
    isTrouble: false,
    lines: [
      `Since ${since} Policy Desk can post in ${named(name)} of ${school} again${lost === null ? '' : `. It could not since ${lost}`}.`,
      'Cards that were waiting are posted now. What has gone to somebody’s own chat meanwhile stays there.',
    ],
  });

const named = (name: string | null): string => (name === null ? 'the Headteacher’s channel' : `the channel “${name}”`);

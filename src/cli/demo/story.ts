import { setTimeout } from 'node:timers/promises';
import { peopleWith } from '../../schools/people.js';
import type { Role } from '../../schools/profile.js';
import type { School } from '../../schools/school.js';
import { cardOf, filledIn, unfolded, wholeOf } from './card-parts.js';
import type { Posted } from './channel-messages.js';
import type { Recording, Seen } from './recording.js';
import type { DemoTeams, Person, Place } from './teams.js';

const LOOK_MS = 50;
const LIMIT_MS = 60_000;
export const OWN_CHAT = 'in their own chat with Policy Desk';

/** Who plays which part. */
export interface Cast {
  readonly teacher: Person;
  readonly headteacher: Person;
  readonly deputy: Person;
  readonly chair: Person;
  readonly channel: Place;
  readonly governors: Place;
}

export function castOf({ profile }: School): Cast {
  const { teamId, headteacherChannel, governorsChat } = profile.teams;
  const first = (role: Role) => {
    const [person] = peopleWith(profile, role);
    if (!person) throw new Error(`The demo’s school has nobody with the role ${role}.`);
    return person;
  };
  return {
    teacher: peopleWith(profile, 'staff').find(({ roles }) => roles.length === 1) ?? first('staff'),
    ...{ headteacher: first('headteacher'), deputy: first('deputy_headteacher'), chair: first('chair_of_governors') },
    channel: { id: headteacherChannel.id, teamId },
    governors: { id: governorsChat.id, teamId: null },
  };
}

/** How people are named in captions: the sample school says who does what. */
const CALLED: Readonly<Record<'teacher' | 'headteacher' | 'deputy' | 'chair', (name: string) => string>> = {
  teacher: (name) => `${name} (teacher)`,
  headteacher: (name) => `${name} (Headteacher)`,
  deputy: (name) => `${name} (deputy, safeguarding lead)`,
  chair: (name) => `${name} (chair of governors)`,
};
export type Part = keyof typeof CALLED;

/** What somebody has done to a card before it is shown. */
export interface Handled {
  /** By input. */
  readonly typed?: Readonly<Record<string, string>>;
  /** How the titles of buttons begin that were pressed to see more. */
  readonly unfold?: readonly string[];
}

/** What people of the school say and press, taken down as it happens. */
export class Stage {
  readonly cast: Cast;
  readonly teams: DemoTeams;
  readonly recording: Recording;

  constructor(cast: Cast, teams: DemoTeams, recording: Recording) {
    this.cast = cast;
    this.teams = teams;
    this.recording = recording;
  }

  called(part: Part): string {
    return CALLED[part](this.cast[part].name);
  }

  /** Types something in the own chat. @returns the card that answers. */
  async says(part: Part, words: string, name: string): Promise<Posted> {
    this.recording.add({ kind: 'says', who: this.called(part), where: OWN_CHAT, words });
    const replies = await this.teams.say(this.cast[part], words);
    const answer = replies.findLast((posted) => cardOf(posted) !== undefined);
    if (!answer) throw new Error(`There was no card in answer to “${words}”.`);
    this.shows(part, name, answer);
    return answer;
  }

  does(words: string): void {
    this.recording.add({ kind: 'does', words });
  }

  /** Takes down a card in somebody's own chat, as it looks just now. */
  shows(part: Part, name: string, posted: Posted, how?: Handled): void {
    this.card(name, { by: this.called(part), where: OWN_CHAT }, posted, how);
  }

  card(name: string, seen: Seen, posted: Posted, { typed = {}, unfold = [] }: Handled = {}): void {
    const card = cardOf(posted);
    if (!card) throw new Error(`There is no card: ${name}.`);
    this.recording.add({ kind: 'card', name, seen, card: unfolded(filledIn(card, typed), ...unfold) });
  }

  /** Waits for a card in somebody's own chat that says something; the latest. */
  arrived(part: Part, ...says: readonly string[]): Promise<Posted> {
    return this.#until(() => this.teams.ownChat(this.cast[part]).findLast((one) => holds(one, says)), says);
  }

  /** Waits for a card in a channel or a chat of several. */
  arrivedAt(place: Place, ...says: readonly string[]): Promise<Posted> {
    return this.#until(() => this.teams.at(place).findLast((one) => holds(one, says)), says);
  }

  async #until(look: () => Posted | undefined, says: readonly string[]): Promise<Posted> {
    for (const end = Date.now() + LIMIT_MS; Date.now() < end; await setTimeout(LOOK_MS)) {
      const found = look();
      if (found) return found;
    }
    throw new Error(`No card came that says “${says.join('” and “')}”.`);
  }
}

const holds = (posted: Posted, says: readonly string[]): boolean =>
  says.every((words) => wholeOf(cardOf(posted)).includes(words));

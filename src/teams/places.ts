import type { Activity } from 'botbuilder';
import { type Target, targetKey } from '../schools/delivery.js';
import type { Directory } from '../schools/directory.js';
import type { School } from '../schools/school.js';
import { conversationOf, isPersonal } from './turn.js';

/** The two conversations that play a part for the whole school. */
export type Part = Exclude<Target['to'], 'person'>;

/** Where a part is played: as chosen in Teams or, while nothing is, as the profile has it. */
export interface Place {
  readonly id: string;
  /** `null` for a chat, or where it is not known. */
  readonly teamId: string | null;
  /** `null` where Teams did not say. */
  readonly name: string | null;
  /** `null` for the profile's. */
  readonly chosenAt: Date | null;
}

type OfSchool = Pick<School, 'profile'>;

/** The one answer to where a school's channel and chat are. Every method rejects only when storage cannot be reached. */
export interface Places {
  of(school: OfSchool, part: Part): Promise<Place>;
  headteacherChannelOf(school: OfSchool): Promise<Place>;
  governorsChatOf(school: OfSchool): Promise<Place>;
  /** Whether a turn comes from the channel that takes this school's reports, in whichever thread. */
  isHeadteacherChannel(activity: Activity, school: OfSchool): Promise<boolean>;
}

/** Looks at storage every time, as another process may have been told of another place. */
export function createPlaces(directory: Pick<Directory, 'chosen'>): Places {
  const of = async ({ profile: { id, teams } }: OfSchool, part: Part): Promise<Place> => {
    const chosen = await directory.chosen(id, targetKey({ to: part }));
    if (chosen) return chosen;
    return part === 'headteacher_channel'
      ? { ...teams.headteacherChannel, teamId: teams.teamId, chosenAt: null }
      : { ...teams.governorsChat, teamId: null, chosenAt: null };
  };
  const headteacherChannelOf = (school: OfSchool) => of(school, 'headteacher_channel');
  return {
    of,
    headteacherChannelOf,
    governorsChatOf: (school) => of(school, 'governors_chat'),
    async isHeadteacherChannel(activity, school) {
      if (isPersonal(activity)) return false;
      return conversationOf(activity) === (await headteacherChannelOf(school)).id;
    },
  };
}

import { cardOf } from './card-parts.js';
import type { Stage } from './story.js';

const QUESTION = 'can i add an ex pupil on insta?';
/** Of no clause of the sample policy. */
const NOT_COVERED = 'how do i book a day off for my sisters wedding';
const ANSWER =
  'Please fill in the leave form in the staff room at least two weeks before. I say yes whenever we can cover you.';

/** A question that the policy answers. */
export async function askThePolicy(stage: Stage): Promise<void> {
  stage.recording.begin(
    '1. A question',
    'Staff ask in their own words and get the policy’s own clause, word for word, with its version and date. Who asked is not kept.',
  );
  await stage.says('teacher', QUESTION, 'the clause');
}

/** A question that it does not answer, which goes to the Headteacher and comes back. */
export async function askTheHeadteacher(stage: Stage): Promise<void> {
  const { cast, teams } = stage;
  stage.recording.begin(
    '2. A question that the policy does not cover',
    'Policy Desk does not guess. It says that the policy is silent, and offers to ask the Headteacher, with or without a name.',
  );
  const silent = await stage.says('teacher', NOT_COVERED, 'what the policy leaves open');
  await teams.press(cast.teacher, silent, 'Ask the Headteacher');
  const typed = { name: 'with' };
  stage.shows('teacher', 'the question, to be sent', silent, typed);
  await teams.press(cast.teacher, silent, 'Send', { ...typed, question: NOT_COVERED });
  stage.does(`${stage.called('teacher')} presses Send.`);

  const asked = await stage.arrivedAt(cast.channel, 'enquiry.answer');
  const answer = { answer: ANSWER, keep: 'false' };
  stage.card('the question', { by: 'The Headteacher and triagers', where: CHANNEL }, cardOf(asked), answer);
  await teams.press(cast.headteacher, asked, 'Send answer', answer, cast.channel);
  stage.does(`${stage.called('headteacher')} types the answer and presses Send answer.`);
  stage.shows('teacher', 'the Headteacher’s answer', await stage.arrived('teacher', ANSWER.slice(0, 30)));
}

export const CHANNEL = 'in the Headteacher’s channel';

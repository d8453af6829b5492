import type { Seen } from './recording.js';
import type { Stage } from './story.js';

const QUESTION = 'can i add an ex pupil on insta?';
/** The sample policy has no clause on it. */
const NOT_COVERED = 'can we have a class podcast on spotify?';
const ANSWER =
  'Yes, as a trial in the summer term, without names of pupils. Please send me the form in Appendix A first.';

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
  stage.shows('teacher', 'the question, to be sent', silent, { typed });
  await teams.press(cast.teacher, silent, 'Send', { ...typed, question: NOT_COVERED });
  stage.does(`${stage.called('teacher')} presses Send.`);

  const asked = await stage.arrivedAt(cast.channel, 'enquiry.answer');
  const answer = { answer: ANSWER, keep: 'true' };
  stage.card('the question', IN_CHANNEL, asked, { typed: answer });
  await teams.press(cast.headteacher, asked, 'Send answer', answer, cast.channel);
  stage.does(
    `${stage.called('headteacher')} types the answer, ticks that it is kept for others, and presses Send answer.`,
  );
  stage.shows('teacher', 'the Headteacher’s answer', await stage.arrived('teacher', ANSWER.slice(0, 30)));
}

/** Everyone in the channel reads its cards. */
export const IN_CHANNEL: Seen = { by: 'the Headteacher and those who help', where: 'in the Headteacher’s channel' };

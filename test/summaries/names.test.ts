import { beforeAll, describe, expect, it } from 'vitest';
import type { Case, Happening } from '../../src/reports/case.js';
import type { Answers } from '../../src/reports/report.js';
import type { SchoolProfile } from '../../src/schools/profile.js';
import { namesIn } from '../../src/summaries/names.js';
import { anAnswers, aReport, further, submitted } from '../support/reports.js';
import { sampleSchool } from '../support/sample-school.js';
import { BETH, DANIEL, HELEN } from '../support/staff.js';

let profile: SchoolProfile;
beforeAll(async () => {
  ({ profile } = await sampleSchool());
});

const aCase = (answers: Partial<Answers> = {}, reporter: { personId: string; name: string | null } = NOBODY): Case =>
  submitted(aReport('a-school', { answers: anAnswers({ words: '', place: '', account: '', ...answers }), reporter }))
    .case;
const NOBODY = { personId: '5f0d1c2b-7b1e-4f0a-8c55-0123456789ab', name: null };
const then = (current: Case, what: Happening): Case =>
  further({ case: current, version: '', deliveries: 0 }, what).case;
const found = (words: string, ...cases: Case[]) => namesIn(words, cases, profile, HELEN.id);

describe('names in a comment', () => {
  it.each([
    ['We thank Beth for it.', ['Beth']],
    ['we thank beth larkin for it', ['beth', 'larkin']],
    ['LARKIN’S class had an assembly.', ['LARKIN']],
    ['Larkins class had an assembly.', ['Larkins']],
    ['Bethány is a name of its own, béth is not.', ['béth']],
    ['Beth, Beth and beth again', ['beth']],
    ['The assembly was for all classes.', []],
  ])('finds whoever is involved: %s', async (words, names) => {
    expect(await found(words, aCase({ involved: [BETH.id.toUpperCase()] }))).toEqual(names);
  });

  it('finds the reporter, whether or not the school knows them', async () => {
    expect(await found('Thanks to Zoe Quartermaine.', aCase({}, { ...NOBODY, name: 'Zoë Quartermaine' }))).toEqual([
      'Zoe',
      'Quartermaine',
    ]);
    expect(await found('Thanks to Larkin.', aCase({}, { personId: BETH.id, name: null }))).toEqual(['Larkin']);
  });

  it('finds whoever dealt with it, and whoever it was kept from', async () => {
    const assigned = then(aCase(), { kind: 'assigned', to: DANIEL.id, card: null });
    expect(await found('Mr Hughes did well.', assigned)).toEqual(['Hughes']);
    const route = { way: 'chair', people: [], channel: false, recused: [BETH.id], lado: false } as const;
    const rerouted = then(aCase(), { kind: 'rerouted', unreachable: [], route, firstDelivery: 2 });
    expect(await found('Beth was away.', rerouted)).toEqual(['Beth']);
  });

  it('takes a name that is a word for one where it stands as a name', async () => {
    const will = aCase({}, { ...NOBODY, name: 'Will Quartermaine' });
    expect(await found('We will see to it, and so the will is there.', will)).toEqual([]);
    expect(await found('We asked Will', will)).toEqual(['Will']);
    expect(await found('will quartermaine', will)).toEqual(['will', 'quartermaine']);
  });

  it('finds what was typed as a name into a case, whatever was typed there', async () => {
    const typed = aCase({ words: 'Kayleigh posted it, and Tariq Mahmood saw.', account: '@kayleigh_r' });
    expect(await found('Tariq was upset', typed)).toEqual(['Tariq']);
    expect(await found('tariq’s mother was upset', typed)).toEqual(['tariq']);
    expect(await found('Kayleigh was upset', typed)).toEqual(['Kayleigh']);
    for (const what of [
      { kind: 'note_added', words: 'It was oluwaseun again' },
      { kind: 'action_taken', action: 'told_police', on: '2026-11-20', who: 'PC Oluwaseun', words: '' },
      { kind: 'closed', outcome: 'resolved', message: 'Thank you, Oluwaseun' },
      { kind: 'withdrawn', reason: 'I spoke with Oluwaseun' },
      { kind: 'question_answered', question: 1, words: 'Oluwaseun did it' },
      { kind: 'severity_changed', from: 'normal', to: 'high', reason: 'as Oluwaseun asked' },
    ] as const)
      expect(await found('Oluwaseun was upset', then(aCase(), what)), what.kind).toEqual(['Oluwaseun']);
  });

  it('leaves words that are no names, though a case has them, too', async () => {
    const typed = aCase({ words: 'Workshops about Facebook were cancelled. A wombat, 2026, in September.' });
    expect(await found('We hold workshops on Facebook in September 2026 for parents, with a wombat.', typed)).toEqual(
      [],
    );
  });

  it('says nothing of whoever writes, nor of people in no case', async () => {
    const hers = then(aCase(), { kind: 'assigned', to: HELEN.id.toUpperCase(), card: null });
    expect(await found('Helen Achebe, Headteacher. Ruth Castellan chairs.', hers)).toEqual([]);
    expect(await found('Beth Larkin')).toEqual([]);
  });
});

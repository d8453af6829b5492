import {
  type Answers,
  type Check,
  isEmail,
  isName,
  isObjectId,
  isPeriod,
  isPerson,
  isPhone,
  isPlace,
  isTenantId,
  isTimeZone,
  isYesOrNo,
} from './answers.js';

/** One thing that `school new` asks for. */
export interface Question {
  /** Its name, and that of its flag: `headteacher-id`. */
  readonly key: string;
  readonly words: string;
  /** Where to find it, or what it is for; said before it is asked. */
  readonly where?: string;
  readonly check: Check;
  /** Taken when nothing is typed; `required`: something must be. */
  readonly otherwise: 'required' | 'nothing' | ((answers: Answers) => string);
  /** May be answered again and again, until nothing is typed. */
  readonly many?: true;
  /** Left out: always asked. */
  readonly onlyIf?: (answers: Answers) => boolean;
  /** Only by its flag. */
  readonly silent?: true;
}

const OBJECT_ID =
  'Object ids: Entra admin centre (entra.microsoft.com) > Users > the person > Object ID. Not their e-mail address: that can change.';

const given = (key: string) => (answers: Answers) => (answers[key]?.length ?? 0) > 0;
const office = (key: string, words: string, asked: 'required' | 'nothing', where?: string): Question => ({
  ...{ key: `${key}-name`, words: `${words}: name${asked === 'nothing' ? ' (Enter: nobody yet)' : ''}` },
  ...{ check: isName, otherwise: asked, ...(where !== undefined && { where }) },
});
const objectId = (key: string, words: string): Question => ({
  ...{ key: `${key}-id`, words: `${words}: object id`, check: isObjectId, otherwise: 'required' },
  onlyIf: given(`${key}-name`),
});
const reachable = (key: string, words: string, phone: 'required' | 'nothing' = 'nothing'): readonly Question[] => [
  {
    ...{ key: `${key}-phone`, words: `${words}: telephone, as shown to staff`, check: isPhone, otherwise: phone },
    onlyIf: given(`${key}-name`),
  },
  {
    ...{ key: `${key}-email`, words: `${words}: e-mail (Enter: none)`, check: isEmail, otherwise: 'nothing' },
    onlyIf: given(`${key}-name`),
  },
];
const HEAD = 'Headteacher';
const DSL = 'Designated safeguarding lead';
const CHAIR = 'Chair of governors';
const TRUST = 'Person at the trust or local authority';

const PEOPLE: readonly Question[] = [
  office('headteacher', HEAD, 'required', OBJECT_ID),
  objectId('headteacher', HEAD),
  ...reachable('headteacher', HEAD),
  office('deputy', 'Deputy headteacher', 'nothing', 'Stands in when the Headteacher cannot be reached.'),
  objectId('deputy', 'Deputy headteacher'),
  office(
    'dsl',
    DSL,
    'required',
    'May be somebody named before: give the same object id. The number is one that is answered in school hours.',
  ),
  objectId('dsl', DSL),
  ...reachable('dsl', DSL, 'required'),
  office(
    'chair',
    CHAIR,
    'required',
    'Gets reports about the Headteacher, in their own chat. Needs an account in the tenant.',
  ),
  objectId('chair', CHAIR),
  ...reachable('chair', CHAIR),
  office(
    'lado',
    'LADO (local authority designated officer)',
    'required',
    'On the web page of your local safeguarding children partnership. “Devon LADO” will do for a name.',
  ),
  ...reachable('lado', 'LADO', 'required'),
  office(
    'trust',
    TRUST,
    'nothing',
    'Gets reports about both the Headteacher and the chair of governors. Needs an account in the tenant.',
  ),
  objectId('trust', TRUST),
  ...reachable('trust', TRUST),
  office(
    'administrator',
    'Who looks after Teams',
    'nothing',
    'May connect the channel and see what is connected. Reads no reports for it.',
  ),
  objectId('administrator', 'Who looks after Teams'),
  {
    ...{
      key: 'triager',
      words: 'Others who may act on reports: name, object id',
      check: isPerson,
      otherwise: 'nothing',
      many: true,
    },
    where: 'One a line, such as: Sam Okafor, 7e5f1c9a-3b62-4d18-9a47-0c2d8e6b1f34. Enter alone goes on.',
  },
  {
    ...{
      key: 'governor',
      words: 'Governors beside the chair: name, object id',
      check: isPerson,
      otherwise: 'nothing',
      many: true,
    },
  },
];

const TEAMS: readonly Question[] = [
  {
    ...{ key: 'team', words: 'Link of the school’s team (Enter: later)', check: isPlace, otherwise: 'nothing' },
    where:
      'The team of those who deal with reports, as everybody in a team can open its channels. In Teams: … beside the team > Get link to team. Paste all of it. Where schools share a tenant, it is needed before a channel can be chosen.',
  },
  {
    key: 'team-name',
    words: 'Name of that team',
    check: isName,
    otherwise: (answers) => answers.name?.[0] ?? 'School',
  },
  {
    ...{
      key: 'channel',
      words: 'Link of the Headteacher’s channel (Enter: chosen in Teams later)',
      check: isPlace,
      otherwise: 'nothing',
    },
    where: 'The channel of that team that takes reports: … beside the channel > Get link to channel.',
  },
  {
    ...{
      key: 'governors-chat',
      words: 'Link of the governors’ chat (Enter: chosen in Teams later)',
      check: isPlace,
      otherwise: 'nothing',
    },
  },
];

const TERMS: readonly Question[] = [
  {
    ...{ key: 'term', words: 'Terms: name, first day, last day', check: isPeriod, otherwise: 'required', many: true },
    where: 'One a line, such as: Autumn 2026, 2026-09-02, 2026-12-18. All of this school year. Enter alone goes on.',
  },
  {
    ...{
      key: 'holiday',
      words: 'Half-terms and other days without school within them',
      check: isPeriod,
      otherwise: 'nothing',
      many: true,
    },
    where: 'One a line, such as: Autumn half-term, 2026-10-26, 2026-10-30. Enter alone goes on.',
  },
];

/**
 * Everything that is asked, in its order.
 *
 * @param isNewId what is wrong with the name of a folder.
 * @param usual what other schools of the folder have.
 */
export const questions = (isNewId: Check, usual: { readonly tenantId?: string }): readonly Question[] => [
  {
    ...{ key: 'id', words: 'Short name of the school', check: isNewId, otherwise: 'required' },
    where: 'The name of its folder, and for good: lower-case letters, digits and hyphens, such as oak-primary.',
  },
  { key: 'name', words: 'Name of the school, as people know it', check: isName, otherwise: 'required' },
  {
    ...{ key: 'tenant', words: 'Microsoft Entra tenant id', check: isTenantId },
    where: 'Entra admin centre (entra.microsoft.com) > Overview > Tenant ID.',
    otherwise: usual.tenantId === undefined ? 'required' : () => usual.tenantId ?? '',
  },
  {
    ...{ key: 'shared-tenant', words: 'Do other schools use the same tenant, yes or no', check: isYesOrNo },
    where:
      'In most trusts they do. Then only those who are named below are taken for this school’s, and whoever writes in its team.',
    otherwise: (answers) => (answers.tenant?.[0]?.toLowerCase() === usual.tenantId?.toLowerCase() ? 'yes' : 'no'),
  },
  { key: 'time-zone', words: 'Time zone', check: isTimeZone, otherwise: () => 'Europe/London', silent: true },
  ...PEOPLE,
  {
    ...{ key: 'staff', words: 'File with all other staff (Enter: none)', check: () => undefined, otherwise: 'nothing' },
    where:
      'Needed where schools share a tenant. Entra admin centre > Groups > the school’s staff > Members > Download members.',
  },
  ...TERMS,
  ...TEAMS,
  { key: 'policy', words: 'Policies to copy', check: () => undefined, otherwise: 'nothing', many: true, silent: true },
];

import type { Activity } from 'botbuilder';
import { z } from 'zod/v4';
import { MOST_FILE_BYTES } from '../reports/evidence.js';
import { type AttachmentHosts, leaveFor, TEAMS_HOSTS } from './attachment-hosts.js';
import type { TokenSource } from './connector.js';
import { isPersonal, messageOf } from './turn.js';

/** A thing that came with a message. Names and declared types are not read: what a file is, its bytes tell. */
export type Attachment =
  /** Pasted into the message, or taken with a phone. */
  | { readonly kind: 'picture'; readonly url: string }
  /** Attached; Teams has put it into the person's OneDrive first, and it stays there. */
  | { readonly kind: 'file'; readonly url: string }
  /** It was sent, and nothing arrived, as happens to pictures from a phone's gallery. */
  | { readonly kind: 'empty' }
  /** No file that could be fetched: a voice message, a file of a channel. */
  | { readonly kind: 'other' };

export type FetchableAttachment = Extract<Attachment, { url: string }>;

const attachmentForm = z.object({
  contentType: z.string().catch(''),
  contentUrl: z.string().min(1).optional().catch(undefined),
  content: z.unknown(),
});
type RawAttachment = z.infer<typeof attachmentForm>;

const downloadInfo = z.object({ downloadUrl: z.string().min(1) });

const FILE = 'application/vnd.microsoft.teams.file.download.info';
/** The message once more as HTML; cards that Teams makes of links; the message that was answered. None of them is a file. */
const NO_FILE =
  /^(?:text\/(?:html|plain)|messagereference|forwardedmessagereference|application\/vnd\.microsoft\.(?!card\.(?:audio|video)).*)$/u;
/** A picture within the HTML of a message; signs and stickers have other types. */
const PICTURE_IN_HTML = /<img\b[^>]*schema\.skype\.com\/AMSImage/iu;

/**
 * What a message carries. A message that carries nothing at all, neither words nor a file, or whose HTML shows a picture that did
 * not come with it, is one whose attachment arrived empty. Meant for personal chats: elsewhere bots are sent no files.
 */
export function attachmentsOf(activity: Activity): readonly Attachment[] {
  const raw: unknown = activity.attachments;
  const all = (Array.isArray(raw) ? raw : []).map((one) => attachmentForm.safeParse(one).data);
  const files = all.flatMap((one) => (one === undefined ? { kind: 'empty' as const } : attachmentOf(one)));
  if (files.length > 0) return files;
  const showsPicture = all.some((one) => typeof one?.content === 'string' && PICTURE_IN_HTML.test(one.content));
  return showsPicture || saysNothing(activity) ? [{ kind: 'empty' }] : [];
}

function attachmentOf({ contentType, contentUrl, content }: RawAttachment): Attachment | [] {
  const type = contentType.toLowerCase();
  if (type.startsWith('image/'))
    return contentUrl === undefined ? { kind: 'empty' } : { kind: 'picture', url: contentUrl };
  if (type === FILE) {
    const info = downloadInfo.safeParse(content).data;
    return info ? { kind: 'file', url: info.downloadUrl } : { kind: 'empty' };
  }
  if (type === '' && contentUrl === undefined && (content === undefined || content === null)) return { kind: 'empty' };
  return NO_FILE.test(type) ? [] : { kind: 'other' };
}

const saysNothing = (activity: Activity): boolean =>
  activity.type === 'message' &&
  isPersonal(activity) &&
  activity.value === undefined &&
  (activity.attachments ?? []).length === 0 &&
  messageOf(activity) === '';

/** Why nothing was fetched. */
export type NoDownload =
  /** The address, or one it refers on to, is none of Teams'. Nothing was sent there. */
  | 'not_from_teams'
  | 'too_large'
  | 'empty'
  | 'late'
  /** Refused, broken off, or not all of it came. */
  | 'failed';

export type Downloaded = { readonly bytes: Uint8Array } | { readonly failure: NoDownload };

export interface DownloadOptions {
  readonly token: TokenSource;
  /** From `hostsOfTurn`. */
  readonly hosts?: AttachmentHosts;
  readonly signal?: AbortSignal;
  /** For everything together: token, redirects, body. */
  readonly withinMs?: number;
  readonly mostBytes?: number;
}

const WITHIN_MS = 15_000;
const MOST_REDIRECTS = 3;

/** Fetches what a message carries, from Teams' own hosts only; the token goes to no other. Never rejects. */
export async function downloadAttachment(
  { url }: FetchableAttachment,
  { token, hosts = TEAMS_HOSTS, signal, withinMs = WITHIN_MS, mostBytes = MOST_FILE_BYTES }: DownloadOptions,
): Promise<Downloaded> {
  const deadline = AbortSignal.timeout(withinMs);
  const until = signal ? AbortSignal.any([signal, deadline]) : deadline;
  try {
    const response = await untilAborted(follow(url, hosts, token, until), until);
    return response === undefined ? { failure: 'not_from_teams' } : await bodyOf(response, mostBytes);
  } catch {
    return { failure: deadline.aborted ? 'late' : 'failed' };
  }
}

/** @returns the last response; `undefined` when it leads to a host that is not on the list. */
async function follow(
  first: string,
  hosts: AttachmentHosts,
  token: TokenSource,
  signal: AbortSignal,
): Promise<Response | undefined> {
  let url = URL.canParse(first) ? new URL(first) : undefined;
  const { origin } = url ?? {};
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    const leave = url && leaveFor(url, hosts);
    if (url === undefined || leave === undefined) return undefined;
    // A redirect takes the token nowhere else, not even to another host that could have it.
    const tokenHere = leave === 'with_token' && url.origin === origin ? token : undefined;
    const response = await ask(url, tokenHere, signal);
    if (!isRedirect(response)) return response;
    await response.body?.cancel();
    const location = response.headers.get('location') ?? '';
    url = URL.canParse(location, url.href) ? new URL(location, url.href) : undefined;
  }
  throw new Error('Referred on too often.');
}

const isRedirect = ({ status }: Response): boolean => [301, 302, 303, 307, 308].includes(status);

async function ask(url: URL, token: TokenSource | undefined, signal: AbortSignal): Promise<Response> {
  const attempt = async (fresh: boolean) => {
    const bearer = await token?.(fresh);
    const headers = {
      'accept-encoding': 'identity',
      ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
    };
    return fetch(url, { headers, redirect: 'manual', signal });
  };
  const first = await attempt(false);
  if (first.status !== 401 || token === undefined) return first;
  // A token may have been withdrawn before its time.
  await first.body?.cancel();
  return attempt(true);
}

/** Reads a body; the size is counted as it comes, whatever was declared. A body that ends before its declared length throws. */
async function bodyOf(response: Response, mostBytes: number): Promise<Downloaded> {
  if (response.status !== 200) {
    await response.body?.cancel();
    return { failure: 'failed' };
  }
  const chunks: Uint8Array[] = [];
  let received = 0;
  // Leaving the loop ends the connection.
  for await (const chunk of response.body ?? []) {
    received += chunk.length;
    if (received > mostBytes) return { failure: 'too_large' };
    chunks.push(chunk);
  }
  return received === 0 ? { failure: 'empty' } : { bytes: Buffer.concat(chunks) };
}

/** Getting a token takes no signal. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
    work.catch(() => undefined);
  }
}

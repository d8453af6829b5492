// The upload page's script: drag and drop, paste, several files with a progress bar each, and what each of them shows.
// It loads nothing, keeps nothing, and talks to this page's own address only.
document.documentElement.classList.add('script');
document.addEventListener('DOMContentLoaded', () => {
  const zone = document.querySelector('.drop');
  if (zone instanceof HTMLElement) start(zone);
});

const SENDING_AT_ONCE = 2;
const SENDING_MS = 200_000;
const MOST_TRIES = 12;
const SAVE_AFTER_MS = 700;
const PICTURES = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'];

/**
 * @typedef {{ file: File, name: string, row: HTMLElement, tries: number }} Upload
 * @typedef {{ id: string, count: number, outcome: 'added' | 'same', seen: Record<string, string> }} Taken
 */

/**
 * Every way in: choosing, the camera, pasting, dropping.
 *
 * @param {HTMLElement} zone
 */
function start(zone) {
  const sender = new Sender(zone);
  for (const id of ['choose', 'camera']) {
    const input = /** @type {HTMLInputElement} */ (document.getElementById(id));
    input.addEventListener('change', () => {
      sender.addAll([...(input.files ?? [])]);
      // The same file may be chosen again.
      input.value = '';
    });
  }
  document.addEventListener('paste', (event) => {
    const files = event.clipboardData?.files;
    if (!files?.length) return;
    event.preventDefault();
    sender.addAll(files, 'Pasted picture');
  });
  // Anywhere on the page: a file dropped beside the area would otherwise replace the page.
  document.addEventListener('dragover', (event) => {
    event.preventDefault();
    zone.classList.add('over');
  });
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) zone.classList.remove('over');
  });
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    zone.classList.remove('over');
    sender.addAll(event.dataTransfer?.files ?? []);
  });
  window.addEventListener('beforeunload', (event) => {
    if (sender.isBusy) event.preventDefault();
  });
}

/** Sends files, a few at a time, until the link runs out. */
class Sender {
  /** @type {HTMLElement} */
  #zone;
  /** @type {Upload[]} */
  #waiting = [];
  #sending = 0;
  #stale = false;

  /** @param {HTMLElement} zone */
  constructor(zone) {
    this.#zone = zone;
    const until = new Date(zone.dataset.expires ?? '');
    const time = one(zone, 'time');
    time.textContent = until.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
    time.setAttribute('datetime', until.toISOString());
    one(zone, '[data-until]').hidden = false;
    setTimeout(() => this.#runOut(), Math.max(0, until.getTime() - Date.now()));
  }

  get isBusy() {
    return this.#sending + this.#waiting.length > 0;
  }

  /**
   * @param {Iterable<File>} files
   * @param {string} [called]
   */
  addAll(files, called) {
    if (this.#stale) return;
    for (const file of files) this.#add({ file, name: called ?? file.name, tries: 0 });
    this.#next();
  }

  /** @param {Omit<Upload, 'row'>} chosen */
  #add(chosen) {
    const upload = { ...chosen, row: newRow(chosen.file, chosen.name) };
    const { mostBytes, tooLarge = '', empty = '' } = this.#zone.dataset;
    if (chosen.file.size === 0) refuse(upload, empty);
    else if (chosen.file.size > Number(mostBytes)) refuse(upload, tooLarge);
    else this.#wait(upload);
  }

  /** @param {Upload} upload */
  #wait(upload) {
    show(upload, 'Waiting');
    this.#waiting.push(upload);
  }

  #next() {
    while (this.#sending < SENDING_AT_ONCE && this.#waiting.length > 0) {
      const upload = /** @type {Upload} */ (this.#waiting.shift());
      this.#sending += 1;
      void this.#send(upload).finally(() => {
        this.#sending -= 1;
        this.#next();
      });
    }
  }

  /** @param {Upload} upload */
  async #send(upload) {
    upload.tries += 1;
    const { status, body, retryAfter } = await post(upload);
    if (status === 200 && body?.id) took(upload, /** @type {Taken} */ (body));
    else if (status === 410) {
      refuse(upload, body?.sentence ?? '');
      this.#runOut();
    } else if (retryAfter > 0 && upload.tries < MOST_TRIES) {
      show(upload, 'Waiting: many files are being sent just now');
      await new Promise((resolve) => setTimeout(resolve, retryAfter * 1000));
      this.#wait(upload);
    } else if (status === 0 || status >= 500 || status === 408)
      this.#letTryAgain(upload, body?.sentence ?? 'It did not arrive. Check your connection, then try again.');
    else refuse(upload, body?.sentence ?? 'It could not be taken. Please try another file.');
  }

  /**
   * @param {Upload} upload
   * @param {string} words
   */
  #letTryAgain(upload, words) {
    refuse(upload, words);
    const again = one(upload.row, '.again');
    again.hidden = false;
    again.onclick = () => {
      again.hidden = true;
      upload.row.classList.remove('refused');
      upload.tries = 0;
      this.#wait(upload);
      this.#next();
    };
  }

  #runOut() {
    if (this.#stale) return;
    this.#stale = true;
    this.#zone.hidden = true;
    const { stale = '' } = this.#zone.dataset;
    const problem = one(document, '[data-problem]');
    problem.textContent = stale;
    problem.hidden = false;
    for (const upload of this.#waiting.splice(0)) refuse(upload, stale);
  }
}

/**
 * @param {Upload} upload
 * @returns {Promise<{ status: number, body: Partial<Taken> & { outcome?: string, sentence?: string } | undefined, retryAfter: number }>}
 */
function post(upload) {
  const progress = /** @type {HTMLProgressElement} */ (one(upload.row, 'progress'));
  progress.hidden = false;
  progress.value = 0;
  show(upload, 'Sending');
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open('POST', `${location.pathname}/files`);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.timeout = SENDING_MS;
    request.upload.onprogress = ({ loaded, total }) => {
      progress.value = total > 0 ? (100 * loaded) / total : 0;
      show(upload, loaded < total ? `Sending, ${Math.floor(progress.value)}%` : 'Checking');
    };
    request.onloadend = () => {
      progress.hidden = true;
      const retryAfter = Number(request.getResponseHeader('Retry-After') ?? 0);
      resolve({ status: request.status, body: parsed(request.responseText), retryAfter });
    };
    request.send(upload.file);
  });
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * @param {File} file
 * @param {string} name
 */
function newRow(file, name) {
  const template = /** @type {HTMLTemplateElement} */ (document.querySelector('template[data-file]'));
  const row = /** @type {HTMLElement} */ (/** @type {Element} */ (template.content.firstElementChild).cloneNode(true));
  one(row, '.name').textContent = name;
  one(row, 'progress').setAttribute('aria-label', `Sending ${name}`);
  one(row, 'legend .unseen').textContent = ` ${name}`;
  one(row, '.again').setAttribute('aria-label', `Try again: ${name}`);
  if (PICTURES.includes(file.type)) preview(row, file);
  else if (file.type === 'application/pdf') one(row, '.kind').textContent = 'PDF';
  one(document, '.files').append(row);
  return row;
}

/**
 * @param {HTMLElement} row
 * @param {File} file
 */
function preview(row, file) {
  const picture = /** @type {HTMLImageElement} */ (one(row, 'img'));
  picture.src = URL.createObjectURL(file);
  picture.onload = () => {
    picture.hidden = false;
    one(row, '.kind').hidden = true;
    URL.revokeObjectURL(picture.src);
  };
}

/** @param {Upload} upload @param {string} words */
function show({ row }, words) {
  one(row, '.state').textContent = words;
}

/** @param {Upload} upload @param {string} words */
function refuse(upload, words) {
  one(upload.row, 'progress').hidden = true;
  upload.row.classList.add('refused');
  show(upload, words);
  announce(`${upload.name}: not added. ${words}`);
}

/** @param {Upload} upload @param {Taken} taken */
function took(upload, { id, count, outcome, seen }) {
  const { row, name } = upload;
  row.classList.add('taken');
  show(upload, outcome === 'same' ? 'There already, so not added twice' : 'Added');
  const total = count === 1 ? 'Your report has 1 file.' : `Your report has ${count} files.`;
  announce(`${name}: ${outcome === 'same' ? 'there already' : 'added'}. ${total}`);
  one(document, '[data-done] strong').textContent = total;
  one(document, '[data-done]').hidden = false;
  // What one file shows is asked once.
  if (document.querySelector(`[data-evidence="${id}"]`)) return;
  row.dataset.evidence = id;
  const fields = one(row, '.seen');
  for (const input of fields.querySelectorAll('input')) {
    input.value = seen[input.name] ?? '';
    if (input.type === 'date') input.max = today();
  }
  fields.hidden = false;
  saveAsTyped(fields, id);
}

/** The day at this device, as date fields have it. */
function today() {
  return new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

/**
 * Saves what is typed shortly after each pause, and at once when the page is left: nothing is lost, and there is nothing to press.
 *
 * @param {HTMLElement} fields
 * @param {string} id
 */
function saveAsTyped(fields, id) {
  let timer = 0;
  let unsaved = false;
  let saving = Promise.resolve();
  const save = () => {
    clearTimeout(timer);
    if (!unsaved) return;
    unsaved = false;
    const typed = Object.fromEntries([...fields.querySelectorAll('input')].map(({ name, value }) => [name, value]));
    // One after the other, so that the last one typed is the last one saved.
    saving = saving.then(() => describe(id, typed)).then((words) => say(words));
  };
  /** @param {{ saved: boolean, words: string }} result */
  const say = ({ saved, words }) => {
    const state = one(fields, '.saved');
    if (unsaved) return;
    state.classList.toggle('fault', !saved);
    state.textContent = words;
  };
  fields.addEventListener('input', () => {
    unsaved = true;
    one(fields, '.saved').textContent = 'Saving…';
    clearTimeout(timer);
    timer = setTimeout(save, SAVE_AFTER_MS);
  });
  fields.addEventListener('change', save);
  document.addEventListener('visibilitychange', save);
  window.addEventListener('pagehide', save);
}

/**
 * @param {string} id
 * @param {Record<string, string>} typed
 */
async function describe(id, typed) {
  const failed = { saved: false, words: 'This is not saved. Check your connection, then change it once more.' };
  try {
    const response = await fetch(`${location.pathname}/files/${id}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(typed),
      keepalive: true,
    });
    const { saved = false, sentence = failed.words } = await response.json();
    return saved ? { saved, words: '✓ Saved' } : { saved, words: sentence };
  } catch {
    return failed;
  }
}

/** Read aloud, one after the other. @param {string} words */
function announce(words) {
  const line = document.createElement('span');
  line.textContent = `${words} `;
  one(document, '[data-live]').append(line);
}

/**
 * @param {ParentNode} within
 * @param {string} selector
 */
function one(within, selector) {
  return /** @type {HTMLElement} */ (within.querySelector(selector));
}

// The viewing page's script: zoom by button and key, and moving by mouse. It loads nothing and keeps nothing.
document.documentElement.classList.add('script');
document.addEventListener('DOMContentLoaded', () => {
  const stage = /** @type {HTMLElement} */ (document.querySelector('[data-stage]'));
  const picture = /** @type {HTMLImageElement} */ (stage.querySelector('img'));
  if (picture.complete) begin(stage, picture);
  else {
    picture.addEventListener('load', () => begin(stage, picture));
    picture.addEventListener('error', () => sayMissing());
  }
});

const STEP = 1.5;
/** As far as a picture is ever enlarged, as a multiple of its natural size, and of the whole picture on the page. */
const MOST = 4;
const MOST_OF_WHOLE = 8;

/** @type {Readonly<Record<string, string>>} */
const KEYS = { '+': 'in', '=': 'in', '-': 'out', '−': 'out', 0: 'whole', 1: 'natural' };

/**
 * @param {HTMLElement} stage
 * @param {HTMLImageElement} picture
 */
function begin(stage, picture) {
  if (picture.naturalWidth === 0) {
    sayMissing();
    return;
  }
  const zoom = new Zoom(stage, picture);
  for (const part of document.querySelectorAll('[data-zoom], [data-zoom-hint]')) part.removeAttribute('hidden');
  for (const button of document.querySelectorAll('[data-zoom-by]'))
    button.addEventListener('click', () => zoom.by(/** @type {HTMLElement} */ (button).dataset.zoomBy ?? ''));
  document.addEventListener('keydown', (event) => {
    const way = KEYS[event.key];
    // With a modifier the key is the browser's own zoom.
    if (way === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    zoom.by(way);
  });
  window.addEventListener('resize', () => zoom.say());
  moveByMouse(stage);
}

function sayMissing() {
  /** @type {HTMLElement} */ (document.querySelector('[data-problem]')).hidden = false;
}

class Zoom {
  /** @type {HTMLElement} */
  #stage;
  /** @type {HTMLImageElement} */
  #picture;

  /**
   * @param {HTMLElement} stage
   * @param {HTMLImageElement} picture
   */
  constructor(stage, picture) {
    this.#stage = stage;
    this.#picture = picture;
    this.say();
  }

  /** How large it is shown, as a multiple of its natural size. */
  get #now() {
    return this.#picture.offsetWidth / this.#picture.naturalWidth;
  }

  /** @param {string} way */
  by(way) {
    if (way === 'in') this.#to(this.#now * STEP);
    else if (way === 'out') this.#to(this.#now / STEP);
    else if (way === 'natural') this.#to(1);
    else this.#showWhole();
    this.say();
  }

  #showWhole() {
    this.#stage.classList.remove('zoomed');
    this.#picture.style.width = '';
  }

  /** What is in the middle stays there. @param {number} wanted */
  #to(wanted) {
    const [stage, picture] = [this.#stage, this.#picture];
    const across = (stage.scrollLeft + stage.clientWidth / 2) / picture.offsetWidth;
    const down = (stage.scrollTop + stage.clientHeight / 2) / picture.offsetHeight;
    this.#showWhole();
    const whole = this.#now;
    const size = Math.min(wanted, Math.max(MOST, whole * MOST_OF_WHOLE));
    if (size <= whole * 1.001) return;
    stage.classList.add('zoomed');
    picture.style.width = `${Math.round(picture.naturalWidth * size)}px`;
    stage.scrollLeft = across * picture.offsetWidth - stage.clientWidth / 2;
    stage.scrollTop = down * picture.offsetHeight - stage.clientHeight / 2;
  }

  say() {
    const [stage, picture] = [this.#stage, this.#picture];
    const isLarger = picture.offsetWidth > stage.clientWidth || picture.offsetHeight > stage.clientHeight;
    stage.classList.toggle('movable', isLarger);
    const output = /** @type {HTMLElement} */ (document.querySelector('[data-zoom-now]'));
    output.textContent = `${Math.round(this.#now * 100)}%`;
  }
}

/** As one would move a sheet of paper; a finger does so without us. @param {HTMLElement} stage */
function moveByMouse(stage) {
  stage.addEventListener('dragstart', (event) => event.preventDefault());
  stage.addEventListener('pointerdown', (event) => {
    // Beyond the picture's area are its scroll bars.
    if (event.pointerType !== 'mouse' || event.button !== 0 || event.target === stage) return;
    stage.setPointerCapture(event.pointerId);
    stage.classList.add('moving');
  });
  stage.addEventListener('pointermove', (event) => {
    if (!stage.hasPointerCapture(event.pointerId)) return;
    stage.scrollLeft -= event.movementX;
    stage.scrollTop -= event.movementY;
  });
  const end = () => stage.classList.remove('moving');
  stage.addEventListener('pointerup', end);
  stage.addEventListener('pointercancel', end);
}

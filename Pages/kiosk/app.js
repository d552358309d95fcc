// The frame of the kiosk: what the person has chosen, which view is shown, and the way back.
//
// Everything is in memory. There is one entry in the browser's history and nothing in its storage, so that a reset
// leaves nothing of the last person.

import { Directory } from '/common/api.js';
import { fill } from '/common/dom.js';
import { currentLanguage, setLanguage } from '/common/words.js';

/** The profiles that a person chooses from, in this order, where the daemon has them. */
export const OFFERED_PROFILES = ['standard', 'elder', 'pushchair', 'wheelchair'];

/** The time zone of clocks where neither the settings nor the community name one. */
const ZONE = 'Asia/Shanghai';

/** The page's state and its views. */
export class App extends EventTarget {
  /** @param {Record<string, (app: App, words: object, signal: AbortSignal) => View>} views */
  constructor(views, main) {
    super();
    this.views = views;
    this.main = main;
    this.directory = new Directory();
    /** What is the same for everybody: settings, origin, types, profiles. */
    this.place = { settings: {}, origin: null, types: [], profiles: [], zone: ZONE };
    this.choice = this.#untouched();
    this.stack = [];
    this.controller = new AbortController();
    this.returning = null;
    for (const sign of ['pointerdown', 'keydown', 'wheel']) {
      document.addEventListener(sign, () => { this.returning = null; }, { capture: true, passive: true });
    }
  }

  #untouched() {
    return { large: false, contrast: false, profile: null, openNow: true, pad: null };
  }

  /** Language of the answers. */
  get lang() {
    return currentLanguage();
  }

  /** The profile that walks are reckoned for. */
  get profile() {
    return this.choice.profile ?? this.place.settings.profile
      ?? this.place.profiles.find((profile) => profile.default)?.id ?? 'standard';
  }

  /** The words of a question about this origin. */
  from(words = {}) {
    return { origin: this.place.origin?.id, profile: this.profile, lang: this.lang, ...words };
  }

  /** A service type by its id. */
  type(id) {
    return this.place.types.find((type) => type.id === id) ?? null;
  }

  /** The view shown. */
  get current() {
    return this.stack.at(-1);
  }

  /** Shows a view on top of the present one. */
  go(name, words = {}) {
    const here = this.current;
    if (here) Object.assign(here, { scroll: scrolled(), key: focusKey() });
    this.stack.push({ name, words });
    this.#show(true);
  }

  /** Shows a view in the place of the present one, for instance with another filter. */
  replace(words, { keepsFocus = false } = {}) {
    this.current.words = words;
    this.#show(!keepsFocus);
  }

  /** Goes back by one view; from the first one nowhere. */
  back() {
    if (this.stack.length < 2) return;
    this.stack.pop();
    const { scroll, key } = this.current;
    this.returning = { scroll, key };
    this.#show(true);
    this.restore();
  }

  /** After going back: where one was, and on what, once that is there again. Whoever does something else is left alone. */
  restore() {
    if (!this.returning) return;
    const { scroll, key } = this.returning;
    for (const [selector, top] of scroll ?? []) {
      const element = document.querySelector(selector);
      if (element) element.scrollTop = top;
    }
    if (!key || refocus(key)) this.returning = null;
  }

  /** Goes to the first view. */
  home() {
    this.stack = this.stack.slice(0, 1);
    if (!this.stack.length) this.stack = [{ name: 'home', words: {} }];
    this.#show(true);
  }

  /** Draws the present view again, as after a change of language. */
  again() {
    const scroll = scrolled();
    this.#show(false);
    // At once, and again when what the view waits for is there.
    this.returning = { scroll, key: null };
    this.restore();
    this.returning = { scroll, key: null };
  }

  /** Changes what the person has chosen. */
  choose(change) {
    const keeper = focusKey();
    Object.assign(this.choice, change);
    this.dispatchEvent(new Event('chosen'));
    this.again();
    refocus(keeper);
  }

  /** Changes the language. */
  speak(language) {
    const keeper = focusKey();
    setLanguage(language);
    this.dispatchEvent(new Event('chosen'));
    this.again();
    refocus(keeper);
  }

  /** Back to the start, with nothing left of the person. */
  reset() {
    this.choice = this.#untouched();
    setLanguage('zh');
    this.directory.forget();
    this.stack = [{ name: this.place.origin ? 'home' : 'setup', words: {} }];
    this.returning = null;
    this.dispatchEvent(new Event('chosen'));
    this.dispatchEvent(new Event('reset'));
    this.#show(true);
  }

  /** Whether there is something to be reset. */
  get isUntouched() {
    const untouched = this.#untouched();
    return this.stack.length <= 1 && this.lang === 'zh'
      && Object.keys(untouched).every((key) => this.choice[key] === untouched[key]);
  }

  #show(takesFocus) {
    this.controller.abort();
    this.controller = new AbortController();
    const { name, words } = this.current;
    const shown = this.views[name](this, words, this.controller.signal);
    this.shown = shown;
    document.body.dataset.view = name;
    document.title = shown.title;
    fill(this.main, shown.node);
    this.main.scrollTop = 0;
    this.dispatchEvent(new Event('shown'));
    if (takesFocus) (shown.focus ?? this.main).focus({ preventScroll: true });
    shown.ready?.();
  }
}

// The element that has the focus, found again after its view was drawn anew.
function focusKey() {
  const element = document.activeElement;
  return element?.dataset?.key ?? null;
}

function refocus(key) {
  const element = key ? document.querySelector(`[data-key="${CSS.escape(key)}"]`) : null;
  element?.focus({ preventScroll: true });
  return Boolean(element);
}

// How far each part that scrolls was moved.
function scrolled() {
  return ['#view', '.list-part', '.results', '.search-results']
    .map((selector) => [selector, document.querySelector(selector)?.scrollTop ?? 0]).filter(([, top]) => top > 0);
}

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
    if (here) here.scroll = this.main.scrollTop;
    this.stack.push({ name, words, scroll: 0 });
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
    this.#show(true, this.current.scroll);
  }

  /** Goes to the first view. */
  home() {
    this.stack = this.stack.slice(0, 1);
    if (!this.stack.length) this.stack = [{ name: 'home', words: {}, scroll: 0 }];
    this.#show(true);
  }

  /** Draws the present view again, as after a change of language. */
  again() {
    this.#show(false, this.main.scrollTop);
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
    this.stack = [{ name: this.place.origin ? 'home' : 'setup', words: {}, scroll: 0 }];
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

  #show(takesFocus, scroll = 0) {
    this.controller.abort();
    this.controller = new AbortController();
    const { name, words } = this.current;
    const shown = this.views[name](this, words, this.controller.signal);
    this.shown = shown;
    document.body.dataset.view = name;
    document.title = shown.title;
    fill(this.main, shown.node);
    this.main.scrollTop = scroll;
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
  if (!key) return;
  document.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
}

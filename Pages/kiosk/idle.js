// Nobody there any more: a warning, then back to the start with nothing left of the last person.

import { h } from '/common/dom.js';
import { word } from '/common/words.js';

const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart', 'input'];

/** Watches for signs of a person. */
export class Idle {
  /**
   * @param {object} options
   * @param {() => {idle: number, warning: number}} options.times seconds
   * @param {() => boolean} options.isUntouched whether there is nothing to clear
   * @param {() => void} options.reset
   */
  constructor({ times, isUntouched, reset }) {
    this.times = times;
    this.isUntouched = isUntouched;
    this.reset = reset;
    this.last = Date.now();
    this.dialog = null;
    for (const sign of SIGNS) document.addEventListener(sign, () => this.seen(), { passive: true, capture: true });
    setInterval(() => this.look(), 250);
  }

  /** Somebody is there. While the warning is up only its buttons say so: a passing sleeve does not. */
  seen() {
    if (!this.dialog) this.last = Date.now();
  }

  look() {
    const { idle, warning } = this.times();
    const quiet = (Date.now() - this.last) / 1000;
    if (this.isUntouched()) {
      this.close();
      return;
    }
    if (quiet >= idle + warning) {
      this.close();
      this.last = Date.now();
      this.reset();
    } else if (quiet >= idle) {
      if (!this.dialog) this.open();
      const left = Math.max(1, Math.ceil(idle + warning - quiet));
      if (this.seconds !== left) {
        this.seconds = left;
        this.text.textContent = word('idle_text', left);
      }
    }
  }

  open() {
    this.text = h('p', { id: 'idle-text' });
    const goOn = h('button.primary', { type: 'button', 'data-key': 'idle-go-on', on: { click: () => this.stay() } }, word('go_on'));
    this.dialog = h('dialog.idle', { role: 'alertdialog', 'aria-labelledby': 'idle-title', 'aria-describedby': 'idle-text',
      on: { cancel: (event) => { event.preventDefault(); this.stay(); } } },
    h('h2', { id: 'idle-title' }, word('idle_title')), this.text,
    h('div.actions', null, goOn,
      h('button', { type: 'button', 'data-key': 'idle-finish', on: { click: () => { this.close(); this.last = Date.now(); this.reset(); } } }, word('finish'))));
    document.body.append(this.dialog);
    this.dialog.showModal();
    goOn.focus();
  }

  stay() {
    this.close();
    this.last = Date.now();
  }

  close() {
    if (!this.dialog) return;
    this.dialog.close();
    this.dialog.remove();
    this.dialog = null;
    this.seconds = null;
  }
}

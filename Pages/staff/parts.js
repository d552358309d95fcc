// What the views are made of.

import { fill, h, plain, said } from '/common/dom.js';
import { currentLanguage, nameOf, word } from '/common/words.js';
import './words.js';

/** A button. */
export function button(text, act, { kind = '', ...props } = {}) {
  return h(`button${kind ? `.${kind}` : ''}`, { type: 'button', on: { click: act }, ...props }, text);
}

let fields = 0;

/** A control with its label before it and, where there is something to say, a hint below. */
export function field(label, control, hint) {
  fields += 1;
  control.id ||= `field-${fields}`;
  if (hint) control.setAttribute('aria-describedby', `${control.id}-hint`);
  return h('div.field', null, h('label', { for: control.id }, label), control,
    hint ? h('p.hint', { id: `${control.id}-hint` }, hint) : null);
}

/** A choice: `options` are [value, words]. */
export function select(options, value, act, props = {}) {
  const node = h('select', { on: { change: () => act?.(node.value) }, ...props },
    options.map(([one, text]) => h('option', { value: one, selected: one === value }, text)));
  return node;
}

/** A box to tick with its words. */
export function tick(text, value, act, props = {}) {
  const box = h('input', { type: 'checkbox', checked: value, on: { change: () => act(box.checked) }, ...props });
  return h('label.tick', null, box, h('span', null, text));
}

const SIGNS = { good: '✓', bad: '✕', soon: '!', plain: 'i' };

/** A remark with a sign, a word and a colour. */
export function remark(kind, ...children) {
  return h(`div.remark.${kind}`, kind === 'bad' ? { role: 'alert' } : null,
    h('span.sign', { 'aria-hidden': 'true' }, SIGNS[kind]), h('div', null, children));
}

/** What went wrong, and what to do. */
export function fault(error, again) {
  if (error.name === 'AbortError') return null;
  const isEnded = error.status === 403 && /staff desk|session/.test(error.message);
  return remark('bad',
    h('p', null, h('strong', null, error.status === 0 ? word('no_answer') : isEnded ? word('session_over') : word('refused'))),
    error.message && !isEnded ? h('p', { lang: 'en' }, said(error.message)) : null,
    error.advice ? h('p', { lang: 'en' }, said(error.advice)) : null,
    h('p.meta', null, word('fault_of', error.code ?? error.name)),
    again ? button(word('try_again'), again) : null);
}

/** What is being waited for. */
export function waiting(text = word('loading')) {
  return h('p.waiting', { role: 'status' }, h('span.turn', { 'aria-hidden': 'true' }), text);
}

/**
 * A table that is moved sideways where it is wider than the page.
 *
 * @param {string} name what it is of
 * @param {string[]} heads the heads of its columns
 * @param {Array<Array<Node|string|number|null>>} rows
 */
export function table(name, heads, rows, props = {}) {
  return h('div.scroll', { tabindex: '0', role: 'region', 'aria-label': name },
    h('table', { class: 'folds', ...props }, h('thead', null, h('tr', null, heads.map((head) => h('th', { scope: 'col' }, head)))),
      // On a telephone each row is a card, and each cell has its head before it.
      h('tbody', null, rows.map((row) => h('tr', null, row.map((cell, index) => h('td', { 'data-head': heads[index] }, h('div', null, cell))))))));
}

/** A table's rows some at a time, with a button for more: thousands would stall the page. */
export function inPieces(rows, draw, size = 100) {
  const place = h('div.pieces');
  let count = Math.min(size, rows.length);
  const show = () => fill(place, draw(rows.slice(0, count)),
    rows.length > count ? h('p.more', null, word('shown_of', count, rows.length), ' ',
      button(word('more_rows'), () => {
        count = Math.min(rows.length, count + size * 5);
        show();
      })) : null);
  show();
  return place;
}

/** Asks before something is done; true for yes. */
export function sure(title, text, yes, isGrave = false) {
  return new Promise((resolve) => {
    const box = h('dialog', { 'aria-labelledby': 'sure-title' }, h('h2', { id: 'sure-title' }, title), h('p', null, text),
      h('div.row', null, button(yes, () => box.close('yes'), { kind: isGrave ? 'grave' : 'primary' }), button(word('cancel'), () => box.close(''))));
    box.addEventListener('close', () => {
      box.remove();
      resolve(box.returnValue === 'yes');
    });
    document.body.append(box);
    box.showModal();
  });
}

/** A moment by this machine's clock. */
export function moment(time) {
  if (!time) return '—';
  const one = new Date(time);
  const two = (number) => String(number).padStart(2, '0');
  return h('time', { datetime: time }, `${one.getFullYear()}-${two(one.getMonth() + 1)}-${two(one.getDate())} ${two(one.getHours())}:${two(one.getMinutes())}`);
}

/** A day, or a moment with its own clock's hour, as the daemon writes it. */
export function dayText(time) {
  const [day, hour] = plain(time).split('T');
  return hour ? `${day} ${hour.slice(0, 5)}` : day;
}

/** Metres between two points, as on a sphere: for telling whether two things lie together. */
export function metresBetween(one, other) {
  if (!one || !other) return null;
  const radian = Math.PI / 180;
  const x = (other.lon - one.lon) * Math.cos(((one.lat + other.lat) / 2) * radian);
  return Math.round(Math.hypot(x, other.lat - one.lat) * radian * 6371008);
}

/** A number with blanks between thousands. */
export function number(value) {
  return Number(value).toLocaleString(currentLanguage() === 'zh' ? 'zh-CN' : 'en-GB');
}

/** A thing's name, apart from what stands beside it. */
export function named(thing) {
  return said(nameOf(thing) || plain(thing?.id) || '—');
}

/** A value of a record, for a person. */
export function valueText(value) {
  if (value === null || value === undefined || value === '') return '—';
  if (typeof value === 'object' && 'lat' in value) return `${value.lat}, ${value.lon}`;
  if (Array.isArray(value)) return value.map(valueText).join(word('list'));
  if (typeof value === 'object') {
    return Object.entries(value).map(([key, one]) => `${key}: ${valueText(one)}`).join('; ') || '—';
  }
  return plain(value);
}

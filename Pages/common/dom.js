// Builds elements. Every text that comes from the directory goes in as a text node: there is no innerHTML in
// these pages, so a name such as "<script>" is a name.

/**
 * Makes an element.
 *
 * @param {string} tag its name, with classes behind dots: "button.tile.large"
 * @param {object} [props] attributes; `on` holds listeners, `data` data attributes, `hidden`, `disabled` and other
 *     booleans are set or left out, null and undefined are left out, `style` is an object of custom properties.
 * @param {...(Node|string|number|null|undefined|Array)} children what is in it
 * @returns {HTMLElement}
 */
export function h(tag, props, ...children) {
  const [name, ...classes] = tag.split('.');
  const element = document.createElement(name);
  if (classes.length) element.className = classes.join(' ');
  for (const [key, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key === 'on') {
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    } else if (key === 'data') {
      for (const [word, text] of Object.entries(value)) element.dataset[word] = text;
    } else if (key === 'style') {
      for (const [word, text] of Object.entries(value)) element.style.setProperty(word, text);
    } else {
      element.setAttribute(key, value === true ? '' : String(value));
    }
  }
  append(element, children);
  return element;
}

/** Appends children; texts become text nodes, null, undefined and false nothing. */
export function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
}

/** Puts children in the place of all that an element holds. */
export function fill(element, ...children) {
  element.replaceChildren();
  append(element, children);
  return element;
}

/**
 * A text from the directory, kept apart from what stands beside it: a right-to-left mark in a name turns
 * nothing but the name.
 */
export function said(text, tag = 'bdi') {
  return h(tag, { dir: 'auto' }, plain(text));
}

/**
 * A text without the characters that steer direction, which an isolated element alone would not hold in a plain
 * string such as an aria-label, and without other control characters.
 */
export function plain(text) {
  return String(text ?? '').replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c]/g, ' ').trim();
}

const SVG = 'http://www.w3.org/2000/svg';

/** An icon of the sprite, in the colour of the text around it; it says nothing to a screen reader. */
export function icon(name, sprite = '/kiosk/icons/icons.svg') {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('viewBox', '0 0 48 48');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('focusable', 'false');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

/** The text with the matched characters marked; `from` and `to` count characters as people see them. */
export function marked(text, from, to) {
  const characters = split(plain(text) === text ? text : String(text ?? ''));
  const before = characters.slice(0, from).join('');
  const match = characters.slice(from, to).join('');
  const after = characters.slice(to).join('');
  return h('bdi', { dir: 'auto' }, plainKeeping(before), match ? h('mark', null, plainKeeping(match)) : null, plainKeeping(after));
}

const segmenter = 'Segmenter' in Intl ? new Intl.Segmenter('zh', { granularity: 'grapheme' }) : null;

/** The characters of a text, as the directory counts them (Unicode's grapheme clusters). */
export function split(text) {
  return segmenter ? [...segmenter.segment(text)].map((part) => part.segment) : [...text];
}

function plainKeeping(text) {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c]/g, '');
}
